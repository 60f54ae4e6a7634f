import { createHmac } from 'node:crypto';
import { connectKeyOf } from './auth/connect-key.ts';
import { type Config, heldSecrets } from './config.ts';
import type { Database } from './db/database.ts';
import type { Log, Ports } from './domain/ports.ts';
import { createGitHub } from './github/github.ts';
import type { MetricsRegistry } from './metrics.ts';
import { withCiReports } from './pipeline/ci-reports.ts';
import { withRedactedRuns } from './pipeline/redacted-runs.ts';
import { createInProcessQueue } from './queue/in-process.ts';
import { createBeeQueue } from './queue/queues.ts';
import { createMemoryRateLimits, createRedisRateLimits } from './queue/rate-limits.ts';
import { createMemoryReceipts, createRedisReceipts } from './queue/receipts.ts';
import { createRedis } from './queue/redis.ts';
import { createSlack, type Slack } from './slack/bolt.ts';
import type { LogThreads } from './threads/log-reader.ts';

const QUEUE_NAME = 'cortex-jobs';

/** What ports are made of, and what an app has to let go of itself. */
export interface Parts {
  log: Log;
  database: Database;
  registry: MetricsRegistry;
  coordination: Coordination;
  logReader: LogThreads;
  models: Ports['models'];
}

/** One object with every port; each function picks what it needs. */
export function assemblePorts(config: Config, parts: Parts): { ports: Ports; slack: Slack } {
  const { log, database, registry, coordination, logReader, models } = parts;
  const clock = { now: () => new Date() };
  const { queue, receipts, rateLimits } = coordination;
  const { metrics } = registry;
  const inner = { clock, log, metrics, queue, receipts, rateLimits, logReader, ...database.stores };
  const github = createGitHub(inner, config.github);
  const salt = createHmac('sha256', config.database.encryptionKey).update('marks in the names of runs').digest('hex');
  const sources = { ...github, ...withCiReports(github, { ...inner, ...github }) };
  const runs = withRedactedRuns(sources, { salt, secrets: heldSecrets(config) });
  const core = { ...inner, ...sources, ...runs, models };
  const { publicUrl } = config.http;
  const web = { publicUrl, githubSites: () => github.githubServers.sites(), connectKey: connectKeyOf(config.database) };
  const slack = createSlack(core, { ...config.slack, ...web });
  return { ports: { ...core, messenger: slack.messenger, directory: slack.directory }, slack };
}

/** Wake-ups, receipts and rate limits: on Redis, or in the process. */
export interface Coordination extends Pick<Ports, 'queue' | 'receipts' | 'rateLimits'> {
  connect(): Promise<void>;
  close(): Promise<void>;
}

export function createCoordination(url: string | null, log: Log): Coordination {
  if (url === null) {
    return {
      queue: createInProcessQueue({ log }),
      receipts: createMemoryReceipts(),
      rateLimits: createMemoryRateLimits(),
      connect: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
  }
  const redis = createRedis({ redisUrl: url, log });
  return {
    queue: createBeeQueue({ redisUrl: url, name: QUEUE_NAME, log }),
    receipts: createRedisReceipts(redis.client),
    rateLimits: createRedisRateLimits(redis.client),
    connect: () => redis.connect(),
    close: () => redis.close(),
  };
}
