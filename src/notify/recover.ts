import type { JobPayload, NewJob } from '../domain/jobs.ts';
import type { Thread } from '../domain/failure.ts';
import { recoveryMessage, recoveryReply, type RecoveryReport } from '../messages/recovery.ts';
import type { DeliveryContext, Destination } from './context.ts';
import { findHush } from './hush.ts';
import { hearsOfRecovery } from './match.ts';
import { findParentTs, updateParent } from './parent.ts';
import { REPLY } from './plan.ts';
import { reserveAndReply } from './post-once.ts';
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
  const ts = await findParentTs(context, destination, thread);
  if (ts === null) return;
  await updateParent(context, { destination, thread: { id: thread.id, ts }, message: recoveryMessage(report) });
  // The message tells of the end all the same.
  if ((await findHush(context, destination, report.failure)) !== null) return;
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
