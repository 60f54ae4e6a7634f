import type { Redis } from 'ioredis';
import type { Receipts } from '../domain/ports.ts';
import { within } from './within.ts';

/** What a receipt may cost its caller. */
const ANSWER_MS = 500;

/** Receipts that all processes share. While Redis is away every caller is the first, after at most 500 ms. */
export function createRedisReceipts(client: Redis): Receipts {
  return {
    async isFirst(key, ttlMs) {
      const outcome = await within(note(client, key, ttlMs), ANSWER_MS);
      return outcome.kind === 'late' || outcome.value;
    },
  };
}

async function note(client: Redis, key: string, ttlMs: number): Promise<boolean> {
  try {
    return (await client.set(`receipt:${key}`, '1', 'PX', Math.max(1, Math.ceil(ttlMs)), 'NX')) === 'OK';
  } catch {
    return true; // its connection has logged the outage
  }
}

/** Receipts of one process. Of more than `maxKeys` it forgets the oldest. */
export function createMemoryReceipts(maxKeys = 50_000): Receipts {
  const expiries = new Map<string, number>();
  return {
    async isFirst(key, ttlMs) {
      const now = performance.now();
      if ((expiries.get(key) ?? 0) > now) return false;
      expiries.delete(key); // so that it enters again as the youngest
      expiries.set(key, now + ttlMs);
      for (const oldest of expiries.keys()) {
        if (expiries.size <= maxKeys) break;
        expiries.delete(oldest);
      }
      return true;
    },
  };
}
