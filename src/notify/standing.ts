import type { MessageTs } from '../domain/ids.ts';
import type { Message, MessageKey } from '../domain/message.ts';
import type { DeliveryContext, Destination } from './context.ts';
import { edit, postOnce } from './post-once.ts';

interface Standing {
  key: MessageKey;
  /** What is true now. */
  read: () => Promise<Message>;
}

/** One message in a channel by its key: posted where there is none, and then edited until it says what is true. */
export async function tellStanding(
  context: DeliveryContext,
  destination: Destination,
  { key, read }: Standing,
): Promise<void> {
  const { workspaceId, channelId } = destination;
  const post = { channelId, key: key.key };
  const reserved = await context.posts.reserve(workspaceId, context.lease, post);
  const posted: { ts: MessageTs | null } = { ts: reserved.ts };
  let stands: Message | null = null;
  if (posted.ts === null) {
    const message = await read();
    const outcome = await postOnce(context, {
      destination,
      state: reserved.state,
      key,
      message,
      async remember(ts) {
        await context.posts.setTs(workspaceId, context.lease, { ...post, ts });
        posted.ts = ts;
      },
    });
    // What was found had been posted before a crash, and may be out of date by now.
    if (outcome === 'posted') stands = message;
  }
  if (posted.ts !== null) await keepUp(context, { destination, ts: posted.ts, read, stands });
}

/** How often another job may tell of something newer while our news is on its way to Slack. */
const MAX_ROUNDS = 5;

/** Edits the message until it says how things stand: older news must not stand last. */
async function keepUp(
  context: DeliveryContext,
  { destination, ts, read, stands }: Pick<Standing, 'read'> & Telling,
): Promise<void> {
  let before = JSON.stringify(stands);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const message = await read();
    if (JSON.stringify(message) === before) return;
    await edit(context, { destination, ts, message });
    before = JSON.stringify(message);
  }
}

interface Telling {
  destination: Destination;
  ts: MessageTs;
  stands: Message | null;
}
