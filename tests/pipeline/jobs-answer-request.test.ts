import { describe, expect, test } from '@jest/globals';
import { ChannelId, UserId, WorkspaceId } from '../../src/domain/ids.ts';
import type { JobPayload } from '../../src/domain/jobs.ts';
import {
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
  someSummaries,
  workspacesBut,
} from '../support/pipeline-fakes.ts';
import { aReport, aRun, minutesLater } from '../support/report-builders.ts';

const workspaceId = WorkspaceId.parse('T0ACME');
const run = aRun();
const { repository, runId } = run;
const answerRequest = createAnswerRequest({ deadlineMs: 5_000, redaction: { salt: 'a salt for tests' } });
const responseUrl = 'https://hooks.slack.example/commands/1';
const base = { workspaceId, channelId: ChannelId.parse('C0ONE'), userId: UserId.parse('U0ADA'), responseUrl };
const latest: JobPayload<'answer-request'> = { ...base, target: { kind: 'latest', repository } };
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

describe('a person who asks', () => {
  test('for the latest failure is given a fresh analysis, through the address that Slack gave', async () => {
    const { store, answers, answered, context } = setUp();

    expect(await answerRequest(context(), latest)).toEqual([]);

    expect(answers.map(({ url }) => url)).toEqual([responseUrl]);
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

    expect(answers).toHaveLength(1);
  });

  test('is done without when the run is old', async () => {
    const { answers, context } = setUp({ log: missing });

    await answerRequest(context({ clock: { now: () => minutesLater(60 * 24 * 100) } }), one);

    expect(answers).toHaveLength(1);
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
  expect(Object.keys(createJobs({ deadlineMs: 1_000, redaction: { salt: 'a salt for tests' } })).sort()).toEqual(
    Object.keys(JOB_PAYLOADS).sort(),
  );
});
