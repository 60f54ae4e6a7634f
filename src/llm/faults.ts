import { z } from 'zod';
import type { TokenUsage } from '../domain/reasoning.ts';
import { ModelFailedError, type ModelFault } from '../errors.ts';
import { retryAfterMs } from './retry-after.ts';

/** What the errors of both SDKs have in common. */
const SdkError = z.object({
  status: z.number().optional().catch(undefined),
  headers: z.instanceof(Headers).optional().catch(undefined),
  type: z.string().nullish().catch(null),
  code: z.string().nullish().catch(null),
  message: z.string().catch(''),
});
type SdkError = z.infer<typeof SdkError>;

export interface FaultContext {
  provider: string;
  now: number;
  /** True once a part of the answer was here. */
  hasBegun: boolean;
  /** What has to be paid although no answer came of it. */
  usage: TokenUsage | undefined;
}

/** Turns whatever an SDK throws into a sentence for a reader; never the provider's own text, which may quote the prompt. */
export function toModelError(error: unknown, context: FaultContext): ModelFailedError {
  if (error instanceof ModelFailedError) return error;
  const { provider, usage } = context;
  const paid = { cause: error, ...(usage === undefined ? {} : { usage }) };
  if (isUnreadable(error))
    return new ModelFailedError(`${provider} gave an answer that could not be read`, { ...paid, fault: 'malformed' });
  const known = SdkError.safeParse(error);
  const verdict = known.success ? judge(known.data, context) : away(context);
  return new ModelFailedError(`${provider} ${verdict.says}`, { ...paid, ...verdict.options });
}

/** An answer that came and was not what it should be. Errors of the network are TypeErrors too, and those have a cause. */
function isUnreadable(error: unknown): boolean {
  if (error instanceof SyntaxError || error instanceof z.ZodError) return true;
  return error instanceof TypeError && error.cause === undefined;
}

interface Verdict {
  says: string;
  options: { fault: ModelFault; retryable: boolean; retryAfterMs?: number };
}

function verdict(says: string, fault: ModelFault, retryable = false): Verdict {
  return { says, options: { fault, retryable } };
}

function away({ hasBegun }: FaultContext): Verdict {
  return verdict(hasBegun ? 'broke off its answer' : 'could not be reached', 'unreachable', true);
}

/** Limits of money pass by no waiting. `insufficient_quota` is OpenAI's, `billing_error` Anthropic's, which also says it in words. */
const MONEY = /^(?:insufficient_quota|billing_error|billing_hard_limit_reached)$/u;
const MONEY_WORDS = /credit balance|insufficient credit|exceeded your current quota/iu;
const DECLINED = /^(?:content_policy_violation|content_filter|invalid_prompt)$/u;

function judge(error: SdkError, context: FaultContext): Verdict {
  const { status, type, code, message } = error;
  const isAbout = (pattern: RegExp): boolean => pattern.test(code ?? '') || pattern.test(type ?? '');
  if (status === 402 || isAbout(MONEY) || (status === 400 && MONEY_WORDS.test(message)))
    return verdict('has a limit of money that is reached', 'refused');
  if (status === 401 || status === 403) return verdict('refuses our key', 'refused');
  if (status === 404) return verdict('does not know the configured model', 'refused');
  if (status === 413) return verdict('finds the prompt too long', 'unknown');
  if (status === 400 && isAbout(DECLINED)) return verdict('declined to answer', 'declined');
  if (status === 429 || isAbout(/^rate_limit/u)) return limited(error, context);
  if (status === 529 || isAbout(/^overloaded/u))
    return again(verdict('is overloaded', 'overloaded', true), error, context);
  if (status === undefined) return away(context);
  if (status >= 500 || status === 408)
    return again(verdict(`has a fault on its side (${status})`, 'overloaded', true), error, context);
  return verdict(`refused the request (${status})`, 'unknown');
}

/** Without a time to come back at, the limit is one of money and does not pass by itself. */
function limited(error: SdkError, context: FaultContext): Verdict {
  const waiting = again(verdict('limits our rate', 'rate-limited', true), error, context);
  if (waiting.options.retryAfterMs !== undefined) return waiting;
  return verdict('limits our rate, and does not say until when', 'refused');
}

function again({ says, options }: Verdict, { headers }: SdkError, { now }: FaultContext): Verdict {
  const wait = retryAfterMs(headers, now);
  const retryable = headers?.get('x-should-retry') !== 'false';
  return { says, options: { ...options, retryable, ...(wait === undefined ? {} : { retryAfterMs: wait }) } };
}
