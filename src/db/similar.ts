import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import type { Failure as Value, SimilarFailure } from '../domain/failure.ts';
import { FailureId, type WorkspaceId } from '../domain/ids.ts';
import { Failure } from './entities/failure.ts';
import { execute } from './statements.ts';
import { storableText } from './storable.ts';
import { toFailure } from './values.ts';

const Similar = z.object({ id: FailureId, headline: z.string(), isSameCause: z.boolean() });

/** How many are told of. */
const TOLD = 3;

interface Likeness {
  failure: Value;
  place: { job: string; step: string | null } | null;
}

/** Failures that ended and are like this one; the rules stand in `FailureStore`. */
export async function findSimilar(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  { failure: { id, repository, fingerprint }, place }: Likeness,
): Promise<SimilarFailure[]> {
  const cause = [workspaceId, repository, storableText(fingerprint)];
  // A job without a name is in no run.
  const [job, step] = [storableText(place?.job ?? ''), storableText(place?.step ?? '')];
  const parameters = [...cause, id, TOLD, ...cause, id, job, step, TOLD, TOLD];
  const rows = await execute(em, Similar, { text: SIMILAR, parameters });
  const found =
    rows.length === 0 ? [] : await em.find(Failure, { workspaceId, id: { $in: rows.map((row) => row.id) } });
  return rows.flatMap(({ id: of, headline, isSameCause }) => {
    const row = found.find((each) => each.id === of);
    const failure = row && toFailure(row);
    return failure?.resolution ? [{ failure, resolution: failure.resolution, headline, isSameCause }] : [];
  });
}

const SIMILAR = `
  with same as (
    select id, resolved_at from failures
    where workspace_id = ? and repository = ? and fingerprint = ? and status = 'resolved' and resolution_kind is not null and id <> ?
    order by resolved_at desc, id limit ?
  ), lately as (
    select id, resolved_at from failures
    where workspace_id = ? and repository = ? and status = 'resolved' and resolution_kind is not null and fingerprint <> ? and id <> ?
    order by resolved_at desc, id limit 50
  ), near as (
    select lately.id, resolved_at from lately cross join lateral (
      select diagnosis->'jobs'->0 as job from summaries
      where failure_id = lately.id order by created_at desc, summaries.id limit 1
    ) as newest
    where job->>'name' = ? and coalesce(job->>'failedStep', '') = ?
    order by resolved_at desc, lately.id limit ?
  ), found as (
    select id, resolved_at, true as "isSameCause" from same union all select id, resolved_at, false from near
  )
  select found.id, "isSameCause", coalesce((
    select diagnosis->>'headline' from summaries
    where failure_id = found.id order by created_at desc, summaries.id limit 1), '') as headline
  from found order by "isSameCause" desc, resolved_at desc, found.id limit ?`;
