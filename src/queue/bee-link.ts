import {
  type BeeClient,
  type BeeClientOptions,
  type BeeQueueInstance,
  beeRedis,
  beeScripts,
  createBee,
} from './bee-queue.ts';
import type { Outage } from './outage.ts';
import { within } from './within.ts';

/**
 * A stalled id is handed out again between once and twice this long after its process ended. Short, because until then Redis
 * takes wake-ups of that id for repeats; a process that merely stood still loses nothing by it, its lease in the
 * database keeps others from the job.
 */
export const STALL_INTERVAL_MS = 5_000;

/** An idle connection whose other end is gone is noticed after this and ten probes, one a second. */
const KEEP_ALIVE_MS = 15_000;
const WATCH_INTERVAL_MS = 3_000;
/** A server that refuses us (a wrong password, too many clients) is asked again after this. */
const REFUSED_PAUSE_MS = 1_000;
/** So many looks in a row without an answer, and the connection is made anew. */
const MAX_MISSES = 2;

/** Bee-Queue on connections that mend themselves. */
export interface BeeLink {
  readonly queue: BeeQueueInstance;
  /** Resolves when Redis answers and knows the scripts. Never rejects. */
  usable(): Promise<void>;
  /** How long it has not been usable, in ms; 0 while it is. */
  downForMs(): number;
  /** Whether Redis answers within `timeoutMs`. */
  ping(timeoutMs: number): Promise<boolean>;
  loadScripts(): Promise<void>;
  /** Ends the connections at once. */
  end(): void;
}

export interface BeeLinkOptions {
  connection: BeeClientOptions;
  name: string;
  isWorker: boolean;
  outage: Outage;
}

/**
 * Connects in the background and goes on trying for ever. Bee-Queue alone breaks for good in four ways, all mended here: its
 * scripts are not loaded again after a restart of Redis; a first connection that fails is never tried again; the client
 * gives up after an hour; and a connection that is open but does not answer is kept.
 */
export function openBeeLink({ connection, name, isWorker, outage }: BeeLinkOptions): BeeLink {
  const state = { ended: false, downSince: performance.now(), usable: Promise.withResolvers<void>() };
  const clients = new Map<string, BeeClient>();
  const queue = createBee(name, { ...SETTINGS, isWorker });

  const comeUp = () => {
    state.downSince = 0;
    outage.ended(sourceOf(isWorker, 'client'));
    state.usable.resolve();
  };
  const goDown = () => {
    if (state.downSince !== 0) return;
    state.downSince = performance.now();
    state.usable = Promise.withResolvers();
  };
  const loadScripts = async () => {
    await beeScripts.buildCache(queue.client);
  };
  queue.makeClient = (slot) => {
    const source = sourceOf(isWorker, slot);
    const client = beeRedis.createClient({
      ...connection,
      socket_initial_delay: KEEP_ALIVE_MS,
      retry_strategy({ attempt, error }) {
        if (state.ended) return undefined;
        outage.began(source, error ?? new Error('The connection was closed'));
        return Math.min(attempt * 100, 3_000);
      },
    });
    queue[slot] = client;
    clients.set(slot, client);
    client.on('error', (error) => {
      if (state.ended) return;
      outage.began(source, error);
      if (client.connected && !client.ready)
        setTimeout(() => client.ready || client.stream.destroy(), REFUSED_PAUSE_MS).unref();
    });
    client.on('reconnecting', () => (client.retry_totaltime = 0));
    if (slot === 'client') client.on('end', goDown);
    return new Promise((resolve) => {
      client.on('ready', () => {
        if (slot === 'bclient') outage.ended(source);
        const prepared = slot === 'client' ? loadScripts().then(comeUp) : Promise.resolve();
        prepared.then(
          () => resolve(client),
          (error: unknown) => outage.began(source, error),
        );
      });
    });
  };
  void queue.connect();
  const watch = setInterval(() => checkOn(clients, () => state.downSince === 0), WATCH_INTERVAL_MS);
  watch.unref();

  return {
    queue,
    usable: () => state.usable.promise,
    downForMs: () => (state.downSince === 0 ? 0 : performance.now() - state.downSince),
    ping: async (timeoutMs) => state.downSince === 0 && (await answers(queue.client, timeoutMs)),
    loadScripts,
    end() {
      state.ended = true;
      clearInterval(watch);
      for (const client of clients.values()) client.end(true);
    },
  };
}

const SETTINGS = {
  // The braces keep all keys of a queue in one slot of a Redis cluster.
  prefix: '{bq}',
  stallInterval: STALL_INTERVAL_MS,
  autoConnect: false,
  ensureScripts: false,
  getEvents: false,
  sendEvents: false,
  storeJobs: false,
  removeOnSuccess: true,
  removeOnFailure: true,
  // Due times stand in the database, so nothing in Redis is ever delayed.
  activateDelayedJobs: false,
};

const sourceOf = (isWorker: boolean, slot: string) => `${isWorker ? 'worker' : 'sender'} ${slot}`;

const misses = new WeakMap<BeeClient, number>();

/** Drops a connection that has not answered for two looks; its client then makes a new one. */
function checkOn(clients: ReadonlyMap<string, BeeClient>, isUsable: () => boolean): void {
  for (const [slot, client] of clients) {
    const missed = misses.get(client) ?? 0;
    if (missed >= MAX_MISSES) client.stream.destroy();
    misses.set(client, missed >= MAX_MISSES ? 0 : missed + 1);
    // The blocking client answers nothing while it waits for work; keep-alive probes watch over it.
    if (slot === 'bclient' && client.ready) misses.set(client, 0);
    if (slot === 'client' && client.ready && isUsable()) {
      client.ping((error) => {
        if (error === null) misses.set(client, 0);
      });
    }
  }
}

async function answers(client: BeeClient, timeoutMs: number): Promise<boolean> {
  const pong = new Promise<boolean>((resolve) => client.ping((error) => resolve(error === null)));
  const outcome = await within(pong, timeoutMs);
  return outcome.kind === 'done' && outcome.value;
}
