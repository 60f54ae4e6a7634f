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

/** What weighs less than this share of the heaviest line is left out: a short cause needs few lines around it. */
const EXCERPT_SHARE = 0.1;
/** Beyond so many lines it takes more to be let in. */
const ROOMY = { lines: 36, share: 0.3 };
const EVIDENCE_SHARE = 0.62;
/** A line that only stands near the cause must stand very near to prove anything. */
const BORROWED_SHARE = 0.8;
/** A line whose own words weigh less than this share of the heaviest is a hint, and beside a proof it only distracts. */
const HINT_SHARE = 0.2;

/** Chooses the lines that go out. Pure; the same reduction gives the same selection. */
export function select(reduction: Reduction, options: SelectOptions = {}): Selection {
  const { maxExcerpt = 100, maxEvidence = 12 } = options;
  const anyFailed = reduction.segments.some(({ hasFailed }) => hasFailed === true);
  const all = reduction.candidates.map((candidate) => ({
    ...candidate,
    score: candidate.score * placeFactor(candidate, { reduction, anyFailed, options }),
  }));
  const ranked = withoutRepeats(all.toSorted((a, b) => b.score - a.score || a.order - b.order));
  const heaviest = ranked[0]?.score ?? 0;
  const excerpt = ranked
    .slice(0, maxExcerpt)
    .filter(({ score }, index) => score >= heaviest * (index < ROOMY.lines ? EXCERPT_SHARE : ROOMY.share));
  return { all, excerpt: inOrder(excerpt), evidence: inOrder(chooseEvidence(excerpt, maxEvidence)) };
}

/** Said once is enough, word for word: a hundred failing tests share most of their stack frames. */
function withoutRepeats(ranked: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>();
  return ranked.filter(({ text }) => {
    const words = text.trim();
    if (seen.has(words)) return false;
    seen.add(words);
    return true;
  });
}

/** The heaviest lines and the ones that stand so close to them that they weigh nearly as much: few where the cause is short. */
function chooseEvidence(ranked: readonly Candidate[], count: number): Candidate[] {
  const heaviest = ranked[0]?.score ?? 0;
  const strongest = Math.max(...ranked.map(({ own }) => own), 0);
  return ranked
    .filter(
      ({ own, score }) =>
        score >= heaviest * (own === 0 ? BORROWED_SHARE : EVIDENCE_SHARE) &&
        (own === 0 || own >= strongest * HINT_SHARE),
    )
    .slice(0, count);
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
