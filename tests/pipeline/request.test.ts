import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { ChannelId, SummaryId, UserId, WorkspaceId } from '../../src/domain/ids.ts';
import { JOB_PAYLOADS, type NewJob } from '../../src/domain/jobs.ts';
import { analyzeAgain, requestSummary } from '../../src/pipeline/request.ts';
import { memoryActions } from '../support/memory-actions.ts';
import { memoryJobStore } from '../support/memory-job-store.ts';
import { aClock } from '../support/memory-stores.ts';
import { aQueue, someSummaries } from '../support/pipeline-fakes.ts';
import { aFailure, aRun, aSummary, MOMENT } from '../support/report-builders.ts';

const workspaceId = WorkspaceId.parse('T0ACME');
const channelId = ChannelId.parse('C0ONE');
const userId = UserId.parse('U0ADA');
const responseUrl = 'https://hooks.slack.example/commands/1';

describe('asking for a summary', () => {
  const ask = { workspaceId, channelId, userId, responseUrl, requestKey: 'trigger-1' };
  const target = { kind: 'latest', repository: aRun().repository } as const;

  test('becomes a job, and a worker is woken', async () => {
    const [jobs, queue] = [memoryJobStore(), aQueue()];

    await requestSummary({ jobs, queue }, { ...ask, target });

    const [row] = jobs.rows.values();
    expect(row).toMatchObject({ kind: 'answer-request', dedupeKey: 'answer:trigger-1' });
    expect(JOB_PAYLOADS['answer-request'].parse(row?.payload)).toEqual({
      workspaceId,
      channelId,
      userId,
      target,
      responseUrl,
    });
    expect(queue.woken).toEqual([row?.id]);
  });

  test('twice with one key is asking once', async () => {
    const [jobs, queue] = [memoryJobStore(), aQueue()];
    await requestSummary({ jobs, queue }, { ...ask, target });
    await requestSummary({ jobs, queue }, { ...ask, target });

    expect(jobs.rows.size).toBe(1);
  });
});

describe('asking for another look', () => {
  function setUp() {
    const summary = aSummary({ revision: 3 });
    const { summaries } = someSummaries(
      { summary, failure: aFailure() },
      { summary: aSummary({ revision: 1 }), failure: aFailure() },
    );
    const jobs: NewJob[] = [];
    const { failureActions, audit } = memoryActions({ failures: () => [], jobs });
    return { jobs, failureActions, audit, queue: aQueue(), clock: aClock(MOMENT), summaries, summary };
  }

  const wants = { tier: 'large', note: 'Look at the proxy' } as const;
  const again = (deps: ReturnType<typeof setUp>, changes: Partial<Parameters<typeof analyzeAgain>[1]> = {}) =>
    analyzeAgain(deps, { workspaceId, userId, summaryId: deps.summary.id, wants, ...changes });

  test('makes a job for the next revision of that attempt', async () => {
    const deps = setUp();

    expect(await again(deps)).toEqual({ kind: 'queued' });

    expect(JOB_PAYLOADS['analyze-run'].parse(deps.jobs[0]?.payload)).toEqual({
      workspaceId,
      ...deps.summary.run,
      revision: 4,
      logTries: 0,
      wants,
      person: userId,
    });
    expect(deps.queue.woken).toHaveLength(1);
    const { failureId } = deps.summary;
    expect(await deps.audit.about(workspaceId, { kind: 'failure', id: failureId })).toMatchObject([
      { actor: userId, action: 'reanalyze', details: { revision: 4, model: 'large', note: true } },
    ]);
  });

  test('keeps where a person is to be answered', async () => {
    const deps = setUp();
    await again(deps, { answerTo: { channelId, responseUrl } });

    expect(JOB_PAYLOADS['analyze-run'].parse(deps.jobs[0]?.payload)).toMatchObject({
      askedBy: { channelId, userId, responseUrl },
    });
  });

  test('with a double click makes one job', async () => {
    const deps = setUp();
    const click = () => again(deps);

    expect((await Promise.all([click(), click()])).map(({ kind }) => kind).sort()).toEqual([
      'already-queued',
      'queued',
    ]);
    expect(deps.jobs).toHaveLength(1);
    const { failureId } = deps.summary;
    expect(await deps.audit.about(workspaceId, { kind: 'failure', id: failureId })).toHaveLength(1);
  });

  test('is possible again some time after a look that came to nothing', async () => {
    const deps = setUp();
    const click = () => again(deps);
    await click();
    deps.clock.move(11 * 60_000);

    expect(await click()).toEqual({ kind: 'queued' });
  });

  test('of a summary that is not there, or belongs to somebody else, says so', async () => {
    const deps = setUp();
    const summaryId = SummaryId.parse(randomUUID());

    expect(await again(deps, { summaryId })).toEqual({ kind: 'unknown-summary' });
    expect(deps.jobs).toEqual([]);
  });
});
