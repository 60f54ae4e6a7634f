import { JobId } from '../domain/ids.ts';
import type { Log } from '../domain/ports.ts';
import { type BeeLink, type BeeLinkOptions, openBeeLink, STALL_INTERVAL_MS } from './bee-link.ts';
import type { BeeJob, BeeQueueInstance } from './bee-queue.ts';
import { describe, type Outage } from './outage.ts';
import { within } from './within.ts';

/** How long Redis may take to note what was finished, once we stop. */
const FAREWELL_MS = 500;

export interface BeeConsumer {
  /** Resolves when ids are being taken. */
  started: Promise<void>;
  isHealthy(timeoutMs: number): Promise<boolean>;
  /** Takes nothing more, waits for what is in hand, at most `timeoutMs`; the rest may be handed out elsewhere. Never rejects. */
  close(timeoutMs: number): Promise<void>;
}

export interface BeeConsumerOptions extends Omit<BeeLinkOptions, 'isWorker'> {
  log: Log;
  handle: (id: JobId) => Promise<void>;
  concurrency: number;
}

/** Takes ids out of Redis and hands them to `handle`, at most `concurrency` at once. */
export function openBeeConsumer({ log, handle, concurrency, ...options }: BeeConsumerOptions): BeeConsumer {
  const link = openBeeLink({ ...options, isWorker: true });
  const { queue } = link;
  const inHand = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  let taken = 0;

  queue.on('error', (error: unknown) => {
    if (!stopping.signal.aborted) options.outage.began('taking', error);
  });
  const take = async (job: BeeJob): Promise<void> => {
    taken += 1;
    const id = JobId.safeParse(job.id);
    if (!id.success) return log.warn({ id: job.id }, 'Redis handed out something that is no job id; dropped');
    const work = run(handle, id.data, log);
    inHand.set(id.data, work);
    await work;
    inHand.delete(id.data);
  };
  const start = async (): Promise<void> => {
    await queue.ready();
    if (stopping.signal.aborted) return;
    queue.process(concurrency, take);
    const watchForDeafness = deafnessWatch(queue);
    const look = async (): Promise<void> => {
      await queue.checkStalledJobs();
      await watchForDeafness(inHand.size < concurrency ? taken : null);
    };
    lookRegularly(link, look, { outage: options.outage, stopping: stopping.signal });
  };

  return {
    started: start(),
    isHealthy: async (timeoutMs) => queue.bclient?.ready === true && (await link.ping(timeoutMs)),
    async close(timeoutMs) {
      stopping.abort();
      const closed = link.downForMs() > 0 ? Promise.resolve() : queue.close(timeoutMs + FAREWELL_MS).catch(() => {});
      await within(Promise.all(inHand.values()), timeoutMs);
      if (inHand.size > 0) await within(release(queue, inHand.keys()), FAREWELL_MS);
      else await within(closed, FAREWELL_MS);
      link.end();
    },
  };
}

/** The handler settles its job in the database, so Bee-Queue never hears of a failure. */
async function run(handle: (id: JobId) => Promise<void>, id: JobId, log: Log): Promise<void> {
  try {
    await handle(id);
  } catch (error) {
    log.error({ jobId: id, ...describe(error) }, 'A job handler threw past its worker');
  }
}

/** Forgets ids that did not end in time, so that the next wake-up of them is not taken for a repeat. */
async function release(queue: BeeQueueInstance, ids: Iterable<string>): Promise<void> {
  await Promise.allSettled([...ids].map((id) => queue.removeJob(id)));
}

/** Every worker looks for ids whose worker ended without a word, all the time; Bee-Queue itself looks once, at its start. */
function lookRegularly(
  link: BeeLink,
  look: () => Promise<void>,
  { outage, stopping }: { outage: Outage; stopping: AbortSignal },
): void {
  let isLooking = false;
  const lookOnce = async (): Promise<void> => {
    if (isLooking || link.downForMs() > 0) return;
    isLooking = true;
    try {
      await look();
      outage.ended('taking');
    } catch (error) {
      if (!stopping.aborted) outage.began('taking', error);
      if (isMissingScript(error)) await link.loadScripts().catch(() => {});
    }
    isLooking = false;
  };
  link.queue.on('stalled', (id: string) => {
    dropGhost(link.queue, id).catch((error: unknown) => outage.began('taking', error));
  });
  const timer = setInterval(() => void lookOnce(), STALL_INTERVAL_MS / 2);
  timer.unref();
  stopping.addEventListener('abort', () => clearInterval(timer));
}

/**
 * Redis hands a waiting id to a waiting worker at once. So where ids wait, a worker has a hand free and nothing has come for two
 * looks, its blocking connection is dead without knowing it, and is dropped. `taken` is null while no hand is free.
 */
function deafnessWatch(queue: BeeQueueInstance): (taken: number | null) => Promise<void> {
  let lastTaken: number | null = null;
  let deafLooks = 0;
  return async (taken) => {
    const { waiting } = await queue.checkHealth();
    const isDeaf = waiting > 0 && taken !== null && taken === lastTaken;
    lastTaken = taken;
    deafLooks = isDeaf ? deafLooks + 1 : 0;
    if (deafLooks < 2) return;
    deafLooks = 0;
    queue.bclient?.stream.destroy();
  };
}

/** An id that was finished after it was given up as stalled has no entry any more, and would wander for ever. */
async function dropGhost(queue: BeeQueueInstance, id: string): Promise<void> {
  if ((await queue.getJob(id)) === null) await queue.removeJob(id);
}

export function isMissingScript(error: unknown): boolean {
  return describe(error).code === 'NOSCRIPT';
}
