import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { InstallationId, RepositoryName, WorkspaceId } from '../../src/domain/ids.ts';
import type { Ports } from '../../src/domain/ports.ts';
import { GitHubForbiddenError, GitHubNotFoundError } from '../../src/errors.ts';
import { createGitHubClient } from '../../src/github/client.ts';
import { createGitHub, type GitHubSettings } from '../../src/github/github.ts';
import { createServers } from '../../src/github/servers.ts';
import { ACME, type EmulatedGitHub, GLOBEX, startEmulatedGitHub } from '../support/emulated-github.ts';
import { fakeLog } from '../support/fake-log.ts';
import { fakeMetrics } from '../support/fake-metrics.ts';
import { only } from '../support/memory-stores.ts';

const workspaceId = WorkspaceId.parse('T0ACME');
const HOUR_MS = 3_600_000;
const TIMERS = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;
const signal = AbortSignal.timeout(120_000);

let emulated: EmulatedGitHub;
let linked: number[];

beforeAll(async () => {
  emulated = await startEmulatedGitHub();
});
afterAll(() => emulated.close());
beforeEach(() => {
  linked = [ACME, GLOBEX];
});
afterEach(() => {
  jest.useRealTimers();
});

function connect(changes: Partial<GitHubSettings> = {}) {
  const settings: GitHubSettings = {
    appId: emulated.app.appId,
    privateKey: emulated.app.privateKey,
    webhookSecrets: [emulated.app.webhookSecret],
    oauth: emulated.oauth,
    apiUrl: emulated.url,
    webUrl: emulated.url,
    logHosts: [],
    ...changes,
  };
  const installations = only<Ports['installations']>({
    isLinked: async (_workspace, id) => linked.includes(id),
    ofWorkspace: async () => linked.map((id) => InstallationId.parse(id)),
  });
  const deps = { installations, log: fakeLog(), metrics: fakeMetrics(), clock: { now: () => new Date() } };
  const { appId, privateKey, webhookSecrets, oauth = null, ...addresses } = settings;
  const app = appId === null || privateKey === null ? null : { appId, privateKey, webhookSecrets, oauth };
  return {
    ...createGitHub(deps, settings),
    client: createGitHubClient(deps, createServers(deps, { ...addresses, app })),
  };
}

const installation = (id: number) => InstallationId.parse(id);
const repository = (name: string) => RepositoryName.parse(name);
const refused = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => error,
  );

async function look(client: ReturnType<typeof connect>['client'], name: string): Promise<number> {
  const { octokit, owner, repo } = await client.open(workspaceId, repository(name), signal);
  return (await octokit.rest.repos.get({ owner, repo })).status;
}

describe('the App', () => {
  test('proves who it is with its key', async () => {
    const { githubApp } = connect();

    expect(await githubApp.app(0, signal)).toMatchObject({ slug: 'cortex', permissions: { actions: 'write' } });
  });

  test.each([
    ['another key', () => ({ privateKey: otherKey() })],
    ['another number', () => ({ appId: 4712 })],
  ])('is refused with %s', async (_what, changes) => {
    const { githubApp } = connect(changes());

    expect(await refused(githubApp.app(0, signal))).toBeInstanceOf(GitHubForbiddenError);
    expect(await refused(githubApp.installation(installation(ACME), signal))).toBeInstanceOf(GitHubForbiddenError);
  });

  test('knows where it is installed, with what rights, and where it is not', async () => {
    const { githubApp } = connect();

    const [acme, globex, unknown] = await Promise.all(
      [ACME, GLOBEX, 99_999].map((id) => githubApp.installation(installation(id), signal)),
    );

    expect(acme).toMatchObject({ account: 'acme', isSuspended: false, permissions: { actions: 'write' } });
    expect(globex).toMatchObject({ account: 'globex', permissions: { metadata: 'read', contents: 'read' } });
    expect(unknown).toBeNull();
  });
});

describe('the installations of a workspace', () => {
  test('are opened each with its account and its rights; one that GitHub does not know is left out', async () => {
    linked = [ACME, GLOBEX, 99_999];

    const opened = await connect().client.openAll(workspaceId, signal);

    expect(opened.map(({ account, isOrganization }) => ({ account, isOrganization }))).toEqual([
      { account: 'acme', isOrganization: true },
      { account: 'globex', isOrganization: true },
    ]);
    expect([...(opened[1]?.permissions ?? [])]).toEqual(['metadata', 'contents']);
  });

  test('show the repositories that were selected, and none of an account that nobody linked', async () => {
    const { runSource } = connect();
    const sees = async (name: string) => runSource.canSee(workspaceId, repository(name));

    expect(await Promise.all(['acme/checkout-api', 'globex/site'].map(sees))).toEqual([true, true]);
    expect(await Promise.all(['globex/hidden', 'initech/tps', 'acme/missing'].map(sees))).toEqual([
      false,
      false,
      false,
    ]);
    linked = [GLOBEX];
    expect(await sees('acme/checkout-api')).toBe(false);
  });
});

describe('the token of an installation', () => {
  test('is made once for many questions, and for each installation its own', async () => {
    const before = (await emulated.tokens()).length;
    const { client } = connect();

    await look(client, 'acme/checkout-api');
    await Promise.all(['acme/checkout-api', 'globex/site', 'acme/checkout-api'].map((name) => look(client, name)));

    expect((await emulated.tokens()).slice(before)).toEqual([ACME, GLOBEX]);
  });

  test('does not come of a key that GitHub does not know', async () => {
    const before = await emulated.tokens();
    const { client } = connect({ privateKey: otherKey() });

    expect(await refused(look(client, 'acme/checkout-api'))).toMatchObject({ status: 401 });
    expect(await emulated.tokens()).toEqual(before);
  });
});

describe('a person who signs in', () => {
  async function aCode(): Promise<{ code: string; state: string | null }> {
    const address = connect().githubSignIn.pages(0)?.authorize('a state') ?? '';
    const { searchParams } = await emulated.authorize(address, 'ada');
    return { code: searchParams.get('code') ?? '', state: searchParams.get('state') };
  }

  test('comes back with our state and a code, which is taken once', async () => {
    const { githubSignIn } = connect();
    const { code, state } = await aCode();
    expect(state).toBe('a state');

    // The code is exchanged; emulate has no list of what a person sees, and nobody may take that for "everything".
    expect(await refused(githubSignIn.installations(0, code, signal))).toBeInstanceOf(GitHubNotFoundError);
    expect(await githubSignIn.installations(0, code, signal)).toEqual({ kind: 'refused' });
  });

  test('is refused with a code that GitHub never gave', async () => {
    expect(await connect().githubSignIn.installations(0, 'made-up', signal)).toEqual({ kind: 'refused' });
  });

  test('cannot be told who they are where our secret is another one', async () => {
    const { code } = await aCode();
    const oauth = { ...emulated.oauth, clientSecret: randomBytes(20).toString('hex') };

    expect(await refused(connect({ oauth }).githubSignIn.installations(0, code, signal))).toBeInstanceOf(
      GitHubForbiddenError,
    );
  });
});

// Last: what paces the questions of an installation believes that the hour is over, also when it is not any more.
test('a token is kept nearly an hour, and renewed before GitHub ends it', async () => {
  const before = (await emulated.tokens()).length;
  const { client } = connect();
  const start = Date.now();
  const made = async () => (await emulated.tokens()).length - before;

  await look(client, 'acme/checkout-api');
  tellTime(start + HOUR_MS - 120_000);
  await look(client, 'acme/checkout-api');
  expect(await made()).toBe(1);
  tellTime(start + HOUR_MS - 30_000);
  expect(await look(client, 'acme/checkout-api')).toBe(200);
  expect(await made()).toBe(2);
});

/** Moves the date, and no timer. */
function tellTime(now: number): void {
  jest.useFakeTimers({ now, doNotFake: [...TIMERS] });
}

function otherKey(): string {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;
}
