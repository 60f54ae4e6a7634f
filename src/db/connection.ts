import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Log } from '../domain/ports.ts';
import { z } from 'zod';
import { type BindingConnection, bindInKeptMemory } from './bind.ts';
import { lockDataFolder } from './data-folder.ts';
import { ormOptions } from './mikro-orm.config.ts';
import { createStatements, type Driver, type Prepared, type Statements } from './statements.ts';

/** As much of MikroORM as we use. */
export interface Orm {
  em: SqlEntityManager;
  migrator: { up(): Promise<unknown>; getPending(): Promise<readonly unknown[]> };
  close(): Promise<void>;
}

/** An open database, of either kind. */
export interface Connection {
  /** What it is and where, without its password. */
  description: string;
  isEmbedded: boolean;
  orm: Orm;
  statements: Statements;
  /** For the intake alone: slow work elsewhere does not keep deliveries waiting. */
  intakeStatements: Statements;
  /** Runs `work` while no other process does. */
  alone<Result>(work: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** A statement of the intake that waits for a lock is given up before the delivery's own deadline (7 s). */
const INTAKE_TIMEOUTS = {
  lock_timeout: 5000,
  statement_timeout: 6000,
  connectionTimeoutMillis: 5000,
  idleTimeoutMillis: 5000,
};
const INTAKE_CONNECTIONS = 2;
const CONNECTIONS = 10;
/** Longest statement elsewhere; a query that takes longer is a bug, and would keep its connection for ever. */
const TIMEOUTS = { statement_timeout: 30_000, connectionTimeoutMillis: 5000, idleTimeoutMillis: 10_000 };
/**
 * A connection without a byte for this long is dead without knowing it, as after a failover or behind a firewall that forgot
 * it: the server would have ended the statement, and we would have closed it as idle. TCP itself takes a quarter of an hour.
 */
const SILENCE_MS = { main: 32_000, intake: 6500 };
/** Any number, the same in every process of ours: the key of the advisory lock for migrations. */
const MIGRATION_LOCK = 7_231_905_114;

/** The parts of `pg` that we use without the ORM. */
interface Pool {
  readonly ending: boolean;
  end(): Promise<void>;
  query(statement: string | Prepared, parameters: unknown[]): Promise<{ rows: unknown[] }>;
  connect(): Promise<PoolClient>;
  on(event: 'connect', listener: (client: PoolClient) => void): unknown;
}

interface PoolClient {
  readonly connection: BindingConnection & {
    readonly stream: { setTimeout(ms: number, listener?: () => void): unknown; destroy(error?: Error): unknown };
  };
  query(text: string): Promise<unknown>;
  release(destroy?: boolean): void;
}

/** Throws when the server does not answer within 5 s or refuses us. */
export async function openPostgres(url: string, log: Log, silenceMs = SILENCE_MS): Promise<Connection> {
  const connection = await preparePostgres(url, log, silenceMs);
  try {
    await connection.statements.query(z.unknown(), 'select 1', []);
  } catch (error) {
    await connection.close();
    throw error;
  }
  return connection;
}

/** Connects as soon as something is asked, which then throws where nobody answers. */
export async function preparePostgres(url: string, log: Log, silenceMs = SILENCE_MS): Promise<Connection> {
  const main = await openPool(url, log, { max: CONNECTIONS, driverOptions: TIMEOUTS });
  const intake = await openPool(url, log, { max: INTAKE_CONNECTIONS, driverOptions: INTAKE_TIMEOUTS });
  endSilentConnections(main.pool, silenceMs.main);
  endSilentConnections(intake.pool, silenceMs.intake);
  intake.pool.on('connect', ({ connection }) => bindInKeptMemory(connection));
  const { host, pathname } = new URL(url);
  return {
    isEmbedded: false,
    description: `PostgreSQL at ${host}${pathname}`,
    orm: main.orm,
    statements: createStatements(main.pool),
    intakeStatements: createStatements(intake.pool),
    alone: (work) => withAdvisoryLock(main.pool, work),
    async close() {
      await Promise.all([main.close(), intake.close()]);
    },
  };
}

async function openPool(url: string, log: Log, { max, driverOptions }: { max: number; driverOptions: object }) {
  const { MikroORM } = await import('@mikro-orm/postgresql');
  const warn = (sentence: string): void => log.warn({ sentence }, 'The database connection has trouble');
  const orm = await MikroORM.init({ ...ormOptions(warn), clientUrl: url, pool: { min: 0, max }, driverOptions });
  const pool: Pool = await orm.em.getConnection().getNativeClient();
  const close = async (): Promise<void> => {
    await orm.close();
    // The ORM only ends a pool that it has used itself.
    if (!pool.ending) await pool.end();
  };
  return { orm, pool, close };
}

function endSilentConnections(pool: Pool, silenceMs: number): void {
  pool.on('connect', ({ connection: { stream } }) => {
    stream.setTimeout(silenceMs, () => stream.destroy(new Error('Connection terminated: the server fell silent')));
  });
}

async function withAdvisoryLock<Result>(pool: Pool, work: () => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  client.connection.stream.setTimeout(0);
  try {
    await client.query('set statement_timeout = 0'); // others may migrate for long
    await client.query(`select pg_advisory_lock(${MIGRATION_LOCK})`);
    return await work();
  } finally {
    client.release(true); // ends the session, and with it the lock and the setting
  }
}

/** `folder` may be `memory://`, for tests; else it is locked until `close`. Throws DataFolderLockedError. */
export async function openEmbedded(folder: string, log: Log): Promise<Connection> {
  const inMemory = folder.startsWith('memory://');
  const dbName = inMemory ? folder : path.resolve(folder, 'database');
  if (!inMemory) mkdirSync(folder, { recursive: true });
  const lock = inMemory ? null : await lockDataFolder(folder);
  try {
    const { MikroORM } = await import('@mikro-orm/pglite');
    const warn = (sentence: string): void => log.warn({ sentence }, 'The embedded database has trouble');
    const orm = await MikroORM.init({ ...ormOptions(warn), dbName });
    const native = await orm.em.getConnection().getNativeClient();
    const statements = createStatements(embeddedDriver(native));
    return {
      isEmbedded: true,
      description: inMemory ? 'PGlite in memory' : `PGlite (PostgreSQL in this process), data in ${folder}`,
      orm,
      statements,
      intakeStatements: statements,
      alone: (work) => work(),
      async close() {
        await orm.close();
        if (!native.closed) await native.close(); // the ORM only closes what it has used itself
        await lock?.release();
      },
    };
  } catch (error) {
    await lock?.release();
    throw error;
  }
}

/** pg_type.oid of `bytea`. */
const BYTEA = 17;

/** PGlite's own way to write bytes doubles the time of an insert, and the whole process stands still meanwhile. */
function embeddedDriver(native: PGlite): Driver {
  const serializers = { [BYTEA]: (bytes: Buffer) => `\\x${bytes.toString('hex')}` };
  const textOf = (statement: string | Prepared): string => (typeof statement === 'string' ? statement : statement.text);
  return { query: (statement, parameters) => native.query(textOf(statement), parameters, { serializers }) };
}
