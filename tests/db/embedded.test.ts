import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from '@jest/globals';
import { lockDataFolder } from '../../src/db/data-folder.ts';
import { connectDatabase } from '../../src/db/database.ts';
import { thisProcess } from '../../src/db/process-identity.ts';
import { DataFolderLockedError } from '../../src/errors.ts';
import { quietLog } from '../support/database-log.ts';
import { copyFolder } from '../support/database.ts';
import { aDelivery } from './samples.ts';

const cleanUps: Array<() => unknown> = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

function aDatabaseFolder(): string {
  const folder = copyFolder();
  cleanUps.push(() => folder.remove());
  return folder.dataDir;
}

function anEmptyFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'cortex-lock-'));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

interface Writer {
  process: ChildProcess;
  /** Resolves when it has said this many lines. */
  lines(count: number): Promise<string[]>;
  kill(): Promise<void>;
}

function startWriter(dataDir: string): Writer {
  const script = path.join(import.meta.dirname, 'embedded-writer.ts');
  const child = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const said: string[] = [];
  const reader = createInterface(child.stdout);
  reader.on('line', (line) => said.push(line));
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  cleanUps.push(kill);
  return {
    process: child,
    async lines(count) {
      while (said.length < count) await once(reader, 'line');
      return said;
    },
    kill,
  };
}

const open = (dataDir: string) =>
  connectDatabase({ url: null, dataDir, encryptionKey: randomBytes(32), log: quietLog });

describe('the embedded database', () => {
  test('keeps every accepted delivery when its process is killed', async () => {
    const dataDir = aDatabaseFolder();
    const writer = startWriter(dataDir);
    const said = await writer.lines(300);
    await writer.kill();

    const database = await open(dataDir);
    cleanUps.push(() => database.close());
    const accepted = said.filter((line) => /^[0-9a-f]{64}$/u.test(line));
    expect(accepted.length).toBeGreaterThan(250);
    expect((await database.stores.jobs.counts()).queued).toBeGreaterThanOrEqual(accepted.length);
    const repeats = await Promise.all(
      accepted.map((hash) => database.stores.intake.accept(aDelivery({ bodyHash: Buffer.from(hash, 'hex') }))),
    );
    expect(new Set(repeats.map(({ kind }) => kind))).toEqual(new Set(['repeated']));
  }, 60_000);

  test('is refused to a second process while the first one runs, with a sentence that says what to do', async () => {
    const dataDir = aDatabaseFolder();
    const writer = startWriter(dataDir);
    await writer.lines(2);

    const refused = open(dataDir);

    await expect(refused).rejects.toThrow(DataFolderLockedError);
    await expect(refused).rejects.toThrow(
      `is in use by another process (pid ${writer.process.pid}). Stop that process first, or set DATA_DIR to another folder.`,
    );
  }, 30_000);

  test('is one process for each folder: of many that start at once after a crash, one gets it', async () => {
    const dataDir = aDatabaseFolder();
    const crashed = startWriter(dataDir);
    await crashed.lines(2);
    await crashed.kill();

    const writers = Array.from({ length: 4 }, () => startWriter(dataDir));
    const answers = await Promise.all(writers.map(async (writer) => (await writer.lines(1))[0]));

    expect(answers.filter((answer) => answer === 'open')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'locked')).toHaveLength(3);
  }, 60_000);

  test('can be opened again after it was closed', async () => {
    const dataDir = aDatabaseFolder();
    for (const round of [1, 2, 3]) {
      const database = await open(dataDir);
      const stored = await database.stores.intake.accept(aDelivery({ body: Buffer.from(`round ${round}`) }));
      await database.close();
      expect(stored.kind).toBe('stored');
    }
    expect(readdirSync(dataDir).toSorted()).toEqual(['database', 'database.lock.3']);
  }, 30_000);
});

describe('the lock on a data folder', () => {
  const lockedBy = (holder: object, generation = 1): string => {
    const folder = anEmptyFolder();
    writeFileSync(path.join(folder, `database.lock.${generation}`), JSON.stringify({ released: false, ...holder }));
    return folder;
  };

  test('is refused to a second taker in the same process', async () => {
    const folder = anEmptyFolder();
    const lock = await lockDataFolder(folder);

    await expect(lockDataFolder(folder)).rejects.toThrow(DataFolderLockedError);
    await lock.release();
    await (await lockDataFolder(folder)).release();
  });

  test('of a dead process is taken over', async () => {
    const dead = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(dead, 'exit');

    const folder = lockedBy({ ...thisProcess(), pid: dead.pid });

    await (await lockDataFolder(folder)).release();

    expect(readdirSync(folder)).toEqual(['database.lock.2']);
  });

  test('of a process whose pid belongs to another one now is taken over, also when that is pid 1 or our own', async () => {
    for (const pid of [1, process.pid]) {
      const folder = lockedBy({ ...thisProcess(), pid, startedAt: '1' });

      await (await lockDataFolder(folder)).release();

      expect(readdirSync(folder)).toEqual(['database.lock.2']);
    }
  });

  test('that was never written to the end is taken over after a silence', async () => {
    const folder = anEmptyFolder();
    writeFileSync(path.join(folder, 'database.lock.7'), '');

    await (await lockDataFolder(folder, 500)).release();

    expect(readdirSync(folder)).toEqual(['database.lock.8']);
  });

  test('of another container is respected as long as it gives signs of life', async () => {
    const folder = lockedBy({ ...thisProcess(), realm: 'another container' });
    const file = path.join(folder, 'database.lock.1');
    let seconds = 0;
    const heartbeat = setInterval(() => utimesSync(file, 0, (seconds += 1)), 50);
    cleanUps.push(() => clearInterval(heartbeat));

    await expect(lockDataFolder(folder, 3000)).rejects.toThrow(DataFolderLockedError);
    clearInterval(heartbeat);

    await (await lockDataFolder(folder, 500)).release();
  });

  test('goes to somebody later when a slow taker comes back', async () => {
    const folder = lockedBy({ ...thisProcess(), startedAt: '1' }, 3);
    const held = await lockDataFolder(folder);
    writeFileSync(path.join(folder, 'database.lock.3'), '{}'); // what a slow taker would put beside it

    await expect(lockDataFolder(folder)).rejects.toThrow(DataFolderLockedError);
    await held.release();
  });
});
