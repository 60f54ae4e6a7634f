import { defineEntity, p } from '@mikro-orm/core';
import type { RepositoryName, WorkspaceId } from '../../domain/ids.ts';

const RepoSchema = defineEntity({
  name: 'Repo',
  tableName: 'repos',
  indexes: [{ name: 'repos_activity', properties: ['workspaceId', 'lastActivityAt'] }],
  properties: {
    workspaceId: p.text().$type<WorkspaceId>().primary(),
    name: p.text().$type<RepositoryName>().primary(),
    defaultBranch: p.text(),
    lastActivityAt: p.datetime(),
  },
});

/** A repository as one workspace knows it. */
export class Repo extends RepoSchema.class {}
RepoSchema.setClass(Repo);
