import type { KeptHappening } from '../domain/happening.ts';
import type { JobId } from '../domain/ids.ts';
import type { Ports } from '../domain/ports.ts';
import type { DeliveryContext, Destination } from './context.ts';
import { happeningRules } from './match-happening.ts';

/** The most that one message lists; more follow in another one. */
const BATCH = 100;

type Context = DeliveryContext & Pick<Ports, 'jobs'>;

/**
 * Lists what was held back of deployments and the like in one message, as far as it is still news. A single one has a message of its
 * own. Each is let go of once it is told for good, so a repeated job tells nothing twice.
 */
export async function releaseHappenings(context: Context, destination: Destination): Promise<void> {
  const { workspaceId, channelId } = destination;
  for (;;) {
    context.signal.throwIfAborted();
    const due = await context.happenings.due(workspaceId, channelId, { at: context.clock.now(), limit: BATCH });
    if (due.length === 0) return;
    const subscribed = await context.subscriptions.inChannel(workspaceId, channelId);
    const news = due.filter((kept) => happeningRules(kept, subscribed).length > 0);
    await context.queue.wake(await tellOf(context, destination, news));
    await context.happenings.letGo(
      workspaceId,
      channelId,
      due.map(({ id }) => id),
    );
    context.log.info({ ...destination, happenings: news.length }, 'Channel hears of what else was held back');
  }
}

async function tellOf(
  { happenings, jobs, clock, lease }: Context,
  { workspaceId, channelId }: Destination,
  news: readonly KeptHappening[],
): Promise<JobId[]> {
  const [first, second] = news;
  if (first === undefined) return [];
  if (second !== undefined) {
    return await happenings.list(workspaceId, lease, { channelId, ids: news.map(({ id }) => id) });
  }
  const payload = { workspaceId, channelId, happeningId: first.id, isDue: true };
  // It may be held back again one day.
  const dedupeKey = `tell-happening:${first.id}:${channelId}:due:${clock.now().getTime()}`;
  return await jobs.enqueue([{ kind: 'tell-happening', payload, dedupeKey }]);
}
