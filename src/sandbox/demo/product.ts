import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DemoError } from './error.ts';

/** A first start makes the database, which takes seconds, and on a busy machine many of them. */
const READY_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 25_000;
const KEPT_LINES = 40;

/** The product, running as a process of its own. */
export interface Product {
  readonly url: string;
  /** Rejects when the product ends although nobody stopped it; never resolves. */
  readonly failed: Promise<never>;
  /** Resolves when `/ready` answers 200. */
  ready(): Promise<void>;
  /** Asks it to stop, and waits; one that does not within 25 s is ended. */
  stop(): Promise<void>;
}

/** Starts the product's own entry, the source or the built file beside which this file stands, with only `environment` set. */
export function startProduct(environment: Record<string, string>, url: string): Product {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const entry = fileURLToPath(new URL(`../../main.${extension}`, import.meta.url));
  // A group of its own: Ctrl-C in the terminal reaches us alone, and we stop the product in order.
  const child = spawn(process.execPath, [entry, 'all'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const lines = keepLastLines(child);
  const exited = once(child, 'exit');
  let isStopping = false;
  const failed = (async (): Promise<never> => {
    await exited;
    if (isStopping) return new Promise<never>(() => {});
    throw new DemoError(`The product ended by itself (${child.signalCode ?? `exit code ${child.exitCode}`}).`, lines());
  })();
  failed.catch(() => {});
  return {
    url,
    failed,
    ready: () => Promise.race([failed, pollReady(url, { lines, isOver: () => child.exitCode !== null || isStopping })]),
    async stop() {
      isStopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const late = AbortSignal.timeout(STOP_LIMIT_MS);
      late.addEventListener('abort', () => child.kill('SIGKILL'));
      await exited;
    },
  };
}

interface Poll {
  lines: () => readonly string[];
  isOver: () => boolean;
}

async function pollReady(url: string, { lines, isOver }: Poll): Promise<void> {
  const deadline = Date.now() + READY_LIMIT_MS;
  while (Date.now() < deadline && !isOver()) {
    const answer = await fetch(`${url}/ready`).catch(() => null);
    if (answer?.ok === true) return;
    await wait(100);
  }
  if (isOver()) throw new DemoError('The product was stopped before it was ready.');
  throw new DemoError(`The product was not ready within ${READY_LIMIT_MS / 1000} s.`, lines());
}

/** What the product printed last; its only use is to explain why it did not start. */
function keepLastLines(child: ChildProcess): () => readonly string[] {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).split('\n').slice(-KEPT_LINES).join('\n');
    });
  return () => text.split('\n').filter((line) => line !== '');
}
