import type { JobPayload, NewJob } from '../domain/jobs.ts';
import { sightMessage } from '../messages/sight.ts';
import type { DeliveryContext } from './context.ts';
import { settle } from './settle.ts';
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
  await settle(context, destination, () => tellStanding(context, destination, { key, read }));
  return [];
}
