import { LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { AuditStore, FailureActionStore } from '../../domain/ports.ts';
import { detailsOf, handle, type FailureAction } from '../../domain/handling.ts';
import type { Asker } from '../../domain/member.ts';
import { AuditEntry } from '../entities/audit-entry.ts';
import { Failure } from '../entities/failure.ts';
import { FlakyMark } from '../entities/flaky-mark.ts';
import { addAuditEntry, findFlakyMark, toHandling } from '../handling.ts';
import { enqueueIn, enqueueRefresh } from '../refresh.ts';
import { storableCopy } from '../storable.ts';
import { toFailure } from '../values.ts';

export function createFailureActionStore(orm: SqlEntityManager): FailureActionStore {
  return {
    apply: (asker, failureId, { action, at }) =>
      orm.fork().transactional(async (em) => {
        const { workspaceId, userId } = asker;
        const row = await em.findOne(Failure, { workspaceId, id: failureId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
        if (row === null) return { kind: 'gone' };
        if (row.status === 'resolved') return { kind: 'resolved', failure: toFailure(row) };
        const handling = handle(toHandling(row.handling), action, { by: userId, at });
        const changesMark = handling !== null && (await changeMark(em, row, { asker, action, at }));
        if (handling === null || !changesMark) return { kind: 'unchanged', failure: toFailure(row) };
        row.handling = storableCopy(handling);
        const subject = { kind: 'failure', id: failureId } as const;
        addAuditEntry(em, workspaceId, {
          actor: userId,
          action: action.kind,
          subject,
          details: detailsOf(action),
          at,
        });
        await em.flush();
        const isOfCause = action.kind === 'mark-flaky' || action.kind === 'unmark-flaky';
        const again = action.kind === 'snooze' ? { againInMs: action.until.getTime() - at.getTime() } : {};
        const jobIds = await enqueueRefresh(em, row, { isOfCause, ...again });
        return { kind: 'done', failure: toFailure(row), jobIds };
      }),
    order: ({ workspaceId, userId: actor }, failureId, { jobs, action, details, at }) =>
      orm.fork().transactional(async (em) => {
        const jobIds = await enqueueIn(em, jobs);
        const subject = { kind: 'failure', id: failureId } as const;
        if (jobIds.length > 0) addAuditEntry(em, workspaceId, { actor, action, subject, details, at });
        return jobIds;
      }),
    findFlakyMark: (workspaceId, cause) => findFlakyMark(orm.fork(), workspaceId, cause),
  };
}

/** False where a mark was to be taken away that is not there. */
async function changeMark(
  em: SqlEntityManager,
  { workspaceId, repository, fingerprint }: Failure,
  { asker, action, at }: { asker: Asker; action: FailureAction; at: Date },
): Promise<boolean> {
  const key = { workspaceId, repository, fingerprint };
  if (action.kind === 'unmark-flaky') return (await em.nativeDelete(FlakyMark, key)) > 0;
  if (action.kind !== 'mark-flaky') return true;
  await em.upsert(FlakyMark, { ...key, markedBy: asker.userId, markedAt: at, expiresAt: action.until });
  return true;
}

export function createAuditStore(orm: SqlEntityManager): AuditStore {
  return {
    async about(workspaceId, { kind, id }) {
      const key = { workspaceId, subjectKind: kind, subjectId: id };
      const rows = await orm.fork().find(AuditEntry, key, { orderBy: { at: 'asc', id: 'asc' } });
      return rows.map(({ actor, action, subjectKind, subjectId, details, at }) => ({
        actor,
        action,
        subject: { kind: subjectKind, id: subjectId },
        details,
        at,
      }));
    },
  };
}
