import type { SqlEntityManager } from '@mikro-orm/sql';
import type { SameCommit } from '../domain/failure.ts';
import type { RepositoryName, WorkspaceId } from '../domain/ids.ts';
import { type Beginning, MOST_BRANCHES } from '../domain/origin.ts';
import type { Run as Value } from '../domain/run.ts';
import { Failure } from './entities/failure.ts';
import { Run } from './entities/run.ts';
import { storableText } from './storable.ts';
import { toRun } from './values.ts';

const PULL_EVENTS = [
  'pull_request',
  'pull_request_target',
  'pull_request_review',
  'pull_request_review_comment',
] as const;

interface Kind {
  workspaceId: WorkspaceId;
  repository: RepositoryName;
  fingerprint: string;
}

/** Where a cause began on the branch of a run, and where else it is met. */
export async function findBeginning(em: SqlEntityManager, run: Value, kind: Kind): Promise<Beginning> {
  const branch = storableText(run.branch);
  const workflow = storableText(run.workflow);
  const known = await em.findOne(Failure, { ...kind, branch, workflow, status: 'open' });
  const isOlder = known !== null && known.firstRunNumber < run.number;
  const { workspaceId, repository } = kind;
  const first = isOlder
    ? await em.findOne(Run, { workspaceId, repository, runId: known.firstRunId, attempt: known.firstAttempt })
    : null;
  const firstBad = first === null ? run : toRun(first);
  const passed = { workspaceId, repository, branch, workflow, status: 'completed', conclusion: 'success' } as const;
  const newestFirst = { orderBy: { number: 'desc', attempt: 'desc' } } as const;
  const good = await em.findOne(Run, { ...passed, number: { $lt: firstBad.number } }, newestFirst);
  const others = await em.find(
    Failure,
    { ...kind, branch: { $ne: branch }, status: 'open' },
    { orderBy: { lastAt: 'desc', id: 'asc' }, limit: MOST_BRANCHES * 2 },
  );
  const otherBranches = [...new Set(others.map((each) => each.branch))].slice(0, MOST_BRANCHES);
  return { firstBad, lastGood: good && toRun(good), otherBranches };
}

/**
 * An attempt in which the same workflow passed on the same commit: an earlier one of this run, or another run. Of a pull request only its
 * own attempts count: GitHub runs it merged into whatever its target was then.
 */
export async function findSameCommit(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  run: Value,
): Promise<SameCommit | null> {
  const { repository, runId, attempt, headSha } = run;
  const workflow = storableText(run.workflow);
  const same = { workspaceId, repository, headSha: storableText(headSha), workflow } as const;
  const passed = { ...same, status: 'completed', conclusion: 'success' } as const;
  const own = { runId, attempt: { $lt: attempt } };
  const others = { runId: { $ne: runId }, event: { $nin: [...PULL_EVENTS] } };
  const which = PULL_EVENTS.some((event) => event === run.event) ? own : { $or: [own, others] };
  const row = await em.findOne(Run, { ...passed, ...which }, { orderBy: { updatedAt: 'desc', runId: 'asc' } });
  if (row === null) return null;
  return { runNumber: row.number, attempt: row.attempt, isOwnRun: row.runId === runId, at: row.updatedAt };
}
