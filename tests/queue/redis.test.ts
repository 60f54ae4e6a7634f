import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { RateLimits, Receipts } from '../../src/domain/ports.ts';
import { createMemoryRateLimits, createRedisRateLimits } from '../../src/queue/rate-limits.ts';
import { createMemoryReceipts, createRedisReceipts } from '../../src/queue/receipts.ts';
import { createRedis } from '../../src/queue/redis.ts';
import { eventually } from '../support/eventually.ts';
import { fakeLog } from '../support/fake-log.ts';
import { hasRedis, sharedRedisUrl } from '../support/redis.ts';
import { aRedis, cleanUp, cleanUps } from './redis-troubles.ts';

afterEach(cleanUp);

async function aConnection(redisUrl: string) {
  const log = fakeLog();
  const redis = createRedis({ redisUrl, log });
  cleanUps.push(() => redis.close());
  await redis.connect();
  return { ...redis, log };
}

type Suite = (name: string, body: () => void) => void;
const withRedis: Suite = hasRedis ? describe : describe.skip;

function describeReceipts(name: string, open: () => Promise<Receipts>, suite: Suite): void {
  suite(`${name} as Receipts`, () => {
    test('let the first caller with a key through, and only that one', async () => {
      const receipts = await open();
      const keyOfTest = randomUUID();
      const answers = await Promise.all(Array.from({ length: 10 }, () => receipts.isFirst(keyOfTest, 60_000)));

      expect(answers.filter(Boolean)).toHaveLength(1);
      expect(await receipts.isFirst(randomUUID(), 60_000)).toBe(true);
    });

    test('forget a key after its time', async () => {
      const receipts = await open();
      const keyOfTest = randomUUID();
      expect(await receipts.isFirst(keyOfTest, 30)).toBe(true);

      await eventually(async () => expect(await receipts.isFirst(keyOfTest, 30)).toBe(true), 2_000);
    });
  });
}

function describeRateLimits(name: string, open: () => Promise<RateLimits>, suite: Suite): void {
  suite(`${name} as RateLimits`, () => {
    test('give their points out, then say how long to wait', async () => {
      const limits = await open();
      const limit = { points: 3, perMs: 10_000 };
      const taker = randomUUID();
      const waits: number[] = [];
      for (let takes = 0; takes < 5; takes += 1) waits.push(await limits.take(taker, limit));

      expect(waits.slice(0, 3)).toEqual([0, 0, 0]);
      for (const wait of waits.slice(3)) {
        expect(wait).toBeGreaterThan(8_000);
        expect(wait).toBeLessThanOrEqual(10_000);
      }
      expect(await limits.take(randomUUID(), limit)).toBe(0);
    });

    test('keep the limits of one key apart', async () => {
      const limits = await open();
      const taker = randomUUID();
      await limits.take(taker, { points: 1, perMs: 10_000 });

      expect(await limits.take(taker, { points: 2, perMs: 60_000 })).toBe(0);
      expect(await limits.take(taker, { points: 1, perMs: 10_000 })).toBeGreaterThan(0);
    });

    test('give points again when the time is over', async () => {
      const limits = await open();
      const limit = { points: 1, perMs: 500 };
      const taker = randomUUID();
      await limits.take(taker, limit);

      await eventually(async () => expect(await limits.take(taker, limit)).toBe(0), 5_000);
    });
  });
}

const shared = async () => (await aConnection(sharedRedisUrl())).client;
describeReceipts('Redis', async () => createRedisReceipts(await shared()), withRedis);
describeReceipts('the memory', async () => createMemoryReceipts(), describe);
describeRateLimits('Redis', async () => createRedisRateLimits(await shared()), withRedis);
describeRateLimits('the memory', async () => createMemoryRateLimits(), describe);

test('receipts in memory forget the oldest rather than grow', async () => {
  const receipts = createMemoryReceipts(2);
  for (const name of ['a', 'b', 'c']) await receipts.isFirst(name, 60_000);

  expect(await receipts.isFirst('c', 60_000)).toBe(false);
  expect(await receipts.isFirst('a', 60_000)).toBe(true);
});

withRedis('receipts and rate limits over a Redis with troubles', () => {
  async function expectOpen(receipts: Receipts, limits: RateLimits): Promise<void> {
    const startedAt = performance.now();
    const name = randomUUID();
    expect(await receipts.isFirst(name, 60_000)).toBe(true);
    expect(await receipts.isFirst(name, 60_000)).toBe(true);
    expect(await limits.take(name, { points: 2, perMs: 60_000 })).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(6_000);
  }

  test.each(['killed', 'frozen'])(
    'let everybody through, in time, while it is %s, and count again after',
    async (fault) => {
      const server = await aRedis();
      const redis = await aConnection(server.url);
      const [receipts, limits] = [createRedisReceipts(redis.client), createRedisRateLimits(redis.client)];
      expect(await redis.isHealthy()).toBe(true);
      await (fault === 'killed' ? server.kill() : server.freeze());
      await expectOpen(receipts, limits);
      expect(await redis.isHealthy()).toBe(false);
      await (fault === 'killed' ? server.start() : server.thaw());

      await eventually(async () => {
        const name = randomUUID();
        await receipts.isFirst(name, 60_000);
        expect(await receipts.isFirst(name, 60_000)).toBe(false);
      }, 15_000);
      expect(await redis.isHealthy()).toBe(true);
      expect(redis.log.at('warn').length).toBeLessThanOrEqual(1);
    },
    30_000,
  );

  test('while it is away, each process still keeps its own limit', async () => {
    const server = await aRedis();
    const { client } = await aConnection(server.url);
    const limits = createRedisRateLimits(client);
    await server.kill();
    const limit = { points: 1, perMs: 60_000 };

    expect(await limits.take('a', limit)).toBe(0);
    expect(await limits.take('a', limit)).toBeGreaterThan(0);
  }, 30_000);

  test('that is away at the start does not hold the start up', async () => {
    const server = await aRedis();
    await server.kill();
    const startedAt = performance.now();
    const redis = await aConnection(server.url);
    expect(performance.now() - startedAt).toBeLessThan(8_000);
    await server.start();

    await eventually(async () => expect(await redis.isHealthy()).toBe(true));
  }, 30_000);
});
