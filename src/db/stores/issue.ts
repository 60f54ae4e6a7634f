import { LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { FailureId } from '../../domain/ids.ts';
import type { Asker } from '../../domain/member.ts';
import type { Issue, IssueReservation, IssueStore } from '../../domain/ports.ts';
import { FailureIssue } from '../entities/failure-issue.ts';
import { Failure } from '../entities/failure.ts';
import { addAuditEntry } from '../handling.ts';
import { enqueueRefresh } from '../refresh.ts';
import { storableText } from '../storable.ts';
import { toFailure } from '../values.ts';

/** GitHub answers within seconds; who has said nothing by then has ended. */
const RESERVED_FOR_MS = 60_000;
const LONG_AGO = new Date(0);

export function createIssueStore(orm: SqlEntityManager): IssueStore {
  return {
    reserve: (asker, failureId, at) => orm.fork().transactional((em) => reserve(em, asker, { failureId, at })),
    confirm: ({ workspaceId, userId }, failureId, { number, url, at }) =>
      orm.fork().transactional(async (em) => {
        const failure = await em.findOne(Failure, { workspaceId, id: failureId }, LOCKED);
        if (failure === null) return [];
        const created = { state: 'created', number, url: storableText(url), createdBy: userId, at } as const;
        await em.upsert(FailureIssue, { workspaceId, failure, ...created });
        const subject = { kind: 'failure', id: failureId } as const;
        const details = { repository: failure.repository, number };
        addAuditEntry(em, workspaceId, { actor: userId, action: 'create-issue', subject, details, at });
        await em.flush();
        return await enqueueRefresh(em, failure);
      }),
    async release({ workspaceId, userId }, failureId, { isUnsure }) {
      const own = { workspaceId, failure: failureId, createdBy: userId, state: 'reserved' } as const;
      if (isUnsure) await orm.fork().nativeUpdate(FailureIssue, own, { at: LONG_AGO });
      else await orm.fork().nativeDelete(FailureIssue, own);
    },
    async find(workspaceId, failureId) {
      const row = await orm.fork().findOne(FailureIssue, { workspaceId, failure: failureId });
      return row && toIssue(row);
    },
  };
}

const LOCKED = { lockMode: LockMode.PESSIMISTIC_WRITE } as const;

function toIssue({ state, number, url, createdBy: by, at }: FailureIssue): Issue | null {
  return state !== 'created' || number === null || url === null ? null : { number, url, by, at };
}

async function reserve(
  em: SqlEntityManager,
  { workspaceId, userId }: Asker,
  { failureId, at }: { failureId: FailureId; at: Date },
): Promise<IssueReservation> {
  // The failure's row is the lock that people queue at.
  const failure = await em.findOne(Failure, { workspaceId, id: failureId }, LOCKED);
  if (failure === null) return { kind: 'gone' };
  const known = await em.findOne(FailureIssue, { workspaceId, failure });
  const issue = known && toIssue(known);
  if (issue !== null) return { kind: 'existing', issue };
  if (failure.status !== 'open') return { kind: failure.status };
  const isTaken = known !== null && at.getTime() - known.at.getTime() <= RESERVED_FOR_MS;
  if (isTaken) return { kind: 'taken', by: known.createdBy };
  const reserved = { state: 'reserved', number: null, url: null, createdBy: userId, at } as const;
  await em.upsert(FailureIssue, { workspaceId, failure, ...reserved });
  return { kind: 'reserved', failure: toFailure(failure), mayExist: known !== null };
}
