import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { fetchDebianPackage, libraryFolders } from './services-debian.ts';
import {
  debianPostgresFolders,
  environmentFor,
  findPrograms,
  freePort,
  type Programs,
  startServer,
  unprivilegedUser,
} from './services.ts';

const run = promisify(execFile);
const PROGRAMS = ['initdb', 'postgres'];

/** A server that keeps its folder in the temporary one. */
export interface PostgresServer {
  /** Address of its maintenance database, as a user who may do everything. */
  url: string;
  /** The postmaster. */
  readonly pid: number;
  /** Like pulling the plug on its connections: a fast stop and a new start on the same port and folder. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

async function findPostgres(): Promise<Programs | null> {
  const present = findPrograms(PROGRAMS, debianPostgresFolders());
  if (present !== null) return present;
  const root = await fetchDebianPackage(await newestDebianPackage());
  if (root === null) return null;
  const unpacked = findPrograms(PROGRAMS, debianPostgresFolders(root));
  return unpacked && { ...unpacked, libraries: libraryFolders(root), fetched: true };
}

/** The package `postgresql` only names the release's own version, as in `postgresql-15`. */
async function newestDebianPackage(): Promise<string> {
  const listed = await run('apt-cache', ['depends', 'postgresql']).catch(() => ({ stdout: '' }));
  return /Depends: (postgresql-\d+)/u.exec(listed.stdout)?.[1] ?? 'postgresql-15';
}

/**
 * Starts a PostgreSQL server of our own on a free port; null where none can be had. Nothing in it is to be kept, so durability is off,
 * unless what it costs is to be measured.
 */
export async function startPostgres({ isDurable = false } = {}): Promise<PostgresServer | null> {
  const found = await findPostgres();
  if (found === null) return null;
  const user = unprivilegedUser();
  const folder = mkdtempSync(path.join(tmpdir(), 'cortex-postgres-'));
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const programs = user !== undefined && found.fetched ? await moveWithinReach(found, folder, user) : found;
  const password = randomBytes(18).toString('base64url');
  await initialise(programs, { folder, password, user });
  const port = await freePort();
  const start = () =>
    startServer({
      command: path.join(programs.folder, 'postgres'),
      args: ['-D', path.join(folder, 'data'), ...settings({ port, folder, isDurable })],
      folder,
      readyLine: /database system is ready to accept connections/u,
      stopSignal: 'INT',
      libraries: programs.libraries,
      user,
    });
  let server = await start();
  return {
    url: `postgresql://cortex:${password}@127.0.0.1:${port}/postgres`,
    get pid() {
      return server.pid;
    },
    async restart() {
      await server.stop('keep-folder');
      server = await start();
    },
    stop: () => server.stop(),
  };
}

async function initialise(
  programs: Programs,
  { folder, password, user }: { folder: string; password: string; user: ReturnType<typeof unprivilegedUser> },
): Promise<void> {
  const passwordFile = path.join(folder, 'password');
  writeFileSync(passwordFile, password);
  if (user !== undefined) chownSync(passwordFile, user.uid, user.gid);
  const args = ['-D', path.join(folder, 'data'), '-U', 'cortex', '-A', 'scram-sha-256', '-E', 'UTF8', '--no-locale'];
  await run(path.join(programs.folder, 'initdb'), [...args, '--no-sync', `--pwfile=${passwordFile}`], {
    cwd: folder,
    env: environmentFor(programs.libraries),
    ...user,
  });
}

const CARELESS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' };

function settings({ port, folder, isDurable }: { port: number; folder: string; isDurable: boolean }): string[] {
  const values = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    max_connections: '200',
    ...(isDurable ? {} : CARELESS),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** A checkout below a private home folder is closed to the user that PostgreSQL runs as, so that user gets a copy. */
async function moveWithinReach(
  programs: Programs,
  folder: string,
  { uid, gid }: { uid: number; gid: number },
): Promise<Programs> {
  const root = programs.folder.slice(0, programs.folder.indexOf('/usr/lib/'));
  const copy = path.join(folder, 'programs');
  const needless = new Set(['doc', 'man', 'locale', 'bitcode']);
  cpSync(root, copy, { recursive: true, filter: (each) => !needless.has(path.basename(each)) });
  await run('chown', ['-R', `${uid}:${gid}`, copy]);
  const inCopy = (each: string) => path.join(copy, path.relative(root, each));
  return { ...programs, folder: inCopy(programs.folder), libraries: programs.libraries.map(inCopy) };
}
