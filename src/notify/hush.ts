import type { Failure } from '../domain/failure.ts';
import { isSnoozed } from '../domain/handling.ts';
import type { ChannelId, RepositoryName, WorkspaceId } from '../domain/ids.ts';
import type { NewJob } from '../domain/jobs.ts';
import type { HeldSummary } from '../domain/ports.ts';
import type { DeliveryContext, Destination } from './context.ts';

/** Why a channel is not to hear of a failure now: its parent may be edited, and nothing may be posted. */
export type Hush = 'muted' | 'snoozed';

/** Null where it may be told of. */
export async function findHush(
  { mutes, clock }: DeliveryContext,
  { workspaceId, channelId }: Destination,
  { repository, handling }: Failure,
): Promise<Hush | null> {
  const now = clock.now();
  if (isSnoozed(handling, now)) return 'snoozed';
  return (await isMuted({ mutes, clock }, { workspaceId, channelId }, { repository })) ? 'muted' : null;
}

/** Whether a channel is to hear of nothing new in a repository now. */
export async function isMuted(
  { mutes, clock }: Pick<DeliveryContext, 'mutes' | 'clock'>,
  { workspaceId, channelId }: Destination,
  { repository }: { repository: RepositoryName },
): Promise<boolean> {
  const current = await mutes.current(workspaceId, channelId, clock.now());
  return current.some(({ scope }) => scope === '*' || scope === repository);
}

/** Keeps a summary until the channel wants to hear of it. */
export async function holdBack(
  context: DeliveryContext,
  destination: Destination,
  { failure, held }: { failure: Failure; held: HeldSummary },
): Promise<readonly NewJob[]> {
  const { workspaceId, channelId } = destination;
  await context.mutes.hold(workspaceId, channelId, held);
  context.log.info({ ...destination, failureId: failure.id }, 'Channel is muted, the failure is held back');
  if ((await findHush(context, destination, failure)) === 'muted') return [];
  // The mute ended while we kept it, and whoever ended it may not have seen it.
  const dedupeKey = `end-mute:${held.summaryId}:${channelId}`;
  return [{ kind: 'end-mute', payload: { workspaceId, channelId }, dedupeKey }];
}

/** The jobs that tell a channel of what was held back. The moment keeps them apart from those of an earlier mute. */
export function planHeld(
  { workspaceId, channelId, at }: { workspaceId: WorkspaceId; channelId: ChannelId; at: Date },
  held: readonly HeldSummary[],
): NewJob[] {
  return held.map(({ summaryId }) => ({
    kind: 'deliver-summary',
    payload: { workspaceId, channelId, summaryId },
    dedupeKey: `deliver:${summaryId}:${channelId}:held:${at.getTime()}`,
  }));
}
