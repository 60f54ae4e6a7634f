import { LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { LAST_RERUNNABLE_ATTEMPT } from '../../domain/handling.ts';
import type { FailureId, WorkspaceId } from '../../domain/ids.ts';
import type { RerunReservation, RerunStore } from '../../domain/ports.ts';
import type { RunRef } from '../../domain/run.ts';
import { Failure } from '../entities/failure.ts';
import { Rerun } from '../entities/rerun.ts';
import { Run } from '../entities/run.ts';
import { addAuditEntry, toHandling } from '../handling.ts';
import { holdLease } from '../lease.ts';
import { enqueueRefresh } from '../refresh.ts';
import { storableCopy } from '../storable.ts';
import { toFailure } from '../values.ts';

/** GitHub answers within seconds; who has said nothing by then has ended. */
const RESERVED_FOR_MS = 60_000;

export function createRerunStore(orm: SqlEntityManager): RerunStore {
  return {
    reserve: (asker, failureId, at) => orm.fork().transactional((em) => reserve(em, asker, { failureId, at })),
    confirm: ({ workspaceId, userId }, failureId, { run, debug, at }) =>
      orm.fork().transactional(async (em) => {
        const row = await lockFailure(em, workspaceId, failureId);
        await em.nativeUpdate(Rerun, { workspaceId, ...keyOf(run) }, { state: 'started' });
        const { repository, runId, attempt } = run;
        addAuditEntry(em, workspaceId, {
          actor: userId,
          action: 'rerun',
          subject: { kind: 'failure', id: failureId },
          details: { repository, runId, attempt, debug },
          at,
        });
        if (row === null || row.status !== 'open') return [];
        // A short run may have ended before GitHub's answer to us was read.
        const ended = { workspaceId, repository, runId, attempt: { $gt: attempt }, status: 'completed' } as const;
        if ((await em.count(Run, ended)) > 0) return [];
        row.handling = storableCopy({ ...toHandling(row.handling), rerun: { by: userId, at } });
        await em.flush();
        return await enqueueRefresh(em, row);
      }),
    async release({ workspaceId, userId }, run) {
      await orm.fork().nativeDelete(Rerun, { workspaceId, ...keyOf(run), startedBy: userId, state: 'reserved' });
    },
    end: (workspaceId, lease, run) =>
      orm.fork().transactional(async (em) => {
        await holdLease(em, lease);
        const { repository, runId, attempt } = run;
        const before = { workspaceId, repository, runId, attempt: { $lt: attempt } };
        const failureIds = new Set((await em.find(Rerun, before)).map(({ failure }) => failure.id));
        const jobIds = [];
        for (const id of [...failureIds].toSorted()) {
          const row = await lockFailure(em, workspaceId, id);
          const handling = toHandling(row?.handling);
          if (row === null || handling.rerun === null) continue;
          row.handling = storableCopy({ ...handling, rerun: null });
          await em.flush();
          jobIds.push(...(await enqueueRefresh(em, row)));
        }
        return jobIds;
      }),
  };
}

function keyOf({ repository, runId, attempt }: RunRef): RunRef {
  return { repository, runId, attempt };
}

async function lockFailure(em: SqlEntityManager, workspaceId: WorkspaceId, id: FailureId): Promise<Failure | null> {
  return await em.findOne(Failure, { workspaceId, id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

async function reserve(
  em: SqlEntityManager,
  { workspaceId, userId }: Parameters<RerunStore['reserve']>[0],
  { failureId, at }: { failureId: FailureId; at: Date },
): Promise<RerunReservation> {
  // The failure's row is the lock that people queue at.
  const row = await lockFailure(em, workspaceId, failureId);
  if (row === null) return { kind: 'gone' };
  if (row.status !== 'open') return { kind: row.status, failure: toFailure(row) };
  const run = { repository: row.repository, runId: row.lastRunId, attempt: row.lastAttempt };
  if (run.attempt > LAST_RERUNNABLE_ATTEMPT) return { kind: 'too-often' };
  const known = await em.findOne(Rerun, { workspaceId, ...run });
  const isLapsed = known?.state === 'reserved' && at.getTime() - known.at.getTime() > RESERVED_FOR_MS;
  if (known !== null && !isLapsed) return { kind: 'taken', by: known.startedBy };
  await em.upsert(Rerun, { workspaceId, ...run, failure: row, state: 'reserved', startedBy: userId, at });
  return { kind: 'reserved', failure: toFailure(row), run };
}
