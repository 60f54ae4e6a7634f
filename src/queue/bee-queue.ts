import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';

// Bee-Queue's own types name neither its clients nor the methods that a repair needs, and it brings its own old Redis
// client. What we rely on stands here, as version 2.0.0 has it; package.json pins that version.

/** A client of `redis` 3.1, as Bee-Queue makes it. */
export interface BeeClient extends EventEmitter {
  readonly connected: boolean;
  readonly ready: boolean;
  readonly stream: { destroy(): void; cork(): void; uncork(): void };
  /** Pings, and calls back with the error or null. */
  ping(done: (error: Error | null) => void): void;
  /** Ends the connection for good; with `flush`, what is unanswered fails. */
  end(flush: boolean): void;
  /** How long it has been trying, in ms; it gives up for ever when this reaches an hour. */
  retry_totaltime: number;
}

/** Options of `redis` 3.1. */
export interface BeeClientOptions {
  host: string;
  port: number;
  user?: string;
  password?: string;
  db?: number;
  tls?: { servername?: string };
  socket_initial_delay?: number;
  /** The wait before the next try, in ms; undefined ends the client. */
  retry_strategy?: (state: { attempt: number; error: Error | null }) => number | undefined;
}

export interface BeeJob {
  /** Null after saving an id that is known. */
  id: string | null;
  setId(id: string): BeeJob;
  save(): Promise<BeeJob>;
}

export interface BeeSettings {
  prefix: string;
  isWorker: boolean;
  stallInterval: number;
  autoConnect: boolean;
  ensureScripts: boolean;
  getEvents: boolean;
  sendEvents: boolean;
  storeJobs: boolean;
  removeOnSuccess: boolean;
  removeOnFailure: boolean;
  activateDelayedJobs: boolean;
}

export interface BeeQueueInstance extends EventEmitter {
  client: BeeClient;
  /** Waits for work; null until it is made, and for ever where `isWorker` is false. */
  bclient: BeeClient | null;
  makeClient(slot: 'client' | 'bclient'): Promise<BeeClient>;
  connect(): Promise<unknown>;
  ready(): Promise<unknown>;
  createJob(payload: object): BeeJob;
  getJob(id: string): Promise<BeeJob | null>;
  removeJob(id: string): Promise<unknown>;
  process(concurrency: number, handler: (job: BeeJob) => Promise<void>): void;
  checkStalledJobs(): Promise<number>;
  checkHealth(): Promise<{ waiting: number }>;
  close(timeoutMs: number): Promise<void>;
}

/** The same, with what Bee-Queue keeps to itself. */
interface BeeInternals extends BeeQueueInstance {
  _doStalledJobCheck: () => Promise<number>;
  _redisFailureRetryDelay: number;
}

const require = createRequire(import.meta.url);

const Bee: new (name: string, settings: BeeSettings) => BeeInternals = require('bee-queue');

/** Bee-Queue's Lua scripts; `buildCache` loads those that the server does not have. */
export const beeScripts: { buildCache(client: BeeClient): Promise<unknown> } = require('bee-queue/lib/lua');

/** The Redis client that Bee-Queue brings. */
export const beeRedis: { createClient(options: BeeClientOptions): BeeClient } = createRequire(
  require.resolve('bee-queue'),
)('redis');

/** A Bee-Queue without two of its habits that stop a worker for good. */
export function createBee(name: string, settings: BeeSettings): BeeQueueInstance {
  const queue = new Bee(name, settings);
  const check = queue['_doStalledJobCheck'].bind(queue);
  // `process` looks for stalled jobs first, and never begins when that look fails. `checkStalledJobs` still rejects.
  let isFirst = true;
  queue['_doStalledJobCheck'] = async () => {
    if (!isFirst) return await check();
    isFirst = false;
    return await check().catch(() => 0);
  };
  // After a failure to take a job it pauses, each time twice as long, without limit: a worker would sleep on for ten minutes
  // after ten minutes of trouble. It reports the failure just before it doubles.
  queue.on('error', () => (queue['_redisFailureRetryDelay'] = 0));
  return queue;
}
