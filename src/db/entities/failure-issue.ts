import { defineEntity, p } from '@mikro-orm/core';
import type { UserId, WorkspaceId } from '../../domain/ids.ts';
import { Failure } from './failure.ts';

const FailureIssueSchema = defineEntity({
  name: 'FailureIssue',
  tableName: 'failure_issues',
  properties: {
    workspaceId: p.text().$type<WorkspaceId>(),
    failure: () => p.oneToOne(Failure).primary().deleteRule('cascade'),
    /** `reserved` before GitHub is asked, `created` when it has answered. */
    state: p.enum(['reserved', 'created'] as const),
    number: p.integer().strictNullable(),
    url: p.text().strictNullable(),
    createdBy: p.text().$type<UserId>(),
    at: p.datetime(),
  },
});

/** The GitHub issue of a failure: one of each. */
export class FailureIssue extends FailureIssueSchema.class {}
FailureIssueSchema.setClass(FailureIssue);
