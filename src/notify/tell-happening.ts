import type { KeptHappening } from '../domain/happening.ts';
import type { JobPayload, NewJob } from '../domain/jobs.ts';
import type { Rule } from '../domain/rules/rule.ts';
import { happeningListMessage, happeningMessage } from '../messages/happening.ts';
import type { DeliveryContext, Destination } from './context.ts';
import { findHold, type Hold, lookAgain, type Told } from './hush.ts';
import { happeningRules } from './match-happening.ts';
import { settle } from './settle.ts';
import { tellStanding } from './standing.ts';

/** The name of the one message about it in a channel. */
export function happeningKey({ id }: Pick<KeptHappening, 'id'>): string {
  return `happening:${id}`;
}

/**
 * Job handler of `tell-happening`: one short message about a deployment or whatever else a rule wants to hear of, edited for as long as
 * something becomes of it. In a quiet channel it is held back.
 */
export async function tellHappening(
  context: DeliveryContext,
  { workspaceId, channelId, happeningId, isDue = false }: JobPayload<'tell-happening'>,
): Promise<readonly NewJob[]> {
  const destination: Destination = { workspaceId, channelId };
  const kept = await context.happenings.find(workspaceId, happeningId);
  if (kept === null || !(await context.workspaces.isActive(workspaceId))) return [];
  const isTold = (await context.posts.channelsOf(workspaceId, happeningKey(kept))).includes(channelId);
  const rules = isTold ? [] : await findRules(context, destination, kept);
  if (!isTold && rules.length === 0) return [];
  const told = { repository: kept.happening.repository, rules: isDue ? [] : rules };
  const hold = isTold ? null : await findHold(context, destination, told);
  if (hold !== null) return await holdHappening(context, destination, { kept, hold, told });
  await settle(context, destination, () => tell(context, destination, kept));
  return [];
}

/** The rules by which it is news to a channel; none where a message lists it already, which is edited by another job. */
async function findRules(
  { happenings, subscriptions }: DeliveryContext,
  { workspaceId, channelId }: Destination,
  kept: KeptHappening,
): Promise<Rule[]> {
  const lists = await happenings.listsOf(workspaceId, kept.id);
  if (lists.some((list) => list.channelId === channelId)) return [];
  return happeningRules(kept, await subscriptions.inChannel(workspaceId, channelId));
}

async function holdHappening(
  context: DeliveryContext,
  destination: Destination,
  { kept: { id: happeningId }, hold, told }: { kept: KeptHappening; hold: Hold; told: Told },
): Promise<readonly NewJob[]> {
  const { workspaceId, channelId } = destination;
  const { occasion, dueAt } = hold;
  await context.happenings.hold(workspaceId, channelId, { happeningId, occasion, dueAt });
  context.log.info(
    { ...destination, happeningId, occasion, dueAt },
    'Channel is to hear of this later, it is held back',
  );
  return await lookAgain(context, destination, { name: happeningId, hold, told });
}

async function tell(context: DeliveryContext, destination: Destination, kept: KeptHappening): Promise<void> {
  await tellStanding(context, destination, {
    key: { eventType: 'cortex_happening', key: happeningKey(kept) },
    read: async () => happeningMessage((await context.happenings.find(destination.workspaceId, kept.id)) ?? kept),
  });
}

/** Job handler of `tell-happenings`: one message that lists what was held back, and always says what is true now. */
export async function tellHappenings(
  context: DeliveryContext,
  { workspaceId, channelId, listId }: JobPayload<'tell-happenings'>,
): Promise<readonly NewJob[]> {
  const list = await context.happenings.findList(workspaceId, listId);
  if (list === null || !(await context.workspaces.isActive(workspaceId))) return [];
  const destination: Destination = { workspaceId, channelId };
  await settle(context, destination, () =>
    tellStanding(context, destination, {
      key: { eventType: 'cortex_happening', key: `happenings:${listId}` },
      read: async () => happeningListMessage((await context.happenings.findList(workspaceId, listId)) ?? list),
    }),
  );
  return [];
}
