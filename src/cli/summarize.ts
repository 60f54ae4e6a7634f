import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { analyze } from '../analysis/analyze.ts';
import { digestLog, type JobDigest } from '../analysis/digest.ts';
import { offlineProvider } from '../analysis/offline.ts';
import { createRedactor, type Redaction } from '../analysis/redact.ts';
import type { Diagnosis } from '../domain/diagnosis.ts';
import type { Clock, Provider } from '../domain/ports.ts';
import { EmptyInputError, NotTextError, unpack } from './input.ts';
import { startProgress } from './progress.ts';
import { render } from './render.ts';

export interface SummarizeOptions {
  /** A path, or `-` for stdin. */
  file: string;
  json: boolean;
  stdin: Readable;
  stdout: Writable & { isTTY?: boolean };
  stderr: Writable & { isTTY?: boolean };
  provider: Provider;
  clock: Clock;
  /** Unpredictable text, new on each call. */
  random: () => string;
  signal: AbortSignal;
  /** Colours on or off; by default as stdout is a terminal. */
  colour?: boolean;
  /** What we hold ourselves, such as the key of a model. */
  secrets?: readonly string[];
  /** For the answer of a model. */
  deadlineMs?: number;
}

const DONE = 0;
const UNUSABLE = 2;

/**
 * Explains one log, plain or gzip, on stdout. Returns the exit code: 0 when there is an explanation, 2 when the input cannot be
 * used (with one sentence on stderr). Rejects only for faults of our own and with the signal's reason.
 */
export async function summarizeLog(options: SummarizeOptions): Promise<number> {
  const { file, stderr, signal } = options;
  const name = file === '-' ? 'The input' : file;
  const input = await openInput(options);
  if (typeof input === 'string') return refuse(stderr, input);
  const progress = startProgress(stderr, input.size);
  try {
    const redaction = { salt: options.random(), secrets: options.secrets ?? [] };
    const redactor = createRedactor(redaction);
    const digest = await digestLog(unpack(input.stream, progress.advance), { job: null, redactor, signal });
    progress.stop();
    const diagnosis = withoutFailure(await explain(options, { digest, redaction }), digest);
    options.stdout.write(
      options.json
        ? `${JSON.stringify(toJson(diagnosis, digest), null, 2)}\n`
        : render(diagnosis, digest, options.colour ?? options.stdout.isTTY === true),
    );
    return DONE;
  } catch (error) {
    signal.throwIfAborted();
    const sentence = inputFault(error, name);
    if (sentence === null) throw error;
    progress.stop();
    return refuse(stderr, sentence);
  } finally {
    progress.stop();
    input.stream.destroy();
  }
}

function refuse(stderr: Writable, sentence: string): number {
  stderr.write(`${sentence}\n`);
  return UNUSABLE;
}

async function openInput({
  file,
  stdin,
}: SummarizeOptions): Promise<{ stream: Readable; size: number | null } | string> {
  if (file === '-') return { stream: stdin, size: null };
  try {
    const found = await stat(file);
    if (found.isDirectory()) return `${file} is a folder; name a log file.`;
    return { stream: createReadStream(file, { highWaterMark: 256 * 1024 }), size: found.isFile() ? found.size : null };
  } catch (error) {
    return inputFault(error, file) ?? `${file} cannot be opened.`;
  }
}

const OTHER_THAN_TEXT: Record<NotTextError['kind'], string> = {
  zip: 'a zip archive. Unpack it, and name one log file of it.',
  'utf-16': 'UTF-16 text. Save it as UTF-8, and try again.',
  binary: 'not text. Name a log file, plain or gzip.',
};

function inputFault(error: unknown, name: string): string | null {
  if (error instanceof EmptyInputError) return `${name} is empty, so there is nothing to explain.`;
  if (error instanceof NotTextError) return `${name} is ${OTHER_THAN_TEXT[error.kind]}`;
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return `${name} does not exist.`;
  if (code === 'EACCES' || code === 'EPERM') return `${name} cannot be read: permission denied.`;
  if (code.startsWith('Z_')) return `${name} is a damaged gzip file.`;
  return /^E[A-Z]{2,20}$/u.test(code) ? `${name} cannot be read (${code}).` : null;
}

function explain(
  { provider, clock, random, signal, deadlineMs }: SummarizeOptions,
  { digest, redaction }: { digest: JobDigest; redaction: Redaction },
): Promise<Diagnosis> {
  return analyze(
    { provider, offline: offlineProvider, clock, random, redaction, history: () => Promise.resolve(null) },
    { run: null, totalJobs: 1, digests: [digest], signal, ...(deadlineMs === undefined ? {} : { deadlineMs }) },
  );
}

/** A log in which nothing fails is not one that could not be read. */
function withoutFailure(diagnosis: Diagnosis, { size }: JobDigest): Diagnosis {
  if (diagnosis.evidence.length > 0 || diagnosis.category !== 'unknown') return diagnosis;
  const read =
    size.lines === 1
      ? 'One line was read, and it tells'
      : `${size.lines.toLocaleString('en')} lines were read, and none tells`;
  return {
    ...diagnosis,
    headline: 'No failure found in this log',
    cause: `${read} of a failure.`,
    nextStep: 'Make sure that this is the log of a job that failed, and that it is complete.',
  };
}

function toJson(diagnosis: Diagnosis, { size }: JobDigest): object {
  const { headline, cause, nextStep, category, verdict, confidence, facts, fingerprint, authorship } = diagnosis;
  return {
    headline,
    cause,
    nextStep,
    category,
    verdict,
    confidence,
    evidence: diagnosis.evidence.map(({ line, step, text }) => ({ line, step, text })),
    excerpt: diagnosis.excerpt.map(({ line, step, text }) => ({ line, step, text })),
    facts,
    fingerprint,
    stats: { ...size, excerptLines: diagnosis.excerpt.length, sha256: diagnosis.logDigest, ...authorship },
  };
}
