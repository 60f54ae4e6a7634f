import { createHash } from 'node:crypto';
import type { Summary } from '../domain/diagnosis.ts';
import type { Failure, Thread } from '../domain/failure.ts';
import { isSnoozed } from '../domain/handling.ts';
import type { FailureId, MessageTs, WorkspaceId } from '../domain/ids.ts';
import type { Message } from '../domain/message.ts';
import type { Run } from '../domain/run.ts';
import { PostInProgressError } from '../errors.ts';
import { failureMessage } from '../messages/diagnosis.ts';
import type { Marks } from '../messages/handling.ts';
import { recoveryMessage } from '../messages/recovery.ts';
import type { DeliveryContext, Destination } from './context.ts';
import { edit, parentKey } from './post-once.ts';
import { findReused } from './reused.ts';

/** What the parent shows where the newest summary is not to be had. */
interface Fallback {
  summary: Summary;
  run: Run;
}

/** The message of a failure as it is true now; null where there is nothing to show. */
export async function readParent(
  context: DeliveryContext,
  workspaceId: WorkspaceId,
  { failure, fallback = null }: { failure: Failure; fallback?: Fallback | null },
): Promise<Message | null> {
  const { repository, last, resolution } = failure;
  const lastRef = { repository, runId: last.runId, attempt: last.attempt };
  const newest = await context.summaries.findLatest(workspaceId, lastRef);
  const newestRun = await context.runs.find(workspaceId, lastRef);
  // One run can meet several failures over its attempts: only a summary of this failure may stand in its message.
  const isOfFailure = newest !== null && newest.failureId === failure.id && newestRun !== null;
  const shown = isOfFailure ? { summary: newest, run: newestRun } : fallback;
  if (resolution !== null) return recoveryMessage({ failure, resolution, summary: shown?.summary ?? null });
  if (shown === null) return null;
  const reused = await findReused(context, workspaceId, shown.summary);
  return failureMessage({ failure, ...shown, ...reused, marks: await readMarks(context, workspaceId, failure) });
}

async function readMarks(
  { failureActions, clock }: DeliveryContext,
  workspaceId: WorkspaceId,
  { repository, fingerprint, handling }: Failure,
): Promise<Marks> {
  const at = clock.now();
  const flaky = await failureActions.findFlakyMark(workspaceId, { repository, fingerprint, at });
  return { flaky, isSnoozed: isSnoozed(handling, at) };
}

/** How often another job may change the truth while we tell of it. */
const MAX_ROUNDS = 5;

/** A parent that stands in Slack. */
export type StandingThread = Pick<Thread, 'id'> & { ts: MessageTs };

interface Shown {
  destination: Destination;
  thread: StandingThread;
  failureId: FailureId;
  fallback?: Fallback | null;
  /** What stands there already; absent where that is not known. */
  stands?: Message;
}

/**
 * Edits the parent until it says what is true: another job's older news must not stand last. Where it says so already, because another job
 * was faster, nothing is sent: of many who wait for their turn, one edits.
 */
export async function showParent(
  context: DeliveryContext,
  { destination, thread, failureId, fallback = null, stands }: Shown,
): Promise<void> {
  let before = stands === undefined ? await findShown(context, destination, failureId) : hashOf(stands);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const failure = await context.failures.find(destination.workspaceId, failureId);
    const message = failure && (await readParent(context, destination.workspaceId, { failure, fallback }));
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
async function findShown(
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
