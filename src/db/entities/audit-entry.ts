import { defineEntity, p } from '@mikro-orm/core';
import type { AuditAction, AuditEntry as Value } from '../../domain/handling.ts';
import type { UserId, WorkspaceId } from '../../domain/ids.ts';

const AuditEntrySchema = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entries',
  indexes: [{ name: 'audit_entries_subject', properties: ['workspaceId', 'subjectKind', 'subjectId', 'at'] }],
  properties: {
    id: p.uuid().primary(),
    workspaceId: p.text().$type<WorkspaceId>(),
    actor: p.text().$type<UserId>(),
    action: p.text().$type<AuditAction>(),
    subjectKind: p.text().$type<Value['subject']['kind']>(),
    subjectId: p.text(),
    details: p.json<Value['details']>(),
    at: p.datetime(),
  },
});

/** Who did what to what. Rows are only ever added. */
export class AuditEntry extends AuditEntrySchema.class {}
AuditEntrySchema.setClass(AuditEntry);
