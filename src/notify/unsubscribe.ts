import type { Ports } from '../domain/ports.ts';
import type { UnsubscribeOutcome } from '../messages/subscription.ts';
import type { SubscribeRequest } from './subscribe.ts';

/** Ends a channel's subscription; messages that stand stay, and are still edited. */
export async function unsubscribe(
  { subscriptions }: Pick<Ports, 'subscriptions'>,
  { asker, channelId, repository }: SubscribeRequest,
): Promise<UnsubscribeOutcome> {
  const removed = await subscriptions.remove(asker.workspaceId, channelId, repository);
  return { kind: removed ? 'unsubscribed' : 'not-subscribed', repository };
}
