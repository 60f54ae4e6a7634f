import { existsSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fetchDebianPackage, libraryFolders } from './services-debian.ts';
import { findPrograms, freePort, type Programs, type Server, startServer } from './services.ts';

/** A Redis of one's own on a free port: for tests that stop, kill, freeze, fill or flush it. */
export interface RedisServer {
  url: string;
  port: number;
  readonly pid: number;
  /** SIGKILL; resolves when it is gone. `start` brings it back on the same port, with what it had kept on disk. */
  kill(): Promise<void>;
  /** A clean stop that keeps its folder. */
  halt(): Promise<void>;
  start(): Promise<void>;
  /** SIGSTOP: connections stay open and nothing answers. */
  freeze(): void;
  thaw(): void;
  /** Ends it for good; safe to call twice. */
  stop(): Promise<void>;
}

export interface RedisOptions {
  /** Keeps every write on disk, so that a restart has it. Without it a restart is empty. */
  appendOnly?: boolean;
  /** More arguments for the server, as in `--maxmemory 1mb`. */
  args?: string[];
}

async function findRedis(): Promise<{ command: string; libraries: string[] } | null> {
  for (const name of ['redis-server', 'valkey-server']) {
    const present = findPrograms([name]);
    if (present !== null) return commandOf(present, name);
  }
  const root = await fetchDebianPackage('redis-tools');
  if (root === null) return null;
  // Debian keeps the server's binary here, as redis-check-rdb; it goes by the name it is started under.
  const folder = path.join(root, 'usr/bin');
  const command = path.join(folder, 'redis-server');
  try {
    symlinkSync('redis-check-rdb', command);
  } catch (error) {
    if (!existsSync(command)) throw error; // another process was quicker
  }
  return { command, libraries: libraryFolders(root) };
}

function commandOf({ folder, libraries }: Programs, name: string): { command: string; libraries: string[] } {
  return { command: path.join(folder, name), libraries };
}

/** Starts a Redis server; null where none can be had. */
export async function startRedisIfFound(options: RedisOptions = {}): Promise<RedisServer | null> {
  const found = await findRedis();
  if (found === null) return null;
  const folder = mkdtempSync(path.join(tmpdir(), 'cortex-redis-'));
  const port = await freePort();
  const network = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--daemonize', 'no'];
  const disk = ['--save', '', '--appendonly', options.appendOnly === true ? 'yes' : 'no'];
  const open = () =>
    startServer({
      ...found,
      args: [...network, ...disk, ...(options.args ?? [])],
      folder,
      readyLine: /Ready to accept connections/u,
      stopSignal: 'TERM',
    });
  return control(open, await open(), { port, url: `redis://127.0.0.1:${port}` });
}

function control(open: () => Promise<Server>, first: Server, address: Pick<RedisServer, 'port' | 'url'>): RedisServer {
  let server = first;
  let halted = false;
  let stopped = false;
  const halt = async (): Promise<void> => {
    await server.stop('keep-folder');
    halted = true;
  };
  return {
    ...address,
    get pid() {
      return server.pid;
    },
    async kill() {
      process.kill(server.pid, 'SIGKILL');
      await halt();
    },
    halt,
    async start() {
      server = await open();
      halted = false;
    },
    freeze: () => void process.kill(server.pid, 'SIGSTOP'),
    thaw: () => void process.kill(server.pid, 'SIGCONT'),
    async stop() {
      if (stopped) return;
      stopped = true;
      if (halted) server = await open(); // only a living guard removes the folder
      process.kill(server.pid, 'SIGCONT');
      await server.stop();
    },
  };
}

/** Like `startRedisIfFound`, for suites that are skipped where there is no Redis. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const server = await startRedisIfFound(options);
  if (server === null) throw new Error('There is no redis-server: install it, or set TEST_REDIS_URL.');
  return server;
}

/** Whether a Redis is there for tests. */
export const hasRedis = (process.env['TEST_REDIS_URL'] ?? '') !== '';

/**
 * The Redis of the whole test run. Others use it at the same time: give keys a prefix of your own and do not flush it.
 * Throws where there is none.
 */
export function sharedRedisUrl(): string {
  const url = process.env['TEST_REDIS_URL'] ?? '';
  if (url === '') throw new Error('There is no Redis for tests: install redis-server, or set TEST_REDIS_URL.');
  return url;
}
