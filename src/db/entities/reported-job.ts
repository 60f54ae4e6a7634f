import { defineEntity, p } from '@mikro-orm/core';
import type { EventId, RepositoryName, RunId, WorkflowJobId, WorkspaceId } from '../../domain/ids.ts';
import type { Conclusion } from '../../domain/run.ts';

const ReportedJobSchema = defineEntity({
  name: 'ReportedJob',
  tableName: 'reported_jobs',
  indexes: [{ name: 'reported_jobs_run', properties: ['workspaceId', 'repository', 'runId', 'attempt'] }],
  properties: {
    workspaceId: p.text().$type<WorkspaceId>().primary(),
    repository: p.text().$type<RepositoryName>().primary(),
    jobId: p.bigint('number').$type<WorkflowJobId>().primary().autoincrement(false),
    runId: p.bigint('number').$type<RunId>(),
    attempt: p.integer(),
    /** The event that holds its log, as long as events are kept, and its place among the jobs there. */
    eventId: p.uuid().$type<EventId>(),
    position: p.integer(),
    name: p.text(),
    conclusion: p.text().$type<Conclusion>().strictNullable(),
    url: p.text(),
  },
});

/** A failed job that another CI system told of. */
export class ReportedJob extends ReportedJobSchema.class {}
ReportedJobSchema.setClass(ReportedJob);
