import { expect } from '@jest/globals';
import { Redis } from 'ioredis';
import type { JobId } from '../../src/domain/ids.ts';
import type { JobQueue } from '../../src/domain/ports.ts';
import { createBeeQueue } from '../../src/queue/queues.ts';
import { eventually } from '../support/eventually.ts';
import { fakeLog } from '../support/fake-log.ts';
import { type RedisOptions, type RedisServer, startRedis } from '../support/redis.ts';
import { aJobId } from './job-queue.contract.ts';

/** What a caller may wait for a wake-up, with some room for a busy machine. */
const BOUND_MS = 5_000;

/** To be called in reverse order after each test. */
export const cleanUps: Array<() => Promise<unknown>> = [];

export async function cleanUp(): Promise<void> {
  for (const act of cleanUps.splice(0).toReversed()) await act();
}

export async function aRedis(options?: RedisOptions): Promise<RedisServer> {
  const server = await startRedis(options);
  cleanUps.push(() => server.stop());
  return server;
}

export function aQueue(redisUrl: string) {
  const log = fakeLog();
  const queue = createBeeQueue({ redisUrl, name: 'faults', log });
  cleanUps.push(() => queue.close(0));
  return { queue, log };
}

export async function aWorkingQueue(redisUrl: string) {
  const { queue, log } = aQueue(redisUrl);
  const seen: JobId[] = [];
  await queue.work(async (id) => void seen.push(id), 2);
  return { queue, log, seen };
}

export async function command(server: RedisServer, ...words: [string, ...string[]]): Promise<void> {
  const client = new Redis(server.url);
  const [name, ...rest] = words;
  await client.call(name, ...rest);
  client.disconnect();
}

/** Fails when the wake-up takes longer than its caller may wait, or rejects. */
export async function wakeInTime(queue: JobQueue, id: JobId): Promise<void> {
  const startedAt = performance.now();
  await queue.wake([id]);
  expect(performance.now() - startedAt).toBeLessThan(BOUND_MS);
}

/** Later wake-ups arrive, on the same queue, once Redis is well: each try is one, as the sweep would send it. */
export async function expectDelivery(queue: JobQueue, seen: readonly JobId[], timeoutMs = 15_000): Promise<void> {
  const id = aJobId();
  await eventually(async () => {
    await wakeInTime(queue, id);
    expect(seen).toContain(id);
  }, timeoutMs);
}
