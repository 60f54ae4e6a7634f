import { createHash } from 'node:crypto';
import type { Failure, Thread } from '../domain/failure.ts';
import { isSnoozed } from '../domain/handling.ts';
import type { FailureId, MessageTs } from '../domain/ids.ts';
import type { Message } from '../domain/message.ts';
import { PostInProgressError } from '../errors.ts';
import { failureMessage } from '../messages/diagnosis.ts';
import type { Marks } from '../messages/handling.ts';
import { mergedMessage, type MergeReport } from '../messages/merging.ts';
import { recoveryMessage } from '../messages/recovery.ts';
import type { DeliveryContext, Destination } from './context.ts';
import { findFailureUrl } from './failure-url.ts';
import { edit, parentKey } from './post-once.ts';
import { findReused } from './reused.ts';
import { findShown, type Shown } from './shown.ts';
import { findSuccessor } from './succession.ts';

/** The message of a failure as it is true now; null where there is nothing to show. */
export async function readParent(
  context: DeliveryContext,
  destination: Destination,
  { failure, fallback = null }: { failure: Failure; fallback?: Shown | null },
): Promise<Message | null> {
  const { workspaceId } = destination;
  const { resolution, merge } = failure;
  const shown = (await findShown(context, workspaceId, failure)) ?? fallback;
  if (merge !== null) {
    return mergedMessage({ failure, merge, shown, end: await findEnd(context, destination, failure) });
  }
  if (resolution !== null) return recoveryMessage({ failure, resolution, summary: shown?.summary ?? null });
  if (shown === null) return null;
  const reused = await findReused(context, workspaceId, shown.summary);
  return failureMessage({ failure, ...shown, ...reused, marks: await readMarks(context, destination, failure) });
}

/** Where a merged failure goes on, with its message in this channel. */
async function findEnd(
  context: DeliveryContext,
  destination: Destination,
  { id }: Failure,
): Promise<MergeReport['end']> {
  const end = await context.merges.end(destination.workspaceId, id);
  return end && { ...end, url: await findFailureUrl(context, destination, end.failure.id) };
}

async function readMarks(context: DeliveryContext, destination: Destination, failure: Failure): Promise<Marks> {
  const { failureActions, merges, issues, clock } = context;
  const { workspaceId } = destination;
  const { id, repository, fingerprint, handling } = failure;
  const at = clock.now();
  const flaky = await failureActions.findFlakyMark(workspaceId, { repository, fingerprint, at });
  const merged = await merges.mergedInto(workspaceId, id);
  const issue = await issues.find(workspaceId, id);
  const successor = await findSuccessor(context, destination, failure);
  return { flaky, isSnoozed: isSnoozed(handling, at), merged, issue, successor };
}

/** How often another job may change the truth while we tell of it. */
const MAX_ROUNDS = 5;

/** A parent that stands in Slack. */
export type StandingThread = Pick<Thread, 'id'> & { ts: MessageTs };

interface Showing {
  destination: Destination;
  thread: StandingThread;
  failureId: FailureId;
  fallback?: Shown | null;
  /** What stands there already; absent where that is not known. */
  stands?: Message;
}

/**
 * Edits the parent until it says what is true: another job's older news must not stand last. Where it says so already, because another job
 * was faster, nothing is sent: of many who wait for their turn, one edits.
 */
export async function showParent(
  context: DeliveryContext,
  { destination, thread, failureId, fallback = null, stands }: Showing,
): Promise<void> {
  let before = stands === undefined ? await findShownHash(context, destination, failureId) : hashOf(stands);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const failure = await context.failures.find(destination.workspaceId, failureId);
    const message = failure && (await readParent(context, destination, { failure, fallback }));
    if (message === null || hashOf(message) === before) return;
    await updateParent(context, { destination, thread, message });
    before = hashOf(message);
  }
}

/** Edits the parent, and remembers what stands there. */
export async function updateParent(
  context: DeliveryContext,
  { destination, thread, message }: { destination: Destination; thread: StandingThread; message: Message },
): Promise<void> {
  const { threads, lease } = context;
  const remember = (shown: string | null) => threads.setShown(destination.workspaceId, lease, thread.id, shown);
  // Between the two nobody knows what stands there, so that whoever comes, or we after a crash, will edit.
  await edit(context, { destination, ts: thread.ts, message, onTurn: () => remember(null) });
  await remember(hashOf(message));
}

/** A job that was cut off may have left something else than what is remembered. */
async function findShownHash(
  { threads, isRepeat }: DeliveryContext,
  { workspaceId, channelId }: Destination,
  failureId: FailureId,
): Promise<string | null> {
  return isRepeat ? null : ((await threads.find(workspaceId, channelId, failureId))?.shown ?? null);
}

/** What is remembered of a message, to know it again. */
export function hashOf(message: Message): string {
  return createHash('sha256').update(JSON.stringify(message)).digest('base64url');
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
