import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { decodeBatch, encodeBatch } from '../domain/delivery-batch.ts';
import type { Log, Spool, SpooledDelivery } from '../domain/ports.ts';
import { AppError, SpoolUnavailableError } from '../errors.ts';
import { createRedis } from './redis.ts';

const STREAM = 'cortex:ingest:spool';
const GROUP = 'ingest';
/** Each may have 25 MB. */
const TAKE = 4;
/** What somebody took and did not hand on within this is anybody's again. */
const ABANDONED_MS = 10_000;
/** A body of 25 MB has to fit; with the time the core was waited for, it ends before GitHub gives up. */
const COMMAND_MS = 2_000;

const Entry = z.tuple([z.instanceof(Buffer), z.array(z.instanceof(Buffer)).nullable()]);
const Claimed = z.tuple([z.instanceof(Buffer), z.array(Entry.nullable())]).rest(z.unknown());
/** Of the one stream asked for: a map by name in Redis' newer protocol, which comes flat, and a list of pairs in the older one. */
const Stream = z.tuple([z.instanceof(Buffer), z.array(Entry)]);
const Read = z.union([Stream, z.tuple([Stream]).transform(([stream]) => stream)]).nullable();

/**
 * Deliveries in a Redis stream, shared by all processes of the edge: each takes other entries, and those of one that died are taken by
 * the next. It takes nothing into a Redis that would forget it: without an append-only file, or where it may evict keys.
 */
export function createSpool({ redisUrl, log }: { redisUrl: string; log: Log }): Spool {
  const redis = createRedis({ redisUrl, log, name: 'spool', commandMs: COMMAND_MS });
  const { client } = redis;
  const consumer = randomUUID();
  let isDurable = false;
  client.on('close', () => (isDurable = false));

  /** Asked again on every connection: it may be another server. */
  async function prepare(): Promise<void> {
    if (isDurable) return;
    const problem = await findProblem(client, log);
    if (problem !== null) throw new SpoolUnavailableError(problem);
    await createGroup(client);
    isDurable = true;
  }

  const orUnavailable = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      await prepare();
      return await work();
    } catch (error) {
      if (error instanceof AppError) throw error;
      // A server that lost its data has lost the group as well.
      isDurable = false;
      throw new SpoolUnavailableError('The spool does not answer', { cause: error });
    }
  };

  return {
    keep: (delivery) =>
      orUnavailable(async () => {
        await client.xadd(STREAM, '*', 'delivery', Buffer.concat(encodeBatch([delivery])));
      }),
    take: () => orUnavailable(async () => readEntries(await takeSome(client, consumer), log)),
    forget: (ids) =>
      orUnavailable(async () => {
        await client
          .multi()
          .xack(STREAM, GROUP, ...ids)
          .xdel(STREAM, ...ids)
          .exec();
      }),
    size: () => orUnavailable(() => client.xlen(STREAM)),
    async isHealthy() {
      return (await redis.isHealthy()) && (await orUnavailable(async () => true).catch(() => false));
    },
    async connect() {
      await redis.connect();
      await prepare().catch((error: unknown) => log.error({ error }, 'The spool takes nothing'));
    },
    close: () => redis.close(),
  };
}

async function findProblem(client: Redis, log: Log): Promise<string | null> {
  const info = `${await client.info('persistence')}\n${await client.info('memory')}`;
  const fact = (name: string): string => new RegExp(`^${name}:(.*?)\\s*$`, 'mu').exec(info)?.[1] ?? '';
  if (fact('aof_enabled') !== '1') return 'The Redis of the spool keeps nothing on disk: set appendonly to yes there';
  if (fact('maxmemory') !== '0' && fact('maxmemory_policy') !== 'noeviction')
    return 'The Redis of the spool may evict what it holds: set maxmemory-policy to noeviction there';
  // Where the server does not tell, as managed ones do not, there is nothing to warn of.
  const [, sync] =
    z.tuple([z.string(), z.string()]).safeParse(await client.config('GET', 'appendfsync').catch(() => null)).data ?? [];
  if (sync !== undefined && sync !== 'always')
    log.warn(
      { appendfsync: sync },
      'The spool may lose its last second if its machine fails: set appendfsync to always there',
    );
  return null;
}

async function createGroup(client: Redis): Promise<void> {
  try {
    await client.xgroup('CREATE', STREAM, GROUP, '0', 'MKSTREAM');
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('BUSYGROUP')) throw error;
  }
}

type RawEntry = z.infer<typeof Entry>;

/** What others left lying first, and then what is new. */
async function takeSome(client: Redis, consumer: string): Promise<RawEntry[]> {
  const claim = [STREAM, GROUP, consumer, ABANDONED_MS, '0-0', 'COUNT', TAKE];
  const [, claimed] = Claimed.parse(await client.callBuffer('XAUTOCLAIM', claim));
  const left = claimed.filter((entry) => entry !== null);
  if (left.length > 0) return left;
  const read = ['GROUP', GROUP, consumer, 'COUNT', TAKE, 'STREAMS', STREAM, '>'];
  const [, entries] = Read.parse(await client.callBuffer('XREADGROUP', read)) ?? [null, []];
  return entries;
}

function readEntries(entries: readonly RawEntry[], log: Log): SpooledDelivery[] {
  return entries.flatMap(([rawId, fields]) => {
    const id = rawId.toString();
    const [delivery] = decodeBatch(fields?.[1] ?? Buffer.alloc(0)) ?? [];
    if (delivery !== undefined) return [{ id, delivery }];
    log.error({ entryId: id }, 'Something in the spool is no delivery of ours, and is left there');
    return [];
  });
}
