import type { ChannelId, RepositoryName, SubscriptionId, UserId } from './ids.ts';

/** A channel's wish to hear about a repository. */
export interface Subscription {
  id: SubscriptionId;
  channelId: ChannelId;
  repository: RepositoryName;
  createdBy: UserId;
  createdAt: Date;
  /** Why nothing is posted at the moment, in Slack's own code (`is_archived`, …); null while all is well. */
  pausedReason: string | null;
}

export function isActive(subscription: Subscription): boolean {
  return subscription.pausedReason === null;
}
