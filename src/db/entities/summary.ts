import { defineEntity, p } from '@mikro-orm/core';
import type { Diagnosis } from '../../domain/diagnosis.ts';
import type { RepositoryName, RunId, SummaryId, WorkspaceId } from '../../domain/ids.ts';
import { Failure } from './failure.ts';

const SummarySchema = defineEntity({
  name: 'Summary',
  tableName: 'summaries',
  indexes: [{ name: 'summaries_recent', properties: ['workspaceId', 'createdAt'] }],
  uniques: [{ name: 'summaries_revision', properties: ['workspaceId', 'repository', 'runId', 'attempt', 'revision'] }],
  properties: {
    id: p.uuid().$type<SummaryId>().primary(),
    workspaceId: p.text().$type<WorkspaceId>(),
    repository: p.text().$type<RepositoryName>(),
    runId: p.bigint('number').$type<RunId>(),
    attempt: p.integer(),
    revision: p.integer(),
    failure: () => p.manyToOne(Failure).deleteRule('cascade').index('summaries_failure'),
    diagnosis: p.json<Diagnosis>(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});

/** The stored diagnosis of one attempt of one run; `revision` tells apart the looks at it. */
export class Summary extends SummarySchema.class {}
SummarySchema.setClass(Summary);
