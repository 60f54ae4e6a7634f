import type { JobId } from '../domain/ids.ts';
import type { JobQueue, Log } from '../domain/ports.ts';
import { type BeeConsumer, isMissingScript, openBeeConsumer } from './bee-consumer.ts';
import { type BeeLink, openBeeLink } from './bee-link.ts';
import { createOutage, describe, type Outage } from './outage.ts';
import type { BeeClient } from './bee-queue.ts';
import { parseRedisUrl } from './redis-url.ts';
import { within } from './within.ts';

/** What a wake-up may cost its caller. */
const WAKE_MS = 2_000;
const HEALTH_MS = 1_000;
const START_MS = 2_000;

export interface BeeQueueOptions {
  /** `redis://` or `rediss://`, with user, password and database where the server wants them. */
  redisUrl: string;
  /** Queues of one name share their ids. */
  name: string;
  log: Log;
}

/**
 * Bee-Queue on Redis. Connects in the background; while Redis is away, wake-ups are dropped after at most 2 s and
 * workers wait. Throws TypeError on a URL that is none.
 */
export function createBeeQueue({ redisUrl, name, log }: BeeQueueOptions): JobQueue {
  const connection = parseRedisUrl(redisUrl);
  const outage = createOutage(log, 'queue');
  const sender = openBeeLink({ connection, name, isWorker: false, outage });
  sender.queue.on('error', (error: unknown) => outage.began('sending', error));
  const state: { closed: boolean; consumer: BeeConsumer | null } = { closed: false, consumer: null };
  const wake = createWake(sender, outage, log);

  return {
    description: `Bee-Queue on Redis at ${connection.host}:${connection.port}`,
    async wake(ids) {
      if (!state.closed && ids.length > 0) await wake(ids);
    },
    async work(handle, concurrency) {
      if (state.consumer !== null) throw new Error('This queue has its worker already');
      state.consumer = openBeeConsumer({ connection, name, outage, log, handle, concurrency });
      await within(state.consumer.started, START_MS);
    },
    async isHealthy() {
      const [canSend, canTake] = await Promise.all([
        sender.ping(HEALTH_MS),
        state.consumer?.isHealthy(HEALTH_MS) ?? Promise.resolve(true),
      ]);
      return canSend && canTake;
    },
    async close(timeoutMs) {
      await state.consumer?.close(timeoutMs);
      state.closed = true;
      sender.end();
    },
  };
}

/** Saves ids, and gives up on what is late: the sweep will find it. */
function createWake(link: BeeLink, outage: Outage, log: Log): (ids: readonly JobId[]) => Promise<void> {
  let unanswered = 0;
  const saveAll = async (ids: readonly JobId[], isLate: () => boolean) => {
    await link.usable();
    if (isLate()) return;
    await Promise.all(ids.map((id) => save(link, id)));
    outage.ended('sending');
  };
  return async (ids) => {
    // While Redis is known to be away, waiting for each wake-up would only gather callers and commands in memory.
    if (unanswered > 0 || link.downForMs() > WAKE_MS) return log.debug({ jobs: ids.length }, 'Wake-up dropped');
    let isLate = false;
    const saving = saveAll(ids, () => isLate).catch((error: unknown) => {
      outage.began('sending', error);
      log.debug({ jobs: ids.length, ...describe(error) }, 'Wake-up failed');
    });
    const outcome = await within(saving, WAKE_MS);
    if (outcome.kind === 'done') return;
    isLate = true;
    log.debug({ jobs: ids.length }, 'Wake-up is late');
    unanswered += 1;
    void saving.finally(() => (unanswered -= 1));
  };
}

async function save(link: BeeLink, id: JobId): Promise<void> {
  const saveOnce = () => {
    gatherWrites(link.queue.client);
    return link.queue.createJob({}).setId(id).save();
  };
  try {
    await saveOnce();
  } catch (error) {
    if (!isMissingScript(error)) throw error;
    await link.loadScripts();
    await saveOnce();
  }
}

/** A batch of deliveries wakes its jobs in one turn, and its commands are sent in one packet. Each call undoes itself. */
function gatherWrites({ stream }: BeeClient): void {
  stream.cork();
  process.nextTick(() => stream.uncork());
}
