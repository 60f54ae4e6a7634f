import { randomUUID } from 'node:crypto';
import { LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { FailureId, type WorkspaceId } from '../domain/ids.ts';
import type { Run as RunValue } from '../domain/run.ts';
import { Failure } from './entities/failure.ts';
import { Run } from './entities/run.ts';
import { Summary } from './entities/summary.ts';
import { findMergedCause } from './merged.ts';
import { storableText } from './storable.ts';
import { toRun } from './values.ts';

/**
 * The failure that this run attempt belongs to: opened, or counted once more, however often the run is looked at and whichever of its attempts come first. Call
 * with `lockFailures` held.
 */
export async function sight(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  { run, fingerprint }: { run: RunValue; fingerprint: string },
): Promise<Failure> {
  const { repository, runId, attempt } = run;
  const { branch, workflow } = keyTexts(run);
  const cause = { workspaceId, repository, branch, workflow, fingerprint };
  const merged = await findMergedCause(em, cause);
  const failure = merged === null ? { fingerprint } : { $or: [{ fingerprint }, { id: merged.end.id }] };
  const attemptKey = { workspaceId, repository, runId, attempt };
  const before = await em.findOne(Summary, { ...attemptKey, failure }, { populate: ['failure'] });
  if (before !== null) return before.failure;
  // Runs of another branch may count on the same row, and people act on it.
  const open = await em.findOne(Failure, { ...cause, status: 'open' }, LOCKED);
  if (open !== null) return await countRun(em, open, run);
  const end = merged === null ? null : await em.findOne(Failure, { workspaceId, id: merged.end.id }, LOCKED);
  if (end?.status === 'open') return await countRun(em, end, run);
  const opened = em.create(Failure, newFailure(workspaceId, run, fingerprint));
  const green = await laterGreenRun(em, workspaceId, run);
  if (green !== null) resolveFailure(opened, toRun(green));
  return opened;
}

const LOCKED = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;

function keyTexts({ branch, workflow }: Pick<RunValue, 'branch' | 'workflow'>): { branch: string; workflow: string } {
  return { branch: storableText(branch), workflow: storableText(workflow) };
}

/** Another attempt of a run is the same commit once more: it moves on where the failure stands, and does not count. */
async function countRun(em: SqlEntityManager, failure: Failure, run: RunValue): Promise<Failure> {
  const { workspaceId, repository } = failure;
  const isKnown = (await em.count(Summary, { workspaceId, repository, runId: run.runId, failure })) > 0;
  if (!isKnown) failure.occurrences += 1;
  // Merged from elsewhere: the numbers of another workflow, or of another branch, say nothing about where this one stands.
  if (failure.branch !== storableText(run.branch) || failure.workflow !== storableText(run.workflow)) return failure;
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
    mergedInto: null,
    mergedBy: null,
    mergedAt: null,
    handling: null,
  };
}

/** An analysis can take longer than the next run: what is green by now must not stay open until the run after that. */
export async function laterGreenRun(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  run: Pick<RunValue, 'repository' | 'branch' | 'workflow' | 'number' | 'attempt'>,
): Promise<Run | null> {
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
