import { randomUUID } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { FailureId, type WorkspaceId } from '../domain/ids.ts';
import type { Run as RunValue } from '../domain/run.ts';
import { Failure } from './entities/failure.ts';
import { Run } from './entities/run.ts';
import { Summary } from './entities/summary.ts';
import { storableText } from './storable.ts';

/**
 * The failure that this run attempt belongs to: opened, or counted once more, however often the attempt is looked at. Call
 * with `lockFailures` held.
 */
export async function sight(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  { run, fingerprint }: { run: RunValue; fingerprint: string },
): Promise<Failure> {
  const { repository, runId, attempt } = run;
  const before = await em.findOne(
    Summary,
    { workspaceId, repository, runId, attempt, failure: { fingerprint } },
    { populate: ['failure'] },
  );
  if (before !== null) return before.failure;
  const { branch, workflow } = keyTexts(run);
  const open = await em.findOne(Failure, { workspaceId, repository, branch, workflow, fingerprint, status: 'open' });
  if (open !== null) return countOneMore(open, run);
  const opened = em.create(Failure, newFailure(workspaceId, run, fingerprint));
  const green = await laterGreenRun(em, workspaceId, run);
  if (green !== null) resolveFailure(opened, green);
  return opened;
}

function keyTexts({ branch, workflow }: RunValue): { branch: string; workflow: string } {
  return { branch: storableText(branch), workflow: storableText(workflow) };
}

function countOneMore(failure: Failure, run: RunValue): Failure {
  failure.occurrences += 1;
  const position: Position = [run.number, run.attempt];
  if (isAfter(position, [failure.lastRunNumber, failure.lastAttempt])) Object.assign(failure, lastSighting(run));
  else if (isAfter([failure.firstRunNumber, failure.firstAttempt], position))
    Object.assign(failure, firstSighting(run));
  return failure;
}

/** Where an attempt stands in the order of its workflow. */
type Position = readonly [runNumber: number, attempt: number];

function isAfter([number, attempt]: Position, [otherNumber, otherAttempt]: Position): boolean {
  return number === otherNumber ? attempt > otherAttempt : number > otherNumber;
}

function firstSighting(run: RunValue) {
  return {
    firstRunId: run.runId,
    firstAttempt: run.attempt,
    firstRunNumber: run.number,
    firstHeadSha: storableText(run.headSha),
    firstAt: run.updatedAt,
  };
}

function lastSighting(run: RunValue) {
  return {
    lastRunId: run.runId,
    lastAttempt: run.attempt,
    lastRunNumber: run.number,
    lastHeadSha: storableText(run.headSha),
    lastAt: run.updatedAt,
  };
}

function newFailure(workspaceId: WorkspaceId, run: RunValue, fingerprint: string) {
  return {
    id: FailureId.parse(randomUUID()),
    workspaceId,
    repository: run.repository,
    ...keyTexts(run),
    fingerprint,
    status: 'open' as const,
    occurrences: 1,
    ...firstSighting(run),
    ...lastSighting(run),
    resolutionKind: null,
    resolvedRunId: null,
    resolvedAttempt: null,
    resolvedRunNumber: null,
    resolvedHeadSha: null,
    resolvedAt: null,
    resolvedTitle: null,
    resolvedActor: null,
    resolvedUrl: null,
    handling: null,
  };
}

/** An analysis can take longer than the next run: what is green by now must not stay open until the run after that. */
async function laterGreenRun(em: SqlEntityManager, workspaceId: WorkspaceId, run: RunValue): Promise<Run | null> {
  return await em.findOne(
    Run,
    {
      workspaceId,
      repository: run.repository,
      ...keyTexts(run),
      status: 'completed',
      conclusion: 'success',
      $or: [{ number: { $gt: run.number } }, { number: run.number, attempt: { $gt: run.attempt } }],
    },
    { orderBy: { number: 'asc', attempt: 'asc' } },
  );
}

/** Green on the commit that failed last proves that the commit was not the cause. */
export function resolveFailure(failure: Failure, green: RunValue): void {
  const headSha = storableText(green.headSha);
  failure.status = 'resolved';
  failure.resolutionKind = headSha === failure.lastHeadSha ? 'passed-on-rerun' : 'fixed';
  failure.resolvedRunId = green.runId;
  failure.resolvedAttempt = green.attempt;
  failure.resolvedRunNumber = green.number;
  failure.resolvedHeadSha = headSha;
  failure.resolvedAt = green.updatedAt;
  failure.resolvedTitle = storableText(green.title);
  failure.resolvedActor = storableText(green.actor);
  failure.resolvedUrl = storableText(green.url);
}
