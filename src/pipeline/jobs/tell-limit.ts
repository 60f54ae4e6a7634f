import { GitHubLimitedError, MessageGoneError } from '../../errors.ts';
import { answer, tellWaiting, type UserRequest } from '../../notify/answer.ts';
import type { JobContext } from '../job.ts';

/** Slack takes answers for half an hour; who waits longer than this is better told to ask again. */
const LONGEST_WAIT_MS = 15 * 60_000;
const REMEMBER_MS = 60 * 60_000;

/**
 * Tells a person that GitHub limits us, once: that the answer has to wait, or that there will be none. True where the request is over
 * by that. Any other error is not its business.
 */
export async function tellLimit(context: JobContext, request: UserRequest, error: unknown): Promise<boolean> {
  if (!(error instanceof GitHubLimitedError) || context.signal.aborted) return false;
  const waitMs = error.retryAfterMs ?? 0;
  const isOver = waitMs > LONGEST_WAIT_MS && request.responseUrl !== undefined;
  try {
    if (isOver) await answer(context, request, { kind: 'limited', waitMs });
    else if (await context.receipts.isFirst(`limited:${context.lease.jobId}`, REMEMBER_MS)) {
      await tellWaiting(context, request, waitMs);
    }
    return isOver;
  } catch (untold) {
    context.log.debug({ error: untold }, 'The person could not be told of a limit');
    return untold instanceof MessageGoneError;
  }
}
