import { readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { DataFolderLockedError } from '../errors.ts';
import { systemCode } from './errors.ts';
import { isRunning, thisProcess } from './process-identity.ts';

/** The sole right to a data folder. */
export interface DataFolderLock {
  release(): Promise<void>;
}

const Holder = z.object({
  pid: z.number(),
  startedAt: z.string(),
  realm: z.string(),
  released: z.boolean(),
});
type Holder = z.infer<typeof Holder>;

const HEARTBEAT_MS = 3000;
/** A holder that we cannot see is taken for dead after this long without a heartbeat; PGlite's first start blocks for up to 7 s. */
const SILENCE_MS = 12_000;
const POLL_MS = 250;
const LOCK_NAME = /^database\.lock\.(?<generation>\d+)$/u;

/**
 * Takes the lock on a folder. Two processes on one PGlite folder lose each other's writes without an error, so this is the
 * only guard. The lock of a process that died is taken over. Throws DataFolderLockedError.
 *
 * Each holder has a file of its own with a number above the last one's, made by exclusive creation, and is the holder when
 * no higher number stands beside it: of many that take over a stale lock at once, one wins. Numbers never go down, so
 * somebody who was slow to act on what he read cannot undo a later holder's lock. A holder that we cannot see, as in another
 * container, is taken for dead after `silenceMs` without a sign of life.
 */
export async function lockDataFolder(folder: string, silenceMs = SILENCE_MS): Promise<DataFolderLock> {
  for (;;) {
    const last = Math.max(0, ...generations(folder));
    if (last > 0 && !(await isFree(lockFile(folder, last), silenceMs)))
      throw lockedError(folder, lockFile(folder, last));
    if (claim(folder, last + 1)) return hold(lockFile(folder, last + 1));
  }
}

function generations(folder: string): number[] {
  return readdirSync(folder).flatMap((name) => {
    const found = LOCK_NAME.exec(name)?.groups?.['generation'];
    return found === undefined ? [] : [Number(found)];
  });
}

function lockFile(folder: string, generation: number): string {
  return path.join(folder, `database.lock.${generation}`);
}

/** False when another process was quicker. */
function claim(folder: string, generation: number): boolean {
  const file = lockFile(folder, generation);
  try {
    writeFileSync(file, sayHolder(false), { flag: 'wx' });
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
  const others = generations(folder).filter((each) => each !== generation);
  if (others.some((each) => each > generation)) {
    rmSync(file);
    return false;
  }
  for (const older of others) rmSync(lockFile(folder, older), { force: true });
  return true;
}

/** Always of one length, so that writing it again leaves nothing of what stood there. */
function sayHolder(released: boolean): string {
  return JSON.stringify({ ...thisProcess(), released } satisfies Holder).padEnd(512);
}

function hold(file: string): DataFolderLock {
  const heartbeat = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // The folder was removed under us; there is nothing left to guard.
      clearInterval(heartbeat);
    }
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    async release() {
      clearInterval(heartbeat);
      try {
        writeFileSync(file, sayHolder(true), { flag: 'r+' });
      } catch {
        // Gone with its folder.
      }
    },
  };
}

async function isFree(file: string, silenceMs: number): Promise<boolean> {
  const holder = readHolder(file);
  if (holder === 'gone') return true;
  if (holder === 'unreadable') return await isSilent(file, silenceMs);
  if (holder.released) return true;
  // A pid says something only where we see the same processes: not in another container, or before the last boot.
  if (holder.realm === thisProcess().realm) return !isRunning(holder);
  return await isSilent(file, silenceMs);
}

/** Watches whether the holder still touches its file. Compares the file with itself, so clocks do not matter. */
async function isSilent(file: string, silenceMs: number): Promise<boolean> {
  const first = touchedAt(file);
  for (let waitedMs = 0; waitedMs < silenceMs; waitedMs += POLL_MS) {
    await delay(POLL_MS);
    const holder = readHolder(file);
    if (holder === 'gone' || (holder !== 'unreadable' && holder.released)) return true;
    if (touchedAt(file) !== first) return false;
  }
  return true;
}

function touchedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function readHolder(file: string): Holder | 'gone' | 'unreadable' {
  try {
    // A holder killed between making its file and writing into it leaves an empty one.
    return Holder.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data ?? 'unreadable';
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? 'gone' : 'unreadable';
  }
}

function lockedError(folder: string, file: string): DataFolderLockedError {
  const holder = readHolder(file);
  const who = typeof holder === 'string' ? 'another process' : `another process (pid ${holder.pid})`;
  return new DataFolderLockedError(
    `The data folder ${path.resolve(folder)} is in use by ${who}. ` +
      'Stop that process first, or set DATA_DIR to another folder.',
  );
}
