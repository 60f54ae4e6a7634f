import type { SqlEntityManager } from '@mikro-orm/sql';
import type { RepositoryName, WorkspaceId } from '../domain/ids.ts';
import { Failure } from './entities/failure.ts';

/** A chain grows only by what is open at its end, so it has no circle; this is for a row that nobody could have written. */
const LONGEST_CHAIN = 50;
/** A cause can be merged, end, come back and be merged again. */
const LOOKED_AT = 5;

/** Where a failure goes on: itself where it is not merged; null where that is not there. */
export async function endOfMerges(em: SqlEntityManager, failure: Failure): Promise<Failure | null> {
  let at = failure;
  for (let step = 0; step < LONGEST_CHAIN; step += 1) {
    if (at.status !== 'merged') return at;
    const { workspaceId, mergedInto: id } = at;
    const next = id === null ? null : await em.findOne(Failure, { workspaceId, id });
    if (next === null) return null;
    at = next;
  }
  return null;
}

interface MergedCause {
  workspaceId: WorkspaceId;
  repository: RepositoryName;
  branch: string;
  workflow?: string;
  fingerprint: string;
}

/** The failure of this cause that was merged into one that is still open, and that one; null where there is none. */
export async function findMergedCause(
  em: SqlEntityManager,
  cause: MergedCause,
): Promise<{ failure: Failure; end: Failure } | null> {
  const newestFirst = { orderBy: { mergedAt: 'desc', id: 'asc' }, limit: LOOKED_AT } as const;
  for (const failure of await em.find(Failure, { ...cause, status: 'merged' }, newestFirst)) {
    const end = await endOfMerges(em, failure);
    if (end?.status === 'open') return { failure, end };
  }
  return null;
}
