import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import type { JobId } from '../../src/domain/ids.ts';
import { eventually } from '../support/eventually.ts';
import { openProxy } from '../support/fake-network.ts';
import { hasRedis, type RedisServer } from '../support/redis.ts';
import { aJobId } from './job-queue.contract.ts';
import { aRedis, aWorkingQueue, cleanUp, cleanUps, command, expectDelivery, wakeInTime } from './redis-troubles.ts';

afterEach(cleanUp);

interface QueueProcess {
  child: ChildProcess;
  lines: string[];
  wake: (id: JobId) => void;
}

async function aProcess(server: RedisServer, mode: 'hold' | 'handle'): Promise<QueueProcess> {
  const script = path.join(import.meta.dirname, 'queue-process.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, server.url, 'faults', mode], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  cleanUps.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const lines: string[] = [];
  if (child.stdout !== null) createInterface(child.stdout).on('line', (line) => void lines.push(line));
  await eventually(() => expect(lines).toContain('started'));
  return { child, lines, wake: (id) => void child.stdin?.write(`${id}\n`) };
}

const suite: (name: string, body: () => void) => void = hasRedis ? describe : describe.skip;

suite('Bee-Queue', () => {
  test('makes new connections when the old ones die without a word', async () => {
    const server = await aRedis();
    const proxy = await openProxy(server.port);
    cleanUps.push(() => proxy.close());
    const { queue, seen } = await aWorkingQueue(`redis://127.0.0.1:${proxy.port}`);
    await expectDelivery(queue, seen);
    proxy.swallow();
    await wakeInTime(queue, aJobId());

    await expectDelivery(queue, seen, 40_000);
    expect(await queue.isHealthy()).toBe(true);
  }, 60_000);
});

suite('processes on one Bee-Queue', () => {
  test('take over from one that was killed in the middle of its work', async () => {
    const server = await aRedis();
    const first = await aProcess(server, 'hold');
    const id = aJobId();
    first.wake(id);
    await eventually(() => expect(first.lines).toContain(`handed ${id}`));
    const { seen } = await aWorkingQueue(server.url);
    first.child.kill('SIGKILL');

    await eventually(() => expect(seen).toEqual([id]), 20_000);
  }, 40_000);

  test('clear away an id that is listed as in work and known to nobody', async () => {
    const server = await aRedis();
    await aWorkingQueue(server.url);
    await command(server, 'LPUSH', '{bq}:faults:active', aJobId());
    const client = new Redis(server.url);
    cleanUps.push(async () => client.disconnect());

    await eventually(async () => {
      const lengths = [await client.llen('{bq}:faults:active'), await client.llen('{bq}:faults:waiting')];
      expect(lengths).toEqual([0, 0]);
    }, 20_000);
  }, 40_000);

  test('outlive every trouble of Redis, one after the other', async () => {
    const server = await aRedis();
    const { child, lines, wake } = await aProcess(server, 'handle');
    const expectWork = async () => {
      const id = aJobId();
      await eventually(() => {
        wake(id);
        expect(lines).toContain(`handed ${id}`);
      }, 20_000);
    };
    await expectWork();
    await server.kill();
    for (let wakes = 0; wakes < 50; wakes += 1) wake(aJobId());
    await server.start();
    await expectWork();
    server.freeze();
    for (let wakes = 0; wakes < 50; wakes += 1) wake(aJobId());
    server.thaw();
    await command(server, 'FLUSHALL');
    await expectWork();
    await command(server, 'CONFIG', 'SET', 'maxmemory', '1mb');
    for (let wakes = 0; wakes < 50; wakes += 1) wake(aJobId());
    await command(server, 'CLIENT', 'KILL', 'TYPE', 'normal');
    await command(server, 'CONFIG', 'SET', 'maxmemory', '0');
    await expectWork();

    expect({ exitCode: child.exitCode, signalCode: child.signalCode }).toEqual({ exitCode: null, signalCode: null });
    child.kill('SIGTERM');
    child.stdin?.end();
    const [exitCode] = await once(child, 'exit');
    expect(exitCode).toBe(0);
  }, 90_000);
});
