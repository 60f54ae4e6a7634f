import type { ChannelId, RepositoryName } from '../domain/ids.ts';
import { isActive, type Subscription } from '../domain/subscription.ts';

/** The channels that hear about a repository, each once, in the order in which they subscribed. */
export function matchChannels(repository: RepositoryName, subscriptions: readonly Subscription[]): ChannelId[] {
  const matching = subscriptions.filter(
    (subscription) => subscription.repository === repository && isActive(subscription),
  );
  return [...new Set(matching.map(({ channelId }) => channelId))];
}
