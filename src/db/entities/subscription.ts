import { defineEntity, p } from '@mikro-orm/core';
import type { ChannelId, RepositoryName, SubscriptionId, UserId, WorkspaceId } from '../../domain/ids.ts';

const SubscriptionSchema = defineEntity({
  name: 'Subscription',
  tableName: 'subscriptions',
  indexes: [{ name: 'subscriptions_repository', properties: ['workspaceId', 'repository'] }],
  uniques: [{ name: 'subscriptions_channel', properties: ['workspaceId', 'channelId', 'repository'] }],
  properties: {
    id: p.uuid().$type<SubscriptionId>().primary(),
    workspaceId: p.text().$type<WorkspaceId>(),
    channelId: p.text().$type<ChannelId>(),
    repository: p.text().$type<RepositoryName>(),
    createdBy: p.text().$type<UserId>(),
    createdAt: p.datetime().defaultRaw('now()'),
    pausedReason: p.text().strictNullable(),
  },
});

/** A channel's wish to hear about a repository. */
export class Subscription extends SubscriptionSchema.class {}
SubscriptionSchema.setClass(Subscription);
