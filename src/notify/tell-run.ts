import type { MessageTs } from '../domain/ids.ts';
import type { JobPayload, NewJob } from '../domain/jobs.ts';
import type { Message } from '../domain/message.ts';
import { type Run, type RunRef, stateOf } from '../domain/run.ts';
import { runMessage } from '../messages/run.ts';
import type { DeliveryContext, Destination } from './context.ts';
import { isMuted } from './hush.ts';
import { matchChannels } from './match.ts';
import { postOnce, updateParent } from './post-once.ts';
import { settle } from './settle.ts';

/** The name of the one message about an attempt in a channel. */
export function runKey({ repository, runId, attempt }: RunRef): string {
  return `run:${repository}:${runId}:${attempt}`;
}

/**
 * Job handler of `tell-run`: one short message for an attempt that ended without failing or waits for an approval. Whatever becomes of
 * the attempt afterwards, the message is edited to say so.
 */
export async function tellRun(
  context: DeliveryContext,
  { workspaceId, channelId, ...ref }: JobPayload<'tell-run'>,
): Promise<readonly NewJob[]> {
  const destination: Destination = { workspaceId, channelId };
  const run = await context.runs.find(workspaceId, ref);
  if (run === null || !(await context.workspaces.isActive(workspaceId))) return [];
  if (!(await isToldOf(context, destination, run))) return [];
  await settle(context, destination, () => tell(context, destination, run));
  return [];
}

/** Whether the channel has the message already, or is to have it. */
async function isToldOf(context: DeliveryContext, destination: Destination, run: Run): Promise<boolean> {
  const { workspaceId, channelId } = destination;
  if ((await context.posts.channelsOf(workspaceId, runKey(run))).includes(channelId)) return true;
  if (!['ended', 'waiting'].includes(stateOf(run)) || (await isMuted(context, destination, run))) return false;
  const rules = await context.subscriptions.inChannel(workspaceId, channelId);
  return matchChannels({ run, finding: null }, rules).length > 0;
}

async function tell(context: DeliveryContext, destination: Destination, run: Run): Promise<void> {
  const { workspaceId, channelId } = destination;
  const post = { channelId, key: runKey(run) };
  const reserved = await context.posts.reserve(workspaceId, context.lease, post);
  const posted: { ts: MessageTs | null } = { ts: reserved.ts };
  if (posted.ts === null) {
    await postOnce(context, {
      destination,
      state: reserved.state,
      key: { eventType: 'cortex_run', key: post.key },
      message: runMessage(run),
      async remember(ts) {
        await context.posts.setTs(workspaceId, context.lease, { ...post, ts });
        posted.ts = ts;
      },
    });
  }
  const stands = reserved.ts === null ? runMessage(run) : null;
  if (posted.ts !== null) await keepUp(context, { destination, ts: posted.ts, run, stands });
}

/** How often another job may tell of something newer while our news is on its way to Slack. */
const MAX_ROUNDS = 5;

/** Edits the message until it says how the run stands: older news must not stand last. */
async function keepUp(
  context: DeliveryContext,
  { destination, ts, run, stands }: { destination: Destination; ts: MessageTs; run: Run; stands: Message | null },
): Promise<void> {
  let before = JSON.stringify(stands);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const message = runMessage((await context.runs.find(destination.workspaceId, run)) ?? run);
    if (JSON.stringify(message) === before) return;
    await updateParent(context, { destination, ts, message });
    before = JSON.stringify(message);
  }
}
