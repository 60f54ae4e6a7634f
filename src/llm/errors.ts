import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from '@anthropic-ai/sdk';
import { AppError, ModelFailedError } from '../errors.ts';

/** Turns whatever a model's SDK throws into a sentence for a reader; never the provider's own text, which may quote the prompt. */
export function toModelError(error: unknown, provider: string): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof APIUserAbortError)
    return new ModelFailedError(`${provider} was stopped before it had answered`, { cause: error });
  if (error instanceof APIConnectionTimeoutError)
    return new ModelFailedError(`${provider} did not answer in time`, { retryable: true, cause: error });
  if (error instanceof APIConnectionError)
    return new ModelFailedError(`${provider} could not be reached`, { retryable: true, cause: error });
  if (error instanceof APIError) return fromStatus(error.status, { error, provider, headers: error.headers });
  return new ModelFailedError(`${provider} gave an answer that could not be read`, { cause: error });
}

function fromStatus(
  status: number | undefined,
  { error, provider, headers }: { error: unknown; provider: string; headers: Headers | undefined },
): ModelFailedError {
  if (status === 401 || status === 403) return new ModelFailedError(`${provider} refuses our key`, { cause: error });
  if (status === 404) return new ModelFailedError(`${provider} does not know the configured model`, { cause: error });
  if (status === 413) return new ModelFailedError(`The log excerpt is too long for ${provider}`, { cause: error });
  const wait = retryAfterMs(headers);
  const again = { retryable: true, cause: error, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
  // Without a time to come back at, the limit is one of money and does not pass by itself.
  if (status === 429)
    return new ModelFailedError(`${provider} limits our rate`, { ...again, retryable: wait !== undefined });
  if (status === 529) return new ModelFailedError(`${provider} is overloaded`, again);
  if (status !== undefined && status >= 500)
    return new ModelFailedError(`${provider} has a fault on its side (${status})`, again);
  if (status === undefined) return new ModelFailedError(`${provider} broke off its answer`, again);
  return new ModelFailedError(`${provider} refused the request (${status})`, { cause: error });
}

function retryAfterMs(headers: Headers | undefined): number | undefined {
  const inMs = Number(headers?.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(inMs) && inMs >= 0) return inMs;
  const inSeconds = Number(headers?.get('retry-after') ?? Number.NaN);
  return Number.isFinite(inSeconds) && inSeconds >= 0 ? inSeconds * 1000 : undefined;
}
