import { defineEntity, p } from '@mikro-orm/core';
import type { RepositoryName, UserId, WorkspaceId } from '../../domain/ids.ts';

const FlakyMarkSchema = defineEntity({
  name: 'FlakyMark',
  tableName: 'flaky_marks',
  properties: {
    workspaceId: p.text().$type<WorkspaceId>().primary(),
    repository: p.text().$type<RepositoryName>().primary(),
    fingerprint: p.text().primary(),
    markedBy: p.text().$type<UserId>(),
    markedAt: p.datetime(),
    expiresAt: p.datetime(),
  },
});

/** A person's word that a cause is flaky in a repository, until it expires. */
export class FlakyMark extends FlakyMarkSchema.class {}
FlakyMarkSchema.setClass(FlakyMark);
