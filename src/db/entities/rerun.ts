import { defineEntity, p } from '@mikro-orm/core';
import type { RepositoryName, RunId, UserId, WorkspaceId } from '../../domain/ids.ts';
import { Failure } from './failure.ts';

const RerunSchema = defineEntity({
  name: 'Rerun',
  tableName: 'reruns',
  properties: {
    workspaceId: p.text().$type<WorkspaceId>().primary(),
    repository: p.text().$type<RepositoryName>().primary(),
    runId: p.bigint('number').$type<RunId>().primary().autoincrement(false),
    /** The attempt that failed; GitHub makes the next one. */
    attempt: p.integer().primary().autoincrement(false),
    failure: () => p.manyToOne(Failure).deleteRule('cascade').index('reruns_failure'),
    /** `reserved` before GitHub is asked, `started` when it has agreed. */
    state: p.enum(['reserved', 'started'] as const),
    startedBy: p.text().$type<UserId>(),
    at: p.datetime(),
  },
});

/** A re-run that a person asked for: one per attempt of a run. */
export class Rerun extends RerunSchema.class {}
RerunSchema.setClass(Rerun);
