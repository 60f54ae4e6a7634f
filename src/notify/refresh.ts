import type { JobPayload, NewJob } from '../domain/jobs.ts';
import type { DeliveryContext } from './context.ts';
import { findParentTs, showParent } from './parent.ts';
import { settle } from './settle.ts';
import { tellSuccessor } from './succession.ts';

/** Job handler of `refresh-failure`: edits the message of a failure in one channel to say what is true now, and its thread what came after it. */
export async function refreshFailure(
  context: DeliveryContext,
  { workspaceId, channelId, failureId }: JobPayload<'refresh-failure'>,
): Promise<readonly NewJob[]> {
  if (!(await context.workspaces.isActive(workspaceId))) return [];
  const thread = await context.threads.find(workspaceId, channelId, failureId);
  if (thread === null) return [];
  const destination = { workspaceId, channelId };
  await settle(context, destination, async () => {
    const ts = await findParentTs(context, destination, thread);
    if (ts === null) return;
    const standing = { id: thread.id, ts };
    await showParent(context, { destination, thread: standing, failureId });
    await tellSuccessor(context, { destination, thread: standing, failureId });
  });
  return [];
}
