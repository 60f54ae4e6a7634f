import type { GroupKnowledge } from './groups.ts';
import type { ChannelId, SubscriptionId, UserId } from './ids.ts';
import type { Rule } from './rules/rule.ts';

/** A channel's wish to hear about runs. */
export interface Subscription {
  id: SubscriptionId;
  channelId: ChannelId;
  rule: Rule;
  createdBy: UserId;
  createdAt: Date;
  /** Why nothing is posted at the moment, in Slack's own code (`is_archived`, …); null while all is well. */
  pausedReason: string | null;
  /** Of a rule about a topic or a team: what is known of that; null where nothing is. */
  group?: GroupKnowledge | null;
}

export function isActive(subscription: Subscription): boolean {
  return subscription.pausedReason === null;
}
