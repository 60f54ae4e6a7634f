import type { JobId } from '../domain/ids.ts';
import type { JobPayload, NewJob } from '../domain/jobs.ts';
import type { DueSummary, Ports } from '../domain/ports.ts';
import { isActive } from '../domain/subscription.ts';
import type { DeliveryContext, Destination } from './context.ts';
import { isAbout } from './match.ts';
import { releaseHappenings } from './release-happenings.ts';

/** How many are looked at together; more follow in the same job. */
const BATCH = 200;

type Context = DeliveryContext & Pick<Ports, 'jobs'>;

/**
 * Job handler of `end-mute`: lists what was held back in one message of the channel, with what was fixed meanwhile. A single failure has a
 * message of its own, which says more. Each is let go of once it is listed for good, so a repeated job lists nothing twice.
 */
export async function releaseHeld(
  context: Context,
  { workspaceId, channelId }: JobPayload<'end-mute'>,
): Promise<readonly NewJob[]> {
  if (!(await context.workspaces.isActive(workspaceId))) return [];
  const destination: Destination = { workspaceId, channelId };
  for (let round = 0; ; round += 1) {
    context.signal.throwIfAborted();
    const due = await context.mutes.due(workspaceId, channelId, { at: context.clock.now(), limit: BATCH });
    if (due.length === 0) break;
    await context.queue.wake(await tellOf(context, destination, { due, isAll: round === 0 && due.length < BATCH }));
    context.log.info({ workspaceId, channelId, failures: due.length }, 'Channel hears of what was held back');
  }
  await releaseHappenings(context, destination);
  return [];
}

async function tellOf(
  context: Context,
  { workspaceId, channelId }: Destination,
  { due, isAll }: { due: readonly DueSummary[]; isAll: boolean },
): Promise<JobId[]> {
  const subscribed = await context.subscriptions.inChannel(workspaceId, channelId);
  const rules = subscribed.filter(isActive).map(({ rule }) => rule);
  const jobIds: JobId[] = [];
  for (const held of due) {
    const isWanted = rules.some((rule) => isAbout(held.repository, rule));
    if (isWanted)
      jobIds.push(...(await tellOne(context, { workspaceId, channelId, held, isOnly: isAll && due.length === 1 })));
    await context.mutes.letGo(workspaceId, channelId, held);
  }
  return jobIds;
}

async function tellOne(
  { jobs, roundups, lease }: Context,
  {
    workspaceId,
    channelId,
    held: { failureId, summaryId, occasion, isOpen },
    isOnly,
  }: Destination & { held: DueSummary; isOnly: boolean },
): Promise<JobId[]> {
  if (!isOnly) return await roundups.list(workspaceId, lease, { channelId, failureId, summaryId, occasion });
  // By itself, what is over already is no news.
  if (!isOpen) return [];
  const payload = { workspaceId, channelId, summaryId, isDue: true };
  return await jobs.enqueue([{ kind: 'deliver-summary', payload, dedupeKey: `deliver:${summaryId}:${channelId}:due` }]);
}
