import { setTimeout as sleep } from 'node:timers/promises';
import type { JobId } from '../domain/ids.ts';
import type { Ports } from '../domain/ports.ts';
import { runJob, type TimedWakes, type WorkerOptions, WorkerStopped } from './run-job.ts';

/** Waits up to this long have a timer of their own; the sweep wakes what waits longer. */
const TIMED_WAKE_MS = 60_000;
/** What the release of all leases may take when we stop. */
const RELEASE_MS = 2_000;

export interface Worker {
  start(): Promise<void>;
  /**
   * Takes nothing more and gives what is in hand `graceMs` to end. Then the signals fire and the leases are given back, so that
   * another process can go on at once. Closes the queue.
   */
  stop(graceMs: number): Promise<void>;
}

/** Claims, runs, and settles one job for each id that the queue hands out. Nothing that a job does can end the process. */
export function createWorker(ports: Ports, options: WorkerOptions): Worker {
  const stopping = new AbortController();
  const inHand = new Set<Promise<void>>();
  const wakes = createTimedWakes(ports);
  const handle = async (id: JobId): Promise<void> => {
    const work = runJob({ ports, options, stopping: stopping.signal, wakes }, id);
    inHand.add(work);
    await work;
    inHand.delete(work);
  };
  return {
    start: () => ports.queue.work(handle, options.concurrency),
    async stop(graceMs) {
      await ports.queue.close(graceMs);
      stopping.abort(new WorkerStopped());
      wakes.stop();
      await Promise.race([Promise.all(inHand), sleep(RELEASE_MS, undefined, { ref: false })]);
    },
  };
}

function createTimedWakes({ queue }: Pick<Ports, 'queue'>): TimedWakes {
  const timers = new Set<NodeJS.Timeout>();
  return {
    wakeIn(delayMs, ids) {
      if (delayMs <= 0 || delayMs > TIMED_WAKE_MS || ids.length === 0) return;
      const fire = () => {
        timers.delete(timer);
        void queue.wake(ids);
      };
      // A little later than due, because the database's clock decides, and a job that is woken early is not due.
      const timer = setTimeout(fire, delayMs + 20).unref();
      timers.add(timer);
    },
    stop: () => timers.forEach((timer) => clearTimeout(timer)),
  };
}
