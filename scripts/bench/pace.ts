import { setTimeout as pause } from 'node:timers/promises';

export interface Paced {
  /** How long each took, in ms, in the order in which they ended. */
  times: number[];
  /** The most that were under way at once. */
  most: number;
}

/**
 * Begins `total` acts, one every `everyMs`, as runs fail: whenever they do, not when an earlier one is explained. With a time L to
 * wait for, L / `everyMs` are under way (Little's law). Lanes that each begin the next act when one has ended would measure
 * something else: whatever holds up some of them for a moment makes them wait for each other ever after.
 */
export async function beginEvenly(
  act: (index: number) => Promise<void>,
  { total, everyMs, onEnd }: { total: number; everyMs: number; onEnd: (done: number) => void },
): Promise<Paced> {
  const times: number[] = [];
  const [began, all]: [number, Array<Promise<void>>] = [performance.now(), []];
  let [underWay, most] = [0, 0];
  const one = async (index: number): Promise<void> => {
    const started = performance.now();
    underWay += 1;
    most = Math.max(most, underWay);
    await act(index);
    underWay -= 1;
    times.push(performance.now() - started);
    onEnd(times.length);
  };
  for (let index = 0; index < total; index += 1) {
    const due = began + index * everyMs - performance.now();
    if (due > 0) await pause(due);
    all.push(one(index));
  }
  await Promise.all(all);
  return { times, most };
}
