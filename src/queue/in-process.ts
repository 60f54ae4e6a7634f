import PQueue from 'p-queue';
import type { JobId } from '../domain/ids.ts';
import type { JobQueue, Log } from '../domain/ports.ts';
import { describe } from './outage.ts';
import { within } from './within.ts';

/** A queue in this process's memory, for a single process. It forgets at its end; the sweep at the next start finds what was due. */
export function createInProcessQueue({ log }: { log: Log }): JobQueue {
  const tasks = new PQueue({ autoStart: false, concurrency: 1 });
  const waiting = new Set<JobId>();
  const state: { handle: ((id: JobId) => Promise<void>) | null; closed: boolean } = { handle: null, closed: false };

  const run = async (id: JobId): Promise<void> => {
    waiting.delete(id);
    try {
      await state.handle?.(id);
    } catch (error) {
      log.error({ jobId: id, ...describe(error) }, 'A job handler threw past its worker');
    }
  };

  return {
    description: 'a queue in this process',
    async wake(ids) {
      if (state.closed) return;
      for (const id of ids) {
        if (waiting.has(id)) continue;
        waiting.add(id);
        tasks.add(() => run(id)).catch(() => {}); // rejects only when `close` drops what waits
      }
    },
    async work(handle, concurrency) {
      if (state.handle !== null) throw new Error('This queue has its worker already');
      state.handle = handle;
      tasks.concurrency = concurrency;
      if (!state.closed) tasks.start();
    },
    isHealthy: async () => !state.closed,
    async close(timeoutMs) {
      state.closed = true;
      tasks.pause();
      tasks.clear();
      waiting.clear();
      await within(tasks.onPendingZero(), timeoutMs);
    },
  };
}
