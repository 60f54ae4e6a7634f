import { LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { AuditEntry } from '../../domain/handling.ts';
import type { FailureId, JobId, WorkspaceId } from '../../domain/ids.ts';
import type { Asker } from '../../domain/member.ts';
import type { MergeOutcome, MergeStore, SplitOutcome } from '../../domain/ports.ts';
import { Failure } from '../entities/failure.ts';
import { Summary } from '../entities/summary.ts';
import { addAuditEntry } from '../handling.ts';
import { lockFailures, lockMerges } from '../locks.ts';
import { endOfMerges } from '../merged.ts';
import { enqueueRefresh } from '../refresh.ts';
import { laterGreenRun, resolveFailure } from '../sightings.ts';
import { touchRoundupsOf } from '../touch-roundups.ts';
import { toFailure, toRun } from '../values.ts';

export function createMergeStore(orm: SqlEntityManager): MergeStore {
  return {
    merge: (asker, failureId, { into, at }) =>
      orm.fork().transactional(async (em) => {
        const row = await lockAll(em, asker.workspaceId, failureId);
        return row === null ? { kind: 'gone' } : await merge(em, row, { asker, into, at });
      }),
    split: (asker, failureId, at) =>
      orm.fork().transactional(async (em) => {
        const row = await lockAll(em, asker.workspaceId, failureId);
        return row === null ? { kind: 'gone' } : await split(em, row, { asker, at });
      }),
    async end(workspaceId, failureId) {
      const em = orm.fork();
      const row = await em.findOne(Failure, { workspaceId, id: failureId });
      const end = row && (await endOfMerges(em, row));
      if (end === null) return null;
      const newest = { orderBy: { createdAt: 'desc', id: 'asc' } } as const;
      const summary = await em.findOne(Summary, { workspaceId, failure: end }, newest);
      return { failure: toFailure(end), headline: summary?.diagnosis.headline ?? '' };
    },
    async mergedInto(workspaceId, failureId) {
      const em = orm.fork();
      const where = { workspaceId, mergedInto: failureId, status: 'merged' } as const;
      const [last] = await em.find(Failure, where, { orderBy: { mergedAt: 'desc', id: 'asc' }, limit: 1 });
      if (last === undefined || last.mergedBy === null || last.mergedAt === null) return null;
      return { count: await em.count(Failure, where), by: last.mergedBy, at: last.mergedAt };
    },
  };
}

const LOCKED = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;

/** The failure, with everything held that could open, count or merge it, or merge anything else of its repository. */
async function lockAll(em: SqlEntityManager, workspaceId: WorkspaceId, id: FailureId): Promise<Failure | null> {
  const row = await em.findOne(Failure, { workspaceId, id });
  if (row === null) return null;
  await lockMerges(em, workspaceId, row.repository);
  await lockFailures(em, workspaceId, row);
  return await em.findOne(Failure, { workspaceId, id }, LOCKED);
}

async function merge(
  em: SqlEntityManager,
  row: Failure,
  { asker, into, at }: { asker: Asker; into: FailureId; at: Date },
): Promise<MergeOutcome> {
  if (row.status === 'resolved') return { kind: 'resolved', failure: toFailure(row) };
  if (row.status === 'merged') return { kind: 'merged', failure: toFailure(row) };
  const { workspaceId, repository } = row;
  const chosen = await em.findOne(Failure, { workspaceId, repository, id: into });
  const found = chosen && (await endOfMerges(em, chosen));
  if (found?.id === row.id) return { kind: 'itself' };
  // Whoever ends it now waits until it is known that something goes on there, or comes first.
  const end = found && (await em.findOne(Failure, { workspaceId, id: found.id }, LOCKED));
  if (end?.status !== 'open') return { kind: 'other-over' };
  Object.assign(row, { status: 'merged', mergedInto: end.id, mergedBy: asker.userId, mergedAt: at });
  note(em, row, { asker, action: 'merge', details: { into: end.id }, at });
  await em.flush();
  return { kind: 'done', into: toFailure(end), jobIds: await refreshChain(em, row, end) };
}

async function split(
  em: SqlEntityManager,
  row: Failure,
  { asker, at }: { asker: Asker; at: Date },
): Promise<SplitOutcome> {
  if (row.status !== 'merged') return { kind: 'not-merged', failure: toFailure(row) };
  const { workspaceId, repository, branch, workflow, fingerprint, mergedInto } = row;
  const cause = { workspaceId, repository, branch, workflow, fingerprint };
  if ((await em.count(Failure, { ...cause, status: 'open' })) > 0) return { kind: 'taken' };
  const end = await endOfMerges(em, row);
  Object.assign(row, { status: 'open', mergedInto: null, mergedBy: null, mergedAt: null });
  const last = { repository, branch, workflow, number: row.lastRunNumber, attempt: row.lastAttempt };
  const green = await laterGreenRun(em, workspaceId, last);
  if (green !== null) resolveFailure(row, toRun(green));
  note(em, row, { asker, action: 'split', details: { from: mergedInto ?? '' }, at });
  await em.flush();
  return { kind: 'done', failure: toFailure(row), jobIds: await refreshChain(em, row, end) };
}

function note(
  em: SqlEntityManager,
  { workspaceId, id }: Failure,
  { asker, ...entry }: Pick<AuditEntry, 'action' | 'details' | 'at'> & { asker: Asker },
): void {
  addAuditEntry(em, workspaceId, { ...entry, actor: asker.userId, subject: { kind: 'failure', id } });
}

/** The messages of both, and of what had been merged into the first, which goes on elsewhere now. */
async function refreshChain(em: SqlEntityManager, row: Failure, end: Failure | null): Promise<JobId[]> {
  const { workspaceId, id } = row;
  const before = await em.find(Failure, { workspaceId, mergedInto: id, status: 'merged' });
  const changed = [row.id, ...(end === null ? [] : [end.id])];
  const jobIds: JobId[] = await touchRoundupsOf(em, workspaceId, changed);
  for (const each of [row, ...(end === null ? [] : [end]), ...before]) jobIds.push(...(await enqueueRefresh(em, each)));
  return jobIds;
}
