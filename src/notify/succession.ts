import type { Summary } from '../domain/diagnosis.ts';
import { type Failure, isSuperseded, type Thread } from '../domain/failure.ts';
import type { FailureId, WorkspaceId } from '../domain/ids.ts';
import type { NewJob } from '../domain/jobs.ts';
import { supersededReply, type SuccessorReport } from '../messages/succession.ts';
import type { DeliveryContext, Destination } from './context.ts';
import { findHush } from './hush.ts';
import type { StandingThread } from './parent.ts';
import { REPLY } from './plan.ts';
import { reserveAndReply } from './post-once.ts';
import { findFailureUrl } from './failure-url.ts';

/** What the failure's branch fails for by now, where that is another cause. */
export async function findSuccessor(
  context: Pick<DeliveryContext, 'failures' | 'threads' | 'directory' | 'log'>,
  destination: Destination,
  failure: Failure,
): Promise<SuccessorReport | null> {
  const successor = await context.failures.successor(destination.workspaceId, failure);
  if (successor === null) return null;
  return { ...successor, url: await findFailureUrl(context, destination, successor.failure.id) };
}

/** Each message about what the branch failed for before says what it fails for by now; once for each `occasion`. */
export function planSuccession(workspaceId: WorkspaceId, threads: readonly Thread[], occasion: string): NewJob[] {
  return threads.map(({ id, channelId, failureId }) => ({
    kind: 'refresh-failure',
    payload: { workspaceId, channelId, failureId },
    dedupeKey: `refresh:${id}:${occasion}`,
  }));
}

/** The same in one channel, once the message to which they are to link stands there. */
export async function planLinks(
  { runs, failures }: Pick<DeliveryContext, 'runs' | 'failures'>,
  { workspaceId, channelId }: Destination,
  summary: Summary,
): Promise<NewJob[]> {
  const run = await runs.find(workspaceId, summary.run);
  const threads = run === null ? [] : await failures.succeeded(workspaceId, run, summary.failureId);
  const here = threads.filter((thread) => thread.channelId === channelId);
  return planSuccession(workspaceId, here, `${summary.id}:posted`);
}

/** Whether nobody in the channel has to hear of a failure any more: a newer commit came to something else, and nothing stands here. */
export async function isTooLate(
  { failures, threads, roundups }: Pick<DeliveryContext, 'failures' | 'threads' | 'roundups'>,
  { workspaceId, channelId }: Destination,
  failure: Failure,
): Promise<boolean> {
  if (!isSuperseded(failure, await failures.successor(workspaceId, failure))) return false;
  if ((await threads.find(workspaceId, channelId, failure.id)) !== null) return false;
  return (await roundups.findListed(workspaceId, channelId, failure.id)) === null;
}

/** Says in the thread of a failure that its branch fails for another cause by now: once for each, and not while the channel is quiet. */
export async function tellSuccessor(
  context: DeliveryContext,
  { destination, thread, failureId }: { destination: Destination; thread: StandingThread; failureId: FailureId },
): Promise<void> {
  const failure = await context.failures.find(destination.workspaceId, failureId);
  const successor = failure && (await findSuccessor(context, destination, failure));
  if (failure === null || successor === null) return;
  if ((await findHush(context, destination, { failure, rules: [] })) !== null) return;
  const message = supersededReply(successor);
  await reserveAndReply(context, { destination, thread, name: REPLY.successor(successor.failure.id), message });
}
