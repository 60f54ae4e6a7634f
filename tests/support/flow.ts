import { describe, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { createTestDatabase, hasPostgres, type TestDatabase } from './database.ts';
import { hasRedis, type RedisServer, startRedis } from './redis.ts';
import { type Product, setStage, type Stage, type StageOptions } from './stage.ts';

type Role = Parameters<Stage['start']>[0];

/** The stage with real servers behind it, and a look at what they hold. */
export interface ServerStage extends Stage {
  /** The processes that were started, in order. */
  products: Product[];
  query(text: string): Promise<Array<Record<string, unknown>>>;
  /** Holds the table against everybody until the returned function is called. */
  lockTable(name: string): Promise<() => Promise<void>>;
  redis: RedisServer & { flushAll(): Promise<void>; dump(): Promise<string> };
}

export type OpenStage = (roles: readonly Role[], options?: StageOptions) => Promise<ServerStage>;

/** Processes start, faults heal: a flow takes longer than a unit. */
const FLOW_TIMEOUT_MS = 120_000;

/** Flows on a real PostgreSQL and a Redis of their own; skipped where the set-up found none, and said so. */
export function describeOnServers(name: string, tests: (openStage: OpenStage) => void): void {
  const block = hasPostgres && hasRedis ? describe : describe.skip;
  jest.setTimeout(FLOW_TIMEOUT_MS);
  block(name, () => tests(openStage));
}

async function openStage(roles: readonly Role[], options: StageOptions = {}): Promise<ServerStage> {
  // In the order in which it must be undone; whatever fails half-way leaves nothing behind.
  const undo: Array<() => Promise<void>> = [];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    const database = await createTestDatabase('PostgreSQL');
    undo.push(() => database.remove());
    const redis = await startRedis();
    undo.push(() => redis.stop());
    const stage = await setStage({ databaseUrl: database.url ?? '', redisUrl: redis.url }, options);
    undo.push(() => stage.close());
    const products: Product[] = [];
    const start: Stage['start'] = async (role, changes) => {
      const product = await stage.start(role, changes);
      products.push(product);
      return product;
    };
    for (const role of roles) await start(role);
    const [first] = products;
    if (first !== undefined) await stage.open(first);
    const more = { flushAll: () => withRedis(redis, (client) => client.flushall()), dump: () => dump(redis) };
    return {
      ...stage,
      products,
      start,
      close,
      query: (text) => database.sql(text),
      lockTable: (table) => lockTable(database, table),
      redis: Object.assign(redis, more),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function lockTable({ connection }: TestDatabase, table: string): Promise<() => Promise<void>> {
  const em = connection.orm.em.fork();
  await em.begin();
  await em.execute(`lock table ${table} in access exclusive mode`);
  return () => em.rollback();
}

async function withRedis<T>({ url }: RedisServer, act: (client: Redis) => Promise<T>): Promise<void> {
  const client = new Redis(url);
  try {
    await act(client);
  } finally {
    client.disconnect();
  }
}

/** Every key and value, as one text to search. */
async function dump(redis: RedisServer): Promise<string> {
  const found: string[] = [];
  await withRedis(redis, async (client) => {
    for (const key of await client.keys('*')) {
      const type = await client.type(key);
      const value =
        type === 'hash' ? await client.hgetall(key) : type === 'list' ? await client.lrange(key, 0, -1) : type;
      found.push(key, JSON.stringify(value), type === 'string' ? String(await client.get(key)) : '');
    }
  });
  return found.join('\n');
}
