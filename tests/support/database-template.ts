import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { openPostgres } from '../../src/db/connection.ts';
import { connectDatabase } from '../../src/db/database.ts';
import { quietLog } from './database-log.ts';
import { RUNTIME } from './services.ts';

const MIGRATIONS = path.resolve(import.meta.dirname, '..', '..', 'migrations');

/** A migrated database on the server, to copy for each test file; `drop` removes it and every copy. */
export async function makePostgresTemplate(serverUrl: string): Promise<{ name: string; drop(): Promise<void> }> {
  const name = `cortex_test_${randomBytes(6).toString('hex')}`;
  await withServer(serverUrl, (run) => run(`create database ${name}`));
  await migrate({ url: databaseUrl(serverUrl, name), dataDir: '' });
  return { name, drop: () => withServer(serverUrl, (run) => dropAll(run, name)) };
}

/** The same server, another database. */
export function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

type Run = (text: string) => Promise<unknown[]>;

/** Lends a connection for statements that no database of ours can run on itself. */
export async function withServer<Result>(serverUrl: string, work: (run: Run) => Promise<Result>): Promise<void> {
  const server = await openPostgres(serverUrl, quietLog);
  try {
    await work((text) => server.statements.query(z.unknown(), text, []));
  } finally {
    await server.close();
  }
}

async function dropAll(run: Run, prefix: string): Promise<void> {
  const names = z
    .array(z.object({ datname: z.string() }))
    .parse(await run(`select datname from pg_database where starts_with(datname, '${prefix}')`));
  for (const { datname } of names) await run(`drop database if exists ${datname} with (force)`);
}

/**
 * A folder with a migrated embedded database, to copy for each test file. Making one takes seconds, so it is kept until the
 * migrations or PGlite change.
 */
export async function makeEmbeddedTemplate(): Promise<string> {
  const folder = path.join(RUNTIME, 'test-databases', embeddedVersion());
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  await migrate({ url: null, dataDir: draft });
  try {
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // else another run was quicker
  }
  return folder;
}

function embeddedVersion(): string {
  const hash = createHash('sha256');
  const manifest = createRequire(import.meta.url)
    .resolve('@electric-sql/pglite')
    .replace(/dist.*$/u, 'package.json');
  hash.update(readFileSync(manifest));
  const files = readdirSync(MIGRATIONS).filter((file) => file.startsWith('Migration'));
  for (const file of files.sort()) hash.update(file).update(readFileSync(path.join(MIGRATIONS, file)));
  return hash.digest('hex').slice(0, 16);
}

async function migrate(where: { url: string | null; dataDir: string }): Promise<void> {
  const database = await connectDatabase({ ...where, encryptionKey: randomBytes(32), log: quietLog });
  await database.migrate();
  await database.close();
}
