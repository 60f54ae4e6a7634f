import type { ModelRequest } from '../domain/model-ports.ts';
import type { ModelProvider, ModelReply, TokenUsage } from '../domain/reasoning.ts';
import { ModelFailedError } from '../errors.ts';
import { toModelError } from './faults.ts';
import { isTooLong, parseAnswer } from './model-answer.ts';
import { boundInput } from './tokens.ts';

/** How an answer ended, in the words of no provider. */
export type End = 'complete' | 'declined' | 'out-of-room' | 'other';

/** A part of an answer as it comes over the network; an answer in one piece is one part. */
export interface Piece {
  text?: string;
  model?: string;
  usage?: TokenUsage;
  end?: End;
}

/** The provider has begun to answer, which has to be paid whatever comes of it. */
export const BEGUN: Piece = {};

/** One model of one provider, as its SDK speaks to it. */
export interface Wire {
  provider: ModelProvider;
  model: string;
  streaming: boolean;
  /** Output tokens that the model may spend on thoughts, beside those of the answer. */
  thoughtTokens: number;
  open(request: ModelRequest, signal: AbortSignal): AsyncIterable<Piece>;
}

/** Asks once. */
export type Ask = (request: ModelRequest, signal: AbortSignal) => Promise<ModelReply>;

/** How much effort models that think may spend. */
export type Effort = 'low' | 'medium' | 'high';

/** Thoughts count as output, and an answer has to fit after them. */
export const THOUGHT_TOKENS: Record<Effort, number> = { low: 4000, medium: 8000, high: 16_000 };

/** What is here of an answer. */
interface Arrival {
  texts: string[];
  characters: number;
  model: string;
  usage: TokenUsage | null;
  end: End | null;
  firstTokenMs: number | null;
  hasBegun: boolean;
}

/** Reads an answer to its end and checks it, without retries. The signal ends it at any moment. Throws ModelFailedError only. */
export function askOver(wire: Wire, now: () => number): Ask {
  return async (request, signal) => {
    const started = performance.now();
    const arrival = nothingYet(wire.model);
    if (signal.aborted) throw stopped(wire, undefined);
    try {
      for await (const piece of wire.open(request, signal)) {
        take(arrival, piece, wire.streaming ? performance.now() - started : null);
        if (isTooLong(arrival.characters)) break;
      }
    } catch (error) {
      throw broken(error, { wire, request, arrival, signal, now });
    }
    return conclude({ wire, request, arrival, signal, now });
  };
}

function nothingYet(model: string): Arrival {
  return { texts: [], characters: 0, model, usage: null, end: null, firstTokenMs: null, hasBegun: false };
}

function take(arrival: Arrival, { text = '', model, usage, end }: Piece, elapsedMs: number | null): void {
  arrival.hasBegun = true;
  if (text !== '') {
    arrival.firstTokenMs ??= elapsedMs;
    arrival.texts.push(text);
    arrival.characters += text.length;
  }
  if (model !== undefined && model !== '') arrival.model = model;
  if (usage !== undefined) arrival.usage = usage;
  if (end !== undefined) arrival.end = end;
}

interface Conversation {
  wire: Wire;
  request: ModelRequest;
  arrival: Arrival;
  signal: AbortSignal;
  now: () => number;
}

function conclude(conversation: Conversation): ModelReply {
  const { wire, arrival, signal } = conversation;
  const { provider } = wire;
  const usage = paid(conversation);
  const failed = (says: string, fault: 'declined' | 'out-of-room' | 'malformed'): ModelFailedError =>
    new ModelFailedError(`${provider} ${says}`, { fault, usage });
  if (isTooLong(arrival.characters)) throw failed('gave an answer far longer than any that was asked for', 'malformed');
  // The SDKs end a stream without a word when the signal fires.
  if (arrival.end === null && signal.aborted) throw stopped(wire, usage);
  if (arrival.end === null) throw brokenOff(provider, arrival.hasBegun ? usage : undefined);
  if (arrival.end === 'declined') throw failed('declined to answer', 'declined');
  if (arrival.end === 'out-of-room') throw failed('ran out of room before its answer was complete', 'out-of-room');
  if (arrival.end === 'other') throw failed('did not give its answer in the agreed form', 'malformed');
  const answer = parseAnswer(arrival.texts.join(''), { provider, usage });
  return { answer, model: arrival.model, usage, firstTokenMs: arrival.firstTokenMs };
}

function broken(error: unknown, conversation: Conversation): ModelFailedError {
  const { wire, arrival, signal, now } = conversation;
  if (signal.aborted) return stopped(wire, paid(conversation), error);
  const usage = arrival.hasBegun ? paid(conversation) : undefined;
  return toModelError(error, { provider: wire.provider, now: now(), hasBegun: arrival.hasBegun, usage });
}

function stopped({ provider }: Wire, usage: TokenUsage | undefined, cause?: unknown): ModelFailedError {
  const paid = usage === undefined ? {} : { usage };
  return new ModelFailedError(`${provider} was stopped before it had answered`, { fault: 'stopped', cause, ...paid });
}

function brokenOff(provider: string, usage: TokenUsage | undefined): ModelFailedError {
  const paid = usage === undefined ? {} : { usage };
  return new ModelFailedError(`${provider} broke off its answer`, { fault: 'unreachable', retryable: true, ...paid });
}

/**
 * What the provider counted. Where it did not count to the end, nobody tells what the answer costs, and most of it may have been thought: it
 * counts as the most that it can be.
 */
function paid({ wire, request, arrival: { usage, end } }: Conversation): TokenUsage {
  if (usage !== null && end !== null) return usage;
  const outputTokens = request.maxOutputTokens + wire.thoughtTokens;
  if (usage !== null) return { ...usage, outputTokens };
  return { inputTokens: boundInput(request.prompt), outputTokens, cachedTokens: 0 };
}
