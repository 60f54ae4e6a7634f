import type { JobPayload, NewJob } from '../domain/jobs.ts';
import type { MessageTs } from '../domain/ids.ts';
import type { Thread } from '../domain/failure.ts';
import { PostInProgressError } from '../errors.ts';
import { recoveryMessage, recoveryReply, type RecoveryReport } from '../messages/recovery.ts';
import type { DeliveryContext, Destination } from './context.ts';
import { hearsOfRecovery } from './match.ts';
import { REPLY } from './plan.ts';
import { parentKey, reserveAndReply, updateParent } from './post-once.ts';
import { settle } from './settle.ts';

/**
 * Job handler of `deliver-recovery`: edits the message of a resolved failure to green and says in its thread what fixed it.
 * A channel that never heard of the failure does not hear of its end either.
 */
export async function deliverRecovery(
  context: DeliveryContext,
  { workspaceId, channelId, failureId }: JobPayload<'deliver-recovery'>,
): Promise<readonly NewJob[]> {
  const destination: Destination = { workspaceId, channelId };
  const failure = await context.failures.find(workspaceId, failureId);
  const resolution = failure?.resolution ?? null;
  if (failure === null || resolution === null || !(await context.workspaces.isActive(workspaceId))) return [];
  const thread = await context.threads.find(workspaceId, channelId, failureId);
  if (thread === null) return [];
  const { repository, last } = failure;
  const lastRef = { repository, runId: last.runId, attempt: last.attempt };
  const newest = await context.summaries.findLatest(workspaceId, lastRef);
  const summary = newest?.failureId === failure.id ? newest : null;
  await settle(context, destination, () =>
    tellRecovery(context, { destination, thread, report: { failure, resolution, summary } }),
  );
  return [];
}

async function tellRecovery(
  context: DeliveryContext,
  { destination, thread, report }: { destination: Destination; thread: Thread; report: RecoveryReport },
): Promise<void> {
  const ts = thread.ts ?? (await findUnfinished(context, destination, thread));
  if (ts === null) return;
  await updateParent(context, { destination, ts, message: recoveryMessage(report) });
  if (!(await isReplyWanted(context, destination, report))) return;
  const reply = { destination, thread: { id: thread.id, ts }, name: REPLY.recovery, message: recoveryReply(report) };
  await reserveAndReply(context, reply);
}

/** The message is true in any case; that the failure ended is told again where a rule asks for it. */
async function isReplyWanted(
  { runs, subscriptions }: DeliveryContext,
  { workspaceId, channelId }: Destination,
  { failure: { repository, last } }: RecoveryReport,
): Promise<boolean> {
  const run = await runs.find(workspaceId, { repository, runId: last.runId, attempt: last.attempt });
  return run === null || hearsOfRecovery(run, await subscriptions.inChannel(workspaceId, channelId));
}

/** The parent of a thread whose posting was never finished; null where it does not stand in Slack. */
async function findUnfinished(
  { threads, lease, messenger }: DeliveryContext,
  { workspaceId, channelId }: Destination,
  thread: Thread,
): Promise<MessageTs | null> {
  const { thread: reserved, state } = await threads.reserve(workspaceId, lease, channelId, thread.failureId);
  if (state === 'busy') {
    // It may have been rendered before the failure ended, so it must not be left as it is.
    throw new PostInProgressError('The message of this failure is being posted', { retryAfterMs: 3_000 });
  }
  if (state === 'posted') return reserved.ts;
  const ts = await messenger.findPosted(workspaceId, { channelId }, parentKey(reserved));
  if (ts !== null) await threads.setTs(workspaceId, lease, reserved.id, ts);
  return ts;
}
