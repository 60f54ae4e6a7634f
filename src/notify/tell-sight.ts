import type { RepositoryName } from '../domain/ids.ts';
import type { JobPayload, NewJob } from '../domain/jobs.ts';
import { SHARED_PAUSE } from '../domain/sight.ts';
import { sightMessage } from '../messages/sight.ts';
import type { DeliveryContext, Destination } from './context.ts';
import { pauseChannel, settle } from './settle.ts';
import { tellStanding } from './standing.ts';

/** Job handler of `tell-sight`: one message for each occasion. A mute does not hold it back, since it says why nothing is heard any more. */
export async function tellSight(
  context: DeliveryContext,
  { workspaceId, channelId, change, occasion }: JobPayload<'tell-sight'>,
): Promise<readonly NewJob[]> {
  if (!(await context.workspaces.isActive(workspaceId))) return [];
  const destination = { workspaceId, channelId };
  const key = { eventType: 'cortex_sight', key: `sight:${occasion}` } as const;
  const read = () => Promise.resolve(sightMessage(change));
  await settle(context, destination, async () => {
    if (change.kind === 'privatized' && !(await mayHearPrivately(context, destination, change.repository))) return;
    await tellStanding(context, destination, { key, read });
  });
  return [];
}

/**
 * Whether the channel is to be told that a repository is private now. Where people of other organisations read along, its rules are paused
 * instead, and nothing is said there; a rule about an owner or a group follows silently.
 */
async function mayHearPrivately(
  context: DeliveryContext,
  destination: Destination,
  repository: RepositoryName,
): Promise<boolean> {
  const { workspaceId, channelId } = destination;
  const sight = await context.directory.channel(workspaceId, channelId);
  if (sight.kind === 'visible' && sight.isShared) {
    const subscriptions = await pauseChannel(context, destination, SHARED_PAUSE);
    context.log.warn({ ...destination, repository, subscriptions }, 'Channel is shared, its rules are paused');
    return false;
  }
  const rules = await context.subscriptions.ofRepository(workspaceId, repository);
  return rules.some(({ channelId: where, rule }) => where === channelId && rule.target.kind === 'repository');
}
