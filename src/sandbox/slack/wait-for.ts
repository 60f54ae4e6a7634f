import type { World } from './world.ts';

/** How long to wait where the caller does not say, in milliseconds. */
const PATIENCE = 10_000;

/** Asks `predicate` now and at each change until its answer is truthy; rejects after `timeoutMs`. */
export async function waitForChange<Value>(
  world: World,
  predicate: () => Value | null | undefined | false,
  { timeoutMs = PATIENCE, what = 'what was waited for' }: { timeoutMs?: number; what?: string } = {},
): Promise<Value> {
  return new Promise((resolve, reject) => {
    let stop = (): void => undefined;
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`The local Slack did not see ${what} within ${timeoutMs} ms`));
    }, timeoutMs);
    const look = (): void => {
      const end = (): void => {
        clearTimeout(timer);
        stop();
      };
      try {
        const value = predicate();
        if (value === null || value === undefined || value === false) return;
        end();
        resolve(value);
      } catch (error) {
        end();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    stop = world.onChange(look);
    look();
  });
}
