import { createHash } from 'node:crypto';
import type { Category, Facts, LogLine } from '../domain/diagnosis.ts';
import type { WorkflowJob } from '../domain/run.ts';
import { categorize } from './category.ts';
import { collectFacts, type FactLine } from './facts.ts';
import { fingerprintOf } from './fingerprint.ts';
import { readLines } from './parse.ts';
import type { Redactor } from './redact.ts';
import { createReducer } from './reduce.ts';
import type { Candidate, Reduction } from './reduction.ts';
import { LOG_PREFILTER } from './score.ts';
import { select, type Selection, type SelectOptions } from './select.ts';
import { findSignals, type Signals } from './signals.ts';
import { placeLine, placeSteps, type StepPlace } from './steps.ts';

/** How much of a line a reader or a model gets to see. */
export const SHOWN_LENGTH = 2000;
/** Lines that facts are read from, besides those that are shown. */
const FACT_LINES = 400;

/** What one failed workflow job's log comes down to. Everything in it is redacted. */
export interface JobDigest {
  readonly job: WorkflowJob | null;
  /** Why there is no log, as the end of a sentence ("it has expired"); null when it was read. */
  readonly missing: string | null;
  readonly excerpt: readonly LogLine[];
  readonly evidence: readonly LogLine[];
  readonly facts: Facts;
  readonly signals: Signals;
  readonly category: Category;
  readonly fingerprint: string;
  /** SHA-256 of the raw log in hex; empty when there was none. */
  readonly sha256: string;
  readonly size: { readonly bytes: number; readonly lines: number };
}

/**
 * Reads a job's log once, as a stream, and keeps what explains the failure. `redactor` sees every line that is kept. Rejects
 * when the signal fires or the source fails; no content makes it throw.
 */
export async function digestLog(
  source: AsyncIterable<Uint8Array>,
  {
    job,
    redactor,
    signal,
    limits,
  }: {
    job: WorkflowJob | null;
    redactor: Redactor;
    signal?: AbortSignal;
    /** How many lines go out at most, where not the usual ones. */
    limits?: Pick<SelectOptions, 'maxExcerpt' | 'maxEvidence'>;
  },
): Promise<JobDigest> {
  const reducer = createReducer();
  const hash = createHash('sha256');
  const size = await readLines(source, LOG_PREFILTER, {
    onLine: (line) => reducer.add(line),
    onBytes: (bytes) => hash.update(bytes),
    ...(signal === undefined ? {} : { signal }),
  });
  const reduction = reducer.finish();
  const places = placeSteps(job, reduction.stepStarts);
  const selection = select(reduction, { ...limits, isInFailedStep: failedStepTest(places, reduction) });
  const lines = await redactLines(selection, { job, redactor, places, reduction });
  const kept = new Set(selection.excerpt);
  const evidence = new Set(selection.evidence);
  const facts = collectFacts(lines, { job, places, segments: reduction.segments, redact: redactor.text });
  return conclude({
    job,
    facts,
    lines,
    excerpt: lines.filter(({ candidate }) => kept.has(candidate)),
    evidence: lines.filter(({ candidate }) => evidence.has(candidate)),
    sha256: hash.digest('hex'),
    size,
  });
}

/** Stands in for a log that could not be had; `reason` ends the sentence "The log could not be read: …". */
export function digestMissing(
  job: WorkflowJob | null,
  { reason, redactor }: { reason: string; redactor: Redactor },
): JobDigest {
  const facts = collectFacts([], { job, places: placeSteps(job, []), segments: [], redact: redactor.text });
  const base = conclude({ job, facts, lines: [], excerpt: [], evidence: [], sha256: '', size: { bytes: 0, lines: 0 } });
  return { ...base, missing: redactor.text(reason) };
}

function conclude({
  job,
  facts,
  lines,
  excerpt,
  evidence,
  sha256,
  size,
}: {
  job: WorkflowJob | null;
  facts: Facts;
  lines: readonly FactLine[];
  excerpt: readonly FactLine[];
  evidence: readonly FactLine[];
  sha256: string;
  size: JobDigest['size'];
}): JobDigest {
  const signals = findSignals(lines, facts);
  return {
    job,
    missing: null,
    excerpt: excerpt.map(({ line }) => line),
    evidence: evidence.map(({ line }) => line),
    facts,
    signals,
    category: categorize({ lines, facts, signals, conclusion: job?.conclusion ?? null }),
    fingerprint: fingerprintOf({ job, facts, evidence }),
    sha256,
    size,
  };
}

/** Lines of a step that GitHub calls failed, as far as steps are known. */
function failedStepTest(
  places: readonly StepPlace[],
  { postJobLine }: Reduction,
): ((line: number) => boolean | null) | null {
  const failed = new Set(places.filter(({ hasFailed }) => hasFailed).map(({ number }) => number));
  if (failed.size === 0) return null;
  return (line) => {
    const { step } = placeLine(line, places, postJobLine);
    return step === null ? null : failed.has(step);
  };
}

async function redactLines(
  selection: Selection,
  {
    job,
    redactor,
    places,
    reduction,
  }: { job: WorkflowJob | null; redactor: Redactor; places: readonly StepPlace[]; reduction: Reduction },
): Promise<FactLine[]> {
  const wanted = factLines(selection);
  const texts = await redactor.lines(wanted.map(({ text }) => text));
  return wanted.map((candidate, index) => ({
    candidate,
    line: {
      jobId: job?.id ?? null,
      line: candidate.number,
      ...placeLine(candidate.number, places, reduction.postJobLine),
      text: (texts[index] ?? '').slice(0, SHOWN_LENGTH),
    },
  }));
}

/** What is shown, and beside it the best of the rest: a hundred failing tests need more lines than a reader. */
function factLines({ all, excerpt }: Selection): Candidate[] {
  const shown = new Set(excerpt.map(({ text }) => text));
  const best = all
    .filter(({ text, matches }) => matches.length > 0 || shown.has(text))
    .toSorted((a, b) => b.score - a.score || a.order - b.order)
    .slice(0, FACT_LINES);
  return [...new Set([...excerpt, ...best])].toSorted((a, b) => a.order - b.order);
}
