export interface FairTurns {
  /** Runs `act` once there is a place; those who wait take turns by their key. */
  take<T>(key: string, act: () => Promise<T>): Promise<T>;
}

/**
 * Lets at most `places` run at once. Of those who wait, each key has its turn before one has a second: a repository with a hundred
 * failed jobs holds nobody else up for longer than it takes to answer one question each.
 */
export function createFairTurns(places: number): FairTurns {
  const waiting = new Map<string, Array<() => void>>();
  let taken = 0;

  function wait(key: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const queue = waiting.get(key);
    if (queue === undefined) waiting.set(key, [resolve]);
    else queue.push(resolve);
    return promise;
  }

  /** Hands the place to whoever is next, or gives it back. */
  function release(): void {
    const [next] = waiting;
    if (next === undefined) {
      taken -= 1;
      return;
    }
    const [key, [begin, ...rest]] = next;
    // Last in the order of keys, which is that in which they came.
    waiting.delete(key);
    if (rest.length > 0) waiting.set(key, rest);
    begin?.();
  }

  return {
    async take(key, act) {
      if (taken < places) taken += 1;
      else await wait(key);
      try {
        return await act();
      } finally {
        release();
      }
    },
  };
}
