import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectKeyOf } from '../../src/auth/connect-key.ts';
import { signSetupLink } from '../../src/auth/setup-token.ts';
import { createLocalGitHub, type LocalGitHub } from '../../src/sandbox/github/local-github.ts';
import { askCortex } from '../support/asking.ts';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { aRun } from '../support/scripts.ts';
import { submitSetup } from '../support/setup-page.ts';
import { ADMIN, CHANNEL, INSTALLATION, MEMBER, REPOSITORY, runCortex } from '../support/stage.ts';

describeOnServers('setting up the GitHub App of one more server', (openStage) => {
  let stage: ServerStage;
  let other: LocalGitHub;
  let environment: Record<string, string | undefined>;
  const webhookSecret = randomBytes(20).toString('hex');
  const oauth = { clientId: 'Iv23liOther', clientSecret: randomBytes(20).toString('hex') };
  const host = (): string => new URL(other.url).host;

  beforeAll(async () => {
    stage = await openStage([]);
    // Another server with another App, and otherwise the same numbers and names.
    other = await createLocalGitHub({ appId: 12, webhookSecret, oauth, installations: { [INSTALLATION]: 'acme' } });
    other.addRepository(REPOSITORY);
    other.signIns.visitor = { sees: [INSTALLATION] };
    const port = await freePort();
    environment = { ...stage.environment, PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` };
    const web = await stage.start('web', environment);
    await stage.start('worker');
    await stage.open(web);
  });
  afterAll(async () => {
    expect(stage.slack.violations()).toEqual([]);
    await Promise.all([stage.close(), other.close()]);
  });

  const plan = () => ({
    webUrl: other.url,
    apiUrl: other.apiUrl,
    logHosts: [other.logHost],
    organization: null,
    tier: 'read-only' as const,
    isPublic: false,
  });
  /** A link as the command line prints it; starting a process for each takes seconds. */
  function aLink(): string {
    const encryptionKey = Buffer.from(environment['TOKEN_ENCRYPTION_KEY'] ?? '', 'base64');
    const signing = { key: connectKeyOf({ encryptionKey }), clock: { now: () => new Date() } };
    return `${environment['PUBLIC_URL']}/github/setup?token=${signSetupLink(signing, plan())}`;
  }

  test('the operator gets a link, creates the App by it, and an admin connects the server to the workspace', async () => {
    const words = ['--server', other.url, '--log-hosts', other.logHost, '--organization', 'acme'];
    const { code, stdout, stderr } = await runCortex(['setup', 'github', ...words], { environment });
    expect([code, stderr]).toEqual([0, expect.stringContaining('within half an hour')]);
    const page = await submit(stdout.trim());
    expect(other.manifests.received.at(-1)).toMatchObject({
      organization: 'acme',
      manifest: {
        name: 'OpsAICortex acme',
        public: false,
        request_oauth_on_install: true,
        hook_attributes: { url: `${environment['PUBLIC_URL']}/webhooks/github` },
        default_permissions: { actions: 'write', issues: 'write', contents: 'read' },
      },
    });
    const created = await fetch(page.back);
    expect([created.status, await created.text()]).toEqual([
      200,
      expect.stringContaining('<h1>The GitHub App is there</h1>'),
    ]);

    await askCortex(stage, { user: ADMIN, text: 'connect' }, host());
    expect(await connectThere()).toContain('<h1>Linked</h1>');
    const links = await stage.query('select installation_id from installations order by 1');
    expect(links.map((row) => Number(row['installation_id']))).toEqual([INSTALLATION, 2 ** 40 + INSTALLATION]);
  });

  test('a channel hears of the repository that it names the host of, and not of the one at home with its name', async () => {
    const name = `${host()}/${REPOSITORY}`;
    await askCortex(stage, { user: MEMBER, text: `subscribe ${other.url}/${REPOSITORY}` }, 'now hears');
    await stage.github.play(aRun({ repository: REPOSITORY, branch: 'at-home' }));
    await other.play(aRun({ repository: REPOSITORY, branch: 'elsewhere' }));

    await eventually(() => {
      const [posted] = stage.slack.messages(CHANNEL);
      const shown = posted === undefined ? '' : stage.slack.render(posted);
      expect(shown).toContain(name);
      expect(JSON.stringify(posted)).toContain(`${other.url}/${REPOSITORY}/actions/runs/`);
    });
    expect(JSON.stringify(stage.slack.messages(CHANNEL))).not.toContain('at-home');
    expect(await stage.query(`select distinct repository from failures`)).toEqual([{ repository: name }]);
  });

  test('no secret of it stands in a log or, readable, in the database', async () => {
    const rows = JSON.stringify(await stage.query('select * from github_apps'));
    const printed = stage.products.map((product) => product.output()).join('\n');

    for (const secret of [webhookSecret, oauth.clientSecret, other.privateKey.split('\n')[3] ?? '-']) {
      expect(printed).not.toContain(secret);
      expect(rows).not.toContain(secret);
      expect(rows).not.toContain(Buffer.from(secret).toString('hex'));
    }
  });

  describe('refuses', () => {
    test('whoever has no link, or has changed it', async () => {
      const link = new URL(aLink());
      const token = link.searchParams.get('token') ?? '';
      for (const query of ['', '?token=', `?token=${token.slice(0, -2)}AA`, `?token=${token}&token=${token}`]) {
        const page = await fetch(`${environment['PUBLIC_URL']}/github/setup${query}`);
        expect([page.status, await page.text()]).toEqual([400, expect.stringContaining('not valid any more')]);
      }
      // A link is no state: the page in between cannot be left out.
      const skipped = await fetch(`${environment['PUBLIC_URL']}/github/setup/created?code=abc&state=${token}`);
      expect(skipped.status).toBe(400);
    });

    test('a second App by one link, also by two at once, and a code that GitHub does not know', async () => {
      const link = aLink();
      const [first, second] = [await submit(link), await submit(link)];
      const { default_permissions: permissions } = other.manifests.received.at(-1)?.manifest ?? {};
      expect(new Set(Object.values(permissions ?? {}))).toEqual(new Set(['read']));
      expect(permissions).not.toHaveProperty('issues');

      const pages = await Promise.all([first.back, second.back, second.back].map((back) => fetch(back)));
      expect(pages.map(({ status }) => status).toSorted()).toEqual([200, 400, 400]);

      const { back } = await submit(aLink());
      const madeUp = await fetch(back.replace(/code=\w+/u, 'code=made-up'));
      expect([madeUp.status, await madeUp.text()]).toEqual([400, expect.stringContaining('does not know this App')]);
    });
  });

  const submit = async (link: string) => ({ back: await submitSetup(link, other.url) });

  /** As an admin who has the App installed there already. */
  async function connectThere(): Promise<string> {
    const blocks = JSON.stringify(stage.slack.ephemerals(ADMIN).at(-1)?.blocks);
    const [, address = ''] = new RegExp(`"url":"(${other.url}/login/oauth/authorize[^"]+)"`, 'u').exec(blocks) ?? [];
    const away = await fetch(address, { redirect: 'manual' });
    const page = await (await fetch(away.headers.get('location') ?? '')).text();
    const [, choice = ''] = /name="choice" value="([^"]+)"/u.exec(page) ?? [];
    const url = `${environment['PUBLIC_URL']}/github/callback/choice`;
    return await (await fetch(url, { method: 'POST', body: new URLSearchParams({ choice }) })).text();
  }
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
