import { defineEntity, p } from '@mikro-orm/core';
import type { ChannelId, SubscriptionId, UserGroupId, UserId, WorkspaceId } from '../../domain/ids.ts';

const SubscriptionSchema = defineEntity({
  name: 'Subscription',
  tableName: 'subscriptions',
  indexes: [
    { name: 'subscriptions_repository', properties: ['workspaceId', 'line'] },
    { name: 'subscriptions_target', properties: ['workspaceId', 'target'] },
  ],
  uniques: [{ name: 'subscriptions_channel', properties: ['workspaceId', 'channelId', 'line'] }],
  properties: {
    id: p.uuid().$type<SubscriptionId>().primary(),
    workspaceId: p.text().$type<WorkspaceId>(),
    channelId: p.text().$type<ChannelId>(),
    // A rule without conditions is written as its repository, which is all that this column held before there were rules. So rows of
    // earlier versions mean what they meant, and earlier versions leave alone what they do not understand.
    line: p.text().fieldName('repository'),
    /** `owner/repo` or `owner/*`; null in rows of earlier versions, whose line it is. */
    target: p.text().strictNullable(),
    /** The user groups of Slack that the rule calls, by their handles; null where it calls none. */
    groups: p.json().$type<Record<string, UserGroupId>>().strictNullable(),
    createdBy: p.text().$type<UserId>(),
    createdAt: p.datetime().defaultRaw('now()'),
    pausedReason: p.text().strictNullable(),
  },
});

/** A channel's wish to hear about runs: a rule in its one way of writing. */
export class Subscription extends SubscriptionSchema.class {}
SubscriptionSchema.setClass(Subscription);
