import type { Log } from '../domain/ports.ts';
import { AppError, errorId } from '../errors.ts';
import { failedMessage } from '../messages/errors.ts';
import { toAppError } from './errors.ts';
import type { Respond } from './respond.ts';

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
export function handleFailure({ log, respond }: { log: Log; respond: Respond }) {
  return async ({ error, body }: { error: Error; body: object }): Promise<void> => {
    const { id, retryable } = logFailure(log, error);
    const responseUrl = 'response_url' in body && typeof body.response_url === 'string' ? body.response_url : null;
    if (responseUrl === null) return;
    const told = respond(responseUrl, failedMessage(id, { retryable }), { replaceOriginal: false });
    await told.catch((cause: unknown) =>
      log.warn({ errorId: id, err: cause }, 'Person could not be told of the failure'),
    );
  };
}
