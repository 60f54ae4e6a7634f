import { Redis } from 'ioredis';
import type { Log } from '../domain/ports.ts';
import { createOutage } from './outage.ts';
import { within } from './within.ts';

/** A command that takes longer than this has failed; what asks Redis has an answer of its own then. */
const COMMAND_MS = 400;
const CONNECT_MS = 2_000;
const HEALTH_MS = 1_000;

export interface RedisConnection {
  client: Redis;
  /** Connects, and goes on trying in the background for ever; resolves when connected, or after 2 s. Never rejects. */
  connect(): Promise<void>;
  isHealthy(): Promise<boolean>;
  close(): Promise<void>;
}

interface RedisOptions {
  redisUrl: string;
  log: Log;
  /** What it is for, in the log. */
  name?: string;
  commandMs?: number;
}

/** One connection for receipts, rate limits and the like. Nothing waits for it: without Redis, commands fail at once. */
export function createRedis({
  redisUrl,
  log,
  name = 'receipts and rate limits',
  commandMs = COMMAND_MS,
}: RedisOptions): RedisConnection {
  const client = new Redis(redisUrl, {
    lazyConnect: true,
    connectionName: 'cortex',
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: commandMs,
    connectTimeout: 5_000,
    // Without it a connection that is open but dead would be kept for a quarter of an hour.
    socketTimeout: 5_000,
    keepAlive: 15_000,
    retryStrategy: (attempt) => Math.min(attempt * 100, 3_000),
    // After a failover the old address may be a replica, which takes no writes.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
  const outage = createOutage(log, name);
  let closing = false;
  const failed = (error: unknown) => closing || outage.began('client', error);
  client.on('error', failed);
  client.on('close', () => failed(new Error('The connection was closed')));
  client.on('ready', () => outage.ended('client'));

  return {
    client,
    async connect() {
      const ready = new Promise<void>((resolve) => void client.once('ready', resolve));
      client.connect().catch(failed);
      await within(ready, CONNECT_MS);
    },
    async isHealthy() {
      const outcome = await within(
        client.ping().catch(() => null),
        HEALTH_MS,
      );
      return outcome.kind === 'done' && outcome.value === 'PONG';
    },
    async close() {
      closing = true;
      client.disconnect();
    },
  };
}
