import { randomUUID } from 'node:crypto';
import { describe } from '@jest/globals';
import { createBeeQueue } from '../../src/queue/queues.ts';
import { fakeLog } from '../support/fake-log.ts';
import { hasRedis, sharedRedisUrl } from '../support/redis.ts';
import { describeJobQueue } from './job-queue.contract.ts';

describeJobQueue(
  'Bee-Queue',
  async () => createBeeQueue({ redisUrl: sharedRedisUrl(), name: randomUUID(), log: fakeLog() }),
  hasRedis ? describe : describe.skip,
);
