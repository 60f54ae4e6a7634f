import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { GitHubAccountId, InstallationId, RepositoryName, WorkspaceId } from '../../src/domain/ids.ts';
import { GitHubUnavailableError } from '../../src/errors.ts';
import { createGitHub } from '../../src/github/github.ts';
import { createLocalGitHub, type LocalGitHub } from '../../src/sandbox/github/local-github.ts';
import type { RunScript } from '../../src/sandbox/github/play.ts';
import { fakeLog } from '../support/fake-log.ts';
import { fakeMetrics } from '../support/fake-metrics.ts';
import { aClock } from '../support/memory-stores.ts';

const workspaceId = WorkspaceId.parse('T0ACME');
const repository = RepositoryName.parse('acme/web');
const signal = AbortSignal.timeout(60_000);
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

let local: LocalGitHub;
let github: ReturnType<typeof createGitHub>;
let clock: ReturnType<typeof aClock>;
let commits = 0;

beforeAll(async () => {
  local = await createLocalGitHub({ appId: 4711, privateKey, webhookSecret: 'unused here' });
  local.addRepository('acme/web');
});
afterAll(() => local.close());
afterEach(() => local.faults.clear());

beforeEach(() => {
  clock = aClock(new Date());
  const settings = { appId: 4711, privateKey, webhookSecrets: [], apiUrl: local.apiUrl, webUrl: local.url };
  const installations = {
    link: async () => {},
    isLinked: async (workspace: WorkspaceId) => workspace === workspaceId,
    ofWorkspace: async (workspace: WorkspaceId) => (workspace === workspaceId ? [InstallationId.parse(51_423)] : []),
    workspacesOf: async () => [],
  };
  github = createGitHub(
    { installations, log: fakeLog(), clock, metrics: fakeMetrics() },
    { ...settings, logHosts: [] },
  );
});

/** A commit by this account, and the account. */
async function committed(login: string, script: Partial<RunScript> = {}) {
  commits += 1;
  const headSha = `${commits}`.padStart(40, 'c');
  const base = { repository, workflow: 'CI', branch: 'main', title: 'Work', actor: login, jobs: [] };
  await local.play({ ...base, sha: headSha, ...script });
  return { id: GitHubAccountId.parse(local.setAccount(login).id), run: { repository, headSha } };
}

const addressesOf = (of: Awaited<ReturnType<typeof committed>>) =>
  github.githubAccounts.addresses(workspaceId, of, signal);

describe('an account', () => {
  test('is found by its name in any case, and remembered for minutes', async () => {
    const { id } = local.setAccount('Octo-Ada');
    const find = () => github.githubAccounts.find(workspaceId, 'octo-ada', signal);

    expect(await find()).toEqual({ kind: 'account', account: { id, login: 'Octo-Ada', type: 'user' } });
    await find();
    const asked = () => local.journal.filter(({ path }) => path === '/users/octo-ada').length;
    expect(asked()).toBe(1);
    clock.move(11 * 60_000);
    await find();
    expect(asked()).toBe(2);
  });

  test.each([
    ['an app', 'tidy[bot]', 'bot'],
    ['an organization', 'acme', null],
  ])('of %s is no person', async (_name, login, type) => {
    local.world.account(login);
    expect(await github.githubAccounts.find(workspaceId, login, signal)).toMatchObject({ account: { login, type } });
  });

  test('that is not there, and one that nobody can ask for, are told apart', async () => {
    const stranger = WorkspaceId.parse('T0OTHER');
    expect(await github.githubAccounts.find(workspaceId, 'nobody-here', signal)).toEqual({ kind: 'not-there' });
    expect(await github.githubAccounts.find(stranger, 'octo-ada', signal)).toEqual({ kind: 'not-connected' });
  });
});

describe('an address', () => {
  test('that the account shows to everybody is confirmed', async () => {
    const of = await committed('public-ada');
    local.setAccount('public-ada', { email: 'ada@acme.example' });
    expect(await addressesOf(of)).toEqual(['ada@acme.example']);
  });

  test('in a commit is confirmed only where GitHub vouches for its signature', async () => {
    const signed = { email: 'ben@acme.example', isVerified: true };
    expect(await addressesOf(await committed('signing-ben', signed))).toEqual(['ben@acme.example']);
    expect(await addressesOf(await committed('signing-ben', { ...signed, isVerified: false }))).toEqual([]);
  });

  test('in a commit of somebody else is not that of the account', async () => {
    const { run } = await committed('signing-ben', { email: 'ben@acme.example', isVerified: true });
    const { id } = local.setAccount('pushing-cleo');
    expect(await addressesOf({ id: GitHubAccountId.parse(id), run })).toEqual([]);
  });

  test.each(['7+ada@users.noreply.github.com', 'noreply@github.com', 'ada@users.noreply.ghe.acme.example'])(
    'that is only a stand-in leads to nobody: %s',
    async (email) => {
      expect(await addressesOf(await committed('hidden-ada', { email, isVerified: true }))).toEqual([]);
    },
  );

  test('is asked for through the repository, which another workspace does not see', async () => {
    const { id, run } = await committed('public-ada');
    const asked = github.githubAccounts.addresses(WorkspaceId.parse('T0OTHER'), { id, run }, signal);
    await expect(asked).rejects.toThrow('does not see acme/web');
  });

  test('is not known where GitHub has trouble, which is thrown', async () => {
    const of = await committed('public-ada');
    local.faults.add({ kind: 'status', path: /^\/user\//u, status: 502, times: 5 });
    await expect(addressesOf(of)).rejects.toThrow(GitHubUnavailableError);
  });
});

describe('code owners', () => {
  const rules = async (workspace = workspaceId) => await github.codeOwners.rules(workspace, repository, signal);
  const put = (path: string, text: string | null, branch?: string) =>
    local.setFile('acme/web', { path, text, ...(branch !== undefined && { branch }) });

  afterEach(() => {
    for (const path of ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS']) put(path, null);
  });

  test('are those of the first of three places, on the default branch, and asked for once in minutes', async () => {
    put('docs/CODEOWNERS', '* @docs');
    put('.github/CODEOWNERS', '* @evil', 'feature');
    expect((await rules()).flatMap(({ owners }) => owners)).toEqual([{ kind: 'user', login: 'docs' }]);
    put('.github/CODEOWNERS', '* @first');
    put('CODEOWNERS', '* @second');
    expect((await rules()).flatMap(({ owners }) => owners)).toEqual([{ kind: 'user', login: 'docs' }]);
    clock.move(6 * 60_000);
    expect((await rules()).flatMap(({ owners }) => owners)).toEqual([{ kind: 'user', login: 'first' }]);
  });

  test('are nobody without a file, in a file that is too large, and for who does not see the repository', async () => {
    expect(await rules()).toEqual([]);
    clock.move(6 * 60_000);
    put('.github/CODEOWNERS', `* @ada\n${'#'.repeat(3 * 1024 * 1024)}`);
    put('CODEOWNERS', '* @second');
    expect(await rules()).toEqual([]);
    expect(await rules(WorkspaceId.parse('T0OTHER'))).toEqual([]);
  });
});
