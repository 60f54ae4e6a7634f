import type { NewJob } from '../domain/jobs.ts';
import { noticeName } from '../domain/notice.ts';
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
      const paused = await pauseChannel(context, { workspaceId, channelId }, error.reason);
      const fields = { workspaceId, channelId, reason: error.reason, subscriptions: paused };
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

/** Pauses every rule of a channel. The admins are told once: later deliveries find nothing left to pause. Returns how many subscriptions it were. */
export async function pauseChannel(
  { subscriptions, queue, clock }: DeliveryContext,
  { workspaceId, channelId }: Destination,
  reason: string,
): Promise<number> {
  const at = clock.now().toISOString();
  const notice = { kind: 'channel-paused', channelId, reason: reason.slice(0, 200), at } as const;
  const dedupeKey = `notify:${workspaceId}:${noticeName(notice)}`;
  const followUps: NewJob[] = [{ kind: 'notify-admins', payload: { workspaceId, notice }, dedupeKey }];
  const { paused, jobIds } = await subscriptions.pause(workspaceId, channelId, { reason, followUps });
  await queue.wake(jobIds);
  return paused.length;
}
