import type { Log } from '../domain/ports.ts';
import { AppError, errorId } from '../errors.ts';
import { failedMessage } from '../messages/errors.ts';
import { toAppError } from './errors.ts';
import type { Respond } from './respond.ts';

/** The one place where a listener's failure ends: it is logged, and the person who asked is told, with the same id. */
export function handleFailure({ log, respond }: { log: Log; respond: Respond }) {
  return async ({ error, body }: { error: Error; body: object }): Promise<void> => {
    const failure = toAppError(error);
    const known = failure instanceof AppError ? failure : null;
    const id = known?.id ?? errorId();
    const fields = { errorId: id, code: known?.code ?? 'bug', err: failure };
    if (known?.retryable === true) log.warn(fields, 'Slack request failed');
    else log.error(fields, 'Slack request failed');
    const responseUrl = 'response_url' in body && typeof body.response_url === 'string' ? body.response_url : null;
    if (responseUrl === null) return;
    const told = respond(responseUrl, failedMessage(id, { retryable: known?.retryable ?? false }), {
      replaceOriginal: false,
    });
    await told.catch((cause: unknown) =>
      log.warn({ errorId: id, err: cause }, 'Person could not be told of the failure'),
    );
  };
}
