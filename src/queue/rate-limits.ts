import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimits } from '../domain/ports.ts';
import { within } from './within.ts';

/** What a question may cost its caller. */
const ANSWER_MS = 500;

type Limit = Parameters<RateLimits['take']>[1];
type Limiter = Pick<RateLimiterMemory, 'consume'>;

/** Limits that all processes share. While Redis is away each process counts for itself; without any answer in 500 ms, 0. */
export function createRedisRateLimits(client: Redis): RateLimits {
  return rateLimits((options) => {
    const insuranceLimiter = new RateLimiterMemory(options);
    return new RateLimiterRedis({ ...options, storeClient: client, insuranceLimiter });
  });
}

/** Limits of one process. */
export function createMemoryRateLimits(): RateLimits {
  return rateLimits((options) => new RateLimiterMemory(options));
}

function rateLimits(create: (options: { keyPrefix: string; points: number; duration: number }) => Limiter): RateLimits {
  const limiters = new Map<string, Limiter>();
  const limiterFor = ({ points, perMs }: Limit): Limiter => {
    // In whole seconds, because shorter counts would never expire in Redis.
    const duration = Math.max(1, Math.ceil(perMs / 1_000));
    const keyPrefix = `limit:${points}:${duration}`;
    const limiter = limiters.get(keyPrefix) ?? create({ keyPrefix, points, duration });
    limiters.set(keyPrefix, limiter);
    return limiter;
  };
  return {
    async take(key, limit) {
      const outcome = await within(consume(limiterFor(limit), key), ANSWER_MS);
      return outcome.kind === 'done' ? outcome.value : 0;
    },
  };
}

async function consume(limiter: Limiter, key: string): Promise<number> {
  try {
    await limiter.consume(key);
    return 0;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext);
    return 0; // nobody could count
  }
}
