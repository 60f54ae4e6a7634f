import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { StoredMessage } from '../../src/sandbox/slack/local-slack.ts';
import { askCortex } from '../support/asking.ts';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { aRun } from '../support/scripts.ts';
import { ADMIN, CHANNEL, INSTALLATION, MEMBER, WORKSPACE } from '../support/stage.ts';

const INSTALL = 'Install on GitHub';
const AUTHORIZE = 'It is installed already';

describeOnServers('linking GitHub installations', (openStage) => {
  let stage: ServerStage;

  beforeAll(async () => {
    stage = await openStage(['web', 'worker']);
  });

  afterAll(async () => {
    expect(stage.slack.violations()).toEqual([]);
    await stage.close();
  });

  beforeEach(() => {
    stage.github.signIns.visitor = { sees: [INSTALLATION] };
  });

  async function askConnect(expected = 'connected'): Promise<StoredMessage> {
    await askCortex(stage, { user: ADMIN, text: 'connect' }, expected);
    const message = stage.slack.ephemerals(ADMIN).at(-1);
    if (message === undefined) throw new Error('Nothing was answered');
    return message;
  }
  /** Where a button of a fresh answer leads. */
  async function addressOf(label: string): Promise<string> {
    const { blocks } = await askConnect();
    const buttons = JSON.stringify(blocks).matchAll(/"text":"([^"]+)","emoji":false\},[^}]*?"url":"([^"]+)"/gu);
    const found = [...buttons].find(([, text]) => text === label);
    return found?.[2] ?? '';
  }
  /** Goes to GitHub as the person does, and comes back. */
  async function go(label: string): Promise<{ address: string; status: number; text: string }> {
    const away = await fetch(await addressOf(label), { redirect: 'manual' });
    const address = away.headers.get('location') ?? '';
    const page = await fetch(address);
    return { address, status: page.status, text: await page.text() };
  }
  async function choose(page: { text: string }, account: string): Promise<string> {
    const forms = page.text.split('<form').slice(1);
    const form = forms.find((each) => each.includes(`<strong>${account}</strong>`)) ?? '';
    const [, choice = ''] = /name="choice" value="([^"]+)"/u.exec(form) ?? [];
    const url = `${stage.products[0]?.url}/github/callback/choice`;
    const response = await fetch(url, { method: 'POST', body: new URLSearchParams({ choice }) });
    return await response.text();
  }
  const links = async (): Promise<number[]> =>
    (await stage.query('select installation_id from installations order by 1')).map((row) =>
      Number(row['installation_id']),
    );

  test('an admin installs the App on one more account, and the workspace hears of its runs', async () => {
    stage.github.signIns.visitor = { sees: [], installs: { id: 60_001, organization: 'initech' } };
    const page = await go(INSTALL);
    expect(page.text).toContain('<strong>Acme</strong> (http');
    expect(await links()).toEqual([INSTALLATION]);
    expect(await choose(page, 'initech')).toContain('<h1>Linked</h1>');

    expect(await links()).toEqual([INSTALLATION, 60_001]);
    expect(await stage.query(`select actor, details from audit_entries where action = 'connect'`)).toEqual([
      { actor: ADMIN, details: { installation: 60_001, account: 'initech' } },
    ]);
    await eventually(() => {
      const told = stage.slack.directMessages(ADMIN).map((message) => stage.slack.render(message));
      expect(told.join('\n')).toContain('has connected initech on GitHub');
    });
    stage.github.addRepository('initech/tps', { installationId: 60_001 });
    await askCortex(stage, { user: MEMBER, text: 'subscribe initech/tps' }, 'now hears');
    await stage.github.play(aRun({ repository: 'initech/tps', branch: 'main' }));
    await eventually(() => {
      const posted = stage.slack.messages(CHANNEL).map((message) => stage.slack.render(message));
      expect(posted.join('\n')).toContain('initech/tps');
    });
  });

  test('where the App is installed already, the person chooses among what they see and what is not linked', async () => {
    stage.github.addInstallation(60_002, 'umbrella');
    stage.github.addInstallation(60_003, 'hooli');
    stage.github.addInstallation(60_004, 'globex');
    stage.github.signIns.visitor = { sees: [INSTALLATION, 60_002, 60_003] };
    const page = await go(AUTHORIZE);

    expect([
      ...page.text.matchAll(/<strong>(\w+)<\/strong><\/span>|<strong>(\w+)<\/strong>\s*<\/span>/gu),
    ]).toHaveLength(2);
    expect(page.text).not.toContain('globex');
    expect(await choose(page, 'hooli')).toContain('<h1>Linked</h1>');
    expect(await links()).toContain(60_003);
    expect(await links()).not.toContain(60_002);
    expect(stage.github.signIns.tokens()).toEqual([]);
  });

  describe('refuses', () => {
    test('a state that was used, whatever comes with it', async () => {
      const { address } = await go(AUTHORIZE);
      const again = await fetch(address);

      expect([again.status, await again.text()]).toEqual([400, expect.stringContaining('not valid any more')]);
    });

    test('two visits at once with one state: one of them is told no', async () => {
      stage.github.addInstallation(60_005, 'stark');
      stage.github.signIns.visitor = { sees: [60_005] };
      const away = await fetch(await addressOf(AUTHORIZE), { redirect: 'manual' });
      const address = away.headers.get('location') ?? '';
      const pages = await Promise.all(Array.from({ length: 5 }, () => fetch(address)));

      expect(pages.map(({ status }) => status).toSorted()).toEqual([200, 400, 400, 400, 400]);
    });

    test('an installation that the person does not see, though they know its number', async () => {
      stage.github.addInstallation(60_006, 'wayne');
      const away = await fetch(await addressOf(AUTHORIZE), { redirect: 'manual' });
      const page = await fetch(`${away.headers.get('location')}&installation_id=60006&setup_action=install`);

      expect([page.status, await page.text()]).toEqual([403, expect.stringContaining('does not show you this')]);
      expect(await links()).not.toContain(60_006);
    });

    test('a code that GitHub does not know', async () => {
      const { searchParams } = new URL(await addressOf(AUTHORIZE));
      const query = new URLSearchParams({ code: 'made-up', state: searchParams.get('state') ?? '' });
      const page = await fetch(`${stage.products[0]?.url}/github/callback?${query.toString()}`);

      expect([page.status, await page.text()]).toEqual([400, expect.stringContaining('does not know this visit')]);
    });

    test('who is an admin no more when they come back', async () => {
      stage.github.addInstallation(60_007, 'soylent');
      stage.github.signIns.visitor = { sees: [60_007] };
      const address = await addressOf(AUTHORIZE);
      await stage.slack.setMember(ADMIN, { isAdmin: false });
      try {
        await eventually(async () => {
          const roles = await stage.query(`select role from users where user_id = '${ADMIN}' and role = 'admin'`);
          expect(roles).toEqual([]);
        });
        const away = await fetch(address, { redirect: 'manual' });
        const page = await fetch(away.headers.get('location') ?? '');
        expect([page.status, await page.text()]).toEqual([403, expect.stringContaining('This needs an admin')]);
      } finally {
        await stage.slack.setMember(ADMIN, { isAdmin: true });
      }
      await eventually(async () => await askConnect());
      expect(await links()).not.toContain(60_007);
    });

    test('members, who are told which role it needs', async () => {
      await askCortex(stage, { user: MEMBER, text: 'connect' }, 'admin');
    });
  });

  test('an admin ends a link, twice is once, and nothing is seen there any more', async () => {
    stage.github.addInstallation(60_008, 'vandelay');
    stage.github.addRepository('vandelay/latex', { installationId: 60_008 });
    stage.github.signIns.visitor = { sees: [60_008] };
    expect(await choose(await go(AUTHORIZE), 'vandelay')).toContain('<h1>Linked</h1>');
    const { ts } = await askConnect('vandelay');
    const actionId = 'disconnect-github:60008';
    await stage.slack.click({ user: ADMIN, channel: CHANNEL, ts, actionId });
    await eventually(async () => expect(await links()).not.toContain(60_008));
    await stage.slack.click({ user: ADMIN, channel: CHANNEL, ts, actionId });

    await eventually(() => {
      const said = stage.slack.ephemerals(ADMIN).map((message) => stage.slack.render(message));
      expect(said.join('\n')).toContain('was not connected to this workspace');
    });
    const entries = `select details from audit_entries where action = 'disconnect' and subject_id = '${WORKSPACE}'`;
    expect(await stage.query(entries)).toEqual([{ details: { installation: 60_008 } }]);
    await askCortex(stage, { user: MEMBER, text: 'subscribe vandelay/latex' }, /not see|cannot see|do not/u);
  });

  test('codes, states, tokens and the secret stand in no log', async () => {
    const { address } = await go(AUTHORIZE);
    const { searchParams } = new URL(address);
    const printed = stage.products.map((product) => product.output()).join('\n');

    for (const name of ['code', 'state']) expect(printed).not.toContain(searchParams.get(name) ?? 'missing');
    expect(printed).not.toContain(String(stage.environment['GITHUB_CLIENT_SECRET']));
    expect(printed).not.toContain('ghu_');
  });
});
