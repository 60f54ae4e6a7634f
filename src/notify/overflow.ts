import type { Summary } from '../domain/diagnosis.ts';
import type { Run } from '../domain/run.ts';
import { ChannelUnavailableError } from '../errors.ts';
import { overflowFile } from '../messages/overflow.ts';
import type { DeliveryContext, Destination } from './context.ts';
import type { StandingThread } from './parent.ts';
import { REPLY } from './plan.ts';

interface Overflow {
  destination: Destination;
  thread: StandingThread;
  summary: Summary;
  run: Run;
}

/**
 * Adds a file to the thread with what its messages had no room for. Slack tells no name for the message of a file, so it cannot be looked
 * for: what may have been shared before a crash is not shared again. Without the scope for files there is none; GitHub has the whole log.
 */
export async function attachOverflow(
  { messenger, threads, lease, log }: DeliveryContext,
  { destination, thread, summary, run }: Overflow,
): Promise<void> {
  const { workspaceId, channelId } = destination;
  const file = overflowFile(summary, run);
  if (file === null) return;
  const state = await threads.reserveReply(workspaceId, lease, thread.id, REPLY.file);
  if (state === 'posted' || state === 'busy') return;
  const isFirst = async () => (await threads.reserveReply(workspaceId, lease, thread.id, REPLY.fileShared)) === 'new';
  try {
    await messenger.attach(workspaceId, { channelId, threadTs: thread.ts }, { file, mayShare: isFirst });
  } catch (error) {
    if (!(error instanceof ChannelUnavailableError) || error.reason !== 'missing_scope') throw error;
    log.info({ workspaceId, channelId }, 'No scope for files, the thread goes without');
  }
  // It has no name of its own; the thread's says that it is done.
  await threads.setReplyTs(workspaceId, lease, thread.id, REPLY.file, thread.ts);
}
