import { defineEntity, p } from '@mikro-orm/core';
import type { ChannelId, RepositoryName, SubscriptionId, UserId, WorkspaceId } from '../../domain/ids.ts';
import type { RuleFileProblem, RuleFileState } from '../../domain/rule-files.ts';

const RuleFileSchema = defineEntity({
  name: 'RuleFile',
  tableName: 'rule_files',
  indexes: [{ name: 'rule_files_repository', properties: ['workspaceId', 'repository'] }],
  uniques: [{ name: 'rule_files_id', properties: ['id'] }],
  properties: {
    workspaceId: p.text().$type<WorkspaceId>().primary(),
    channelId: p.text().$type<ChannelId>().primary(),
    repository: p.text().$type<RepositoryName>().primary(),
    id: p.uuid().$type<SubscriptionId>(),
    createdBy: p.text().$type<UserId>(),
    createdAt: p.datetime().defaultRaw('now()'),
    state: p.text().$type<RuleFileState>(),
    version: p.text().strictNullable(),
    /** The rules of the last text that could be read, each in its one way of writing. */
    lines: p.json().$type<string[]>(),
    problem: p.json().$type<RuleFileProblem>().strictNullable(),
    readAt: p.datetime().strictNullable(),
    pausedReason: p.text().strictNullable(),
  },
});

/** A channel that takes its rules about a repository from a file there, and what the file said last. */
export class RuleFile extends RuleFileSchema.class {}
RuleFileSchema.setClass(RuleFile);
