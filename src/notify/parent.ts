import type { Summary } from '../domain/diagnosis.ts';
import type { Failure, Thread } from '../domain/failure.ts';
import { isSnoozed } from '../domain/handling.ts';
import type { FailureId, MessageTs, WorkspaceId } from '../domain/ids.ts';
import type { Message } from '../domain/message.ts';
import type { Run } from '../domain/run.ts';
import { PostInProgressError } from '../errors.ts';
import { failureMessage } from '../messages/diagnosis.ts';
import type { Marks } from '../messages/handling.ts';
import { mergedMessage, type MergeReport } from '../messages/merging.ts';
import { recoveryMessage } from '../messages/recovery.ts';
import { messageUrl } from '../messages/words.ts';
import type { DeliveryContext, Destination } from './context.ts';
import { parentKey, updateParent } from './post-once.ts';
import { findReused } from './reused.ts';
import { findWorkspaceUrl } from './workspace-url.ts';

/** What the parent shows where the newest summary is not to be had. */
interface Fallback {
  summary: Summary;
  run: Run;
}

/** The message of a failure as it is true now; null where there is nothing to show. */
export async function readParent(
  context: DeliveryContext,
  destination: Destination,
  { failure, fallback = null }: { failure: Failure; fallback?: Fallback | null },
): Promise<Message | null> {
  const { workspaceId } = destination;
  const { repository, last, resolution, merge } = failure;
  const lastRef = { repository, runId: last.runId, attempt: last.attempt };
  const newest = await context.summaries.findLatest(workspaceId, lastRef);
  const newestRun = await context.runs.find(workspaceId, lastRef);
  // One run can meet several failures over its attempts: only a summary of this failure may stand in its message.
  const isOfFailure = newest !== null && newest.failureId === failure.id && newestRun !== null;
  const shown = isOfFailure ? { summary: newest, run: newestRun } : fallback;
  if (merge !== null) {
    return mergedMessage({ failure, merge, shown, end: await findEnd(context, destination, failure) });
  }
  if (resolution !== null) return recoveryMessage({ failure, resolution, summary: shown?.summary ?? null });
  if (shown === null) return null;
  const reused = await findReused(context, workspaceId, shown.summary);
  return failureMessage({ failure, ...shown, ...reused, marks: await readMarks(context, workspaceId, failure) });
}

/** Where a merged failure goes on, with its message in this channel. */
async function findEnd(
  context: DeliveryContext,
  { workspaceId, channelId }: Destination,
  { id }: Failure,
): Promise<MergeReport['end']> {
  const end = await context.merges.end(workspaceId, id);
  if (end === null) return null;
  const ts = (await context.threads.find(workspaceId, channelId, end.failure.id))?.ts ?? null;
  if (ts === null) return { ...end, url: null };
  return { ...end, url: messageUrl(await findWorkspaceUrl(context, workspaceId), channelId, ts) };
}

async function readMarks(
  { failureActions, merges, clock }: DeliveryContext,
  workspaceId: WorkspaceId,
  { id, repository, fingerprint, handling }: Failure,
): Promise<Marks> {
  const at = clock.now();
  const flaky = await failureActions.findFlakyMark(workspaceId, { repository, fingerprint, at });
  return { flaky, isSnoozed: isSnoozed(handling, at), merged: await merges.mergedInto(workspaceId, id) };
}

/** How often another job may change the truth while we tell of it. */
const MAX_ROUNDS = 5;

interface Shown {
  destination: Destination;
  ts: MessageTs;
  failureId: FailureId;
  fallback?: Fallback | null;
  /** What stands there already; absent where that is not known. */
  stands?: Message;
}

/** Edits the parent until it says what is true: another job's older news must not stand last. */
export async function showParent(
  context: DeliveryContext,
  { destination, ts, failureId, fallback = null, stands }: Shown,
): Promise<void> {
  let before = JSON.stringify(stands);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const failure = await context.failures.find(destination.workspaceId, failureId);
    const message = failure && (await readParent(context, destination, { failure, fallback }));
    if (message === null || JSON.stringify(message) === before) return;
    await updateParent(context, { destination, ts, message });
    before = JSON.stringify(message);
  }
}

/** The parent of a thread; null where its posting was never finished and it does not stand in Slack. */
export async function findParentTs(
  { threads, lease, messenger }: DeliveryContext,
  { workspaceId, channelId }: Destination,
  thread: Thread,
): Promise<MessageTs | null> {
  if (thread.ts !== null) return thread.ts;
  const { thread: reserved, state } = await threads.reserve(workspaceId, lease, channelId, thread.failureId);
  if (state === 'busy') {
    // It may have been rendered before what we are to tell, so it must not be left as it is.
    throw new PostInProgressError('The message of this failure is being posted', { retryAfterMs: 3_000 });
  }
  if (state === 'posted') return reserved.ts;
  const ts = await messenger.findPosted(workspaceId, { channelId }, parentKey(reserved));
  if (ts !== null) await threads.setTs(workspaceId, lease, reserved.id, ts);
  return ts;
}
