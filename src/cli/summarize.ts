import { addAbortSignal, type Readable, type Writable } from 'node:stream';
import { analyze } from '../analysis/analyze.ts';
import { type ArchiveDigest, digestArchive, readLayout } from '../analysis/archive.ts';
import type { Baseline } from '../analysis/baseline.ts';
import { digestLog } from '../analysis/digest.ts';
import { createReasoner } from '../analysis/reason.ts';
import { createRedactor, type Redaction } from '../analysis/redact.ts';
import type { Diagnosis } from '../domain/diagnosis.ts';
import type { Clock, Models } from '../domain/ports.ts';
import type { ModelChoice } from '../domain/reasoning.ts';
import { INPUT_LIMITS, type InputLimits, type OpenInput, withPath, withStream } from './input.ts';
import { readPassing } from './passing.ts';
import { startProgress } from './progress.ts';
import { refusalOf, UnusableInputError } from './refusal.ts';
import { render } from './render.ts';
import { type Measured, toJson } from './summary-json.ts';

export interface SummarizeOptions {
  /** A path, or `-` for stdin. */
  file: string;
  json: boolean;
  stdin: Readable;
  stdout: Writable & { isTTY?: boolean; columns?: number };
  stderr: Writable & { isTTY?: boolean };
  models: Models;
  /** The one model to ask, or none; without it, those that are configured, in their order. */
  choice?: ModelChoice | 'offline';
  clock: Clock;
  /** Unpredictable text, new on each call. */
  random: () => string;
  signal: AbortSignal;
  /** Colours on or off; by default as stdout is a terminal. */
  colour?: boolean;
  /** For the answers of models. */
  deadlineMs?: number;
  /** What we hold ourselves, such as the key of a model. */
  secrets?: readonly string[];
  /** How many lines the excerpt may have, and the evidence too where that is fewer than its usual number. */
  maxLines?: number;
  /** A log of the same job in which all went well, or the archive of such a run. */
  passing?: string;
  /** What the input may ask of us, where not the usual. */
  limits?: InputLimits;
}

const DONE = 0;
const UNUSABLE = 2;
const INTERRUPTED = 130;
const USUAL_EVIDENCE = 12;

/**
 * Explains one log, plain or gzip, or the archive of a run's logs, on stdout. Returns the exit code: 0 when there is an
 * explanation (also when its reader has had enough), 2 when the input cannot be used (with one sentence on stderr), 130 when it was
 * interrupted. Rejects only for faults of our own.
 */
export async function summarizeLog(options: SummarizeOptions): Promise<number> {
  const { file, stderr, stdout, signal, clock } = options;
  const progress = startProgress(stderr);
  // A reader that goes away takes no harm, and a log is explained or it is not.
  stdout.on('error', () => {});
  const started = clock.now().getTime();
  try {
    const redaction = { salt: options.random(), secrets: options.secrets ?? [] };
    const read = await readInput({ ...options, redaction }, progress);
    const measured: Measured = { ...read, seconds: Math.max(0, clock.now().getTime() - started) / 1000 };
    progress.stop();
    const diagnosis = withoutFailure(await explain({ ...options, redaction }, read), read);
    const colour = options.colour ?? stdout.isTTY === true;
    stdout.write(
      options.json
        ? `${JSON.stringify(toJson(diagnosis, measured), null, 2)}\n`
        : render(diagnosis, measured, { colour, columns: stdout.columns ?? null }),
    );
    return DONE;
  } catch (error) {
    if (signal.aborted) return INTERRUPTED;
    const sentence = refusalOf(error, file);
    if (sentence === null) throw error;
    progress.stop();
    stderr.write(`${sentence}\n`);
    return UNUSABLE;
  } finally {
    progress.stop();
  }
}

type Redacting = SummarizeOptions & { redaction: Redaction };

async function readInput(
  options: Redacting,
  progress: { advance: (bytes: number) => void; expect: (bytes: number) => void },
): Promise<ArchiveDigest> {
  const { file, stdin, signal, limits = INPUT_LIMITS } = options;
  const hooks = { limits, onBytes: progress.advance, onSize: progress.expect };
  const passing = options.passing === undefined ? undefined : await readPassing(options.passing, { signal, limits });
  const use = (input: OpenInput): Promise<ArchiveDigest> => digest(input, options, passing);
  // Nobody may ever write to it, and then only the signal ends the waiting.
  if (file === '-') return withStream(addAbortSignal(signal, stdin), hooks, use).finally(() => stdin.destroy());
  return withPath(file, hooks, use);
}

async function digest(
  input: OpenInput,
  { redaction, signal, maxLines }: Redacting,
  passing: Baseline | undefined,
): Promise<ArchiveDigest> {
  const limits = maxLines === undefined ? {} : limitLines(maxLines);
  const comparison = passing === undefined ? {} : { passing };
  const reading = { redactor: createRedactor(redaction), signal, ...limits, ...comparison };
  if (input.kind === 'log') {
    const one = await digestLog(input.bytes, { job: null, ...reading });
    return { digests: [one], totalJobs: 1, size: one.size };
  }
  const jobs = readLayout(input.entries);
  if (jobs.length === 0) throw new UnusableInputError('is a zip archive without logs.');
  return digestArchive(jobs, reading);
}

function limitLines(lines: number): { limits: { maxExcerpt: number; maxEvidence: number } } {
  return { limits: { maxExcerpt: lines, maxEvidence: Math.min(lines, USUAL_EVIDENCE) } };
}

async function explain(
  { models, choice, clock, random, redaction, signal, deadlineMs }: Redacting,
  { digests, totalJobs }: ArchiveDigest,
): Promise<Diagnosis> {
  const reason = createReasoner({ models, calls: null, clock });
  const { diagnosis } = await analyze(
    { reason, random, redaction, history: () => Promise.resolve(null) },
    {
      run: null,
      totalJobs,
      digests,
      signal,
      wants: choice === undefined ? {} : { choice },
      limits: models.limits,
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
    },
  );
  return diagnosis;
}

/** A log in which nothing fails is not one that could not be read. */
function withoutFailure(diagnosis: Diagnosis, { digests, size, totalJobs }: ArchiveDigest): Diagnosis {
  if (digests.some(({ tellsFailure }) => tellsFailure)) return diagnosis;
  const read =
    size.lines === 1
      ? 'One line was read, and it does not tell'
      : `${size.lines.toLocaleString('en')} lines were read, and none tells`;
  return {
    ...diagnosis,
    headline: totalJobs === 1 ? 'No failure found in this log' : 'No failure found in these logs',
    cause: `${read} of a failure.`,
    nextStep: 'Make sure that this is the log of a job that failed, and that it is complete.',
    evidence: [],
    facts: { ...diagnosis.facts, failedStep: null, failedCommand: null },
    jobs: [],
  };
}
