import type { KeptHappening } from '../domain/happening.ts';
import type { JobPayload, NewJob } from '../domain/jobs.ts';
import { happeningMessage } from '../messages/happening.ts';
import type { DeliveryContext, Destination } from './context.ts';
import { findDue } from './hush.ts';
import { happeningRules } from './match-happening.ts';
import { settle } from './settle.ts';
import { tellStanding } from './standing.ts';

/** The name of the one message about it in a channel. */
export function happeningKey({ id }: Pick<KeptHappening, 'id'>): string {
  return `happening:${id}`;
}

/**
 * Job handler of `tell-happening`: one short message about a deployment or whatever else a rule wants to hear of, edited for as long as
 * something becomes of it.
 */
export async function tellHappening(
  context: DeliveryContext,
  { workspaceId, channelId, happeningId, isDue = false }: JobPayload<'tell-happening'>,
): Promise<readonly NewJob[]> {
  const destination: Destination = { workspaceId, channelId };
  const kept = await context.happenings.find(workspaceId, happeningId);
  if (kept === null || !(await context.workspaces.isActive(workspaceId))) return [];
  const when = await findTime(context, destination, { kept, isDue });
  if (when === 'now') await settle(context, destination, () => tell(context, destination, kept));
  if (when === 'now' || when === 'never') return [];
  const delayMs = Math.max(when.getTime() - context.clock.now().getTime(), 0) + 1_000;
  const dedupeKey = `tell-happening:${happeningId}:${channelId}:later:${when.getTime()}`;
  return [
    { kind: 'tell-happening', payload: { workspaceId, channelId, happeningId, isDue: true }, dedupeKey, delayMs },
  ];
}

/** When the channel is told: now where it has the message already, and later in a quiet channel, if it is still news by then. */
async function findTime(
  context: DeliveryContext,
  destination: Destination,
  { kept, isDue }: { kept: KeptHappening; isDue: boolean },
): Promise<'now' | 'never' | Date> {
  const { workspaceId, channelId } = destination;
  if ((await context.posts.channelsOf(workspaceId, happeningKey(kept))).includes(channelId)) return 'now';
  const rules = happeningRules(kept, await context.subscriptions.inChannel(workspaceId, channelId));
  if (rules.length === 0) return 'never';
  return await findDue(context, destination, { repository: kept.happening.repository, rules: isDue ? [] : rules });
}

async function tell(context: DeliveryContext, destination: Destination, kept: KeptHappening): Promise<void> {
  await tellStanding(context, destination, {
    key: { eventType: 'cortex_happening', key: happeningKey(kept) },
    read: async () => happeningMessage((await context.happenings.find(destination.workspaceId, kept.id)) ?? kept),
  });
}
