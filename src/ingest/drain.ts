import { setTimeout as sleep } from 'node:timers/promises';
import type { Log, Spool } from '../domain/ports.ts';
import { AppError } from '../errors.ts';
import type { Forwarder } from './forward.ts';

export interface Drain {
  start(): void;
  /** Resolves when nothing is in hand any more; what was not handed on stays in the spool. */
  stop(): Promise<void>;
}

type Core = Pick<Forwarder, 'forward' | 'isReady'>;

/** How often an empty spool is looked at, and the longest wait while the core is away. */
const LOOK_MS = 500;
const LONGEST_WAIT_MS = 5_000;

/**
 * Hands on what the spool has, and removes it only when the core has committed it. What was committed and not removed, since somebody
 * died in between, is handed on twice; the core knows it by its hash.
 */
export function createDrain(core: Core, { spool, log }: { spool: Spool; log: Log }): Drain {
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    let waitMs = LOOK_MS;
    while (!stopping.signal.aborted) {
      try {
        const handed = await handOn(core, spool);
        if (handed > 0) log.info({ deliveries: handed }, 'Spooled deliveries handed on');
        waitMs = LOOK_MS;
        if (handed > 0) continue;
      } catch (error) {
        log.warn({ code: error instanceof AppError ? error.code : undefined, waitMs, error }, 'Spool not drained');
        waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
      }
      await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  return {
    start: () => void (running = run()),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function handOn(core: Core, spool: Spool): Promise<number> {
  // What is taken and cannot be handed on would lie there until it counts as abandoned.
  if ((await spool.size()) === 0 || !(await core.isReady())) return 0;
  const entries = await spool.take();
  const settled = await Promise.allSettled(entries.map(({ delivery }) => core.forward(delivery)));
  const done = entries.filter((_, index) => settled[index]?.status === 'fulfilled');
  if (done.length > 0) await spool.forget(done.map(({ id }) => id));
  const failed = settled.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return done.length;
}
