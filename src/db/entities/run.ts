import { defineEntity, p } from '@mikro-orm/core';
import type { GitHubAccountId, RepositoryName, RunId, WorkspaceId } from '../../domain/ids.ts';
import type { ActorType, Conclusion, RunStatus, RunTraits } from '../../domain/run.ts';

const RunSchema = defineEntity({
  name: 'Run',
  tableName: 'runs',
  indexes: [
    {
      name: 'runs_latest',
      properties: ['workspaceId', 'repository', 'branch', 'updatedAt'],
      where: "status = 'completed'",
    },
    {
      name: 'runs_of_workflow',
      properties: ['workspaceId', 'repository', 'branch', 'workflow', 'number', 'attempt'],
      where: "status = 'completed'",
    },
    {
      name: 'runs_unfinished',
      properties: ['workspaceId', 'repository', 'updatedAt'],
      where: "status <> 'completed'",
    },
    { name: 'runs_of_commit', properties: ['workspaceId', 'repository', 'headSha'] },
  ],
  properties: {
    workspaceId: p.text().$type<WorkspaceId>().primary(),
    repository: p.text().$type<RepositoryName>().primary(),
    runId: p.bigint('number').$type<RunId>().primary().autoincrement(false),
    attempt: p.integer().primary().autoincrement(false),
    number: p.integer(),
    workflow: p.text(),
    branch: p.text(),
    defaultBranch: p.text(),
    event: p.text(),
    headSha: p.text(),
    status: p.text().$type<RunStatus>(),
    conclusion: p.text().$type<Conclusion>().strictNullable(),
    url: p.text(),
    actor: p.text(),
    actorId: p.bigint('number').$type<GitHubAccountId>().strictNullable(),
    actorType: p.text().$type<ActorType>().strictNullable(),
    title: p.text(),
    pullRequest: p.integer().strictNullable(),
    startedAt: p.datetime(),
    updatedAt: p.datetime(),
    /** Null where nobody has asked GitHub. */
    traits: p.json().$type<RunTraits>().strictNullable(),
  },
});

/** One attempt of a workflow run, as it was last heard of. */
export class Run extends RunSchema.class {}
RunSchema.setClass(Run);
