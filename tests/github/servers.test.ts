import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { KeptGitHubApp } from '../../src/domain/github-apps.ts';
import { EventId, RepositoryName, RunId, WorkspaceId } from '../../src/domain/ids.ts';
import type { Ports } from '../../src/domain/ports.ts';
import { GitHubHost, HOME, installationOn, repositoryOn } from '../../src/domain/servers.ts';
import { GitHubNotFoundError } from '../../src/errors.ts';
import { createGitHub } from '../../src/github/github.ts';
import { createServers } from '../../src/github/servers.ts';
import { createLocalGitHub, type LocalGitHub } from '../../src/sandbox/github/local-github.ts';
import { fakeLog } from '../support/fake-log.ts';
import { fakeMetrics } from '../support/fake-metrics.ts';
import { aRun } from '../support/scripts.ts';
import { aServer } from '../support/github-servers.ts';

const workspaceId = WorkspaceId.parse('T0ACME');
const signal = AbortSignal.timeout(60_000);
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const name = RepositoryName.parse('acme/web');

let home: LocalGitHub;
let other: LocalGitHub;
let links: Set<number | null>;

beforeAll(async () => {
  // The same number, the same name, and on the second server another App.
  home = await createLocalGitHub({ appId: 4711, privateKey, webhookSecret: 'unused' });
  other = await createLocalGitHub({ appId: 12, webhookSecret: 'unused' });
  for (const github of [home, other]) {
    github.webhookUrl = `${home.url}/nobody-listens`;
    github.addRepository('acme/web', { topics: ['payments'] });
  }
});
afterAll(() => Promise.all([home.close(), other.close()]));
beforeEach(() => void (links = new Set()));

const there = () => ({ number: 1, host: GitHubHost.parse(new URL(other.url).host) });

function kept(changes: Partial<KeptGitHubApp> = {}): KeptGitHubApp {
  const keys = { appId: 12, privateKey: other.privateKey, webhookSecrets: ['s'], oauth: null };
  const addresses = { apiUrl: other.apiUrl, webUrl: other.url, logHosts: [other.logHost] };
  return { ...there(), ...addresses, slug: 'opsaicortex', keys, updatedAt: new Date(), ...changes };
}

async function connect(apps: KeptGitHubApp[] = [kept()]) {
  const installations: Pick<Ports['installations'], 'isLinked' | 'ofWorkspace'> = {
    isLinked: async (_workspaceId, id) => links.has(id),
    ofWorkspace: async () => [installationOn(HOME, 51_423), installationOn(there(), 51_423)].flatMap((id) => id ?? []),
  };
  const clock = { now: () => new Date() };
  const github = createGitHub(
    { installations, log: fakeLog(), metrics: fakeMetrics(), clock, githubApps: { list: async () => apps } },
    {
      appId: 4711,
      privateKey,
      webhookSecrets: ['h'],
      apiUrl: home.apiUrl,
      webUrl: home.url,
      logHosts: [home.logHost],
    },
  );
  await github.githubServers.load();
  return github;
}

async function play(on: LocalGitHub, log: string) {
  const jobs = [{ name: 'test', conclusion: 'failure' as const, log }];
  const { runId, attempt } = await on.play({ ...aRun({ repository: 'acme/web', branch: 'main' }), jobs });
  return { runId: RunId.parse(runId), attempt };
}

describe('two servers with one number and one name', () => {
  test('are asked each for its own: a link to one opens nothing of the other', async () => {
    const github = await connect();
    const onOther = repositoryOn(there(), name);
    links.add(installationOn(there(), 51_423));

    expect(await github.runSource.canSee(workspaceId, onOther)).toBe(true);
    expect(await github.runSource.canSee(workspaceId, name)).toBe(false);

    links = new Set([installationOn(HOME, 51_423)]);
    expect(await github.runSource.canSee(workspaceId, onOther)).toBe(false);
    expect(await github.runSource.canSee(workspaceId, name)).toBe(true);
  });

  test('give each their own run and log, from their own storage', async () => {
    const github = await connect();
    links = new Set([installationOn(HOME, 51_423), installationOn(there(), 51_423)]);
    await play(home, 'broken at home');
    const ref = { ...(await play(other, 'broken elsewhere')), repository: repositoryOn(there(), name) };

    const run = await github.runSource.find(workspaceId, ref, signal);
    expect(run).toMatchObject({ repository: ref.repository, url: `${other.url}/acme/web/actions/runs/${ref.runId}` });
    const [job] = await github.runSource.jobs(workspaceId, ref, signal);
    if (job === undefined) throw new Error('The run has no job');
    const log = await github.logs.open(workspaceId, { repository: ref.repository, jobId: job.id }, signal);
    expect(Buffer.concat(await log.toArray()).toString()).toContain('broken elsewhere');
  });

  test('are both told of by a topic, each repository under its own name', async () => {
    const github = await connect();

    const found = await github.groupSource.topic(workspaceId, 'payments', signal);

    expect(found.repositories).toEqual(['acme/web', repositoryOn(there(), name)]);
  });

  test('know accounts of their own: a number of one is nobody at the other', async () => {
    const github = await connect();
    for (const each of [home, other]) each.setAccount('ada');

    const ids = await Promise.all(
      ['ada', `${there().host}/ada`].map((login) => github.githubAccounts.find(workspaceId, login, signal)),
    );

    const found = ids.map((outcome) => (outcome.kind === 'account' ? outcome.account.id : null));
    expect(found).not.toContain(null);
    expect(found[0]).not.toBe(found[1]);
  });
});

describe('what each of two servers delivered', () => {
  test('is looked through by itself, and a run without a delivery is taken in from its own server', async () => {
    const { deliverySources, endedRuns, eventReader } = await connect();
    links = new Set([installationOn(HOME, 51_423), installationOn(there(), 51_423)]);
    await play(home, 'at home');
    const { runId, attempt } = await play(other, 'elsewhere');
    const ref = { repository: repositoryOn(there(), name), runId, attempt };

    const lists = await Promise.all(deliverySources.all().map((source) => source.list(null, signal)));
    expect(lists.map(({ tries: [newest] }) => newest?.installationId)).toEqual([
      installationOn(HOME, 51_423),
      installationOn(there(), 51_423),
    ]);
    expect(new Set(deliverySources.all().map((source) => source.name)).size).toBe(2);
    const { installationId, body } = await endedRuns.body(workspaceId, ref, signal);
    const id = EventId.parse(randomUUID());
    const event = await eventReader.read({ id, deliveryId: 'x', name: 'workflow_run', installationId, body });
    expect(event).toMatchObject({ kind: 'run-failed', installationId, run: ref });
  });
});

describe('the servers that are known', () => {
  test('are followed as they are set up, and what did not change stays the same object', async () => {
    let apps: KeptGitHubApp[] = [];
    const servers = createServers({ log: fakeLog(), githubApps: { list: async () => apps } }, aServer());
    await servers.load();
    expect(servers.all()).toHaveLength(1);

    apps = [kept()];
    await servers.load();
    const [, first] = servers.all();
    await servers.load();
    expect(servers.all()[1]).toBe(first);
    apps = [kept({ logHosts: [] })];
    await servers.load();
    expect(servers.all()[1]).not.toBe(first);
    expect(servers.sites().map(({ host, hasApp }) => [host, hasApp])).toEqual([
      [null, true],
      [there().host, true],
    ]);
  });

  test('at home the environment has the word, and what was set up counts where it holds no keys', async () => {
    const atHome = kept({ ...HOME, keys: { appId: 99, privateKey: 'kept', webhookSecrets: [], oauth: null } });
    const deps = { log: fakeLog(), githubApps: { list: async () => [atHome] } };
    const bare = createServers(deps, { ...aServer(), app: null });
    expect(bare.sites().map(({ hasApp }) => hasApp)).toEqual([false]);
    expect(() => bare.of(name)).toThrow(GitHubNotFoundError);
    await bare.load();
    const full = createServers(deps, aServer());
    await full.load();

    expect(bare.of(name).app.appId).toBe(99);
    expect(full.all().map(({ app }) => app.appId)).toEqual([271_828]);
  });

  test('a server whose keys cannot be read is told of in the log, and keeps no other one away', async () => {
    const log = fakeLog();
    const servers = createServers(
      { log, githubApps: { list: async () => [kept({ keys: null }), kept({ number: 2 })] } },
      aServer(),
    );
    await servers.load();

    expect(servers.all().map(({ number }) => number)).toEqual([0, 2]);
    expect(JSON.stringify(log.records)).toContain('cannot be read');
  });
});
