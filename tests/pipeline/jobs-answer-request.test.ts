import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { ChannelId, JobId, UserId, WorkspaceId } from '../../src/domain/ids.ts';
import type { JobPayload } from '../../src/domain/jobs.ts';
import type { Message } from '../../src/domain/message.ts';
import {
  GitHubLimitedError,
  LogUnavailableError,
  MessageGoneError,
  SlackUnavailableError,
  WorkspaceRevokedError,
} from '../../src/errors.ts';
import { createAnswerRequest } from '../../src/pipeline/jobs/answer-request.ts';
import { createJobs } from '../../src/pipeline/jobs/index.ts';
import { JOB_PAYLOADS } from '../../src/domain/jobs.ts';
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
import { memoryOverview } from '../support/memory-overview.ts';
import { aModel, someModels } from '../support/models.ts';
import { A_ROOM, aReport, aRun, minutesLater } from '../support/report-builders.ts';

const workspaceId = WorkspaceId.parse('T0ACME');
const run = aRun();
const { repository, runId } = run;
const answerRequest = createAnswerRequest({ deadlineMs: 5_000, redaction: { salt: 'a salt for tests' } });
const responseUrl = 'https://hooks.slack.example/commands/1';
const base = { workspaceId, channelId: ChannelId.parse('C0ONE'), userId: UserId.parse('U0ADA'), responseUrl };
const latest = { ...base, target: { kind: 'latest' as const, repository } };
const pull: JobPayload<'answer-request'> = { ...base, target: { kind: 'pull-request', repository, number: 12 } };
const inChannel: JobPayload<'answer-request'> = { ...base, target: { kind: 'channel' } };
const one: JobPayload<'answer-request'> = { ...base, target: { kind: 'run', repository, runId, attempt: null } };

function setUp({
  known = [] as ReturnType<typeof aReport>[],
  ...world
}: Parameters<typeof aGitHub>[0] & { known?: ReturnType<typeof aReport>[] } = {}) {
  const github = aGitHub({ runs: [run], jobs: [aWorkflowJob()], ...world });
  const store = someSummaries(...known);
  const { messenger, answers } = aMessenger();
  const context = (more: Record<string, unknown> = {}) =>
    aJobContext({ ...github, ...store, messenger, runs: someRuns(), ...more });
  const answered = () => answers.map(({ message }) => message.text).join('\n');
  return { github, store, answers, answered, context };
}

/** Without what was shown on the way. */
const finished = (answers: ReturnType<typeof setUp>['answers']) =>
  answers.filter(({ message }) => !message.text.endsWith('The answer comes here.'));

describe('a person who asks', () => {
  test('for the latest failure is given a fresh analysis, through the address that Slack gave', async () => {
    const { store, answers, answered, context } = setUp();

    expect(await answerRequest(context(), latest)).toEqual([]);

    expect(new Set(answers.map(({ url }) => url))).toEqual(new Set([responseUrl]));
    expect(answered()).toContain(store.rows[0]?.summary.diagnosis.headline);
  });

  test('is given the stored analysis where there is one', async () => {
    const report = aReport({ run });
    const { github, answered, context } = setUp({ known: [report] });

    await answerRequest(context(), one);

    expect(github.asked).toEqual([]);
    expect(answered()).toContain(report.summary.diagnosis.headline);
  });

  test('gets one answer even when the job runs twice', async () => {
    const { store, context } = setUp();
    await answerRequest(context(), one);
    await answerRequest(context(), one);

    expect(store.rows).toHaveLength(1);
  });

  test.each([
    [
      'about a pull request whose newest commit passed',
      { runs: [aRun({ pullRequest: 12, conclusion: 'success' })] },
      pull,
      /newest commit of acme\/web#12/u,
    ],
    ['about a pull request that is not there', { runs: [] }, pull, /no pull request 12 in acme\/web/u],
    [
      'about a branch without failures',
      {},
      { ...base, target: { ...latest.target, branch: 'topic' } },
      /branch topic/u,
    ],
    ['about a repository without failures', { runs: [] }, latest, /no failing run|no failed run/iu],
    ['about a run that passed', { runs: [aRun({ conclusion: 'success' })] }, one, /passed|success|not fail/iu],
    ['about a run that goes on', { runs: [aRun({ status: 'in_progress' as const, conclusion: null })] }, one, /\w/u],
    ['about a run that is not there', { runs: [] }, one, /no such run in acme\/web/iu],
  ])('%s is told so', async (_name, world, payload, expected) => {
    const { store, answered, context } = setUp(world);

    expect(await answerRequest(context(), payload)).toEqual([]);

    expect(answered()).toMatch(expected);
    expect(store.rows).toEqual([]);
  });

  test('about a run of a repository that is not for them is told so', async () => {
    const { github, answered, context } = setUp({ runs: [] });
    const runSource = { ...github.runSource, canSee: () => Promise.resolve(false) };

    expect(await answerRequest(context({ runSource }), one)).toEqual([]);

    expect(answered()).toMatch(/cannot see acme\/web/iu);
  });

  test('in a workspace that removed us is not answered', async () => {
    const { answers, context } = setUp();

    expect(await answerRequest(context({ workspaces: workspacesBut(workspaceId) }), latest)).toEqual([]);
    expect(answers).toEqual([]);
  });
});

describe('a person who asks for the last failure of a channel', () => {
  const subscriptions = someSubscriptions(repository, { C0ONE: null, C0PAUSED: 'is_archived' });

  test('is given the one that was met last', async () => {
    const report = aReport({ run });
    const { answered, context } = setUp({ known: [report] });
    const listed = [{ workspaceId, failure: report.failure, headline: '', threads: [] }];

    await answerRequest(context({ subscriptions, overview: memoryOverview(listed) }), inChannel);

    expect(answered()).toContain(report.summary.diagnosis.headline);
  });

  test('is given what GitHub knows, where we met nothing', async () => {
    const { store, answered, context } = setUp();

    await answerRequest(context({ subscriptions, overview: memoryOverview() }), inChannel);

    expect(answered()).toContain(store.rows[0]?.summary.diagnosis.headline);
  });

  test('is told where there is none, on the branch that was asked about', async () => {
    const { answered, context } = setUp();
    const onTopic = { ...base, target: { kind: 'channel' as const, branch: 'topic' } };

    await answerRequest(context({ subscriptions, overview: memoryOverview() }), onTopic);

    expect(answered()).toContain('no failing run on the branch topic');
  });

  test('is told how to name a repository, where the channel hears about none', async () => {
    const { answered, context } = setUp();
    const elsewhere = { ...inChannel, channelId: ChannelId.parse('C0EMPTY') };

    await answerRequest(context({ subscriptions, overview: memoryOverview() }), elsewhere);

    expect(answered()).toContain('/cortex summarize owner/repo');
  });

  test('hears nothing of a repository that was taken away from us since', async () => {
    const report = aReport({ run });
    const { answered, context } = setUp({ known: [report], runs: [] });
    const listed = [{ workspaceId, failure: report.failure, headline: '', threads: [] }];

    await answerRequest(context({ subscriptions, overview: memoryOverview(listed) }), inChannel);

    expect(answered()).toContain('no failing run');
    expect(answered()).not.toContain(report.summary.diagnosis.headline);
  });
});

describe('another look', () => {
  const fresh = { ...one, isFresh: true };

  test('is one look, however often its job runs, and leaves the stored one where it is', async () => {
    const report = aReport({ run });
    const { store, answered, context } = setUp({ known: [report] });

    const [job] = await answerRequest(context(), fresh);
    if (job?.kind !== 'answer-request') throw new Error('There is no other look');
    expect(job.payload).toMatchObject({ revision: 1, target: { kind: 'run', runId, attempt: run.attempt } });
    await answerRequest(context(), job.payload);
    await answerRequest(context(), job.payload);

    expect(store.rows.map(({ summary }) => summary.revision)).toEqual([0, 1]);
    expect(answered()).toContain(store.rows[1]?.summary.diagnosis.headline);
  });

  test('by the model that was asked for asks that one and no other', async () => {
    const small = aModel({ model: 'small-one' });
    const large = aModel({ provider: 'gpt', model: 'large-one' });
    const { store, context } = setUp();
    const models = someModels({ small: [small], large: [large] });
    const choice = { provider: 'gpt' as const, model: 'large-one' };

    const [job] = await answerRequest(context({ models }), { ...one, wants: { choice } });
    if (job?.kind !== 'answer-request') throw new Error('There is no other look');
    await answerRequest(context({ models }), job.payload);

    expect(store.rows[0]?.summary.diagnosis.authorship.provider).toBe('gpt');
  });

  test('without a model asks none', async () => {
    const { store, context } = setUp();
    const models = someModels({ small: [aModel({ model: 'small-one' })] });

    const [job] = await answerRequest(context({ models }), { ...one, wants: { choice: 'offline' } });
    if (job?.kind !== 'answer-request') throw new Error('There is no other look');
    await answerRequest(context({ models }), job.payload);

    expect(store.rows[0]?.summary.diagnosis.authorship.provider).toBe('offline');
  });
});

describe('progress', () => {
  const shown = (answers: ReturnType<typeof setUp>['answers']) => answers.map(({ message }) => message.text);

  test('is told stage by stage before the answer, once, and within the five answers that Slack takes', async () => {
    const { answers, context } = setUp();
    const models = someModels({ small: [aModel({ model: 'small-one' })] });
    const world = context({ models });
    const failing = { ...world, failures: { ...world.failures, find: () => Promise.reject(new Error('a bug')) } };
    await expect(answerRequest(failing, one)).rejects.toThrow('a bug');
    await answerRequest(world, one);

    expect(shown(answers).slice(0, -1)).toEqual([
      expect.stringContaining('Matching history'),
      expect.stringContaining('Asking the model'),
    ]);
    expect(shown(answers).at(-1)).not.toContain('Asking');
  });

  test('names no model where none is asked, and costs nobody the answer', async () => {
    const { answers, context } = setUp();
    const messenger = {
      respond: async (url: string, message: Message) => {
        if (message.text.startsWith('Matching')) throw new SlackUnavailableError('away');
        answers.push({ url, message });
      },
    };
    await answerRequest(context({ messenger }), one);

    expect(shown(answers)).toHaveLength(1);
  });
});

describe('a log that is not there', () => {
  const missing = new LogUnavailableError('not yet');

  test('is waited for while the run is young', async () => {
    const { answers, context } = setUp({ log: missing });

    await expect(answerRequest(context(), one)).rejects.toThrow(LogUnavailableError);
    expect(answers).toEqual([]);
  });

  test('is done without on the last try', async () => {
    const { answers, context } = setUp({ log: missing });

    await answerRequest(context({ isLastAttempt: true }), one);

    expect(finished(answers)).toHaveLength(1);
  });

  test('is done without when the run is old', async () => {
    const { answers, context } = setUp({ log: missing });

    await answerRequest(context({ clock: { now: () => minutesLater(60 * 24 * 100) } }), one);

    expect(finished(answers)).toHaveLength(1);
  });
});

describe('a request that fails', () => {
  test('is tried again in silence, and told with an id in the end', async () => {
    const { answers, context } = setUp();
    const broken = { runSource: { latestFailing: () => Promise.reject(new Error('a bug')) } };

    await expect(answerRequest(context(broken), latest)).rejects.toThrow('a bug');
    expect(answers).toEqual([]);
    await expect(answerRequest(context({ ...broken, isLastAttempt: true }), latest)).rejects.toThrow('a bug');
    expect(answers).toHaveLength(1);
    expect(JSON.stringify(answers)).not.toContain('a bug');
  });

  test('because GitHub limits us waits as long as it takes, which is said once', async () => {
    const { answers, context } = setUp({ log: new GitHubLimitedError('limited', { retryAfterMs: 5 * 60_000 }) });
    const limited = context({ lease: { jobId: JobId.parse(randomUUID()), token: 'a' } });

    await expect(answerRequest(limited, one)).rejects.toBeInstanceOf(GitHubLimitedError);
    await expect(answerRequest(limited, one)).rejects.toBeInstanceOf(GitHubLimitedError);

    const told = answers.filter(({ message }) => message.text.includes('limits'));
    expect(told.map(({ message }) => message.text)).toEqual([
      'GitHub limits my requests for another 5 minutes. I go on then, and the answer comes here.',
    ]);
  });

  test('because GitHub limits us for longer than anybody waits is over, and the person knows when to ask again', async () => {
    const { answers, context } = setUp({ log: new GitHubLimitedError('limited', { retryAfterMs: 50 * 60_000 }) });

    expect(await answerRequest(context(), one)).toEqual([]);
    expect(answers.at(-1)?.message.text).toContain('limits my requests for another 50 minutes, so I could not look');
  });

  test('because Slack is away is tried again, without a second analysis', async () => {
    const { store, context } = setUp();
    const messenger = { respond: () => Promise.reject(new SlackUnavailableError('away')) };

    await expect(answerRequest(context({ messenger }), one)).rejects.toThrow(SlackUnavailableError);
    expect(store.rows).toHaveLength(1);
  });

  test('because nobody waits any more is over', async () => {
    const { context } = setUp();
    const messenger = { respond: () => Promise.reject(new MessageGoneError('expired')) };

    expect(await answerRequest(context({ messenger }), one)).toEqual([]);
  });

  test('because the workspace refuses us is for the worker to park', async () => {
    const { context } = setUp();
    const messenger = { respond: () => Promise.reject(new WorkspaceRevokedError('token_revoked')) };

    await expect(answerRequest(context({ messenger }), one)).rejects.toThrow(WorkspaceRevokedError);
  });
});

test('every kind of job has its handler', () => {
  expect(
    Object.keys(
      createJobs({
        deadlineMs: 1_000,
        redaction: { salt: 'a salt for tests' },
        room: A_ROOM,
        reconcile: { redeliveriesPerMinute: 60, pollIntervalMs: 900_000 },
      }),
    ).sort(),
  ).toEqual(Object.keys(JOB_PAYLOADS).sort());
});
