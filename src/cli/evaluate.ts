import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { SingleBar } from 'cli-progress';
import { analyze } from '../analysis/analyze.ts';
import { type Baseline, readBaseline } from '../analysis/baseline.ts';
import { digestLog } from '../analysis/digest.ts';
import { createReasoner } from '../analysis/reason.ts';
import { createRedactor } from '../analysis/redact.ts';
import { NO_MODELS } from '../analysis/route.ts';
import type { Diagnosis, LogLine } from '../domain/diagnosis.ts';
import { EvaluationDataError, type EvaluationRecord, readRecords } from './evaluation-records.ts';
import { createRedactionMeasure } from './evaluation-redaction.ts';
import { scoreRecord } from './evaluation-score.ts';
import { type EvaluationResult, writeTable } from './evaluation-table.ts';
import { isWithin } from './own-checkout.ts';
import { unpack } from './unpack.ts';

export interface EvaluateOptions {
  /** Holds one folder for each source, with `data.jsonl` and its logs. */
  data: string;
  /** Gets one text for each record, and `predictions.jsonl`. */
  out: string;
  /** `redaction` writes each line of the whole log that redaction changes. */
  view: 'excerpt' | 'evidence' | 'redaction';
  /** Null for the usual number of the view. */
  maxLines: number | null;
  /** Compares with passing logs of the same job, where the data has them. */
  passing?: boolean;
  /** The checkout. Log text belongs to others, so nothing is written below it. */
  repository: string;
  stdout: Writable;
  stderr: Writable & { isTTY?: boolean };
  signal: AbortSignal;
}

const DONE = 0;
const UNUSABLE = 2;
/** One salt for all, so that two evaluations write the same texts. */
const REDACTION = { salt: 'evaluation' };

/**
 * Runs the analysis without a model over logs with reference answers, writes what it keeps of each and prints how good that is.
 * Returns 0, or 2 with one sentence on stderr when a folder cannot be used. Rejects only for faults of our own and with the
 * signal's reason.
 */
export async function evaluate(options: EvaluateOptions): Promise<number> {
  const { data, out, stdout, stderr } = options;
  if (await isWithin(out, options.repository)) {
    stderr.write(
      `${out} lies within the repository, and the logs of others must not get into it; name another folder.\n`,
    );
    return UNUSABLE;
  }
  try {
    const records = await readRecords(data);
    if (options.view === 'redaction') {
      stdout.write(await measureRedaction(records, options));
      return DONE;
    }
    const results = await runAll(records, { ...options, view: options.view });
    stdout.write(
      `${options.view}, at most ${linesOf(options)} lines${passingWords(options, records)}\n${writeTable(results)}`,
    );
    return DONE;
  } catch (error) {
    if (!(error instanceof EvaluationDataError)) throw error;
    stderr.write(`${error.message}\n`);
    return UNUSABLE;
  }
}

async function measureRedaction(records: readonly EvaluationRecord[], options: EvaluateOptions): Promise<string> {
  const measure = createRedactionMeasure({ ...options, redaction: REDACTION });
  const bar = startBar(options.stderr, records.length);
  try {
    for (const record of records) {
      options.signal.throwIfAborted();
      await measure.add(record);
      bar?.increment();
    }
  } finally {
    bar?.stop();
  }
  return measure.table();
}

/** What is written of each log. */
type DiagnosisOptions = EvaluateOptions & { view: 'excerpt' | 'evidence' };

async function runAll(records: readonly EvaluationRecord[], options: DiagnosisOptions): Promise<EvaluationResult[]> {
  const results: EvaluationResult[] = [];
  const predictions: string[] = [];
  const bar = startBar(options.stderr, records.length);
  try {
    for (const record of records) {
      options.signal.throwIfAborted();
      const diagnosis = await diagnose(record, options);
      const text = diagnosis[options.view].map((line: LogLine) => line.text).join('\n');
      const file = path.join(options.out, `${record.id}.txt`);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
      const category = classOf(diagnosis, record);
      const { fingerprint, headline } = diagnosis;
      predictions.push(`${JSON.stringify({ id: record.id, category, fingerprint, headline })}\n`);
      results.push({ record, category, score: record.kind === 'class' ? null : scoreRecord(record, text) });
      bar?.increment();
    }
  } finally {
    bar?.stop();
  }
  await writeFile(path.join(options.out, 'predictions.jsonl'), predictions.join(''));
  return results;
}

async function diagnose(record: EvaluationRecord, options: DiagnosisOptions): Promise<Diagnosis> {
  const { data, view, maxLines, signal } = options;
  const limits = maxLines === null ? {} : view === 'excerpt' ? { maxExcerpt: maxLines } : { maxEvidence: maxLines };
  try {
    const passing = options.passing === true ? await readPassing(record, options) : {};
    const source = openLog(data, record.logPath);
    const redactor = createRedactor(REDACTION);
    const digest = await digestLog(source, { job: null, redactor, signal, limits, ...passing });
    const { diagnosis } = await analyze(
      {
        reason: createReasoner({ models: NO_MODELS, calls: null, clock: { now: () => new Date(0) } }),
        random: () => REDACTION.salt,
        redaction: REDACTION,
        history: () => Promise.resolve(null),
      },
      { run: null, totalJobs: 1, digests: [digest], signal },
    );
    return diagnosis;
  } catch (error) {
    signal.throwIfAborted();
    if (typeof error !== 'object' || error === null || !('code' in error)) throw error;
    throw new EvaluationDataError(`The log of ${record.id} cannot be read (${String(error.code)}).`);
  }
}

async function readPassing(
  { passLogPath }: EvaluationRecord,
  { data, signal }: DiagnosisOptions,
): Promise<{ passing?: Baseline }> {
  return passLogPath === null ? {} : { passing: await readBaseline(openLog(data, passLogPath), { signal }) };
}

async function* openLog(data: string, file: string): AsyncGenerator<Uint8Array> {
  const stream = createReadStream(path.join(data, file));
  try {
    yield* unpack(stream, () => {});
  } finally {
    stream.destroy();
  }
}

function passingWords({ passing }: EvaluateOptions, records: readonly EvaluationRecord[]): string {
  if (passing !== true) return '';
  const count = records.filter(({ passLogPath }) => passLogPath !== null).length;
  return `, ${count} of ${records.length} logs compared with a passing one`;
}

/** Where the reference tells passing failures from lasting ones, so does the answer; elsewhere it is our own category. */
function classOf({ category, verdict }: Diagnosis, record: EvaluationRecord): string {
  if (record.kind !== 'class') return category;
  const passes = ['infrastructure', 'timeout', 'cancelled', 'superseded', 'flaky'].includes(verdict.kind);
  return passes ? 'intermittent' : 'regular';
}

function linesOf({ view, maxLines }: EvaluateOptions): number {
  return maxLines ?? (view === 'excerpt' ? 100 : 12);
}

function startBar(stderr: Writable & { isTTY?: boolean }, total: number): SingleBar | null {
  if (stderr.isTTY !== true) return null;
  const format = 'Reading the logs {bar} {value} of {total}, {eta} s left';
  const bar = new SingleBar({ format, stream: stderr, hideCursor: true, clearOnComplete: true, barsize: 30 });
  bar.start(total, 0);
  return bar;
}
