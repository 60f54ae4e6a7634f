import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer, Socket } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** The folder of downloaded things that git ignores. */
export const RUNTIME = path.resolve(import.meta.dirname, '..', '..', '.runtime');

/** Programs of one package, and where their libraries are when the system does not have them. */
export interface Programs {
  folder: string;
  libraries: string[];
  /** Unpacked below .runtime, which another user may not be able to reach. */
  fetched: boolean;
}

export interface ServerOptions {
  command: string;
  args: string[];
  /** The server's own folder, removed when it stops for good. */
  folder: string;
  /** What its log says once it takes connections. */
  readyLine: RegExp;
  stopSignal: 'INT' | 'TERM';
  libraries: string[];
  user?: { uid: number; gid: number } | undefined;
}

export interface Server {
  readonly pid: number;
  /** Ends it and removes its folder, or keeps the folder for another start. */
  stop(keep?: 'keep-folder'): Promise<void>;
}

// The server is a child of a shell that waits on a pipe from us, so it ends when we end, however that happens: with Ctrl-C,
// a crash or SIGKILL. The shell says the server's pid first, then waits for our word.
const GUARD = `
signal=$1; folder=$2; shift 2
trap '' INT TERM HUP
"$@" 2>&1 &
server=$!
echo "pid $server"
read -r word
kill -s "$signal" "$server" 2>/dev/null
wait "$server"
[ "$word" = keep-folder ] || rm -rf "$folder"
`;

/** Starts a server that cannot outlive this process; resolves when it takes connections. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const guard = spawn(
    '/bin/sh',
    ['-c', GUARD, 'guard', options.stopSignal, options.folder, options.command, ...options.args],
    {
      cwd: options.folder,
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: environmentFor(options.libraries),
      ...options.user,
    },
  );
  const exited = once(guard, 'exit');
  const pid = await readPidAndWait(guard, options);
  for (const stream of [guard.stdin, guard.stdout]) if (stream instanceof Socket) stream.unref();
  guard.unref();
  return {
    pid,
    async stop(keep) {
      guard.ref();
      guard.stdin?.end(keep === undefined ? '\n' : `${keep}\n`);
      await exited;
    },
  };
}

async function readPidAndWait(guard: ChildProcess, { command, readyLine }: ServerOptions): Promise<number> {
  const { stdout } = guard;
  if (stdout === null) throw new Error('the guard has no output');
  const log: string[] = [];
  let pid = 0;
  let watch: NodeJS.Timeout | undefined;
  return await new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`${command} did not start:\n${log.slice(-20).join('\n')}`));
    const lines = createInterface(stdout);
    const onLine = (line: string) => {
      if (pid === 0) {
        pid = Number(line.replace('pid ', ''));
        watch = watchForEarlyEnd(pid, guard);
        return;
      }
      log.push(line);
      if (!readyLine.test(line)) return;
      clearInterval(watch);
      lines.off('line', onLine);
      lines.on('line', () => {}); // keeps the pipe empty, else the server would block on its own log
      resolve(pid);
    };
    lines.on('line', onLine);
    lines.once('close', fail);
  });
}

/** The guard waits for our word, not for its server: a server that fails at once would never be noticed. */
function watchForEarlyEnd(pid: number, guard: ChildProcess): NodeJS.Timeout {
  const timer = setInterval(() => {
    if (guard.exitCode !== null) clearInterval(timer);
    else if (!isAlive(pid)) {
      clearInterval(timer);
      guard.stdin?.end('\n');
    }
  }, 200);
  return timer.unref();
}

function isAlive(pid: number): boolean {
  try {
    // A zombie still takes signals; only its status tells.
    if (existsSync('/proc/self/stat')) {
      return !/^\d+ \(.*\) Z/su.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    }
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Our environment without anything that would send a client or server elsewhere, plus the libraries. */
export function environmentFor(libraries: string[]): NodeJS.ProcessEnv {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PG')));
  if (libraries.length > 0) env['LD_LIBRARY_PATH'] = libraries.join(':');
  return { ...env, LC_ALL: 'C' };
}

/** The folder on PATH, or among `others` (newest last), that holds all of `programs`. */
export function findPrograms(programs: string[], others: string[] = []): Programs | null {
  const onPath = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const folder = [...onPath, ...others.toReversed()].find((candidate) =>
    programs.every((program) => existsSync(path.join(candidate, program))),
  );
  return folder === undefined ? null : { folder, libraries: [], fetched: false };
}

/** `/usr/lib/postgresql/15/bin` and its like below `root`, oldest first. */
export function debianPostgresFolders(root = '/'): string[] {
  const base = path.join(root, 'usr/lib/postgresql');
  if (!existsSync(base)) return [];
  const versions = readdirSync(base).sort((left, right) => Number(left) - Number(right));
  return versions.map((version) => path.join(base, version, 'bin'));
}

/** A user without rights, for servers that refuse to run as root; undefined when we are not root. */
export function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const rows = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((row) => row.split(':'));
  const row = rows.find(([name]) => name === 'postgres') ?? rows.find(([name]) => name === 'nobody');
  if (row === undefined) throw new Error('There is no user "postgres" or "nobody" to run PostgreSQL as.');
  return { uid: Number(row[2]), gid: Number(row[3]) };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
