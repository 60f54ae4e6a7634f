import type { Log } from '../domain/ports.ts';

/** Turns the many errors of one outage into one line at its start and one at its end. */
export interface Outage {
  /** One of the connections, or one kind of command, fails. */
  began(source: string, error: unknown): void;
  ended(source: string): void;
}

/** `name` says in the log whose connection it is. */
export function createOutage(log: Log, name: string): Outage {
  const failing = new Set<string>();
  let startedAt = 0;
  return {
    began(source, error) {
      if (failing.size === 0) {
        startedAt = performance.now();
        log.warn({ connection: name, source, ...describe(error) }, 'Redis does not serve us for now');
      }
      failing.add(source);
    },
    ended(source) {
      if (!failing.delete(source) || failing.size > 0) return;
      log.info({ connection: name, outageMs: Math.round(performance.now() - startedAt) }, 'Redis serves us again');
    },
  };
}

/** What a log line may say about a foreign error. */
export function describe(error: unknown): { code: string | undefined; reason: string } {
  if (!(error instanceof Error)) return { code: undefined, reason: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { code, reason: error.message };
}
