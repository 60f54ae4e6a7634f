import type { MessageTs } from '../domain/ids.ts';
import type { Message, MessageKey } from '../domain/message.ts';
import type { DeliveryContext, Destination } from './context.ts';
import { hashOf } from './parent.ts';
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
  // A job that was cut off may have left something else than what is remembered.
  let stands = context.isRepeat ? null : reserved.shown;
  if (posted.ts === null) {
    const message = await read();
    const shown = hashOf(message);
    const outcome = await postOnce(context, {
      destination,
      state: reserved.state,
      key,
      message,
      async remember(ts) {
        await context.posts.setTs(workspaceId, context.lease, { ...post, ts, shown });
        posted.ts = ts;
      },
    });
    // What was found had been posted before a crash, and may be out of date by now.
    stands = outcome === 'posted' ? shown : null;
  }
  if (posted.ts !== null) await keepUp(context, { destination, key: post.key, ts: posted.ts, read, stands });
}

interface Telling extends Pick<Standing, 'read'> {
  destination: Destination;
  key: string;
  ts: MessageTs;
  /** The hash of what stands there; null where that is not known. */
  stands: string | null;
}

/** How often another job may tell of something newer while our news is on its way to Slack. */
const MAX_ROUNDS = 5;

/** Edits the message until it says how things stand: older news must not stand last. */
async function keepUp(context: DeliveryContext, { destination, key, ts, read, stands }: Telling): Promise<void> {
  const { workspaceId, channelId } = destination;
  const remember = (shown: string | null) =>
    context.posts.setShown(workspaceId, context.lease, { channelId, key, shown });
  let before = stands;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const message = await read();
    const shown = hashOf(message);
    if (shown === before) return;
    // Between the two nobody knows what stands there, so that whoever comes, or we after a crash, will edit.
    await edit(context, { destination, ts, message, onTurn: () => remember(null) });
    await remember(shown);
    before = shown;
  }
}
