import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { eventually } from '../../tests/support/eventually.ts';
import { freePort } from '../../tests/support/services.ts';
import { WEBHOOK_PATH } from './intake-load.ts';

const ANSWER_MS = 1_000;
const Usage = z.object({ cpuMs: z.number(), peakMb: z.number() });
export type Usage = z.infer<typeof Usage>;

/** A program that takes deliveries, in a process of its own. */
export interface RunningServer {
  readonly origin: string;
  /** Processor time of all its threads since it began, and the most memory that it has had. */
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

export interface Launch {
  /** Where the compiled checkout is. */
  readonly built: string;
  /** What holds the process on one core, in front of it. */
  readonly launcher: readonly string[];
  /** Holds its log: what it writes there, it writes in production, too. */
  readonly folder: string;
  readonly environment: Record<string, string | undefined>;
}

export interface Program {
  readonly file: string;
  readonly words: readonly string[];
  /** Options of Node in front of it. */
  readonly options?: readonly string[];
}

/** Starts a compiled file; resolves when it answers. */
export async function startServer(launch: Launch, { file, words, options = [] }: Program): Promise<RunningServer> {
  const { built, launcher, folder, environment } = launch;
  const port = await freePort();
  const name = `${path.basename(file, '.js')}-${words.join('-')}`;
  const logFile = path.join(folder, `${name}.log`);
  const log = await open(logFile, 'w');
  const preload = path.join(built, 'scripts/bench/usage-preload.js');
  const command = [...launcher, process.execPath, ...options, '--import', preload, path.join(built, file), ...words];
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    env: { PATH: process.env['PATH'], ...environment, NODE_ENV: 'production', HOST: '127.0.0.1', PORT: String(port) },
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
  });
  await log.close();
  const origin = `http://127.0.0.1:${port}`;
  await eventually(async () => {
    if (child.exitCode !== null) return;
    // Probot answers nothing that is no delivery; an unsigned one, everybody refuses.
    const unsigned = { method: 'POST', body: '{}', signal: AbortSignal.timeout(ANSWER_MS) };
    await (await fetch(`${origin}${WEBHOOK_PATH}`, unsigned)).text();
  });
  if (child.exitCode !== null) throw new Error(`${name} ended:\n${(await readFile(logFile, 'utf8')).slice(-2000)}`);
  return { origin, usage: () => ask(child), stop: () => end(child) };
}

async function ask(child: ChildProcess): Promise<Usage> {
  const answer = once(child, 'message');
  child.send('usage');
  return Usage.parse((await answer)[0]);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, 'exit');
}
