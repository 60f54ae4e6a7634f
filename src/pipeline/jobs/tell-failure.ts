import { AppError, errorId } from '../../errors.ts';
import { answer, type UserRequest } from '../../notify/answer.ts';
import type { JobContext } from '../job.ts';

/**
 * Tells a person that their request failed, if no further try will follow; otherwise, and when we are being stopped, does
 * nothing. What goes wrong in telling is only logged: the first failure is the one that counts.
 */
export async function tellFailure(context: JobContext, request: UserRequest, error: unknown): Promise<void> {
  const isHopeless = error instanceof AppError && !error.retryable;
  if (context.signal.aborted || !(context.isLastAttempt || isHopeless)) return;
  const id = error instanceof AppError ? error.id : errorId();
  context.log.warn({ errorId: id, error }, 'Request failed, the person is told');
  try {
    await answer(context, request, { kind: 'failed', errorId: id });
  } catch (untold) {
    context.log.warn({ errorId: id, error: untold }, 'The person could not be told');
  }
}
