import type { JobPayload, NewJob } from '../domain/jobs.ts';
import { type Run, type RunRef, stateOf } from '../domain/run.ts';
import { runMessage } from '../messages/run.ts';
import type { DeliveryContext, Destination } from './context.ts';
import { findDue } from './hush.ts';
import { fittingRules } from './match.ts';
import { settle } from './settle.ts';
import { tellStanding } from './standing.ts';

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
  const when = await findDue(context, destination, { repository: run.repository, rules: isDue ? [] : rules });
  return when !== 'now' && state === 'ended' ? 'never' : when;
}

async function tell(context: DeliveryContext, destination: Destination, run: Run): Promise<void> {
  await tellStanding(context, destination, {
    key: { eventType: 'cortex_run', key: runKey(run) },
    read: async () => runMessage((await context.runs.find(destination.workspaceId, run)) ?? run),
  });
}
