import { Authorship, type Summary as SummaryValue } from '../domain/diagnosis.ts';
import type { Failure as FailureValue, Merge, Resolution, Thread as ThreadValue } from '../domain/failure.ts';
import { Called } from '../domain/people.ts';
import type { Run as RunValue } from '../domain/run.ts';
import { toHandling } from './handling.ts';
import type { Failure } from './entities/failure.ts';
import type { Run } from './entities/run.ts';
import type { Summary } from './entities/summary.ts';
import type { Thread } from './entities/thread.ts';

// Rows as the values that leave this folder.

export function toRun(row: Run): RunValue {
  return {
    repository: row.repository,
    runId: row.runId,
    attempt: row.attempt,
    number: row.number,
    workflow: row.workflow,
    branch: row.branch,
    defaultBranch: row.defaultBranch,
    event: row.event,
    headSha: row.headSha,
    status: row.status,
    conclusion: row.conclusion,
    url: row.url,
    actor: row.actor,
    actorId: row.actorId,
    actorType: row.actorType,
    title: row.title,
    pullRequest: row.pullRequest,
    startedAt: row.startedAt,
    updatedAt: row.updatedAt,
    ...(row.traits && { traits: row.traits }),
  };
}

export function toFailure(row: Failure): FailureValue {
  return {
    id: row.id,
    repository: row.repository,
    branch: row.branch,
    workflow: row.workflow,
    fingerprint: row.fingerprint,
    status: row.status,
    occurrences: row.occurrences,
    first: {
      runId: row.firstRunId,
      attempt: row.firstAttempt,
      runNumber: row.firstRunNumber,
      headSha: row.firstHeadSha,
      at: row.firstAt,
    },
    last: {
      runId: row.lastRunId,
      attempt: row.lastAttempt,
      runNumber: row.lastRunNumber,
      headSha: row.lastHeadSha,
      at: row.lastAt,
    },
    resolution: toResolution(row),
    merge: toMerge(row),
    handling: toHandling(row.handling),
  };
}

function toResolution(row: Failure): Resolution | null {
  if (row.resolutionKind === null || row.resolvedAt === null || row.resolvedRunId === null) return null;
  return {
    kind: row.resolutionKind,
    runId: row.resolvedRunId,
    attempt: row.resolvedAttempt ?? 1,
    runNumber: row.resolvedRunNumber ?? 0,
    headSha: row.resolvedHeadSha ?? '',
    at: row.resolvedAt,
    title: row.resolvedTitle ?? '',
    actor: row.resolvedActor ?? '',
    url: row.resolvedUrl ?? '',
  };
}

function toMerge({ status, mergedInto: into, mergedBy: by, mergedAt: at }: Failure): Merge | null {
  return status !== 'merged' || into === null || by === null || at === null ? null : { into, by, at };
}

export function toSummary({
  id,
  failure,
  repository,
  runId,
  attempt,
  revision,
  diagnosis,
  createdAt,
}: Summary): SummaryValue {
  // Earlier versions stored less.
  const whole = { ...diagnosis, authorship: Authorship.parse(diagnosis.authorship) };
  return { id, failureId: failure.id, run: { repository, runId, attempt }, revision, diagnosis: whole, createdAt };
}

export function toThread({ id, channelId, failure, ts, shown, called }: Thread): ThreadValue {
  return { id, channelId, failureId: failure.id, ts, shown, called: Called.nullable().catch(null).parse(called) };
}
