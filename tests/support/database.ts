import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { z } from 'zod';
import { type Connection, openEmbedded, openPostgres } from '../../src/db/connection.ts';
import { createDatabase, type Database, type Stores } from '../../src/db/database.ts';
import type { Parameter } from '../../src/db/statements.ts';
import { quietLog } from './database-log.ts';
import { databaseUrl, withServer } from './database-template.ts';

export type DatabaseKind = 'PGlite' | 'PostgreSQL';

/** A migrated, empty database of one's own. */
export interface TestDatabase {
  kind: DatabaseKind;
  /** For `connectDatabase`; the folder can be opened again only after `close`. */
  url: string | null;
  dataDir: string;
  encryptionKey: Buffer;
  database: Database;
  stores: Stores;
  connection: Connection;
  /** One statement beside the stores: to look at what is stored, or to tamper with it. */
  readonly sql: (text: string, parameters?: Parameter[]) => Promise<Array<Record<string, unknown>>>;
  close(): Promise<void>;
  /** Closes it and removes what it kept. */
  remove(): Promise<void>;
}

/** Whether there is a PostgreSQL server for tests. */
export const hasPostgres = (process.env['TEST_DATABASE_URL'] ?? '') !== '';

const Row = z.record(z.string(), z.unknown());

/** Copies the template of this run. PostgreSQL throws where there is no server: see `hasPostgres`. */
export async function createTestDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  const place = kind === 'PGlite' ? copyFolder() : await copyDatabase();
  const encryptionKey = randomBytes(32);
  const connection =
    place.url === null ? await openEmbedded(place.dataDir, quietLog) : await openPostgres(place.url, quietLog);
  const database = createDatabase(connection, encryptionKey);
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await database.close();
  };
  return {
    kind,
    url: place.url,
    dataDir: place.dataDir,
    encryptionKey,
    database,
    stores: database.stores,
    connection,
    sql: (text, parameters = []) => connection.statements.query(Row, text, parameters),
    close,
    async remove() {
      await close();
      await place.remove();
    },
  };
}

interface Place {
  url: string | null;
  dataDir: string;
  remove(): Promise<void>;
}

/** A copy of the embedded template, which nobody has open. */
export function copyFolder(): Place {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'cortex-data-'));
  cpSync(path.join(setUpValue('TEST_EMBEDDED_TEMPLATE'), 'database'), path.join(dataDir, 'database'), {
    recursive: true,
  });
  return { url: null, dataDir, remove: async () => rmSync(dataDir, { recursive: true, force: true }) };
}

async function copyDatabase(): Promise<Place> {
  const server = setUpValue('TEST_DATABASE_URL');
  const template = setUpValue('TEST_DATABASE_TEMPLATE');
  const name = `${template}_${randomBytes(4).toString('hex')}`;
  await withServer(server, (run) => run(`create database ${name} template ${template}`));
  return {
    url: databaseUrl(server, name),
    dataDir: '',
    remove: () => withServer(server, (run) => run(`drop database if exists ${name} with (force)`)),
  };
}

function setUpValue(variable: string): string {
  const value = process.env[variable] ?? '';
  if (value === '') throw new Error(`${variable} is not set: the set-up of the test run did not provide it.`);
  return value;
}

/**
 * Runs the same tests on both databases. `open` gives the one database of the block, from `beforeAll` on; tests keep apart
 * by using workspaces of their own.
 */
export function describeBothDatabases(name: string, tests: (open: () => TestDatabase) => void): void {
  for (const kind of ['PGlite', 'PostgreSQL'] as const) describeDatabase(name, kind, tests);
}

/** Runs tests on one of the databases; those on PostgreSQL are skipped where the set-up found no server, and said so. */
export function describeDatabase(name: string, kind: DatabaseKind, tests: (open: () => TestDatabase) => void): void {
  const block = kind === 'PostgreSQL' && !hasPostgres ? describe.skip : describe;
  block(`${name}, on ${kind}`, () => {
    let opened: TestDatabase | undefined;
    beforeAll(async () => {
      opened = await createTestDatabase(kind);
    }, 30_000);
    afterAll(async () => {
      await opened?.remove();
    });
    tests(() => {
      if (opened === undefined) throw new Error('The database is open only while tests run');
      return opened;
    });
  });
}
