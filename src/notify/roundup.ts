import type { Summary } from '../domain/diagnosis.ts';
import type { MessageTs } from '../domain/ids.ts';
import type { JobPayload, NewJob } from '../domain/jobs.ts';
import type { Message } from '../domain/message.ts';
import type { Roundup } from '../domain/roundup.ts';
import { roundupMessage } from '../messages/roundup.ts';
import type { DeliveryContext, Destination } from './context.ts';
import { postOnce, updateParent } from './post-once.ts';
import { settle } from './settle.ts';

/** How often a roundup may change while we tell of it, before another job is left to tell the rest. */
const MAX_ROUNDS = 5;

/** Has a failure listed in the channel's roundup; a job follows that posts or edits it. */
export async function listInRoundup(
  context: DeliveryContext,
  { workspaceId, channelId }: Destination,
  { id: summaryId, failureId }: Summary,
): Promise<void> {
  const entry = { channelId, failureId, summaryId, occasion: 'storm' } as const;
  const jobIds = await context.roundups.list(workspaceId, context.lease, entry);
  await context.queue.wake(jobIds);
  context.log.info({ workspaceId, channelId, failureId }, 'Channel has no room for another message, failure listed');
}

/** Job handler of `deliver-roundup`: one message that lists several failures, and always says what is true now. */
export async function deliverRoundup(
  context: DeliveryContext,
  { workspaceId, channelId, roundupId }: JobPayload<'deliver-roundup'>,
): Promise<readonly NewJob[]> {
  if (!(await context.workspaces.isActive(workspaceId))) return [];
  const destination: Destination = { workspaceId, channelId };
  await settle(context, destination, async () => {
    const reserved = await context.roundups.reserve(workspaceId, context.lease, roundupId);
    if (reserved === null) return;
    const { roundup, state } = reserved;
    const { ts, stands } = await postRoundup(context, { destination, roundup, state });
    if (ts !== null) await keepTrue(context, { destination, roundup, ts, stands });
  });
  return [];
}

interface Posting {
  destination: Destination;
  roundup: Roundup;
  state: NonNullable<Awaited<ReturnType<DeliveryContext['roundups']['reserve']>>>['state'];
}

/** What stands in Slack, as far as this job knows. */
async function postRoundup(
  context: DeliveryContext,
  { destination, roundup, state }: Posting,
): Promise<{ ts: MessageTs | null; stands: Message | null }> {
  if (roundup.ts !== null) return { ts: roundup.ts, stands: null };
  const message = await readRoundup(context, destination, roundup);
  const posted: { ts: MessageTs | null } = { ts: null };
  const outcome = await postOnce(context, {
    destination,
    state,
    key: { eventType: 'cortex_roundup', key: `roundup:${roundup.id}` },
    message,
    async remember(ts) {
      await context.roundups.setTs(destination.workspaceId, context.lease, roundup.id, ts);
      posted.ts = ts;
    },
  });
  return { ts: posted.ts, stands: outcome === 'posted' ? message : null };
}

async function keepTrue(
  context: DeliveryContext,
  {
    destination,
    roundup,
    ts,
    stands,
  }: { destination: Destination; roundup: Roundup; ts: MessageTs; stands: Message | null },
): Promise<void> {
  let before = JSON.stringify(stands);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const message = await readRoundup(context, destination, roundup);
    if (JSON.stringify(message) === before) return;
    await updateParent(context, { destination, ts, message });
    before = JSON.stringify(message);
  }
}

async function readRoundup(
  { roundups }: DeliveryContext,
  { workspaceId, channelId }: Destination,
  { id, occasion }: Roundup,
): Promise<Message> {
  return roundupMessage({ occasion, channelId, entries: await roundups.entries(workspaceId, id) });
}
