import type { MessageTs } from '../domain/ids.ts';
import type { JobPayload, NewJob } from '../domain/jobs.ts';
import type { Message } from '../domain/message.ts';
import { type Run, type RunRef, stateOf } from '../domain/run.ts';
import { runMessage } from '../messages/run.ts';
import type { DeliveryContext, Destination } from './context.ts';
import { findHold } from './hush.ts';
import { fittingRules } from './match.ts';
import { edit, postOnce } from './post-once.ts';
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
  { workspaceId, channelId, isDue = false, ...ref }: JobPayload<'tell-run'>,
): Promise<readonly NewJob[]> {
  const destination: Destination = { workspaceId, channelId };
  const run = await context.runs.find(workspaceId, ref);
  if (run === null || !(await context.workspaces.isActive(workspaceId))) return [];
  const when = await findTime(context, destination, { run, isDue });
  if (when === 'now') await settle(context, destination, () => tell(context, destination, run));
  if (when === 'now' || when === 'never') return [];
  const payload = { workspaceId, channelId, ...ref, isDue: true };
  const delayMs = Math.max(when.getTime() - context.clock.now().getTime(), 0) + 1_000;
  const dedupeKey = `tell-run:${workspaceId}:${channelId}:${runKey(run)}:later:${when.getTime()}`;
  return [{ kind: 'tell-run', payload, dedupeKey, delayMs }];
}

/**
 * When the channel is told: now where it has the message already. In a quiet channel, a run that waits is told later, if it still waits
 * by then; one that ended well is no news by then.
 */
async function findTime(
  context: DeliveryContext,
  destination: Destination,
  { run, isDue }: { run: Run; isDue: boolean },
): Promise<'now' | 'never' | Date> {
  const { workspaceId, channelId } = destination;
  if ((await context.posts.channelsOf(workspaceId, runKey(run))).includes(channelId)) return 'now';
  const state = stateOf(run);
  if (state !== 'ended' && state !== 'waiting') return 'never';
  const subscribed = await context.subscriptions.inChannel(workspaceId, channelId);
  const rules = fittingRules({ run, finding: null }, subscribed);
  if (rules.length === 0) return 'never';
  const hold = await findHold(context, destination, { repository: run.repository, rules: isDue ? [] : rules });
  if (hold === null) return 'now';
  if (state === 'ended') return 'never';
  if (hold.dueAt !== null) return hold.dueAt;
  const [longest] = await context.mutes.current(workspaceId, channelId, context.clock.now());
  return longest?.until ?? 'now';
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
    await edit(context, { destination, ts, message });
    before = JSON.stringify(message);
  }
}
