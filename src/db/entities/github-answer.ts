import { defineEntity, p } from '@mikro-orm/core';
import type { JobId, RepositoryName, WorkspaceId } from '../../domain/ids.ts';

const GitHubAnswerSchema = defineEntity({
  name: 'GitHubAnswer',
  tableName: 'github_answers',
  properties: {
    workspaceId: p.text().$type<WorkspaceId>().primary(),
    repository: p.text().$type<RepositoryName>().primary(),
    key: p.text().primary(),
    /** GitHub's number of the check run or the comment; null until GitHub told it. */
    remoteId: p.bigint('number').strictNullable(),
    /** The job that means to make it. */
    reservedBy: p.uuid().$type<JobId>(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});

/** What stands on GitHub about a failure or a pull request. */
export class GitHubAnswer extends GitHubAnswerSchema.class {}
GitHubAnswerSchema.setClass(GitHubAnswer);
