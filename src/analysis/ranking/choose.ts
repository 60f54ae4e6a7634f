import type { Candidate } from '../reduction.ts';
import { isStackFrame } from '../shape.ts';

/** A kept line with its final score by the rules and the probability that a person would mark it. */
export interface RankedLine {
  readonly line: Candidate;
  readonly probability: number;
}

/** The rules go first, up to so many lines that weigh at least this share of the heaviest: they know tools that no one marked yet. */
const SURE_EXCERPT = { lines: 50, share: 0.5 };
/** An excerpt is wide: it takes lines that hardly anyone would mark, rather than miss one; fewer where it is clear what to mark. */
const LEAST_PROBABILITY = { always: 0.006, shareOfLikeliest: 0.02 };
/** What the rules are surest of always proves something, and so do the first of the tests that failed. */
const SURE_EVIDENCE = { lines: 2, share: 0.8, tests: 2, testWeight: 4 };

const SKIPPED = { share: 0.6, reach: 4 };
/** Of lines that are equally likely, people read what says something before what only belongs to it. */
const READING = { likeliness: 0.6, weight: 0.4, stackFrame: 0.7 };

/** The lines for a model, best first; said once is enough, word for word. */
export function chooseExcerpt(ranked: readonly RankedLine[], count: number): Candidate[] {
  const byScore = withoutRepeats(ranked.map(({ line }) => line).toSorted(heavierFirst));
  const heaviest = byScore[0]?.score ?? 0;
  const sure = byScore.slice(0, SURE_EXCERPT.lines).filter(({ score }) => score >= heaviest * SURE_EXCERPT.share);
  const { always, shareOfLikeliest } = LEAST_PROBABILITY;
  const likeliest = likelierFirst(ranked);
  const least = Math.max(always, shareOfLikeliest * (likeliest[0]?.probability ?? 0));
  const likely = likeliest.filter(({ probability }) => probability >= least);
  return withoutRepeats([...sure, ...likely.map(({ line }) => line)]).slice(0, count);
}

/**
 * The lines for a reader. Of the likeliest lines it takes as many as make the expected F1 highest: few where the cause is short,
 * all of `count` where it is long.
 */
export function chooseEvidence(ranked: readonly RankedLine[], count: number): Candidate[] {
  const sure = chooseSure(ranked.map(({ line }) => line)).slice(0, count);
  const chosen = new Set(sure);
  const probabilityOf = new Map(ranked.map(({ line, probability }) => [line, probability]));
  const rest = worthierFirst(ranked).filter((line) => !chosen.has(line));
  const order = withoutRepeats([...sure, ...rest]).slice(0, count);
  const expected = ranked.reduce((sum, { probability }) => sum + probability, 0);
  let right = 0;
  let best = { f1: 0, length: sure.length };
  for (const [index, line] of order.entries()) {
    right += probabilityOf.get(line) ?? 0;
    const f1 = (2 * right) / (index + 1 + expected);
    if (f1 > best.f1) best = { f1, length: index + 1 };
  }
  const taken = order.slice(0, Math.max(best.length, sure.length));
  return makeRoom(taken, findSkipped(taken, ranked), count);
}

/** Where the message and the calls that led to it do not both fit, the message stays: the last lines that say nothing give way. */
function makeRoom(taken: readonly Candidate[], skipped: readonly Candidate[], count: number): Candidate[] {
  const tooMany = Math.max(0, taken.length + skipped.length - count);
  const silent = new Set(tooMany === 0 ? [] : taken.filter(({ own }) => own === 0).slice(-tooMany));
  return [...taken.filter((line) => !silent.has(line)), ...skipped].slice(0, count);
}

/** A line that says much, between two that were taken, belongs to what they say. */
function findSkipped(taken: readonly Candidate[], ranked: readonly RankedLine[]): Candidate[] {
  const strongest = Math.max(0, ...ranked.map(({ line }) => line.own));
  const shown = new Set(taken.map(({ text }) => text.trim()));
  const isNear = (line: Candidate, side: 1 | -1): boolean =>
    taken.some(({ number, order }) => {
      const away = (number - line.number) * side;
      return away >= 0 && away <= SKIPPED.reach && (order - line.order) * side > 0;
    });
  const skipped = ranked
    .map(({ line }) => line)
    .filter(({ own, text }) => own >= strongest * SKIPPED.share && own > 0 && !shown.has(text.trim()))
    .filter((line) => isNear(line, -1) && isNear(line, 1));
  return withoutRepeats(skipped.toSorted(heavierFirst));
}

function chooseSure(lines: readonly Candidate[]): Candidate[] {
  const byScore = withoutRepeats(lines.toSorted(heavierFirst));
  const heaviest = byScore[0]?.score ?? 0;
  const { lines: count, share, tests, testWeight } = SURE_EVIDENCE;
  const isTest = ({ own, matches }: Candidate): boolean =>
    own >= testWeight && matches.some(({ signature }) => signature.role === 'test');
  const surest = byScore.slice(0, count).filter(({ score }) => score >= heaviest * share);
  const cause = surest.every(isEnd) ? byScore.filter((line) => line.own >= testWeight && !isEnd(line)).slice(0, 1) : [];
  return [...surest, ...cause, ...byScore.filter(isTest).slice(0, tests)];
}

/** Says that a command failed, and not why. */
function isEnd({ matches }: Candidate): boolean {
  return matches.some(({ signature }) => signature.role === 'end');
}

function heavierFirst(a: Candidate, b: Candidate): number {
  return b.score - a.score || a.order - b.order;
}

function likelierFirst(ranked: readonly RankedLine[]): RankedLine[] {
  return ranked.toSorted((a, b) => b.probability - a.probability || a.line.order - b.line.order);
}

function worthierFirst(ranked: readonly RankedLine[]): Candidate[] {
  const heaviest = Math.max(0, ...ranked.map(({ line }) => line.score));
  const worth = ranked.map(({ line, probability }) => {
    const weight = heaviest === 0 ? 0 : line.score / heaviest;
    const share = READING.likeliness + READING.weight * weight;
    return { line, probability: probability * share * (isStackFrame(line.text) ? READING.stackFrame : 1) };
  });
  return likelierFirst(worth).map(({ line }) => line);
}

function withoutRepeats(lines: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>();
  return lines.filter(({ text }) => {
    const words = text.trim();
    if (seen.has(words)) return false;
    seen.add(words);
    return true;
  });
}
