import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { SingleBar } from 'cli-progress';
import { createRedactor, type Redactor } from '../analysis/redact.ts';
import { Diagnosis } from '../domain/diagnosis.ts';
import type { SummaryId, WorkspaceId } from '../domain/ids.ts';
import type { FeedbackStore, JudgedSummary } from '../domain/ports.ts';
import { isWithin } from './own-checkout.ts';

export interface ExportFeedbackOptions {
  feedback: Pick<FeedbackStore, 'judged'>;
  workspaceId: WorkspaceId;
  /** Gets a folder `feedback`, which must not be there yet. */
  out: string;
  /** The checkout. Log lines belong to others, so nothing is written below it. */
  repository: string;
  /** For what people wrote: nothing redacted it before. */
  salt: string;
  stdout: Writable;
  stderr: Writable & { isTTY?: boolean };
  signal: AbortSignal;
}

const DONE = 0;
const UNUSABLE = 2;
const PAGE = 100;
const SOURCE = 'feedback';

/**
 * Writes every judged summary of a workspace as a record that `npm run evaluate` reads, with the redacted excerpt as its log. All of
 * it is there at the end, or nothing. Returns 0, or 2 with one sentence on stderr when the folder cannot be used. Rejects with what
 * the store throws, and with the signal's reason.
 */
export async function exportFeedback(options: ExportFeedbackOptions): Promise<number> {
  const { out, stdout, stderr, workspaceId } = options;
  const prepared = await prepareFolder(options);
  if ('refusal' in prepared) {
    stderr.write(`${prepared.refusal}\n`);
    return UNUSABLE;
  }
  const { unfinished } = prepared;
  try {
    const counts = await writeRecords(unfinished, options);
    if (counts.written > 0) await rename(unfinished, path.join(out, SOURCE));
    stdout.write(closingWords(counts, { out, workspaceId }));
    return DONE;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function prepareFolder({
  out,
  repository,
}: ExportFeedbackOptions): Promise<{ unfinished: string } | { refusal: string }> {
  if (await isWithin(out, repository)) {
    return {
      refusal: `${out} lies within the repository, and the logs of others must not get into it; name another folder.`,
    };
  }
  const target = path.join(out, SOURCE);
  if (existsSync(target)) {
    return { refusal: `${target} is there already, and nothing is overwritten; name another folder.` };
  }
  try {
    await mkdir(out, { recursive: true });
    return { unfinished: await mkdtemp(path.join(out, `.${SOURCE}-`)) };
  } catch (error) {
    if (typeof error !== 'object' || error === null || !('code' in error)) throw error;
    return { refusal: `${out} cannot be written to (${String(error.code)}).` };
  }
}

interface Counts {
  written: number;
  unreadable: number;
}

async function writeRecords(folder: string, options: ExportFeedbackOptions): Promise<Counts> {
  const redactor = createRedactor({ salt: options.salt });
  const counts: Counts = { written: 0, unreadable: 0 };
  const rows: string[] = [];
  const bar = startBar(options.stderr);
  await mkdir(path.join(folder, 'logs'));
  try {
    for await (const judged of everyJudged(options)) {
      const { success, data: diagnosis } = Diagnosis.safeParse(judged.diagnosis);
      if (success) {
        await writeLog(path.join(folder, 'logs', `${judged.summaryId}.log.gz`), diagnosis);
        rows.push(`${JSON.stringify(recordOf(judged, { diagnosis, redactor }))}\n`);
      }
      counts[success ? 'written' : 'unreadable'] += 1;
      bar?.update(counts.written);
    }
  } finally {
    bar?.stop();
  }
  await writeFile(path.join(folder, 'data.jsonl'), rows.join(''));
  return counts;
}

async function* everyJudged({
  feedback,
  workspaceId,
  signal,
}: ExportFeedbackOptions): AsyncGenerator<JudgedSummary, void, undefined> {
  let after: SummaryId | null = null;
  do {
    signal.throwIfAborted();
    const page: JudgedSummary[] = await feedback.judged(workspaceId, after, PAGE);
    for (const judged of page) {
      signal.throwIfAborted();
      yield judged;
    }
    after = page.length < PAGE ? null : (page.at(-1)?.summaryId ?? null);
  } while (after !== null);
}

const compress = promisify(gzip);

async function writeLog(file: string, { excerpt }: Diagnosis): Promise<void> {
  await writeFile(file, await compress(excerpt.map(({ text }) => `${text}\n`).join('')));
}

/** Names are those of the other reference data; who said what is left out. */
function recordOf(
  { summaryId, repository, feedback }: JudgedSummary,
  { diagnosis, redactor }: { diagnosis: Diagnosis; redactor: Redactor },
): Record<string, unknown> {
  const up = feedback.filter(({ opinion }) => opinion === 'up').length;
  const down = feedback.length - up;
  const opinion = up === down ? 'split' : up > down ? 'up' : 'down';
  const { headline, cause, nextStep, category, verdict, confidence, authorship, evidence } = diagnosis;
  const lines = evidence.map(({ text }) => text);
  return {
    id: `${SOURCE}/${summaryId}`,
    log_path: `${SOURCE}/logs/${summaryId}.log.gz`,
    ci: 'github-actions',
    // Only what people found right is a reference; the rest has no expected lines, and is there to be read.
    kind: opinion === 'up' ? 'chunk' : 'judged',
    expected_lines: opinion === 'up' ? lines : [],
    category,
    project: repository,
    opinion,
    votes: { up, down },
    reasons: feedback.flatMap(({ reason }) => (reason === null ? [] : [redactor.text(reason)])),
    verdict: verdict.kind,
    answer: {
      headline,
      cause,
      nextStep,
      evidence: lines,
      confidence,
      provider: authorship.provider,
      model: authorship.model,
      promptVersion: authorship.promptVersion,
    },
  };
}

function closingWords(
  { written, unreadable }: Counts,
  { out, workspaceId }: Pick<ExportFeedbackOptions, 'out' | 'workspaceId'>,
): string {
  const left =
    unreadable > 0
      ? `${unreadable} ${unreadable === 1 ? 'summary' : 'summaries'} of another version could not be read.\n`
      : '';
  if (written === 0) return `${left}Nobody in ${workspaceId} judged a summary yet, so nothing was written.\n`;
  const folder = path.join(out, SOURCE);
  return `${left}${written} judged ${written === 1 ? 'summary' : 'summaries'} written to ${folder}.\nTo measure with them: npm run evaluate -- --data ${out} --out FOLDER\n`;
}

function startBar(stderr: Writable & { isTTY?: boolean }): SingleBar | null {
  if (stderr.isTTY !== true) return null;
  const format = '{value} summaries written, {duration} s';
  const bar = new SingleBar({ format, stream: stderr, hideCursor: true, clearOnComplete: true });
  // How many there are is known at the end only.
  bar.start(0, 0);
  return bar;
}
