import { defineEntity, p } from '@mikro-orm/core';
import type { FailureId, RepositoryName, RunId, UserId, WorkspaceId } from '../../domain/ids.ts';

const FailureSchema = defineEntity({
  name: 'Failure',
  tableName: 'failures',
  indexes: [
    { name: 'failures_history', properties: ['workspaceId', 'repository', 'fingerprint', 'status', 'resolvedAt'] },
    {
      name: 'failures_resolved',
      properties: ['workspaceId', 'repository', 'resolvedAt'],
      where: "status = 'resolved'",
    },
  ],
  uniques: [
    {
      name: 'failures_open',
      properties: ['workspaceId', 'repository', 'branch', 'workflow', 'fingerprint'],
      where: "status = 'open'",
    },
  ],
  properties: {
    id: p.uuid().$type<FailureId>().primary(),
    workspaceId: p.text().$type<WorkspaceId>(),
    repository: p.text().$type<RepositoryName>(),
    branch: p.text(),
    workflow: p.text(),
    fingerprint: p.text(),
    status: p.enum(['open', 'resolved', 'merged'] as const),
    occurrences: p.integer(),
    firstRunId: p.bigint('number').$type<RunId>(),
    firstAttempt: p.integer(),
    firstRunNumber: p.integer(),
    firstHeadSha: p.text(),
    firstAt: p.datetime(),
    lastRunId: p.bigint('number').$type<RunId>(),
    lastAttempt: p.integer(),
    lastRunNumber: p.integer(),
    lastHeadSha: p.text(),
    lastAt: p.datetime(),
    resolutionKind: p.text().$type<'fixed' | 'passed-on-rerun'>().strictNullable(),
    resolvedRunId: p.bigint('number').$type<RunId>().strictNullable(),
    resolvedAttempt: p.integer().strictNullable(),
    resolvedRunNumber: p.integer().strictNullable(),
    resolvedHeadSha: p.text().strictNullable(),
    resolvedAt: p.datetime().strictNullable(),
    resolvedTitle: p.text().strictNullable(),
    resolvedActor: p.text().strictNullable(),
    resolvedUrl: p.text().strictNullable(),
    /** Another failure of the workspace and repository; it may be merged itself. */
    mergedInto: p.uuid().$type<FailureId>().strictNullable().index('failures_merged'),
    mergedBy: p.text().$type<UserId>().strictNullable(),
    mergedAt: p.datetime().strictNullable(),
    /** What people did about it; null where nobody did anything. */
    handling: p.json<unknown>().strictNullable(),
  },
});

/** One fingerprint on one branch and workflow; at most one of a kind is open. */
export class Failure extends FailureSchema.class {}
FailureSchema.setClass(Failure);
