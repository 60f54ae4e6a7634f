import { FORM_LITERALS } from './clean.ts';
import { withoutBranch } from './lead.ts';
import { hitsOf } from './parse.ts';
import { buildPrefilter, type Prefilter } from './prefilter.ts';
import { SECTION_LITERALS } from './sections.ts';
import { NOISE, SIGNATURES, type Signature } from './signatures/index.ts';

/** Structure rather than failure: where steps begin and end, and where the job's own work is over. */
export const STRUCTURE = {
  stepStart: '##[group]run ',
  headerEnd: '##[endgroup]',
  postJob: 'post job cleanup',
  keyBegin: '-----begin ',
  keyEnd: '-----end ',
  errorMark: '##[error]',
  section: SECTION_LITERALS,
} as const;
const STRUCTURE_LITERALS = Object.values(STRUCTURE);

const STRUCTURE_FROM = SIGNATURES.length;

/** One automaton for signatures and structure, so that one pass over the bytes finds all of them. */
export const LOG_PREFILTER: Prefilter = buildPrefilter(
  [...SIGNATURES.map(({ literals }) => literals), ...STRUCTURE_LITERALS.map((literals) => [literals].flat())],
  FORM_LITERALS,
);

const MARK_OWNERS = new Map<string | readonly string[], number>(
  STRUCTURE_LITERALS.map((mark, at) => [mark, STRUCTURE_FROM + at]),
);

/** Whether one of the line's literals is this mark. */
export function hasMark(hits: readonly number[], mark: (typeof STRUCTURE)[keyof typeof STRUCTURE]): boolean {
  return hits.length > 0 && hits.includes(MARK_OWNERS.get(mark) ?? -1);
}

export interface Match {
  readonly signature: Signature;
}

export interface Score {
  /** 0 and up; what the line is worth by itself. */
  readonly value: number;
  /** Every signature that matched, heaviest first. */
  readonly matches: readonly Match[];
}

const NOTHING: Score = { value: 0, matches: [] };

/** Signatures that ask for certain numbers: of lines that differ in their numbers alone, they may match some. */
const ASKS_FOR_NUMBERS = SIGNATURES.map(({ pattern }) =>
  /\d/u.test(pattern.source.replaceAll(/\{\d{1,4}(?:,\d{0,4})?\}/gu, '')),
);

/**
 * Whether a line is worth more than a literal in passing, which most lines with hits are not: the cheapest way to tell. Where
 * that may depend on a number, it is, since all lines that say the same are judged as their first.
 */
export function isWorthJudging(text: string, hits: readonly number[]): boolean {
  const bare = withoutBranch(text);
  for (const hit of hits) {
    if (ASKS_FOR_NUMBERS[hit] === true || isMatch(SIGNATURES[hit], text, bare)) return true;
  }
  return false;
}

/** A pattern may look for the beginning of a line, or for what stands before it. */
function isMatch(signature: Signature | undefined, text: string, bare: string): boolean {
  if (signature === undefined) return false;
  return signature.pattern.test(text) || (bare !== text && signature.pattern.test(bare));
}

/** Verifies what the prefilter found. `text` is clean and at most LINE_LIMIT long. */
export function scoreLine(text: string, hits: readonly number[]): Score {
  if (hits.length === 0) return NOTHING;
  const matches: Match[] = [];
  const bare = withoutBranch(text);
  for (const hit of hits) {
    const signature = SIGNATURES[hit];
    if (signature !== undefined && isMatch(signature, text, bare)) matches.push({ signature });
  }
  if (matches.length === 0) return NOTHING;
  matches.sort((a, b) => b.signature.weight - a.signature.weight);
  const best = matches[0]?.signature.weight ?? 0;
  return { value: best * noiseFactor(text, best), matches };
}

/** A line that names the cause beyond doubt keeps more of its weight than one that merely holds a word. */
function noiseFactor(text: string, weight: number): number {
  let factor = 1;
  for (const noise of NOISE) {
    if (noise.factor < factor && noise.pattern.test(text)) factor = noise.factor;
  }
  return weight >= 8.5 && factor > 0 ? Math.sqrt(factor) : factor;
}

/** The same for a line whose hits are not at hand. */
export function scoreText(text: string): Score {
  return scoreLine(text, hitsOf(LOG_PREFILTER, Buffer.from(text)));
}
