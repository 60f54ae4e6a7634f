import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
  IterableBackoff,
} from 'cockatiel';
import type { Log } from '../domain/ports.ts';
import { ModelFailedError } from '../errors.ts';

/** One after the other without an answer between them. */
const FAULTS_TO_OPEN = 5;
/** How long it stays open; longer after each probe that failed. */
const OPEN_MS = [10_000, 20_000, 40_000, 60_000];

/** Keeps us from asking a provider that is away. One for all models of a provider, shared by all who ask. */
export interface Circuit {
  /** Throws ModelFailedError with fault `circuit-open`, and asks nobody, while the provider is held to be away. */
  run<T>(work: () => Promise<T>): Promise<T>;
  isOpen(): boolean;
}

export function createCircuit(provider: string, log: Log): Circuit {
  const breaker = circuitBreaker(
    handleWhen((error) => isAway(error) || (breaker.state === CircuitState.HalfOpen && isStopped(error))),
    { breaker: new ConsecutiveBreaker(FAULTS_TO_OPEN), halfOpenAfter: new IterableBackoff(OPEN_MS) },
  );
  breaker.onBreak(() => log.warn({ provider }, 'A provider of models is away; it is not asked for a while'));
  breaker.onReset(() => log.info({ provider }, 'A provider of models is back'));
  const refused = (cause?: unknown): ModelFailedError =>
    new ModelFailedError(`${provider} failed several times and is not asked for a while`, {
      fault: 'circuit-open',
      retryable: true,
      cause,
    });
  return {
    async run(work) {
      // The library would let everybody wait for the probe, past their own deadlines.
      if (breaker.state === CircuitState.HalfOpen) throw refused();
      try {
        return await breaker.execute(work);
      } catch (error) {
        throw error instanceof BrokenCircuitError ? refused(error) : error;
      }
    },
    isOpen: () => breaker.state !== CircuitState.Closed,
  };
}

/** Only what tells of the provider's health: an answer that is no use, a limit of our rate and a refused key came from one that is there. */
function isAway(error: unknown): boolean {
  return error instanceof ModelFailedError && (error.fault === 'unreachable' || error.fault === 'overloaded');
}

/** Our own deadline proves nothing, so that a probe which ran into it leaves the circuit open. */
function isStopped(error: unknown): boolean {
  return error instanceof ModelFailedError && error.fault === 'stopped';
}
