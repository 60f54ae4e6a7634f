import { z } from 'zod';
import { ChannelId, MessageTs, UserId } from '../domain/ids.ts';
import type { Log } from '../domain/ports.ts';
import { AppError, errorId } from '../errors.ts';
import { failedMessage } from '../messages/errors.ts';
import { toAppError } from './errors.ts';
import { workspaceOf, type ListenerContext, type RequestContext } from './listener.ts';

/** What a person may know of a failure. */
export interface LoggedFailure {
  id: string;
  retryable: boolean;
}

/** Logs a listener's failure; the person who asked is to be told its id. */
export function logFailure(log: Log, error: unknown): LoggedFailure {
  const failure = toAppError(error);
  const known = failure instanceof AppError ? failure : null;
  const id = known?.id ?? errorId();
  const fields = { errorId: id, code: known?.code ?? 'bug', err: failure };
  const retryable = known?.retryable === true;
  if (retryable) log.warn(fields, 'Slack request failed');
  else log.error(fields, 'Slack request failed');
  return { id, retryable };
}

/** The one place where a listener's failure ends: it is logged, and the person who asked is told, with the same id. */
export function handleFailure({ ports, respond }: Pick<ListenerContext, 'ports' | 'respond'>) {
  const { log, messenger } = ports;
  return async ({ error, body, context }: { error: Error; body: object; context: RequestContext }): Promise<void> => {
    const { id, retryable } = logFailure(log, error);
    const asked = Asked.safeParse(body).data;
    if (asked === undefined) return;
    const words = failedMessage(id, { retryable });
    try {
      if ('responseUrl' in asked) await respond(asked.responseUrl, words, { replaceOriginal: false });
      else await messenger.whisper({ workspaceId: workspaceOf(context), userId: asked.userId }, asked, words);
    } catch (cause) {
      log.warn({ errorId: id, err: cause }, 'Person could not be told of the failure');
    }
  };
}

/** A request by somebody who waits for an answer: with an address for it, or by a mention in a channel. */
const Asked = z.union([
  z.object({ response_url: z.string() }).transform(({ response_url: responseUrl }) => ({ responseUrl })),
  z
    .object({
      event: z.object({
        type: z.literal('app_mention'),
        bot_id: z.undefined().optional(),
        user: UserId,
        channel: ChannelId,
        thread_ts: MessageTs.exactOptional(),
      }),
    })
    .transform(({ event: { user: userId, channel: channelId, thread_ts: threadTs } }) => ({
      userId,
      channelId,
      ...(threadTs && { threadTs }),
    })),
]);
