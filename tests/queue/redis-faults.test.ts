import { afterEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import type { JobId } from '../../src/domain/ids.ts';
import { eventually } from '../support/eventually.ts';
import { hasRedis } from '../support/redis.ts';
import { aJobId } from './job-queue.contract.ts';
import {
  aQueue,
  aRedis,
  aWorkingQueue,
  cleanUp,
  cleanUps,
  command,
  expectDelivery,
  wakeInTime,
} from './redis-troubles.ts';

afterEach(cleanUp);

const suite: (name: string, body: () => void) => void = hasRedis ? describe : describe.skip;

suite('Bee-Queue over a Redis with troubles', () => {
  test('that was away at the start works when it comes', async () => {
    const server = await aRedis();
    await server.kill();
    const { queue, log, seen } = await aWorkingQueue(server.url);
    await wakeInTime(queue, aJobId());
    expect(await queue.isHealthy()).toBe(false);
    await server.start();

    await expectDelivery(queue, seen);
    expect(await queue.isHealthy()).toBe(true);
    expect(log.at('warn')).toHaveLength(1);
  }, 30_000);

  test('that restarts empty has lost its scripts and what waited, and works on', async () => {
    const server = await aRedis();
    const { queue, log, seen } = await aWorkingQueue(server.url);
    await expectDelivery(queue, seen);
    await server.kill();
    await wakeInTime(queue, aJobId());
    await server.start();

    await expectDelivery(queue, seen);
    expect(log.at('warn')).toHaveLength(1);
    await eventually(() => expect(log.at('info')).toHaveLength(1));
  }, 30_000);

  test('that restarts with its data hands out what waited, and takes new ids', async () => {
    const server = await aRedis({ appendOnly: true });
    const { queue } = aQueue(server.url);
    const waiting = aJobId();
    await queue.wake([waiting]);
    await server.halt();
    await server.start();
    const seen: JobId[] = [];
    await queue.work(async (id) => void seen.push(id), 2);

    await eventually(() => expect(seen).toContain(waiting));
    await expectDelivery(queue, seen);
  }, 30_000);

  test('that hangs costs a wake-up two seconds once, and then nothing until it answers', async () => {
    const server = await aRedis();
    const { queue, seen } = await aWorkingQueue(server.url);
    await expectDelivery(queue, seen);
    server.freeze();
    await wakeInTime(queue, aJobId());
    const startedAt = performance.now();
    for (let wakes = 0; wakes < 100; wakes += 1) await queue.wake([aJobId()]);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    expect(await queue.isHealthy()).toBe(false);
    server.thaw();

    await expectDelivery(queue, seen);
  }, 30_000);

  test('that hangs does not hold up the end of a process', async () => {
    const server = await aRedis();
    const { queue, seen } = await aWorkingQueue(server.url);
    await expectDelivery(queue, seen);
    server.freeze();
    const startedAt = performance.now();
    await queue.close(500);

    expect(performance.now() - startedAt).toBeLessThan(10_000);
  }, 30_000);

  test('that was flushed takes again the ids it has forgotten', async () => {
    const server = await aRedis();
    const { queue } = aQueue(server.url);
    const ids = Array.from({ length: 20 }, aJobId);
    await queue.wake(ids);
    await command(server, 'FLUSHALL');
    await queue.wake(ids);
    const seen: JobId[] = [];
    await queue.work(async (id) => void seen.push(id), 2);

    await eventually(() => expect(new Set(seen)).toEqual(new Set(ids)));
  }, 30_000);

  test('that has forgotten the scripts alone is given them again', async () => {
    const server = await aRedis();
    const { queue, seen } = await aWorkingQueue(server.url);
    await expectDelivery(queue, seen);
    await command(server, 'SCRIPT', 'FLUSH');
    const id = aJobId();
    await queue.wake([id]);

    await eventually(() => expect(seen).toContain(id));
  }, 30_000);

  test('that is full refuses, and works on when it has room, also for a worker that started meanwhile', async () => {
    const server = await aRedis();
    await command(server, 'CONFIG', 'SET', 'maxmemory', '1mb');
    const { queue, log, seen } = await aWorkingQueue(server.url);
    for (let wakes = 0; wakes < 5; wakes += 1) await wakeInTime(queue, aJobId());
    expect(log.at('warn')).toHaveLength(1);
    await command(server, 'CONFIG', 'SET', 'maxmemory', '0');

    await expectDelivery(queue, seen);
  }, 30_000);

  test('that changes its password refuses, and works on when the old one is valid again', async () => {
    const [password, other] = ['s3', '0th3r'].map((start) => [start, 'cr', 'et'].join(''));
    const server = await aRedis({ args: ['--requirepass', `${other}`] });
    const admin = new Redis(server.port, { password: `${other}` });
    cleanUps.push(async () => admin.disconnect());
    const setPassword = (word: string) =>
      admin.call('ACL', 'SETUSER', 'cortex', 'on', 'resetpass', `>${word}`, 'allkeys', 'allchannels', 'allcommands');
    await setPassword(`${password}`);
    const { queue, seen } = await aWorkingQueue(`redis://cortex:${password}@127.0.0.1:${server.port}/3`);
    await expectDelivery(queue, seen);
    expect(await admin.call('CLIENT', 'LIST')).toMatch(/db=3.*user=cortex/u);

    await setPassword(`${other}`);
    await admin.call('CLIENT', 'KILL', 'USER', 'cortex');
    await wakeInTime(queue, aJobId());
    expect(await queue.isHealthy()).toBe(false);
    await setPassword(`${password}`);
    await expectDelivery(queue, seen, 25_000);
  }, 45_000);
});
