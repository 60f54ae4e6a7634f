import { ChannelUnavailableError, MessageGoneError, WorkspaceRevokedError } from '../errors.ts';
import type { DeliveryContext, Destination } from './context.ts';

/**
 * Does the work of a delivery. Where Slack says that nothing can be posted until a person changes something, that is
 * written down and the delivery is over; everything else is thrown, for the worker to retry or give up.
 */
export async function settle(
  context: DeliveryContext,
  { workspaceId, channelId }: Destination,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ChannelUnavailableError) {
      const paused = await context.subscriptions.pause(workspaceId, channelId, error.reason);
      const fields = { workspaceId, channelId, reason: error.reason, subscriptions: paused.length };
      context.log.warn(fields, 'Channel cannot be posted to, its subscriptions are paused');
    } else if (error instanceof WorkspaceRevokedError) {
      await context.workspaces.markRevoked(workspaceId, error.reason);
      context.log.warn({ workspaceId, reason: error.reason }, 'Workspace refuses our token, it is marked as revoked');
    } else if (error instanceof MessageGoneError) {
      context.log.info({ workspaceId, channelId }, 'Message was deleted in Slack, it is left alone');
    } else {
      throw error;
    }
  }
}
