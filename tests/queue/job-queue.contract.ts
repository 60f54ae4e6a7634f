import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { JobId } from '../../src/domain/ids.ts';
import type { JobQueue } from '../../src/domain/ports.ts';
import { eventually } from '../support/eventually.ts';

export const aJobId = (): JobId => JobId.parse(randomUUID());

type Suite = (name: string, body: () => void) => void;

/** What every JobQueue must do. `open` makes a new one that shares nothing with those before. */
export function describeJobQueue(name: string, open: () => Promise<JobQueue>, suite: Suite = describe): void {
  suite(`${name} as a JobQueue`, () => {
    const opened: JobQueue[] = [];
    const openQueue = async (): Promise<JobQueue> => {
      const queue = await open();
      opened.push(queue);
      return queue;
    };
    afterEach(async () => {
      for (const queue of opened.splice(0)) await queue.close(0);
    });

    test('hands every woken id to the worker', async () => {
      const queue = await openQueue();
      const seen: JobId[] = [];
      await queue.work(async (id) => void seen.push(id), 2);
      const ids = Array.from({ length: 50 }, aJobId);
      await queue.wake(ids);

      await eventually(() => expect(new Set(seen)).toEqual(new Set(ids)));
      expect(seen).toHaveLength(ids.length);
    });

    test('keeps what was woken before its worker started', async () => {
      const queue = await openQueue();
      const id = aJobId();
      await queue.wake([id]);
      const seen: JobId[] = [];
      await queue.work(async (next) => void seen.push(next), 1);

      await eventually(() => expect(seen).toEqual([id]));
    });

    test('hands an id that waits out once, however often it was woken', async () => {
      const queue = await openQueue();
      const [id, last] = [aJobId(), aJobId()];
      await queue.wake([id, id]);
      await queue.wake([id]);
      await queue.wake([last]);
      const seen: JobId[] = [];
      await queue.work(async (next) => void seen.push(next), 1);

      await eventually(() => expect(seen).toContain(last));
      expect(seen).toEqual([id, last]);
    });

    test('hands an id out again when it is woken after it was handled', async () => {
      const queue = await openQueue();
      const id = aJobId();
      let runs = 0;
      await queue.work(async () => void (runs += 1), 1);
      await queue.wake([id]);
      await eventually(() => expect(runs).toBe(1));

      await eventually(async () => {
        await queue.wake([id]); // a wake-up while the last one is being noted as done may be lost
        expect(runs).toBeGreaterThan(1);
      });
    });

    test('works on as many at once as it may, and no more', async () => {
      const queue = await openQueue();
      let running = 0;
      let most = 0;
      const gates: Array<() => void> = [];
      await queue.work(async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((resolve) => void gates.push(resolve));
        running -= 1;
      }, 3);
      await queue.wake(Array.from({ length: 9 }, aJobId));

      for (let done = 0; done < 9; done += 1) {
        await eventually(() => expect(running).toBe(Math.min(3, 9 - done)));
        await eventually(() => expect(gates.length).toBeGreaterThan(done));
        gates[done]?.();
      }
      await eventually(() => expect(running).toBe(0));
      expect(most).toBe(3);
    });

    test('goes on after a handler that throws, and does not hand its id out again', async () => {
      const queue = await openQueue();
      const [bad, good] = [aJobId(), aJobId()];
      const seen: JobId[] = [];
      await queue.work(async (id) => {
        seen.push(id);
        if (id === bad) throw new Error('a bug in the worker');
      }, 1);
      await queue.wake([bad]);
      await queue.wake([good]);

      await eventually(() => expect(seen).toEqual([bad, good]));
    });

    test('waits at its close for what is in hand, and takes nothing more', async () => {
      const queue = await openQueue();
      const finish = Promise.withResolvers<void>();
      const [first, second] = [aJobId(), aJobId()];
      const done: JobId[] = [];
      const started: JobId[] = [];
      await queue.work(async (id) => {
        started.push(id);
        await finish.promise;
        done.push(id);
      }, 1);
      await queue.wake([first]);
      await eventually(() => expect(started).toEqual([first]));
      await queue.wake([second]);
      const closed = queue.close(10_000);
      finish.resolve();
      await closed;

      expect({ started, done }).toEqual({ started: [first], done: [first] });
    });

    test('closes in time when a handler never ends', async () => {
      const queue = await openQueue();
      const started = Promise.withResolvers<void>();
      const end = Promise.withResolvers<void>();
      await queue.work(async () => {
        started.resolve();
        await end.promise;
      }, 1);
      await queue.wake([aJobId()]);
      await started.promise;
      const closedAt = performance.now();
      await queue.close(100);

      expect(performance.now() - closedAt).toBeLessThan(5_000);
      end.resolve();
    });

    test('is healthy, says what is behind it, and takes wake-ups of nothing and after its end', async () => {
      const queue = await openQueue();
      await eventually(async () => expect(await queue.isHealthy()).toBe(true));
      expect(queue.description).toMatch(/\w/u);
      await queue.wake([]);
      await queue.close(0);
      await queue.close(0);

      await queue.wake([aJobId()]);
      expect(await queue.isHealthy()).toBe(false);
    });
  });
}
