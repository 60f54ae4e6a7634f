import { z } from 'zod';
import {
  AppError,
  GitHubForbiddenError,
  GitHubLimitedError,
  GitHubNotFoundError,
  GitHubUnavailableError,
} from '../errors.ts';

/** What Octokit throws, as far as it decides what we do. A network failure comes as status 500 without a response. */
const RequestFailure = z.object({
  status: z.number(),
  message: z.string().catch(''),
  response: z
    .object({ headers: z.record(z.string(), z.unknown()) })
    .optional()
    .catch(undefined),
});

/** GitHub's advice where it names no time: docs.github.com, "Best practices for using the REST API". */
const WITHOUT_A_WORD_MS = 60_000;

/** Runs a call to GitHub; what it throws becomes an AppError, unless `signal` asked for the end: then its reason is thrown. */
export async function callGitHub<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  try {
    return await call();
  } catch (error) {
    signal.throwIfAborted();
    throw toAppError(error, Date.now());
  }
}

/** Foreign failure to ours, keeping the cause. What is neither GitHub's nor the network's fault stays as it is: a bug. */
export function toAppError(error: unknown, nowMs: number): unknown {
  if (error instanceof AppError) return error;
  const parsed = RequestFailure.safeParse(error);
  if (!parsed.success) return isTimeout(error) ? unavailable('GitHub did not answer in time', { error }) : error;
  const { status, message, response } = parsed.data;
  const headers = response?.headers ?? {};
  if (isRateLimit(status, { message, headers }))
    return new GitHubLimitedError('GitHub limits our requests', {
      cause: error,
      retryAfterMs: waitMs(headers, nowMs) ?? WITHOUT_A_WORD_MS,
    });
  if (status === 404 || status === 410)
    return new GitHubNotFoundError('GitHub knows nothing of this, or does not show it to us', { cause: error });
  if (status === 401 || status === 403 || status === 451)
    return new GitHubForbiddenError(`GitHub refuses our credentials or permissions (${status})`, { cause: error });
  if (status >= 500 || status === 408)
    return unavailable(response ? `GitHub answered ${status}` : 'GitHub could not be reached', {
      error,
      retryAfterMs: waitMs(headers, nowMs),
    });
  return error;
}

/** What GitHub answered, with the fields that we use. Octokit hands a JSON body that broke off on as the text that came. */
export function readAnswer<Schema extends z.ZodType>(schema: Schema, data: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(data);
  if (!parsed.success) throw new GitHubUnavailableError('The answer of GitHub cannot be read');
  return parsed.data;
}

/** What GitHub answered, where this is or came of an answer of its; null where it is not. */
export function statusOf(error: unknown): number | null {
  const answered = error instanceof AppError ? error.cause : error;
  return RequestFailure.safeParse(answered).data?.status ?? null;
}

/** GitHub understood the question and has no answer to it: 409 for an empty repository, 422 for what cannot be worked out. */
export function isRejected(error: unknown): boolean {
  const status = RequestFailure.safeParse(error).data?.status;
  return status === 409 || status === 422;
}

/** Null for what is not there, not for us, or nothing that can be asked for. */
export async function unlessRefused<T>(fetching: Promise<T>): Promise<T | null> {
  try {
    return await fetching;
  } catch (error) {
    const isRefusal =
      error instanceof GitHubNotFoundError || error instanceof GitHubForbiddenError || isRejected(error);
    if (!isRefusal) throw error;
    return null;
  }
}

function unavailable(
  sentence: string,
  { error, retryAfterMs }: { error: unknown; retryAfterMs?: number | undefined },
): GitHubUnavailableError {
  return new GitHubUnavailableError(sentence, { cause: error, ...(retryAfterMs !== undefined && { retryAfterMs }) });
}

function isRateLimit(
  status: number,
  { message, headers }: { message: string; headers: Record<string, unknown> },
): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return 'retry-after' in headers || headers['x-ratelimit-remaining'] === '0' || /secondary rate limit/iu.test(message);
}

/** How long GitHub wants us to wait, where it says so. */
export function waitMs(headers: Record<string, unknown>, nowMs: number): number | undefined {
  const retryAfter = positive(headers['retry-after']);
  if (retryAfter !== null) return retryAfter * 1_000;
  const reset = headers['x-ratelimit-remaining'] === '0' ? positive(headers['x-ratelimit-reset']) : null;
  // One second more, because GitHub's own reset has whole seconds.
  return reset === null ? undefined : Math.max(reset * 1_000 - nowMs, 0) + 1_000;
}

function positive(header: unknown): number | null {
  const value = Number(header);
  return typeof header === 'string' && Number.isFinite(value) && value > 0 ? value : null;
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
}
