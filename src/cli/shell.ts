import { randomBytes } from 'node:crypto';
import { createRedactor } from '../analysis/redact.ts';

/** Exit codes: 0 done, 1 failed, 2 wrong use or configuration. */
export const WRONG_USE = 2;

/** The same rules as for the logs of others. */
export function redactorOfLogs(secrets: readonly string[]): (text: string) => string {
  return createRedactor({ salt: random(), secrets }).text;
}

/** Fires on Ctrl-C. */
export function interruption(): AbortSignal {
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort(new Error('Interrupted')));
  return interrupted.signal;
}

export function random(): string {
  return randomBytes(16).toString('hex');
}

/** Says it to the person at the shell. */
export function explain(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
