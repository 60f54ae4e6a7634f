import { setTimeout as sleep } from 'node:timers/promises';
import { ModelFailedError } from '../errors.ts';
import type { Circuit } from './circuit.ts';
import type { Ask } from './wire.ts';

const MAX_ATTEMPTS = 3;
/** Doubles with each attempt; at least a second, so that a provider in trouble is not hammered. */
const BASE_WAIT_MS = 1000;
/** What is added by chance, as a share of the wait: those who failed together must not come back together. */
const JITTER = 0.25;

/** Resolves after so many milliseconds; rejects as soon as the signal fires. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

export const waitForReal: Wait = (ms, signal) => sleep(ms, undefined, { signal });

export interface ResilienceOptions {
  provider: string;
  circuit: Circuit;
  /** A provider that wants us to stay away for longer is given up at once, so that the next one can answer. */
  longestWaitMs: number;
  wait: Wait;
  /** From 0 to 1. */
  random: () => number;
}

/**
 * Asks again after faults that pass, not before the provider's `Retry-After`, and not at all while its circuit is open. An answer that had begun was
 * paid for and is not asked for again here: whoever asks has reserved the price of one.
 */
export function withResilience(ask: Ask, options: ResilienceOptions): Ask {
  const { circuit, longestWaitMs, random } = options;
  return async (request, signal) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await circuit.run(() => ask(request, signal));
      } catch (error) {
        const waitMs = planWait(error, { attempt, random: random() });
        if (waitMs === null || waitMs > longestWaitMs || circuit.isOpen()) throw error;
        await waitFor(waitMs, { error, signal, options });
      }
    }
  };
}

/** How long to wait before the next attempt; null for none. */
export function planWait(error: unknown, { attempt, random }: { attempt: number; random: number }): number | null {
  if (!(error instanceof ModelFailedError) || !error.retryable || error.usage !== null) return null;
  if (error.fault === 'circuit-open' || attempt >= MAX_ATTEMPTS) return null;
  const least = Math.max(error.retryAfterMs ?? 0, BASE_WAIT_MS * 2 ** (attempt - 1));
  return Math.ceil(least * (1 + JITTER * random));
}

async function waitFor(
  waitMs: number,
  { error, signal, options: { provider, wait } }: { error: unknown; signal: AbortSignal; options: ResilienceOptions },
): Promise<void> {
  try {
    await wait(waitMs, signal);
  } catch {
    throw new ModelFailedError(`${provider} was stopped while it waited to be asked again`, {
      fault: 'stopped',
      cause: error,
    });
  }
}
