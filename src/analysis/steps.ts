import type { LoggedJob, WorkflowStep } from '../domain/run.ts';
import type { StepStart } from './reduction.ts';

/** Where a step begins in the log of its job. */
export interface StepPlace {
  readonly number: number;
  readonly name: string;
  readonly hasFailed: boolean;
  /** 1-based line of the job's log; null where several lines could be its first. */
  readonly firstLine: number | null;
}

export interface LinePlace {
  readonly step: number | null;
  readonly stepLine: number | null;
}

const NOWHERE: LinePlace = { step: null, stepLine: null };

/**
 * Finds where steps begin: the log has no marks for them, but each step that runs something starts with `##[group]Run …`,
 * and GitHub tells when it started, in whole seconds. A step that cannot be told from a nested group of the step before
 * stays unplaced, and so do the lines up to the next sure one: no link is better than a wrong one.
 */
export function placeSteps(job: LoggedJob | null, starts: readonly StepStart[]): StepPlace[] {
  if (job === null) return [];
  const places: StepPlace[] = [];
  let next = 0;
  for (const step of job.steps.toSorted((a, b) => a.number - b.number)) {
    if (step.conclusion === 'skipped') continue;
    const hasFailed = step.conclusion === 'failure' || step.conclusion === 'timed_out';
    const place = { number: step.number, name: step.name, hasFailed };
    if (step.number === 1) {
      places.push({ ...place, firstLine: 1 });
      continue;
    }
    const at = findStart(step, starts, next);
    if (at.index === null) {
      places.push({ ...place, firstLine: null });
      continue;
    }
    next = at.index + 1;
    places.push({ ...place, firstLine: at.isSure ? (starts[at.index]?.line ?? null) : null });
  }
  return places;
}

/** A step whose log is a file of its own. */
export interface StepExtent {
  readonly number: number;
  readonly name: string;
  readonly lines: number;
}

/**
 * The same where the length of each step is known, so that nothing has to be guessed. Null when the lengths do not add up to the
 * log: then it is not made of these steps.
 */
export function placeExtents(
  extents: readonly StepExtent[],
  { lines, errorLines }: { lines: number; errorLines: readonly number[] },
): StepPlace[] | null {
  if (extents.length === 0 || extents.reduce((sum, extent) => sum + extent.lines, 0) !== lines) return null;
  let before = 0;
  const spans = extents.map((extent) => {
    const from = before + 1;
    before += extent.lines;
    return { ...extent, from, hasError: errorLines.some((line) => line >= from && line <= before) };
  });
  const failed = failedNumber(spans);
  return spans.map(({ number, name, from }) => ({ number, name, hasFailed: number === failed, firstLine: from }));
}

const AFTERWARDS = /^(?:Post |Complete job)/u;

/** A step that fails keeps the next ones from running, unless it may fail: then the job goes on right after it. */
function failedNumber(steps: ReadonlyArray<StepExtent & { hasError: boolean }>): number | null {
  const own = steps.filter(({ name }) => !AFTERWARDS.test(name));
  const stopping = own.find(({ hasError, number }) => hasError && !own.some((other) => other.number === number + 1));
  return (stopping ?? own.find(({ hasError }) => hasError))?.number ?? null;
}

function findStart(
  step: WorkflowStep,
  starts: readonly StepStart[],
  from: number,
): { index: number | null; isSure: boolean } {
  const began = step.startedAt?.getTime();
  const ended = step.completedAt?.getTime() ?? Number.POSITIVE_INFINITY;
  if (began === undefined) return { index: null, isSure: false };
  const fits = starts
    .map(({ second, title }, index) => ({ second, title, index }))
    .filter(({ second, index }) => index >= from && second !== null && second >= began && second <= ended);
  const named = fits.find(
    ({ title }) => title === step.name || (step.name.startsWith('Run ') && title.startsWith(step.name)),
  );
  if (named !== undefined) return { index: named.index, isSure: true };
  const first = fits[0];
  if (first === undefined) return { index: null, isSure: false };
  // Two candidates within the second of the start: the earlier may be a nested group of the step before.
  const rival = fits[1];
  const isSure = rival === undefined || rival.second !== first.second || first.second !== began;
  return { index: first.index, isSure };
}

/** The step of a line, and the line's number within it. */
export function placeLine(line: number, places: readonly StepPlace[], postJobLine: number | null): LinePlace {
  if (postJobLine !== null && line >= postJobLine) return NOWHERE;
  let owner: StepPlace | null = null;
  let isUnsure = false;
  for (const place of places) {
    if (place.firstLine === null) {
      isUnsure ||= !AFTERWARDS.test(place.name);
      continue;
    }
    if (place.firstLine > line) break;
    owner = place;
    isUnsure = false;
  }
  if (owner?.firstLine === null || owner?.firstLine === undefined || isUnsure) return NOWHERE;
  return { step: owner.number, stepLine: line - owner.firstLine + 1 };
}
