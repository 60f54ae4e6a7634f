import { defineEntity, p } from '@mikro-orm/core';
import type { GroupName, GroupProblem } from '../../domain/groups.ts';
import type { RepositoryName, WorkspaceId } from '../../domain/ids.ts';

const RepositoryGroupSchema = defineEntity({
  name: 'RepositoryGroup',
  tableName: 'repository_groups',
  properties: {
    workspaceId: p.text().$type<WorkspaceId>().primary(),
    name: p.text().$type<GroupName>().primary(),
    repositories: p.json().$type<RepositoryName[]>(),
    isCut: p.boolean(),
    toldAt: p.datetime(),
    askedAt: p.datetime(),
    problem: p.text().$type<GroupProblem>().strictNullable(),
  },
});

/** The repositories of a topic or a team that rules of a workspace are about. */
export class RepositoryGroup extends RepositoryGroupSchema.class {}
RepositoryGroupSchema.setClass(RepositoryGroup);
