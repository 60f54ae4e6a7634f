import { randomUUID } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import type { AuditEntry as Entry, Cause, FlakyMark as Mark, Handling } from '../domain/handling.ts';
import { UserId, type WorkspaceId } from '../domain/ids.ts';
import { AuditEntry } from './entities/audit-entry.ts';
import { FlakyMark } from './entities/flaky-mark.ts';
import { storableCopy, storableText } from './storable.ts';

const By = { by: UserId };

/** A part that another version of us wrote, and that cannot be read, counts as not there. */
const StoredHandling = z
  .object({
    acknowledgement: z
      .object({ ...By, at: z.coerce.date() })
      .nullable()
      .catch(null),
    assignee: UserId.nullable().catch(null),
    snooze: z
      .object({ ...By, until: z.coerce.date() })
      .nullable()
      .catch(null),
    rerun: z
      .object({ ...By, at: z.coerce.date() })
      .nullable()
      .catch(null),
  })
  .catch({ acknowledgement: null, assignee: null, snooze: null, rerun: null });

export function toHandling(stored: unknown): Handling {
  return StoredHandling.parse(stored);
}

/** Adds an audit entry where `em` is: in the transaction of what it tells of, and written with it. */
export function addAuditEntry(em: SqlEntityManager, workspaceId: WorkspaceId, entry: Entry): void {
  const { actor, action, subject, details, at } = entry;
  em.create(AuditEntry, {
    id: randomUUID(),
    workspaceId,
    actor,
    action,
    subjectKind: subject.kind,
    subjectId: subject.id,
    details: storableCopy(details),
    at,
  });
}

/** The mark on a cause that is valid at a moment. */
export async function findFlakyMark(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  { repository, fingerprint, at }: Cause & { at: Date },
): Promise<Mark | null> {
  const key = { workspaceId, repository, fingerprint: storableText(fingerprint) };
  const row = await em.findOne(FlakyMark, { ...key, expiresAt: { $gt: at } });
  return row && { by: row.markedBy, at: row.markedAt, until: row.expiresAt };
}
