import { describe, expect, test } from '@jest/globals';
import { ChannelId, RunId, SummaryId, UserId, WorkflowJobId, WorkspaceId } from '../../src/domain/ids.ts';
import type { JobPayload } from '../../src/domain/jobs.ts';
import {
  GitHubForbiddenError,
  GitHubUnavailableError,
  LeaseLostError,
  LogReaderFailedError,
  GitHubLimitedError,
  LogUnavailableError,
} from '../../src/errors.ts';
import type { RunTraits } from '../../src/domain/run.ts';
import { createAnalyzeRun } from '../../src/pipeline/jobs/analyze-run.ts';
import { createJobs } from '../../src/pipeline/jobs/index.ts';
import { fakeMetrics } from '../support/fake-metrics.ts';
import { aCallStore, aModel, linesIn, someModels, someSettings } from '../support/models.ts';
import { anInProcessLogReader } from '../support/in-process-log-reader.ts';
import {
  aGitHub,
  aJobContext,
  aMessenger,
  aWorkflowJob,
  someRuns,
  someSubscriptions,
  someSummaries,
  workspacesBut,
} from '../support/pipeline-fakes.ts';
import { A_ROOM, aFailure, aRun, aSummary } from '../support/report-builders.ts';
import { aRule } from '../support/rules.ts';

const workspaceId = WorkspaceId.parse('T0ACME');
const run = aRun();
const { repository, runId, attempt } = run;
const payload: JobPayload<'analyze-run'> = { workspaceId, repository, runId, attempt, revision: 0, logTries: 0 };
const analyzeRun = createAnalyzeRun({ deadlineMs: 5_000, redaction: { salt: 'a salt for tests' } });
const askedBy = {
  channelId: ChannelId.parse('C0ELSEWHERE'),
  userId: UserId.parse('U0ADA'),
  responseUrl: 'https://hooks.slack.example/actions/1',
};

function setUp(options: Parameters<typeof aGitHub>[0] & { known?: ReturnType<typeof aSummary>[] } = {}) {
  const { known = [], ...world } = options;
  const github = aGitHub({
    runs: [run],
    jobs: [aWorkflowJob(), aWorkflowJob({ id: WorkflowJobId.parse(1), name: 'lint', conclusion: 'success' })],
    ...world,
  });
  const store = someSummaries(...known.map((summary) => ({ summary, failure: aFailure({ id: summary.failureId }) })));
  const metrics = fakeMetrics();
  const { messenger, answers } = aMessenger();
  const context = (more: Record<string, unknown> = {}) =>
    aJobContext({
      ...github,
      ...store,
      metrics,
      messenger,
      runs: someRuns(run),
      subscriptions: someSubscriptions(repository, { C0ONE: null, C0TWO: null, C0PAUSED: 'is_archived' }),
      ...more,
    });
  return { github, store, metrics, answers, context };
}

describe('analysing a run', () => {
  test('reads the logs of failed jobs, stores a summary, and has every active channel told', async () => {
    const { github, store, metrics, context } = setUp();

    const jobs = await analyzeRun(context(), payload);

    const [row] = store.rows;
    expect(row?.summary.diagnosis).toMatchObject({
      totalJobs: 2,
      jobs: [{ name: 'test' }],
      authorship: { provider: 'offline' },
    });
    expect(row?.summary.diagnosis.excerpt.map(({ text }) => text).join('\n')).toContain('boom');
    expect(github.asked).toEqual([4242]);
    expect(jobs).toEqual(
      ['C0ONE', 'C0TWO'].map((channelId) => ({
        kind: 'deliver-summary',
        payload: { workspaceId, channelId, summaryId: row?.summary.id },
        dedupeKey: `deliver:${row?.summary.id}:${channelId}`,
      })),
    );
    expect(metrics.of('analyses')).toMatchObject([{ labels: { provider: 'offline' } }]);
    expect(metrics.of('comparisons')).toMatchObject([{ labels: { outcome: 'none' } }]);
  });

  test('a secret of our own in the log gets into no summary, in whatever form', async () => {
    const secret = 'a signing secret of ours 1a2b3c4d';
    const inBase64 = Buffer.from(`user:${secret}`).toString('base64');
    const { store, context } = setUp({ log: `Error: ${secret} is wrong\nError: so is ${inBase64}\n` });
    const redaction = { salt: 'a salt for tests', secrets: [secret] };
    const careful = createAnalyzeRun({ deadlineMs: 5_000, redaction });

    await careful(context({ logReader: anInProcessLogReader(redaction) }), payload);

    const stored = JSON.stringify(store.rows);
    expect(stored).toMatch(/\[redacted:own-secret:[0-9a-f]{4}\] is wrong/u);
    expect(stored).not.toContain(secret.slice(0, 16));
    expect(stored).not.toContain(inBase64.slice(12, 30));
  });

  test('a second time pays for nothing and plans the same', async () => {
    const { github, store, context } = setUp();
    const first = await analyzeRun(context(), payload);

    expect(await analyzeRun(context(), payload)).toEqual(first);
    expect(store.rows).toHaveLength(1);
    expect(github.asked).toHaveLength(1);
  });

  test('another time on request makes another revision', async () => {
    const { store, context } = setUp();
    await analyzeRun(context(), payload);
    await analyzeRun(context(), { ...payload, revision: 1 });

    expect(store.rows.map(({ summary }) => summary.revision)).toEqual([0, 1]);
  });

  test('that we never heard of asks GitHub, and remembers it', async () => {
    const { context } = setUp();
    const runs = someRuns();

    expect(await analyzeRun(context({ runs }), payload)).toHaveLength(2);
    expect(runs.rows).toEqual([run]);
  });

  test('that is gone is nothing to do', async () => {
    const { store, context } = setUp({ runs: [] });

    expect(await analyzeRun(context({ runs: someRuns() }), payload)).toEqual([]);
    expect(store.rows).toEqual([]);
  });

  test('in a workspace that removed us is nothing to do', async () => {
    const { store, context } = setUp();

    expect(await analyzeRun(context({ workspaces: workspacesBut(workspaceId) }), payload)).toEqual([]);
    expect(store.rows).toEqual([]);
  });

  test('reads at most twenty logs, and names the other jobs', async () => {
    const jobs = Array.from({ length: 30 }, (_, n) =>
      aWorkflowJob({ id: WorkflowJobId.parse(n + 1), name: `test (${n})` }),
    );
    const { github, store, context } = setUp({ jobs });

    await analyzeRun(context(), payload);

    expect(github.asked).toHaveLength(20);
    expect(store.rows[0]?.summary.diagnosis.jobs).toHaveLength(30);
  });

  test('whose jobs were only cancelled looks at those', async () => {
    const { github, context } = setUp({ jobs: [aWorkflowJob({ conclusion: 'cancelled' })] });

    await analyzeRun(context(), payload);

    expect(github.asked).toEqual([4242]);
  });

  test('that could not start is a matter of configuration, without any log', async () => {
    const broken = aRun({ conclusion: 'startup_failure' });
    const { github, store, context } = setUp({ jobs: [] });

    await analyzeRun(context({ runs: someRuns(broken) }), payload);

    expect(github.asked).toEqual([]);
    expect(store.rows[0]?.summary.diagnosis).toMatchObject({ category: 'configuration', logDigest: '' });
  });
});

describe('with a model', () => {
  const sound = {
    headline: 'The step ends with boom',
    cause: 'Something in the step says boom and ends it.',
    nextStep: 'Look at what says boom.',
  };

  function withModel() {
    const small = aModel({ model: 'small' }, (request) => ({ ...sound, evidence: linesIn(request).slice(0, 1) }));
    const large = aModel({ model: 'large' }, (request) => ({ ...sound, evidence: linesIn(request).slice(0, 1) }));
    const modelCalls = aCallStore();
    const ports = { models: someModels({ small: [small], large: [large] }), modelCalls };
    return { small, large, modelCalls, ports, scene: setUp() };
  }

  test('its words are stored, its calls tied to the summary, and GitHub is asked what surrounds the run', async () => {
    const { small, modelCalls, ports, scene } = withModel();
    const runContext = {
      context: async () => ({ commitMessage: 'Say boom louder', changedFiles: [], instructions: 'Boom is a bird.' }),
    };

    await analyzeRun(scene.context({ ...ports, runContext }), payload);

    const summary = scene.store.rows[0]?.summary ?? aSummary();
    expect(summary.diagnosis.authorship).toMatchObject({ provider: 'claude', costMicroUsd: expect.any(Number) });
    expect(new Set(modelCalls.attached.values())).toEqual(new Set([summary.id]));
    expect(modelCalls.attached.size).toBe(modelCalls.rows.size);
    for (const part of ['Say boom louder', 'Boom is a bird.']) expect(small.requests[0]?.prompt.data).toContain(part);
    expect(scene.metrics.of('modelCalls').length).toBe(modelCalls.rows.size);
  });

  test('what surrounds the run is done without where GitHub is away or slow', async () => {
    const { small, ports, scene } = withModel();
    const runContext = { context: () => Promise.reject(new GitHubUnavailableError('away')) };

    await analyzeRun(scene.context({ ...ports, runContext }), payload);

    expect(small.requests.length).toBeGreaterThan(0);
  });

  test('a person can ask for the large one, and leave a note', async () => {
    const { small, large, ports, scene } = withModel();

    await analyzeRun(scene.context(ports), {
      ...payload,
      revision: 1,
      wants: { tier: 'large', note: 'Is it a bird?' },
    });

    expect(small.requests).toEqual([]);
    expect(large.requests[0]?.prompt.data).toContain('Is it a bird?');
  });

  test('a summary of the same cause stands for a call, but not where a person asks for another look', async () => {
    const { small, ports, scene } = withModel();
    const asked: unknown[] = [];
    const findReusable = async (_workspaceId: WorkspaceId, key: unknown) => {
      asked.push(key);
      const line = { jobId: null, line: 1, step: null, stepLine: null, text: 'Error: boom' };
      const summaryId = SummaryId.parse('0b3f6c1e-9d0a-4f7e-8a51-0f2f5d3f9a11');
      const rest = { confidence: 'high' as const, model: 'haiku', provider: 'claude', createdAt: new Date() };
      return { ...sound, headline: 'The command exits with boom', summaryId, evidence: [line], ...rest };
    };
    const modelCalls = { ...ports.modelCalls, findReusable };

    await analyzeRun(scene.context({ ...ports, modelCalls }), { ...payload, revision: 1 });
    expect(asked).toEqual([]);
    expect(small.requests.length).toBeGreaterThan(0);
    await analyzeRun(scene.context({ ...ports, modelCalls }), payload);
    expect(asked).toEqual([
      { repository, fingerprint: expect.stringMatching(/^v2:/u), promptVersion: 'explain-4', hours: 72 },
    ]);
  });

  test('a workspace without a budget asks nobody, not even GitHub', async () => {
    const { small, ports, scene } = withModel();
    const runContext = { context: () => Promise.reject(new Error('asked')) };
    const settings = someSettings({ monthlyBudgetUsd: 0 });

    await analyzeRun(scene.context({ ...ports, runContext, settings }), payload);

    expect(small.requests).toEqual([]);
    expect(scene.store.rows[0]?.summary.diagnosis.authorship).toMatchObject({
      provider: 'offline',
      fallbackReason: null,
    });
  });

  test('two workers on one run make one call', async () => {
    const { small, ports, scene } = withModel();
    const table = createJobs({
      deadlineMs: 5_000,
      redaction: { salt: 'a salt for tests' },
      room: A_ROOM,
      reconcile: { redeliveriesPerMinute: 60, pollIntervalMs: 900_000 },
    });

    await Promise.all([
      table['analyze-run'](scene.context(ports), payload),
      table['analyze-run'](scene.context(ports), payload),
    ]);

    expect(small.requests).toHaveLength(1);
  });

  test('calls that cannot be tied to the summary cost nobody the summary', async () => {
    const { ports, scene } = withModel();
    const modelCalls = { ...ports.modelCalls, attach: () => Promise.reject(new Error('away')) };

    expect(await analyzeRun(scene.context({ ...ports, modelCalls }), payload)).toHaveLength(2);
  });
});

describe('an analysis that a limit of GitHub put off', () => {
  const limited = async (more: { wasLimited?: boolean }, payloadMore: Partial<typeof payload> = {}) => {
    const { store, metrics, context } = setUp();
    await analyzeRun(context(more), { ...payload, ...payloadMore });
    return { wasLimited: store.rows[0]?.summary.diagnosis.wasLimited, counted: metrics.of('limitedAnalyses').length };
  };

  test('is counted, and its summary knows', async () => {
    expect(await limited({ wasLimited: true })).toEqual({ wasLimited: true, counted: 1 });
    expect(await limited({}, { wasLimited: true })).toEqual({ wasLimited: true, counted: 1 });
    expect(await limited({})).toEqual({ wasLimited: undefined, counted: 0 });
  });

  test('is still one after a wait for the log', async () => {
    const { context } = setUp({ log: new LogUnavailableError('not yet') });

    const [next] = await analyzeRun(context({ wasLimited: true }), payload);

    expect(next).toMatchObject({ payload: { wasLimited: true, logTries: 1 } });
  });
});

describe('a log that is not there', () => {
  const missing = new LogUnavailableError('not yet');

  test('is waited for, and nothing is stored meanwhile', async () => {
    const { store, context } = setUp({ log: missing });

    expect(await analyzeRun(context(), payload)).toEqual([
      expect.objectContaining({ kind: 'analyze-run', payload: { ...payload, logTries: 1 }, delayMs: 2_000 }),
    ]);
    expect(store.rows).toEqual([]);
  });

  test('after the last wait is done without, and that is said', async () => {
    const { store, context } = setUp({ log: missing });

    expect(await analyzeRun(context(), { ...payload, logTries: 4 })).toHaveLength(2);
    const { diagnosis } = store.rows[0]?.summary ?? aSummary();
    expect(diagnosis.logDigest).toBe('');
    expect(JSON.stringify(diagnosis)).toMatch(/log could not be read/iu);
  });

  test.each([
    ['none', 'GitHub does not have it'],
    ['gone', 'GitHub does not keep it any more'],
    ['refused', "GitHub's storage took none of the links to it"],
    ['empty', 'it is empty'],
    ['foreign', 'it stands on a host that the operator has not allowed'],
  ] as const)('is told with the reason: %s', async (absence, reason) => {
    const { store, context } = setUp({ log: new LogUnavailableError('x', { absence }) });
    await analyzeRun(context(), { ...payload, logTries: 4 });

    expect(JSON.stringify(store.rows[0]?.summary.diagnosis)).toContain(`The log could not be read: ${reason}`);
  });

  test('since the job still runs is waited for, and after the last wait told with that reason', async () => {
    const { store, github, context } = setUp({ jobs: [aWorkflowJob({ conclusion: null, completedAt: null })] });

    expect(await analyzeRun(context(), payload)).toEqual([
      expect.objectContaining({ kind: 'analyze-run', payload: { ...payload, logTries: 1 } }),
    ]);
    expect(store.rows).toEqual([]);
    await analyzeRun(context(), { ...payload, logTries: 4 });
    expect(JSON.stringify(store.rows[0]?.summary.diagnosis)).toContain(
      'The log could not be read: GitHub says that the job still runs, so its log is not complete',
    );
    expect(github.asked).toEqual([]);
  });

  test('is told by what GitHub shows beside it, redacted as a log is', async () => {
    const secret = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
    const remarks = [`The hosted runner lost communication with the server. ${secret}`];
    const { store, context } = setUp({ log: missing, remarks });
    await analyzeRun(context(), { ...payload, logTries: 4 });

    const { diagnosis } = store.rows[0]?.summary ?? aSummary();
    expect(diagnosis.verdict.kind).toBe('infrastructure');
    const [line] = diagnosis.evidence;
    expect(line).toMatchObject({ jobId: 4242, step: null, stepLine: null });
    expect(line?.text).toContain('lost communication with the server');
    expect(JSON.stringify(diagnosis)).not.toContain(secret);
    expect(JSON.stringify(diagnosis)).toContain('The log could not be read: GitHub does not have it');
  });

  test('because we may not read it is told at once', async () => {
    const { store, context } = setUp({ log: new GitHubForbiddenError('no') });

    expect(await analyzeRun(context(), payload)).toHaveLength(2);
    expect(JSON.stringify(store.rows[0]?.summary.diagnosis)).toContain('GitHub does not let us read it');
  });

  test('because GitHub limits us is put off, and a person who asked is told', async () => {
    const { answers, context } = setUp({ log: new GitHubLimitedError('x', { retryAfterMs: 60_000 }) });

    await expect(analyzeRun(context(), payload)).rejects.toBeInstanceOf(GitHubLimitedError);
    expect(answers).toEqual([]);
    await expect(analyzeRun(context(), { ...payload, revision: 1, askedBy })).rejects.toBeInstanceOf(
      GitHubLimitedError,
    );
    expect(answers.map(({ message }) => message.text)).toEqual([expect.stringContaining('GitHub limits my requests')]);
  });

  test('because GitHub is away is for the worker to try again', async () => {
    const { context } = setUp({ log: new GitHubUnavailableError('away') });

    await expect(analyzeRun(context(), payload)).rejects.toThrow(GitHubUnavailableError);
  });

  test('because GitHub could not deliver it to the last try is done without', async () => {
    const { store, context } = setUp({ log: new GitHubUnavailableError('too slow') });

    expect(await analyzeRun(context({ isLastAttempt: true }), payload)).toHaveLength(2);
    expect(JSON.stringify(store.rows[0]?.summary.diagnosis)).toContain('GitHub could not deliver it');
  });
});

describe('a passing log of the same job', () => {
  const noise = 'Error: connect ECONNREFUSED 127.0.0.1:5432, will try again';
  const log = `${noise}\nall but one\nmake: *** [check] Error 1\n`;
  const passedJob = aWorkflowJob({ id: WorkflowJobId.parse(77), conclusion: 'success' });
  const passedRun = { repository, runId: RunId.parse(9), attempt: 1 };
  const shownOf = ({ store }: ReturnType<typeof setUp>) =>
    store.rows[0]?.summary.diagnosis.evidence.map(({ text }) => text);

  test('is compared with, once for all jobs of the run', async () => {
    const jobs = [aWorkflowJob(), aWorkflowJob({ id: WorkflowJobId.parse(4243), name: 'test (2)' })];
    const scene = setUp({ jobs, log, passed: { run: passedRun, job: passedJob, log: `${noise}\nall is well\n` } });

    await analyzeRun(scene.context(), payload);

    expect(scene.github.asked.toSorted()).toEqual([4242, 4243, 77]);
    expect(shownOf(scene)).not.toContain(noise);
    expect(scene.metrics.of('comparisons')).toMatchObject([{ labels: { outcome: 'found' } }]);
  });

  test('of another job is left alone', async () => {
    const job = aWorkflowJob({ ...passedJob, name: 'lint' });
    const scene = setUp({ log, passed: { run: passedRun, job, log: noise } });

    await analyzeRun(scene.context(), payload);

    expect(scene.github.asked).toEqual([4242]);
    expect(shownOf(scene)).toContain(noise);
  });

  test('that cannot be had is done without, quietly', async () => {
    const passed = { run: passedRun, job: passedJob, log: new GitHubUnavailableError('away') };
    const scene = setUp({ log, passed });

    expect(await analyzeRun(scene.context({ isLastAttempt: true }), payload)).toHaveLength(2);

    expect(shownOf(scene)).toContain(noise);
    expect(scene.metrics.of('comparisons')).toMatchObject([{ labels: { outcome: 'failed' } }]);
  });
});

describe('a log at which its reader fails', () => {
  const logReader = { digest: () => Promise.reject(new LogReaderFailedError('the thread ended')) };

  test('is for the worker to try again', async () => {
    const { context } = setUp();

    await expect(analyzeRun(context({ logReader }), payload)).rejects.toThrow(LogReaderFailedError);
  });

  test('on the last try is done without, and that is said', async () => {
    const { store, context } = setUp();

    expect(await analyzeRun(context({ logReader, isLastAttempt: true }), payload)).toHaveLength(2);
    expect(JSON.stringify(store.rows[0]?.summary.diagnosis)).toContain('reading it failed');
  });
});

describe('another look that a person asked for', () => {
  const asked = { ...payload, revision: 1, askedBy };

  test('is told to the channels; where the person asked is one of them, that is all', async () => {
    const { context } = setUp();
    const inChannel = { ...askedBy, channelId: ChannelId.parse('C0ONE') };

    const jobs = await analyzeRun(context(), { ...asked, askedBy: inChannel });

    expect(jobs.map(({ kind }) => kind)).toEqual(['deliver-summary', 'deliver-summary']);
  });

  test('from elsewhere is answered there as well', async () => {
    const { context } = setUp();

    const jobs = await analyzeRun(context(), asked);

    expect(jobs.slice(2)).toMatchObject([
      { kind: 'deliver-summary', payload: { channelId: 'C0ELSEWHERE' } },
      { kind: 'answer-request', payload: { ...askedBy, target: { kind: 'run', repository, runId, attempt } } },
    ]);
  });

  test('is answered with an id when it failed for good, and not before', async () => {
    const { answers, context } = setUp({ log: new Error('away') });

    await expect(analyzeRun(context(), asked)).rejects.toThrow('away');
    expect(answers).toEqual([]);
    await expect(analyzeRun(context({ isLastAttempt: true }), asked)).rejects.toThrow('away');
    expect(answers).toMatchObject([{ url: askedBy.responseUrl }]);
  });

  test('is answered at once when trying again is of no use', async () => {
    const error = new GitHubForbiddenError('no');
    const { github, answers, context } = setUp();
    const runSource = { ...github.runSource, jobs: () => Promise.reject(error) };

    await expect(analyzeRun(context({ runSource }), asked)).rejects.toThrow(GitHubForbiddenError);
    expect(JSON.stringify(answers)).toContain(error.id);
  });

  test('is not answered by a worker that lost the job', async () => {
    const lost = new AbortController();
    const { answers, context } = setUp({ log: new LeaseLostError('lost') });
    lost.abort(new LeaseLostError('lost'));

    await expect(analyzeRun(context({ signal: lost.signal, isLastAttempt: true }), asked)).rejects.toThrow('lost');
    expect(answers).toEqual([]);
  });
});

describe('where a rule asks for what a pull request changes', () => {
  const rule = aRule(`${repository} path:src/**`);
  const world = (traits: RunTraits | Error) => {
    const { github, store, context } = setUp();
    const runs = someRuns(run);
    const runTraits = {
      traits: async () => {
        if (traits instanceof Error) throw traits;
        return traits;
      },
    };
    const subscriptions = someSubscriptions(repository, { C0ONE: null }, rule);
    const analyze = (isLastAttempt = false) =>
      analyzeRun(context({ runs, runTraits, subscriptions, isLastAttempt }), payload);
    return { github, store, runs, analyze };
  };

  test('GitHub is asked before the run is analysed, and the answer is kept', async () => {
    const { runs, analyze } = world({ labels: [], paths: ['src/a.ts'] });

    expect(await analyze()).toMatchObject([{ kind: 'deliver-summary', payload: { channelId: 'C0ONE' } }]);
    expect(runs.rows[0]?.traits).toEqual({ labels: [], paths: ['src/a.ts'] });
  });

  test('a run that no rule fits by its answer is not analysed', async () => {
    const { github, store, analyze } = world({ labels: [], paths: ['docs/a.md'] });

    expect(await analyze()).toEqual([]);
    expect([...github.asked, ...store.rows]).toEqual([]);
  });

  test('another try follows where GitHub is away, but after the last one the failure is kept all the same', async () => {
    const { store, analyze } = world(new GitHubUnavailableError('away'));

    await expect(analyze()).rejects.toThrow(GitHubUnavailableError);
    await analyze(true);
    expect(store.rows).toHaveLength(1);
  });
});
