import { createHash } from 'node:crypto';
import type { Facts } from '../domain/diagnosis.ts';
import type { JobDigest } from '../domain/digest.ts';
import type { LoggedJob } from '../domain/run.ts';
import type { Baseline } from './baseline.ts';
import { categorize } from './category.ts';
import { collectFacts } from './facts.ts';
import type { FactLine } from './facts/format.ts';
import { fingerprintOf } from './fingerprint.ts';
import { readLines } from './parse.ts';
import type { Redactor } from './redact.ts';
import { createReducer } from './reduce.ts';
import type { Candidate, Reduction } from './reduction.ts';
import { LOG_PREFILTER } from './score.ts';
import { select, type Selection, type SelectOptions } from './select.ts';
import { findSignals } from './signals.ts';
import { type LinePlace, placeExtents, placeLine, placeSteps, type StepExtent, type StepPlace } from './steps.ts';

/** How much of a line a reader or a model gets to see. */
export const SHOWN_LENGTH = 2000;
/** Lines that facts are read from, besides those that are shown. */
const FACT_LINES = 400;
/** Where a line stands that explains another one: right above, or below. */
const NEAR = [-3, -2, -1, 1, 2, 3, 4, 5, 6];

/** A line of this weight by itself tells of a failure. */
const TELLING = 1;

export interface DigestOptions {
  readonly job: LoggedJob | null;
  /** Sees every line that is kept. */
  readonly redactor: Redactor;
  readonly signal?: AbortSignal;
  /** How many lines go out at most, where not the usual ones. */
  readonly limits?: Pick<SelectOptions, 'maxExcerpt' | 'maxEvidence'>;
  /** A log of the same job in which all went well. It helps, and is never needed. */
  readonly passing?: Baseline | Promise<Baseline | null>;
  /** The lengths of the job's steps in order, where they are known; asked for once the log is read. */
  readonly steps?: () => readonly StepExtent[];
}

/**
 * Reads a job's log once, as a stream, and keeps what explains the failure. `redactor` sees every line that is kept. Rejects
 * when the signal fires or the source fails; no content makes it throw.
 */
export async function digestLog(
  source: AsyncIterable<Uint8Array>,
  { job, redactor, signal, limits, passing, steps }: DigestOptions,
): Promise<JobDigest> {
  const reducer = createReducer();
  const hash = createHash('sha256');
  const size = await readLines(source, LOG_PREFILTER, {
    onLine: (line) => reducer.add(line),
    onBytes: (bytes) => hash.update(bytes),
    ...(signal === undefined ? {} : { signal }),
  });
  const reduction = reducer.finish();
  const extents = placeExtents(steps?.() ?? [], { lines: size.lines, errorLines: reduction.errorLines });
  const places = extents ?? placeSteps(job, reduction.stepStarts);
  const place = (line: number): LinePlace => placeLine(line, places, extents === null ? reduction.postJobLine : null);
  const read: ReadLog = { job, redactor, reduction, places, place, sha256: hash.digest('hex'), size };
  const choice = { ...limits, isInFailedStep: failedStepTest(places, place) };
  const alone = await digestSelection(select(reduction, choice), read);
  const baseline = await passing;
  if (baseline === undefined || baseline === null) return alone;
  const compared = await digestSelection(select(reduction, { ...choice, passing: baseline }), read);
  // The same failure has one key, whether a passing log was at hand or not.
  return { ...compared, fingerprint: alone.fingerprint };
}

interface ReadLog {
  readonly job: LoggedJob | null;
  readonly redactor: Redactor;
  readonly reduction: Reduction;
  readonly places: readonly StepPlace[];
  readonly place: (line: number) => LinePlace;
  readonly sha256: string;
  readonly size: JobDigest['size'];
}

async function digestSelection(
  selection: Selection,
  { job, redactor, reduction, places, place, sha256, size }: ReadLog,
): Promise<JobDigest> {
  const lines = await redactLines(selection, { job, redactor, place, names: lineNames(reduction, places) });
  const kept = new Set(selection.excerpt);
  const evidence = new Set(selection.evidence);
  const facts = collectFacts(lines, {
    job,
    places,
    segments: reduction.segments,
    stepInLog: failedStepInLog(reduction, selection),
    redact: redactor.text,
  });
  return conclude({
    job,
    facts,
    lines,
    excerpt: lines.filter(({ candidate }) => kept.has(candidate)),
    evidence: lines.filter(({ candidate }) => evidence.has(candidate)),
    sha256,
    size,
    hasErrorMark: reduction.errorLines.length > 0,
  });
}

/** Stands in for a log that could not be had; `reason` ends the sentence "The log could not be read: …". */
export function digestMissing(
  job: LoggedJob | null,
  { reason, redactor }: { reason: string; redactor: Redactor },
): JobDigest {
  const facts = collectFacts([], {
    job,
    places: placeSteps(job, []),
    segments: [],
    stepInLog: null,
    redact: redactor.text,
  });
  const base = conclude({
    job,
    facts,
    lines: [],
    excerpt: [],
    evidence: [],
    sha256: '',
    size: { bytes: 0, lines: 0 },
    hasErrorMark: false,
  });
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
  hasErrorMark,
}: {
  job: LoggedJob | null;
  facts: Facts;
  lines: readonly FactLine[];
  excerpt: readonly FactLine[];
  evidence: readonly FactLine[];
  sha256: string;
  size: JobDigest['size'];
  hasErrorMark: boolean;
}): JobDigest {
  const conclusion = job?.conclusion ?? null;
  const signals = findSignals({ excerpt, evidence, facts, conclusion });
  return {
    job,
    missing: null,
    excerpt: excerpt.map(({ line }) => line),
    evidence: evidence.map(({ line }) => line),
    facts,
    signals,
    category: categorize({ lines, excerpt, evidence, facts, signals, conclusion }),
    fingerprint: fingerprintOf({ job, facts, evidence: evidence.length > 0 ? evidence : excerpt }),
    sha256,
    size,
    hasErrorMark,
    tellsFailure: hasErrorMark || lines.some(({ candidate }) => candidate.own >= TELLING),
  };
}

/** Lines of a step that failed, as far as steps are known. */
function failedStepTest(
  places: readonly StepPlace[],
  place: (line: number) => LinePlace,
): ((line: number) => boolean | null) | null {
  const failed = new Set(places.filter(({ hasFailed }) => hasFailed).map(({ number }) => number));
  if (failed.size === 0) return null;
  return (line) => {
    const { step } = place(line);
    return step === null ? null : failed.has(step);
  };
}

/** Where the CI system said that a command failed, or else where the heaviest line stands. */
function failedStepInLog({ sections, failedSection }: Reduction, { evidence }: Selection): string | null {
  const said = failedSection === null ? null : sections[failedSection]?.step;
  if (said !== null && said !== undefined) return said;
  const [heaviest] = evidence.toSorted((a, b) => b.score - a.score || a.order - b.order);
  const step = heaviest === undefined ? null : (heaviest.stepName ?? sections[heaviest.section]?.step ?? null);
  return step === null || NEVER_FAILS.test(step) ? null : step;
}

/** Phases that cannot make a job fail, whatever is said in them. */
const NEVER_FAILS =
  /^(?:after_\w{1,20}|cache|cleanup_file_variables|archive_cache|system_info|worker_info|Post .{1,200})$/u;

type LineNames = (candidate: Candidate, place: LinePlace) => { stepName: string | null; group: string | null };

function lineNames({ sections }: Reduction, places: readonly StepPlace[]): LineNames {
  const byNumber = new Map(places.map(({ number, name }) => [number, name]));
  return ({ stepName, section }, { step }) => ({
    stepName: (step === null ? undefined : byNumber.get(step)) ?? stepName ?? sections[section]?.step ?? null,
    group: sections[section]?.group ?? null,
  });
}

async function redactLines(
  selection: Selection,
  {
    job,
    redactor,
    place,
    names,
  }: { job: LoggedJob | null; redactor: Redactor; place: (line: number) => LinePlace; names: LineNames },
): Promise<FactLine[]> {
  const wanted = factLines(selection);
  const texts = await redactor.lines(wanted.map(({ text }) => text));
  const redactName = remember(redactor.text);
  return wanted.map((candidate, index) => {
    const placed = place(candidate.number);
    const { stepName, group } = names(candidate, placed);
    return {
      candidate,
      line: {
        jobId: job?.id ?? null,
        line: candidate.number,
        ...placed,
        ...(stepName === null ? {} : { stepName: redactName(stepName) }),
        ...(group === null ? {} : { group: redactName(group) }),
        text: (texts[index] ?? '').slice(0, SHOWN_LENGTH),
      },
    };
  });
}

/** Lines by the hundred share a few names. */
function remember(redact: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const found = known.get(text) ?? redact(text);
    known.set(text, found);
    return found;
  };
}

/**
 * What is shown, and beside it the best of the rest: a hundred failing tests need more lines than a reader. Lines without
 * words of their own come along where they stand near: they name the file, or end the sentence.
 */
function factLines({ all, excerpt }: Selection): Candidate[] {
  const shown = new Set(excerpt.map(({ text }) => text));
  const best = all
    .filter(({ text, matches }) => matches.length > 0 || shown.has(text))
    .toSorted((a, b) => b.score - a.score || a.order - b.order)
    .slice(0, FACT_LINES);
  const wanted = new Set([...excerpt, ...best]);
  const near = new Set([...wanted].flatMap(({ number }) => NEAR.map((step) => number + step)));
  const beside = all.filter((candidate) => !wanted.has(candidate) && near.has(candidate.number)).slice(0, FACT_LINES);
  return [...wanted, ...beside].toSorted((a, b) => a.order - b.order);
}
