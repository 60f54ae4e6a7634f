import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { InstallationId, RepositoryName, RunId, WorkflowJobId, WorkspaceId } from '../../src/domain/ids.ts';
import type { Ports } from '../../src/domain/ports.ts';
import {
  GitHubForbiddenError,
  GitHubNotFoundError,
  GitHubUnavailableError,
  LogUnavailableError,
} from '../../src/errors.ts';
import { createGitHub, type GitHubSettings } from '../../src/github/github.ts';
import { createLocalGitHub, type LocalGitHub } from '../../src/sandbox/github/local-github.ts';
import { fakeLog } from '../support/fake-log.ts';
import { fakeMetrics } from '../support/fake-metrics.ts';

const workspaceId = WorkspaceId.parse('T0ACME');
const stranger = WorkspaceId.parse('T0OTHER');
const repository = RepositoryName.parse('acme/web-app');
const signal = AbortSignal.timeout(60_000);
const webhookSecret = randomBytes(16).toString('hex');
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

let local: LocalGitHub;
let github: ReturnType<typeof createGitHub>;
let links: Set<string>;

const installations: Ports['installations'] = {
  async link(workspace, installation) {
    links.add(`${workspace} ${installation}`);
  },
  isLinked: async (workspace, installation) => links.has(`${workspace} ${installation}`),
  ofWorkspace: async () => [],
  workspacesOf: async () => [],
  connect: () => Promise.reject(new Error('Nobody connects here')),
  disconnect: () => Promise.reject(new Error('Nobody disconnects here')),
};

function connect(changes: Partial<GitHubSettings> = {}) {
  return createGitHub(
    { installations, log: fakeLog(), clock: { now: () => new Date() }, metrics: fakeMetrics() },
    {
      appId: 4711,
      privateKey,
      webhookSecrets: [webhookSecret],
      apiUrl: local.apiUrl,
      webUrl: local.url,
      logHosts: [local.logHost],
      ...changes,
    },
  );
}

beforeAll(async () => {
  local = await createLocalGitHub({ appId: 4711, privateKey, webhookSecret });
  local.addRepository('acme/web-app');
});
afterAll(() => local.close());

beforeEach(() => {
  links = new Set([`${workspaceId} ${InstallationId.parse(51423)}`]);
  github = connect();
});
afterEach(() => local.faults.clear());

let commits = 0;

/** A run of two jobs, of which one failed. */
async function aRun(conclusion: 'failure' | 'success' = 'failure', log = 'Expected 17.99 but got 18.00') {
  commits += 1;
  const { runId, attempt } = await local.play({
    repository: 'acme/web-app',
    workflow: 'CI',
    branch: 'main',
    sha: commits.toString(16).padStart(40, '0'),
    title: 'Round up',
    actor: 'ada',
    jobs: [
      { name: 'lint', conclusion: 'success', log: 'all fine' },
      { name: 'test', conclusion, log },
    ],
  });
  return { repository, runId: RunId.parse(runId), attempt };
}

async function failedJob(ref: Awaited<ReturnType<typeof aRun>>) {
  const jobs = await github.runSource.jobs(workspaceId, ref, signal);
  const job = jobs.find(({ name }) => name === 'test');
  if (!job) throw new Error('the run has no job named test');
  return { repository, jobId: job.id };
}

describe('runs', () => {
  test('are found with what the webhook does not tell', async () => {
    const ref = await aRun();

    const run = await github.runSource.find(workspaceId, ref, signal);

    expect(run).toMatchObject({
      ...ref,
      workflow: 'CI',
      branch: 'main',
      defaultBranch: 'main',
      status: 'completed',
      conclusion: 'failure',
      actor: 'ada',
      title: 'Round up',
      url: `${local.url}/acme/web-app/actions/runs/${ref.runId}`,
    });
  });

  test('are found by attempt, and without one the latest attempt is meant', async () => {
    const ref = await aRun();
    await local.rerun(ref.runId, { jobs: [{ name: 'test', conclusion: 'success', log: 'all fine' }] });

    const [first, latest] = await Promise.all([
      github.runSource.find(workspaceId, { ...ref, attempt: 1 }, signal),
      github.runSource.find(workspaceId, { ...ref, attempt: null }, signal),
    ]);

    expect([first.attempt, first.conclusion]).toEqual([1, 'failure']);
    expect([latest.attempt, latest.conclusion]).toEqual([2, 'success']);
  });

  test('that passed last are found on the branch, or else on the default branch, for the same workflow', async () => {
    local.addRepository('acme/passing');
    const passing = RepositoryName.parse('acme/passing');
    const play = async (workflow: string, branch: string, conclusion: 'success' | 'failure') => {
      commits += 1;
      const sha = commits.toString(16).padStart(40, '0');
      const jobs = [{ name: 'test', conclusion, log: 'x' }];
      const script = { repository: 'acme/passing', workflow, branch, sha, title: 'x', actor: 'ada', jobs };
      const { runId, attempt } = await local.play(script);
      return { repository: passing, runId: RunId.parse(runId), attempt };
    };
    const lastPassing = async (branch: string) => {
      const failed = await github.runSource.find(workspaceId, await play('CI', branch, 'failure'), signal);
      return github.runSource.lastPassing(workspaceId, failed, signal);
    };

    expect(await lastPassing('main')).toBeNull();
    await play('Deploy', 'main', 'success');
    expect(await lastPassing('main')).toBeNull();
    const onMain = await play('CI', 'main', 'success');
    expect(await lastPassing('main')).toEqual(onMain);
    expect(await lastPassing('topic')).toEqual(onMain);
    const onTopic = await play('CI', 'topic', 'success');
    expect(await lastPassing('topic')).toEqual(onTopic);
  });

  test('that failed last are found behind the ones that passed', async () => {
    const failed = await aRun('failure');
    await aRun('success');

    expect(await github.runSource.latestFailing(workspaceId, { repository }, signal)).toMatchObject(failed);
  });

  test('that failed last are found behind a page of ones that passed', async () => {
    local.addRepository('acme/busy');
    const busy = RepositoryName.parse('acme/busy');
    const script = { repository: 'acme/busy', workflow: 'CI', branch: 'main', title: 'x', actor: 'ada' };
    const sha = 'f'.repeat(40);
    const job = { name: 'test', conclusion: 'failure' as const, log: 'x' };
    const { runId } = await local.play({ ...script, sha, jobs: [job] });
    for (let n = 0; n < 30; n += 1) await local.play({ ...script, sha, jobs: [{ ...job, conclusion: 'success' }] });

    expect(await github.runSource.latestFailing(workspaceId, { repository: busy }, signal)).toMatchObject({ runId });
  });

  test('that failed last are found on one branch', async () => {
    const onBranches = RepositoryName.parse('acme/branches');
    local.addRepository(onBranches);
    const play = async (branch: string, conclusion: 'failure' | 'success') =>
      local.play({
        repository: onBranches,
        workflow: 'CI',
        branch,
        title: 'x',
        actor: 'ada',
        sha: 'd'.repeat(40),
        jobs: [{ name: 'test', conclusion, log: 'x' }],
      });
    const { runId } = await play('topic', 'failure');
    await play('main', 'failure');
    await play('green', 'success');
    const latest = (branch: string) =>
      github.runSource.latestFailing(workspaceId, { repository: onBranches, branch }, signal);

    expect(await latest('topic')).toMatchObject({ runId, branch: 'topic' });
    expect(await latest('green')).toBeNull();
  });

  test('of a pull request are those of its newest commit', async () => {
    const withPulls = RepositoryName.parse('acme/pulls');
    local.addRepository(withPulls);
    const pullRequest = { number: 12, title: 'A change' };
    const play = async (sha: string, conclusion: 'failure' | 'success') =>
      local.play({
        repository: withPulls,
        workflow: 'CI',
        branch: 'topic',
        title: 'x',
        actor: 'ada',
        sha,
        pullRequest,
        jobs: [{ name: 'test', conclusion, log: 'x' }],
      });
    const ask = (number: number) =>
      github.runSource.failingOfPullRequest(workspaceId, { repository: withPulls, number }, signal);
    const { runId } = await play('1'.repeat(40), 'failure');

    expect(await ask(12)).toMatchObject({ runId, pullRequest: 12 });
    await play('2'.repeat(40), 'success');
    expect(await ask(12)).toBeNull();
    await expect(ask(13)).rejects.toBeInstanceOf(GitHubNotFoundError);
  });

  test('of a repository without a failure are none', async () => {
    local.addRepository('acme/fresh');

    expect(
      await github.runSource.latestFailing(workspaceId, { repository: RepositoryName.parse('acme/fresh') }, signal),
    ).toBeNull();
  });

  test('have jobs with their steps', async () => {
    const ref = await aRun();

    const jobs = await github.runSource.jobs(workspaceId, ref, signal);

    expect(jobs.map(({ name, conclusion }) => [name, conclusion])).toEqual([
      ['lint', 'success'],
      ['test', 'failure'],
    ]);
    expect(jobs[1]?.steps[0]).toMatchObject({ number: 1, name: 'Set up job', conclusion: 'success' });
    expect(jobs[1]?.url).toBe(`${local.url}/acme/web-app/actions/runs/${ref.runId}/job/${jobs[1]?.id}`);
  });

  test('have all their jobs, over several pages', async () => {
    local.addRepository('acme/matrix');
    const jobs = Array.from({ length: 150 }, (_, n) => ({
      name: `test (${n})`,
      conclusion: 'failure' as const,
      log: 'x',
    }));
    const { runId } = await local.play({
      repository: 'acme/matrix',
      workflow: 'CI',
      branch: 'main',
      sha: 'e'.repeat(40),
      title: 'x',
      actor: 'ada',
      jobs,
    });
    const ref = { repository: RepositoryName.parse('acme/matrix'), runId: RunId.parse(runId), attempt: 1 };

    expect(await github.runSource.jobs(workspaceId, ref, signal)).toHaveLength(150);
  });
});

describe('a workspace', () => {
  test('sees the repositories of the installations that are linked to it', async () => {
    expect(await github.runSource.canSee(workspaceId, repository)).toBe(true);
    expect(await github.runSource.canSee(stranger, repository)).toBe(false);
  });

  test('cannot tell a repository of somebody else from one that does not exist', async () => {
    const ref = await aRun();
    const missing = RepositoryName.parse('acme/none');
    const failure = (work: Promise<unknown>) =>
      work.then(
        () => null,
        (error: unknown) => error,
      );
    const hidden = await failure(github.runSource.find(stranger, ref, signal));
    const absent = await failure(github.runSource.find(stranger, { ...ref, repository: missing }, signal));

    expect(hidden).toBeInstanceOf(GitHubNotFoundError);
    expect(absent).toBeInstanceOf(GitHubNotFoundError);
    expect(String(hidden).replace('web-app', 'none')).toBe(String(absent));
  });

  test('that is not linked causes no request in the name of the installation', async () => {
    const ref = await aRun();
    const before = local.journal.length;

    await expect(github.logs.open(stranger, { repository, jobId: WorkflowJobId.parse(1) }, signal)).rejects.toThrow(
      GitHubNotFoundError,
    );
    await expect(github.runSource.jobs(stranger, ref, signal)).rejects.toThrow(GitHubNotFoundError);

    expect(new Set(local.journal.slice(before).map(({ path }) => path))).toEqual(
      new Set(['/repos/acme/web-app/installation']),
    );
  });

  test('that loses its link sees nothing from that moment on', async () => {
    const ref = await aRun();
    await github.runSource.find(workspaceId, ref, signal);
    links.clear();

    await expect(github.runSource.find(workspaceId, ref, signal)).rejects.toThrow(GitHubNotFoundError);
  });
});

describe('logs', () => {
  test('come from the storage as they are', async () => {
    const job = await failedJob(await aRun());

    const log = await github.logs.open(workspaceId, job, signal);

    expect(await text(log)).toContain('Expected 17.99 but got 18.00');
  });

  test('whose link is used up are asked for once more, with a fresh link', async () => {
    const job = await failedJob(await aRun());
    local.faults.add({ kind: 'status', status: 403, path: /^\/results\// });
    const before = local.journal.length;

    expect(await text(await github.logs.open(workspaceId, job, signal))).toContain('17.99');
    expect(local.journal.slice(before).filter(({ path }) => path.endsWith('/logs'))).toHaveLength(2);
  });

  test('whose second link is refused, too, are not there', async () => {
    const job = await failedJob(await aRun());
    local.faults.add({ kind: 'status', status: 403, path: /^\/results\//, times: 2 });

    const refused = github.logs.open(workspaceId, job, signal);
    await expect(refused).rejects.toBeInstanceOf(LogUnavailableError);
    await expect(refused).rejects.toMatchObject({ absence: 'refused' });
  });

  test.each([
    ['missing', 'none'],
    ['expired', 'gone'],
  ] as const)('that are %s are not there, and may come', async (state, absence) => {
    const job = await failedJob(await aRun());
    local.setLog(job.jobId, state);

    await expect(github.logs.open(workspaceId, job, signal)).rejects.toMatchObject({
      code: 'github.log_unavailable',
      retryable: true,
      absence,
    });
  });

  test('have errors beside them, which stand there also where the log is gone', async () => {
    const long = 'x'.repeat(5_000);
    const { runId } = await local.play({
      repository: 'acme/web-app',
      workflow: 'CI',
      branch: 'main',
      sha: 'c'.repeat(40),
      title: 'x',
      actor: 'ada',
      jobs: [
        {
          name: 'test',
          conclusion: 'failure',
          log: 'x',
          annotations: [
            { path: '.github', line: 1, level: 'failure', message: 'The runner lost communication.\u0000' },
            { path: 'src/a.ts', line: 7, level: 'failure', message: 'Not assignable\nto string' },
            { path: '.github', line: 1, level: 'warning', message: 'Node 16 is old' },
            { path: '.github', line: 1, level: 'failure', message: long },
          ],
        },
      ],
    });
    const job = await failedJob({ repository, runId: RunId.parse(runId), attempt: 1 });
    local.setLog(job.jobId, 'expired');

    expect(await github.logs.remarks(workspaceId, job, signal)).toEqual([
      'The runner lost communication.',
      'src/a.ts:7: Not assignable\nto string',
      long.slice(0, 2_000),
    ]);
    await expect(github.logs.remarks(stranger, job, signal)).rejects.toBeInstanceOf(GitHubNotFoundError);
  });

  test('that break off are a failure of GitHub, never half a log', async () => {
    const job = await failedJob(await aRun('failure', 'x'.repeat(200_000)));
    local.faults.add({ kind: 'truncate', path: /^\/results\// });

    const log = await github.logs.open(workspaceId, job, signal);

    await expect(text(log)).rejects.toThrow(GitHubUnavailableError);
  });

  test.each([
    ['resets the connection', { kind: 'reset' as const }],
    ['answers 500', { kind: 'status' as const, status: 500 }],
  ])('whose storage %s are to be fetched later', async (_name, fault) => {
    const job = await failedJob(await aRun());
    local.faults.add({ ...fault, path: /^\/results\// });

    await expect(github.logs.open(workspaceId, job, signal)).rejects.toThrow(GitHubUnavailableError);
  });

  test('from a host that nobody listed are not fetched', async () => {
    const job = await failedJob(await aRun());
    github = connect({ logHosts: [] });

    await expect(github.logs.open(workspaceId, job, signal)).rejects.toThrow(/GITHUB_LOG_HOSTS/u);
  });

  test('end when the reader wants no more', async () => {
    const job = await failedJob(await aRun('failure', 'x'.repeat(2_000_000)));
    const log = await github.logs.open(workspaceId, job, signal);

    const chunks = log.iterator();
    await chunks.next();
    await chunks.return?.();

    expect(log.destroyed).toBe(true);
  });

  test('stop with the reason of the signal', async () => {
    const job = await failedJob(await aRun());
    const stop = new AbortController();
    const reason = new Error('the lease is lost');
    local.faults.add({ kind: 'delay', delayMs: 60_000, path: /^\/results\// });
    const opened = github.logs.open(workspaceId, job, stop.signal).catch((error: unknown) => error);

    stop.abort(reason);

    expect(await opened).toBe(reason);
  });
});

describe('what GitHub may do to us', () => {
  const find = async () => github.runSource.find(workspaceId, await aRun(), signal);

  test('a short rate limit is waited for', async () => {
    local.faults.add({ kind: 'secondary-rate-limit', retryAfterSeconds: 1, path: /\/actions\/runs\/\d+/u });

    expect((await find()).conclusion).toBe('failure');
  });

  test('a long rate limit is for the queue to wait, as long as GitHub says', async () => {
    local.faults.add({ kind: 'secondary-rate-limit', retryAfterSeconds: 90, path: /\/actions\/runs\/\d+/u });

    await expect(find()).rejects.toMatchObject({ code: 'github.limited', retryable: true, retryAfterMs: 90_000 });
  });

  test('a used-up budget is waited for until its reset', async () => {
    local.faults.add({ kind: 'primary-rate-limit', resetInSeconds: 600, path: /\/actions\/runs\/\d+/u });

    const failure = await find().catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(GitHubUnavailableError);
    expect(Reflect.get(Object(failure), 'retryAfterMs')).toBeGreaterThan(590_000);
    expect(Reflect.get(Object(failure), 'retryAfterMs')).toBeLessThan(605_000);
  });

  test.each([
    ['500', { kind: 'status' as const, status: 500 }, GitHubUnavailableError],
    ['502', { kind: 'status' as const, status: 502 }, GitHubUnavailableError],
    ['a reset connection', { kind: 'reset' as const }, GitHubUnavailableError],
    ['403 without a limit', { kind: 'status' as const, status: 403 }, GitHubForbiddenError],
    ['404', { kind: 'status' as const, status: 404 }, GitHubNotFoundError],
  ])('%s', async (_name, fault, expected) => {
    local.faults.add({ ...fault, path: /\/actions\/runs\/\d+/u });

    await expect(find()).rejects.toThrow(expected);
  });

  test('credentials that are not accepted are nothing to retry', async () => {
    github = connect({ appId: 4712 });

    await expect(github.runSource.canSee(workspaceId, repository)).rejects.toMatchObject({
      code: 'github.forbidden',
      retryable: false,
    });
  });

  test('nobody at home', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const address = closed.address();
    closed.close();
    github = connect({ apiUrl: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` });

    await expect(github.runSource.canSee(workspaceId, repository)).rejects.toThrow(GitHubUnavailableError);
  });

  // Octokit waits some seconds before it believes that a new token is refused.
  test('a token that is refused is renewed once, without a word', async () => {
    const ref = await aRun();
    await github.runSource.find(workspaceId, ref, signal);
    local.revokeTokens();

    expect((await github.runSource.find(workspaceId, ref, signal)).runId).toBe(ref.runId);
  }, 20_000);
});

/** A GitHub that sends everybody who asks for a log to one address. */
async function redirectingTo(location: string): Promise<{ apiUrl: string; close: () => void }> {
  const answer: RequestListener = (req, res) => {
    res.setHeader('content-type', 'application/json');
    if (req.url?.endsWith('/installation')) return res.end('{"id":51423}');
    if (req.url?.endsWith('/access_tokens'))
      return res.writeHead(201).end('{"token":"t","expires_at":"2099-01-01T00:00:00Z","permissions":{}}');
    return res.writeHead(302, { location }).end();
  };
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    apiUrl: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('a redirect to somewhere it should not lead', () => {
  test.each([
    'http://169.254.169.254/latest/meta-data/',
    'https://169.254.169.254/latest/meta-data/',
    'https://10.0.0.1/',
    'https://127.0.0.1:6379/',
    'https://127.1/',
    'https://2130706433/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://localhost/',
    'http://logs.blob.core.windows.net/x',
    'https://blob.core.windows.net.evil.example/x',
    'https://evil.example/?x=.blob.core.windows.net',
    'https://user:password@logs.blob.core.windows.net/x',
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
    '//',
    '',
  ])('%s is not followed', async (location) => {
    const forged = await redirectingTo(location);
    github = connect({ apiUrl: forged.apiUrl, logHosts: [] });

    const opened = github.logs.open(workspaceId, { repository, jobId: WorkflowJobId.parse(1) }, signal);

    await expect(opened).rejects.toMatchObject({ code: expect.stringMatching(/^github\.(log_)?unavailable$/u) });
    await expect(opened).rejects.not.toMatchObject({ message: expect.stringContaining('reached') });
    forged.close();
  });
});
