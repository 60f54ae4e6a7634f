import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { GitHubForbiddenError, GitHubUnavailableError } from '../../src/errors.ts';
import { createGitHubSignIn } from '../../src/github/sign-in.ts';
import { createLocalGitHub, type LocalGitHub } from '../../src/sandbox/github/local-github.ts';
import { fakeLog } from '../support/fake-log.ts';
import { aServer, theseServers } from '../support/github-servers.ts';

const oauth = { clientId: 'Iv23liTest', clientSecret: randomBytes(20).toString('hex') };
const signal = AbortSignal.timeout(60_000);

let local: LocalGitHub;
let log: ReturnType<typeof fakeLog>;

beforeEach(async () => {
  log = fakeLog();
  const installations = { 7: 'acme', 8: 'acme-labs', 9: 'globex' };
  local = await createLocalGitHub({ appId: 4711, webhookSecret: 'unused here', oauth, installations });
  local.signIns.callbackUrl = 'https://cortex.example.com/github/callback';
  local.signIns.visitor = { sees: [7, 8] };
});

afterEach(() => local.close());

function signIn({ webUrl = local.url, ...app }: { webUrl?: string; appId?: number; oauth?: typeof oauth | null } = {}) {
  const server = aServer({ apiUrl: local.apiUrl, webUrl, app: { appId: 4711, oauth, ...app } });
  const all = createGitHubSignIn({ log, servers: theseServers(server) });
  return {
    pages: all.pages(server.number),
    installations: (code: string) => all.installations(server.number, code, signal),
  };
}

/** What GitHub sends a person back with. */
async function comeBack(address: string | undefined): Promise<URLSearchParams> {
  const response = await fetch(address ?? '', { redirect: 'manual' });
  return new URL(response.headers.get('location') ?? '').searchParams;
}

async function aCode(): Promise<string> {
  return (await comeBack(signIn().pages?.authorize('a state'))).get('code') ?? '';
}

test('what GitHub shows to the person is told, and their token is good no longer', async () => {
  const code = await aCode();

  expect(await signIn().installations(code)).toEqual({
    kind: 'seen',
    installations: [
      { id: 7, account: 'acme', isSuspended: false },
      { id: 8, account: 'acme-labs', isSuspended: false },
    ],
  });
  expect(local.signIns.tokens()).toEqual([]);
  expect(local.journal.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /user/installations?per_page=100&page=1',
    'DELETE /applications/Iv23liTest/token',
  ]);
});

test('whoever sees more than a page of installations sees them all', async () => {
  for (let id = 1_000; id < 1_150; id += 1) local.addInstallation(id, `org-${id}`);
  local.signIns.visitor = { sees: [...local.world.installations.keys()] };

  const outcome = await signIn().installations(await aCode());

  expect(outcome.kind === 'seen' && outcome.installations).toHaveLength(153);
});

test('a code is good once, and a made-up one never', async () => {
  const code = await aCode();
  await signIn().installations(code);

  expect(await signIn().installations(code)).toEqual({ kind: 'refused' });
  expect(await signIn().installations('made-up')).toEqual({ kind: 'refused' });
});

test('another App with the same name has no say', async () => {
  expect(await signIn({ appId: 4712 }).installations(await aCode())).toEqual({
    kind: 'seen',
    installations: [],
  });
});

test('a secret that GitHub does not take is the fault of whoever runs this', async () => {
  const wrong = { ...oauth, clientSecret: randomBytes(20).toString('hex') };

  await expect(signIn({ oauth: wrong }).installations(await aCode())).rejects.toThrow(GitHubForbiddenError);
});

test('where GitHub is away, nothing of what was sent there stands in the error', async () => {
  const away = signIn({ webUrl: 'http://127.0.0.1:1' }).installations('secret-code');

  const error: unknown = await away.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(GitHubUnavailableError);
  expect(error).not.toHaveProperty('cause');
});

test('a token is revoked also where the list failed, and one that cannot be revoked is no obstacle', async () => {
  local.faults.add({ kind: 'status', path: /^\/user\/installations$/u, status: 500 });
  await expect(signIn().installations(await aCode())).rejects.toThrow(GitHubUnavailableError);
  expect(local.signIns.tokens()).toEqual([]);

  local.faults.clear();
  local.faults.add({ kind: 'status', path: /^\/applications\//u, status: 500 });
  expect(await signIn().installations(await aCode())).toMatchObject({ kind: 'seen' });
  expect(JSON.stringify(log.records)).toContain('could not be revoked');
  for (const token of local.signIns.tokens()) expect(JSON.stringify(log.records)).not.toContain(token);
});

test.each([
  ['https://github.com', 'https://github.com/apps/cortex/installations/new?state=a+state'],
  ['https://acme.ghe.com/', 'https://acme.ghe.com/apps/cortex/installations/new?state=a+state'],
  ['https://github.example.com', 'https://github.example.com/github-apps/cortex/installations/new?state=a+state'],
])('people install the App at %s', (webUrl, page) => {
  expect(signIn({ webUrl }).pages?.install('cortex', 'a state')).toBe(page);
});

test('whoever installs the App comes back with its number', async () => {
  local.signIns.visitor = { sees: [], installs: { id: 21, organization: 'initech' } };
  const query = await comeBack(signIn().pages?.install('opsaicortex', 's'));

  expect(Object.fromEntries(query)).toMatchObject({ state: 's', installation_id: '21', setup_action: 'install' });
  expect(await signIn().installations(query.get('code') ?? '')).toMatchObject({ installations: [{ id: 21 }] });
});

test('without a client there is no page to go to', () => {
  expect(signIn({ oauth: null }).pages).toBeNull();
});
