import { setInterval } from 'node:timers/promises';

/**
 * Retries `check` until it does not throw, and returns what it returned. After `timeoutMs` (default 10 s) it rejects with
 * the last failure, so a test that waits in vain says what it waited for.
 */
export async function eventually<T>(check: () => T | Promise<T>, timeoutMs = 10_000): Promise<T> {
  const startedAt = performance.now();
  for await (const _ of setInterval(10)) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() - startedAt > timeoutMs) throw error;
    }
  }
  throw new Error('unreachable: the interval has no end');
}
