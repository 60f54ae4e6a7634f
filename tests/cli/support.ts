import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { NO_MODELS } from '../../src/analysis/route.ts';
import { summarizeLog, type SummarizeOptions } from '../../src/cli/summarize.ts';

export const logs = path.join(import.meta.dirname, '..', 'fixtures', 'logs');

/** A stream that keeps what is written to it. */
export function collector(isTTY = false): PassThrough & { isTTY: boolean; text: () => string } {
  const stream = Object.assign(new PassThrough(), { isTTY });
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return Object.assign(stream, { text: () => Buffer.concat(chunks).toString('utf8') });
}

/** Runs the command on a log of a failing test, unless told otherwise. */
export async function summarize(
  change: Partial<SummarizeOptions>,
): Promise<{ code: number; out: string; err: string }> {
  const stdout = collector();
  const stderr = collector();
  let mark = 0;
  const code = await summarizeLog({
    file: path.join(logs, 'jest.log'),
    json: false,
    stdin: Readable.from([]),
    stdout,
    stderr,
    models: NO_MODELS,
    clock: { now: () => new Date(0) },
    random: () => `mark ${(mark += 1)}`,
    signal: new AbortController().signal,
    ...change,
  });
  return { code, out: stdout.text(), err: stderr.text() };
}
