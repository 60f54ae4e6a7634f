import type { Writable } from 'node:stream';
import type { Redaction } from '../analysis/redact.ts';

import { type Progress, startProgress } from './progress.ts';
import { redactStream } from './redact.ts';
import { EmptyInputError, NotTextError, UnusableInputError } from './refusal.ts';
import { unpack } from './unpack.ts';

export interface RedactInputOptions {
  stdin: AsyncIterable<unknown>;
  stdout: Writable & { isTTY?: boolean };
  stderr: Writable & { isTTY?: boolean };
  redaction: Redaction;
  signal: AbortSignal;
}

const DONE = 0;
const UNUSABLE = 2;
const INTERRUPTED = 130;

const NO_PROGRESS: Progress = { advance: () => {}, expect: () => {}, stop: () => {} };

const REFUSALS: Record<NotTextError['kind'], string> = {
  zip: 'The input is a zip archive. Unpack it, and redact its log files one by one.',
  'utf-16': 'The input is UTF-16 text. Save it as UTF-8, and try again.',
  binary: 'The input is not text.',
};

/**
 * Copies standard input, plain or gzip, to standard output without its secrets, and tells on stderr how many of each kind there were.
 * Returns 0, also when the reader of the output has had enough; 2 when the input cannot be used, with one sentence on stderr;
 * 130 when it was interrupted. Rejects only for faults of our own.
 */
export async function redactInput({ stdin, stdout, stderr, redaction, signal }: RedactInputOptions): Promise<number> {
  const gone = new AbortController();
  stdout.on('error', (error) => gone.abort(error));
  // On one terminal, a bar would be drawn across the text.
  const progress = stdout.isTTY === true ? NO_PROGRESS : startProgress(stderr);
  try {
    const counts = await redactStream(unpack(stdin, progress.advance), stdout, {
      ...redaction,
      signal: AbortSignal.any([signal, gone.signal]),
    });
    progress.stop();
    stderr.write(describe(counts));
    return DONE;
  } catch (error) {
    progress.stop();
    if (signal.aborted) return INTERRUPTED;
    if (gone.signal.aborted && codeOf(gone.signal.reason) === 'EPIPE') return DONE;
    const sentence = refusalOf(error);
    if (sentence === null) throw error;
    stderr.write(sentence);
    return error instanceof EmptyInputError ? DONE : UNUSABLE;
  } finally {
    progress.stop();
  }
}

/** The counts as a small table, the most frequent kind first. */
function describe(counts: ReadonlyMap<string, number>): string {
  if (counts.size === 0) return 'Nothing had to be taken out.\n';
  const rows = [...counts].toSorted(
    ([kind, count], [otherKind, other]) => other - count || (kind < otherKind ? -1 : 1),
  );
  const width = Math.max(...rows.map(([, count]) => count.toLocaleString('en').length));
  const lines = rows.map(([kind, count]) => `${count.toLocaleString('en').padStart(width + 2)}  ${kind}\n`);
  return `Taken out:\n${lines.join('')}`;
}

function refusalOf(error: unknown): string | null {
  if (error instanceof EmptyInputError) return 'The input is empty.\n';
  if (error instanceof NotTextError) return `${REFUSALS[error.kind]}\n`;
  if (error instanceof UnusableInputError) return `The input ${error.message}\n`;
  const code = codeOf(error);
  if (code.startsWith('Z_')) return 'The input is a damaged gzip file; what is written so far is redacted.\n';
  return /^E[A-Z]{2,20}$/u.test(code) ? `The input cannot be read, or the output not written (${code}).\n` : null;
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
