import type { Confidence } from '../domain/diagnosis.ts';
import type { Provider, ReasonAnswer, ReasonRequest } from '../domain/ports.ts';
import { AppError } from '../errors.ts';
import { checkAnswer, measureConfidence } from './check.ts';
import type { Redactor } from './redact.ts';

export interface Reasoned {
  readonly answer: ReasonAnswer;
  readonly confidence: Confidence;
  readonly fallbackReason: string | null;
}

interface Options {
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  readonly redactor: Redactor;
}

interface Spent {
  inputTokens: number;
  outputTokens: number;
}

/** Asks the provider, at most twice: an answer that fails its check is sent back once with the reason. Then the offline one answers. */
export async function reasonWithFallback(
  { provider, offline }: { provider: Provider; offline: Provider },
  request: ReasonRequest,
  options: Options,
): Promise<Reasoned> {
  const spent: Spent = { inputTokens: 0, outputTokens: 0 };
  const fallbackReason =
    provider.name === offline.name ? null : await askModel(provider, request, { ...options, spent });
  if (typeof fallbackReason === 'object' && fallbackReason !== null) return fallbackReason;
  options.signal.throwIfAborted();
  const answer = await offline.reason(request, options.signal);
  const { headline, cause, evidence } = answer;
  return {
    // What the model cost is owed, whoever wrote the sentences in the end.
    answer: { ...answer, author: { ...answer.author, ...spent } },
    confidence: measureConfidence({ headline, cause, evidence, request }),
    fallbackReason,
  };
}

/** The checked answer, or in plain words why there is none. */
async function askModel(
  provider: Provider,
  request: ReasonRequest,
  options: Options & { spent: Spent },
): Promise<Reasoned | string> {
  const deadline = AbortSignal.timeout(options.deadlineMs);
  const signal = AbortSignal.any([options.signal, deadline]);
  let problem = '';
  try {
    for (const attempt of [1, 2]) {
      const asked = attempt === 1 ? request : withReason(request, problem);
      const answer = await untilAborted(provider.reason(asked, signal), signal);
      options.spent.inputTokens += answer.author.inputTokens;
      options.spent.outputTokens += answer.author.outputTokens;
      const outcome = await checkAnswer(answer, request, options.redactor);
      if (outcome.kind === 'sound') {
        const author = { ...outcome.answer.author, ...options.spent };
        return { answer: { ...outcome.answer, author }, confidence: outcome.confidence, fallbackReason: null };
      }
      problem = outcome.reason;
    }
    return options.redactor.text(`The answer of ${provider.name} failed a check: ${problem}`);
  } catch (error) {
    options.signal.throwIfAborted();
    if (deadline.aborted)
      return `${provider.name} did not answer within ${Math.round(options.deadlineMs / 100) / 10} seconds`;
    if (error instanceof AppError) return options.redactor.text(error.message);
    return `${provider.name} failed unexpectedly`;
  }
}

function withReason(request: ReasonRequest, problem: string): ReasonRequest {
  const user = `${request.prompt.user}\n\nAn earlier answer to this was refused by a check: ${problem}. Answer again without that fault.`;
  return { ...request, prompt: { ...request.prompt, user } };
}

/** A provider that does not listen to its signal must not hold up the deadline. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    // The loser of the race may still reject; nobody waits for it any more.
    promise.catch(() => {});
  }
}
