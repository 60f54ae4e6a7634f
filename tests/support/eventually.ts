import { setInterval } from 'node:timers/promises';

/**
 * Retries `check` until it does not throw, and returns what it returned. After `timeoutMs` it rejects with the last
 * failure, so a test that waits in vain says what it waited for. The default of 30 s is no expectation of speed: a channel
 * that has had its five messages in five seconds makes the next wait, and a busy machine makes everything wait.
 */
export async function eventually<T>(check: () => T | Promise<T>, timeoutMs = 30_000): Promise<T> {
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
