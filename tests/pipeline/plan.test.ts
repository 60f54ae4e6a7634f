import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { ChannelId, InstallationId, MessageTs, ThreadId, WorkspaceId } from '../../src/domain/ids.ts';
import { JOB_PAYLOADS } from '../../src/domain/jobs.ts';
import { isLastLook, planAnotherLook, planDeliveries, planRecoveries, planRun } from '../../src/pipeline/plan.ts';
import { aFailure, aRun, aSummary } from '../support/report-builders.ts';

const here = WorkspaceId.parse('T0ACME');
const there = WorkspaceId.parse('T0OTHER');
const installationId = InstallationId.parse(42);
const channels = [ChannelId.parse('C0ONE'), ChannelId.parse('C0TWO')];

describe('a run', () => {
  test('that failed is analysed once per workspace in which somebody hears of it', () => {
    const run = aRun({ attempt: 2 });

    const jobs = planRun({ kind: 'run-failed', installationId, run }, [
      { workspaceId: here, subscribes: true },
      { workspaceId: there, subscribes: false },
    ]);

    const { repository, runId } = run;
    expect(jobs).toEqual([
      {
        kind: 'analyze-run',
        payload: { workspaceId: here, repository, runId, attempt: 2, revision: 0, logTries: 0 },
        dedupeKey: `analyze:${here}:${repository}:${runId}:2:0:0`,
      },
    ]);
  });

  test.each(['run-passed', 'run-changed'] as const)('that means %s is not analysed', (kind) => {
    expect(planRun({ kind, installationId, run: aRun() }, [{ workspaceId: here, subscribes: true }])).toEqual([]);
  });

  test('that means nothing is not analysed', () => {
    expect(planRun({ kind: 'ignored', reason: 'a ping' }, [{ workspaceId: here, subscribes: true }])).toEqual([]);
  });
});

test('a log that is not there is looked for after 2, 5, 15 and 60 seconds, and then no more', () => {
  const { repository, runId, attempt } = aRun();
  let payload = JOB_PAYLOADS['analyze-run'].parse({
    workspaceId: here,
    repository,
    runId,
    attempt,
    revision: 0,
    logTries: 0,
  });
  const delays: Array<number | undefined> = [];
  const keys = new Set<string>();

  while (!isLastLook(payload.logTries)) {
    const job = planAnotherLook(payload);
    delays.push(job.delayMs);
    keys.add(job.dedupeKey);
    payload = JOB_PAYLOADS['analyze-run'].parse(job.payload);
  }

  expect(delays).toEqual([2_000, 5_000, 15_000, 60_000]);
  expect(keys.size).toBe(4);
});

test('each channel is told once of a summary', () => {
  const { id } = aSummary();

  expect(planDeliveries(here, id, channels).map(({ dedupeKey }) => dedupeKey)).toEqual([
    `deliver:${id}:C0ONE`,
    `deliver:${id}:C0TWO`,
  ]);
});

test('each channel that was told of a failure is told of its end', () => {
  const failure = aFailure();
  const threads = channels.map((channelId, index) => ({
    id: ThreadId.parse(randomUUID()),
    channelId,
    failureId: failure.id,
    ts: MessageTs.parse(`17000000${index}.0001`),
    shown: null,
    called: null,
  }));

  expect(planRecoveries(here, [{ failure, threads }])).toMatchObject([
    { kind: 'deliver-recovery', payload: { workspaceId: here, channelId: 'C0ONE', failureId: failure.id } },
    { kind: 'deliver-recovery', dedupeKey: `recover:${failure.id}:C0TWO` },
  ]);
  expect(planRecoveries(here, [{ failure, threads: [] }])).toEqual([]);
});
