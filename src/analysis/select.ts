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
  /** Null where the step of a line is not known, or none is known to have failed. */
  readonly isInFailedStep?: ((line: number) => boolean | null) | null;
}

/** A line proves something if it weighs at least this share of the heaviest. */
const PROOF_SHARE = 0.35;

/** Chooses the lines that go out. Pure; the same reduction gives the same selection. */
export function select(reduction: Reduction, options: SelectOptions = {}): Selection {
  const { maxExcerpt = 100, maxEvidence = 12 } = options;
  const anyFailed = reduction.segments.some(({ hasFailed }) => hasFailed === true);
  const all = reduction.candidates.map((candidate) => ({
    ...candidate,
    score: candidate.score * placeFactor(candidate, { reduction, anyFailed, options }),
  }));
  const ranked = all.toSorted((a, b) => b.score - a.score || a.order - b.order);
  const excerpt = ranked.slice(0, maxExcerpt);
  return { all, excerpt: inOrder(excerpt), evidence: inOrder(chooseEvidence(excerpt, maxEvidence)) };
}

/** The lines that say something by themselves, best first; hints beside a proof only distract. */
function chooseEvidence(ranked: readonly Candidate[], count: number): Candidate[] {
  const best = Math.max(...ranked.map(({ own }) => own), 0);
  const speaking = ranked.filter(({ own }) => own > 0 && own >= best * PROOF_SHARE);
  return (speaking.length > 0 ? speaking : ranked).slice(0, count);
}

/** Tools print the cause last; what stands in a failed step counts more; what follows the job's own work, hardly. */
function placeFactor(
  { number, segment }: Candidate,
  { reduction, anyFailed, options }: { reduction: Reduction; anyFailed: boolean; options: SelectOptions },
): number {
  const late = 0.75 + 0.25 * (number / Math.max(1, reduction.lastLine));
  const inFailedStep = options.isInFailedStep?.(number) ?? null;
  if (inFailedStep !== null) return late * (inFailedStep ? 1.3 : 0.4);
  return late * segmentFactor(reduction.segments[segment], anyFailed);
}

function segmentFactor(segment: Segment | undefined, anyFailed: boolean): number {
  if (segment === undefined) return 1;
  if (segment.isPostJob) return 0.15;
  if (segment.hasFailed === true) return 1.3;
  return anyFailed ? 0.6 : 1;
}

function inOrder(lines: readonly Candidate[]): Candidate[] {
  return lines.toSorted((a, b) => a.order - b.order);
}
