import type { MessageTs, ThreadId } from '../domain/ids.ts';
import type { LinkPreview, Message, MessageKey } from '../domain/message.ts';
import type { Place, Reservation } from '../domain/ports.ts';
import type { Thread } from '../domain/failure.ts';
import { plainForm, simplerForms } from '../messages/forms.ts';
import { MessageRefusedError, PostInProgressError } from '../errors.ts';
import type { DeliveryContext, Destination } from './context.ts';
import { planPost } from './plan.ts';

/** When to look again at a message that another job is posting: about as long as posting takes. */
const IN_PROGRESS_RETRY_MS = 3_000;

interface OnceRequest {
  destination: Pick<Destination, 'workspaceId'> & Pick<Place, 'channelId'>;
  state: Reservation;
  threadTs?: MessageTs;
  key: MessageKey;
  message: Message;
  /** Called with the message's name, once it is known. */
  remember: (ts: MessageTs) => Promise<void>;
}

/** A reply of a thread. */
export interface ReplyRequest {
  destination: Destination;
  thread: { id: ThreadId; ts: MessageTs };
  name: string;
  state: Reservation;
  message: Message;
  /** Another name that counts as told with this reply. */
  alsoTells?: string;
}

/** The name of a thread's parent message in Slack's metadata. */
export function parentKey(thread: Pick<Thread, 'id'>): MessageKey {
  return { eventType: 'cortex_failure', key: `failure:${thread.id}` };
}

/** Makes sure that the message stands in Slack once. Throws PostInProgressError, and what the messenger throws. */
export async function postOnce(context: DeliveryContext, request: OnceRequest): Promise<'posted' | 'found' | 'done'> {
  const { destination, key, message, remember, threadTs } = request;
  const { workspaceId, channelId } = destination;
  const plan = planPost(request.state);
  if (plan.kind === 'done') return 'done';
  if (plan.kind === 'wait') {
    throw new PostInProgressError('Another job is posting this message', { retryAfterMs: IN_PROGRESS_RETRY_MS });
  }
  const place: Place = { channelId, ...(threadTs && { threadTs }) };
  context.signal.throwIfAborted();
  const found = plan.kind === 'find-or-post' ? await context.messenger.findPosted(workspaceId, place, key) : null;
  const ts = found ?? (await sendOrSimpler(message, (form) => context.messenger.post(workspaceId, place, form, key)));
  await remember(ts);
  context.metrics.messages.add(1, { kind: threadTs === undefined ? 'post' : 'reply' });
  return found === null ? 'posted' : 'found';
}

/** Posts a reply that was reserved by this job. */
export async function replyOnce(context: DeliveryContext, request: ReplyRequest): Promise<void> {
  const { destination, thread, name, state, message, alsoTells } = request;
  const { threads, lease } = context;
  const keep = (key: string, ts: MessageTs) => threads.setReplyTs(destination.workspaceId, lease, thread.id, key, ts);
  await postOnce(context, {
    destination,
    state,
    threadTs: thread.ts,
    key: { eventType: 'cortex_reply', key: `reply:${thread.id}:${name}` },
    message,
    async remember(ts) {
      // The other name first: should we stop in between, the reply itself is looked up, and the other is told already.
      if (alsoTells !== undefined) await keep(alsoTells, ts);
      await keep(name, ts);
    },
  });
}

/** Reserves a reply and posts it, if nobody did or does. */
export async function reserveAndReply(
  context: DeliveryContext,
  request: Omit<ReplyRequest, 'state' | 'alsoTells'>,
): Promise<void> {
  const { destination, thread, name } = request;
  const state = await context.threads.reserveReply(destination.workspaceId, context.lease, thread.id, name);
  if (state !== 'busy') await replyOnce(context, { ...request, state });
}

/** Edits a message of ours. */
export async function edit(
  context: DeliveryContext,
  { destination, ts, message, onTurn }: { destination: Destination; ts: MessageTs; message: Message } & OnTurn,
): Promise<void> {
  const { workspaceId, channelId } = destination;
  context.signal.throwIfAborted();
  const place = { channelId, ts, ...(onTurn && { onTurn }) };
  await sendOrSimpler(message, (form) => context.messenger.update(workspaceId, place, form));
  context.metrics.messages.add(1, { kind: 'update' });
}

type OnTurn = { onTurn?: () => Promise<void> };

/** Should Slack refuse the message itself, its simpler forms may pass; each is tried once. */
export function sendOrSimpler<Result>(message: Message, send: (form: Message) => Promise<Result>): Promise<Result> {
  return sendFirstTaken(message, simplerForms(message), send);
}

/** The same for what is shown below the links of a message, which Slack takes or refuses as one. */
export function sendPreviews(
  previews: readonly LinkPreview[],
  send: (form: readonly LinkPreview[]) => Promise<void>,
): Promise<void> {
  const plainer = previews.map(({ url, message }) => ({ url, message: plainForm(message) }));
  return sendFirstTaken(previews, [plainer], send);
}

async function sendFirstTaken<Form, Result>(
  first: Form,
  others: readonly Form[],
  send: (form: Form) => Promise<Result>,
): Promise<Result> {
  const [next, ...rest] = others;
  try {
    return await send(first);
  } catch (error) {
    if (!(error instanceof MessageRefusedError) || next === undefined) throw error;
    return await sendFirstTaken(next, rest, send);
  }
}
