import { type Baseline, weighAgainst } from './baseline.ts';
import { chooseEvidence, chooseExcerpt } from './ranking/choose.ts';
import { describeLines } from './ranking/features.ts';
import { FOREST } from './ranking/model.ts';
import { type Forest, probabilities } from './ranking/trees.ts';
import type { Candidate, Reduction, Segment } from './reduction.ts';

export interface Selection {
  /** In log order. */
  readonly excerpt: readonly Candidate[];
  /** A part of the excerpt. */
  readonly evidence: readonly Candidate[];
  /** Everything that was kept, with final scores, in log order; for facts. */
  readonly all: readonly Candidate[];
}

export interface SelectOptions {
  readonly maxExcerpt?: number;
  readonly maxEvidence?: number;
  /** What ranks the lines, where not the usual one. */
  readonly forest?: Forest;
  /** A log of the same job in which all went well, where there is one. */
  readonly passing?: Baseline;
  /** Null where the step of a line is not known, or none is known to have failed. */
  readonly isInFailedStep?: ((line: number) => boolean | null) | null;
}

/** What a line must be worth by its own words to prove that something failed. */
const LEAST_PROOF = 3.5;

/** Chooses the lines that go out. Pure; the same reduction gives the same selection. */
export function select(reduction: Reduction, options: SelectOptions = {}): Selection {
  const { maxExcerpt = 100, maxEvidence = 12, forest = FOREST } = options;
  const weighed = weighPlaces(reduction, options);
  const probability = probabilities(forest, describeLines(weighed, reduction));
  const byItself = weighed.map((line, at) => ({ line, probability: probability[at] ?? 0 }));
  const ranked = weighAgainst(options.passing, byItself);
  const all = ranked.map(({ line }) => line);
  const excerpt = new Set(chooseExcerpt(ranked, maxExcerpt));
  const shown = ranked.filter(({ line }) => excerpt.has(line));
  const evidence = provesNothing(all, options) ? [] : chooseEvidence(shown, maxEvidence);
  return { all, excerpt: inOrder([...excerpt]), evidence: inOrder(evidence) };
}

/** A log in which no command failed and nothing sounds like a failure holds no proof of one: most likely all went well. */
function provesNothing(all: readonly Candidate[], { isInFailedStep }: SelectOptions): boolean {
  const saysSo = ({ own, matches }: Candidate): boolean =>
    own >= LEAST_PROOF || matches.some(({ signature }) => signature.role === 'end');
  return (isInFailedStep ?? null) === null && !all.some(saysSo);
}

/** All that was kept, with final scores: where a line stands changes what it is worth. */
export function weighPlaces(reduction: Reduction, options: SelectOptions = {}): Candidate[] {
  const anyFailed = reduction.segments.some(({ hasFailed }) => hasFailed === true);
  return reduction.candidates.map((candidate) => ({
    ...candidate,
    score: candidate.score * placeFactor(candidate, { reduction, anyFailed, options }),
  }));
}

/** Tools print the cause last; what stands in a failed step counts more; what follows the job's own work, hardly. */
function placeFactor(
  { number, segment }: Candidate,
  { reduction, anyFailed, options }: { reduction: Reduction; anyFailed: boolean; options: SelectOptions },
): number {
  const late = 0.85 + 0.15 * (number / Math.max(1, reduction.lastLine));
  const inFailedStep = options.isInFailedStep?.(number) ?? null;
  if (inFailedStep !== null) return late * (inFailedStep ? 1.4 : 0.4);
  return late * segmentFactor(reduction.segments[segment], anyFailed);
}

function segmentFactor(segment: Segment | undefined, anyFailed: boolean): number {
  if (segment === undefined) return 1;
  if (segment.isPostJob) return 0.15;
  if (segment.hasFailed === true) return 1.4;
  return anyFailed ? 0.6 : 1;
}

function inOrder(lines: readonly Candidate[]): Candidate[] {
  return lines.toSorted((a, b) => a.order - b.order);
}
