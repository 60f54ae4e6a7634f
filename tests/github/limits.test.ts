import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { InstallationId, RepositoryName, RunId, WorkspaceId } from '../../src/domain/ids.ts';
import type { Ports } from '../../src/domain/ports.ts';
import { GitHubLimitedError } from '../../src/errors.ts';
import { createGitHub } from '../../src/github/github.ts';
import { createLocalGitHub, type LocalGitHub } from '../../src/sandbox/github/local-github.ts';
import { fakeLog } from '../support/fake-log.ts';
import { fakeMetrics } from '../support/fake-metrics.ts';
import { aClock, only } from '../support/memory-stores.ts';
import { aRun } from '../support/scripts.ts';
import { REPOSITORY } from '../support/stage.ts';

const workspaceId = WorkspaceId.parse('T0ACME');
const repository = RepositoryName.parse(REPOSITORY);
const other = RepositoryName.parse('globex/site');
const signal = AbortSignal.timeout(60_000);
const webhookSecret = randomBytes(16).toString('hex');
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

let local: LocalGitHub;
let github: ReturnType<typeof createGitHub>;
let metrics: ReturnType<typeof fakeMetrics>;
let clock: ReturnType<typeof aClock>;

beforeAll(async () => {
  local = await createLocalGitHub({
    appId: 4711,
    privateKey,
    webhookSecret,
    installations: { 51_423: 'acme', 60_001: 'globex' },
  });
  local.addRepository(REPOSITORY, { installationId: 51_423, files: { CODEOWNERS: '* @ada' } });
  local.addRepository(other, { installationId: 60_001 });
});
afterAll(() => local.close());
beforeEach(() => {
  metrics = fakeMetrics();
  clock = aClock(new Date());
  const installations = only<Ports['installations']>({
    isLinked: async () => true,
    ofWorkspace: async () => [InstallationId.parse(51_423)],
  });
  github = createGitHub(
    { installations, log: fakeLog(), metrics, clock },
    {
      appId: 4711,
      privateKey,
      webhookSecrets: [webhookSecret],
      apiUrl: local.apiUrl,
      webUrl: local.url,
      logHosts: [local.logHost],
    },
  );
});
afterEach(() => local.faults.clear());

async function aPlayedRun(of = repository) {
  const { runId, attempt } = await local.play(aRun({ repository: of }));
  return { repository: of, runId: RunId.parse(runId), attempt };
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  );
const outcomes = () => metrics.of('githubRequests').map(({ labels }) => labels['outcome']);

describe('a limit of GitHub', () => {
  test.each([
    ['the budget is used up', { kind: 'primary-rate-limit', resetInSeconds: 900 } as const, 900_000],
    ['we asked too fast', { kind: 'secondary-rate-limit', retryAfterSeconds: 60 } as const, 60_000],
  ])(
    'holds back everything of that installation until its end where %s, and nothing of others',
    async (_why, fault, ms) => {
      const [ref, foreign] = [await aPlayedRun(), await aPlayedRun(other)];
      local.faults.add({ ...fault, path: /\/jobs$/u });

      const first = await failure(github.runSource.jobs(workspaceId, ref, signal));
      const asked = local.journal.length;
      const second = await failure(github.runSource.jobs(workspaceId, ref, signal));

      for (const error of [first, second]) {
        expect(error).toBeInstanceOf(GitHubLimitedError);
        const retryAfterMs = error instanceof GitHubLimitedError ? (error.retryAfterMs ?? 0) : 0;
        expect(Math.abs(retryAfterMs - ms)).toBeLessThan(3_000);
      }
      expect(local.journal.slice(asked)).toEqual([]);
      expect(outcomes()).toEqual(expect.arrayContaining(['limited', 'held-back']));
      expect(await github.runSource.jobs(workspaceId, foreign, signal)).toHaveLength(1);
      clock.move(ms + 3_000);
      expect(await github.runSource.jobs(workspaceId, ref, signal)).toHaveLength(1);
    },
  );
});

describe('an answer that is still true', () => {
  test('is not sent again', async () => {
    const ref = await aPlayedRun();
    await github.runSource.find(workspaceId, ref, signal);
    clock.move(2 * 60_000); // what is remembered without asking is old by now
    const before = local.journal.length;

    const run = await github.runSource.find(workspaceId, ref, signal);

    expect(run.defaultBranch).toBe('main');
    const statuses = new Map(local.journal.slice(before).map(({ path, status }) => [path, status]));
    expect(statuses.get(`/repos/${REPOSITORY}`)).toBe(304);
    expect(statuses.get(`/repos/${REPOSITORY}/installation`)).toBe(304);
    expect(outcomes().at(-1)).toBeDefined();
  });

  test('is asked for anew once it has changed', async () => {
    const ref = await aPlayedRun();
    const defaultBranch = async () => {
      clock.move(2 * 60_000);
      return (await github.runSource.find(workspaceId, ref, signal)).defaultBranch;
    };
    const repositoryThere = local.world.repository(REPOSITORY);
    if (repositoryThere === undefined) throw new Error('no repository');
    expect([await defaultBranch(), await defaultBranch()]).toEqual(['main', 'main']);
    repositoryThere.defaultBranch = 'trunk';

    expect(await defaultBranch()).toBe('trunk');
  });
});

describe('a token', () => {
  const tokens = () => local.journal.filter(({ path }) => path.endsWith('/access_tokens'));

  test('of five hundred characters is asked for once, and again when its hour is over', async () => {
    const ref = await aPlayedRun();
    const before = tokens().length;
    const jobs = await github.runSource.jobs(workspaceId, ref, signal);
    await Promise.all([1, 2, 3].map(() => github.runSource.jobs(workspaceId, ref, signal)));
    const [job] = jobs;
    if (job === undefined) throw new Error('no job');
    const log = await github.logs.open(workspaceId, { repository, jobId: job.id }, signal);

    expect(await text(log)).not.toBe('');
    expect(tokens()).toHaveLength(before + 1);
    local.expireTokens();
    expect(await github.runSource.jobs(workspaceId, ref, signal)).toHaveLength(1);
    expect(tokens()).toHaveLength(before + 2);
  });
});
