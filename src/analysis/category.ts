import type { Category, Facts, LogLine } from '../domain/diagnosis.ts';
import type { Signals } from '../domain/digest.ts';
import type { Conclusion } from '../domain/run.ts';
import type { FactLine } from './facts/format.ts';
import { workOf } from './facts/work.ts';
import { checkerInLines, checkerOf } from './words/checkers.ts';
import { findKnownCause, type KnownCause } from './words/known-cause.ts';

/** Below this the words are too weak to name a kind. */
const ENOUGH = 30;
/** What is shown as evidence says more of the cause than what stands further off. */
const SHARES = { evidence: 4, excerpt: 1, rest: 0.15 } as const;
/** What a line decides that names the kind of work in so many words. */
const SIGN_WEIGHT = 600;

/** From here on a known way of failing is what the reader is told, so it tells the kind, too. */
const STRONG = 7.5;
/** From here on a compiler's complaint has words of its own. */
const SURE = 8;
/** From here on it is better than a guess from what the step was for. */
const WEAK = 5;

/** Words that tell the kind of thing, whatever else is said around them. */
const SIGNS: ReadonlyArray<readonly [RegExp, Category]> = [
  [/\bclippy::\w/u, 'lint'],
  [/^> Links$|^\s{0,6}\d{1,4}\. \[L\d{1,6}\]|\[✖\] |HTML-?Proofer found|\b(?:dead|broken) links?\b/u, 'lint'],
  [
    /\blines? (?:is |are )?(?:too long|longer than)|trailing (?:whitespace|spaces)(?!.{0,200}(?:Passed|Skipped))|does(?: not|n't) match (?:the )?format|not in (?:alphabetical )?order/iu,
    'lint',
  ],
  [/did not find expected .{1,60} while parsing|mapping values are not allowed/u, 'lint'],
  [
    /\bLinter failed\b|^\S{1,200}\.[cm]?[jt]sx?:\d{1,6}(?::\d{1,6})?:? [A-Z].{4,200} \((?:@?[\w-]{1,40}\/)?[a-z][a-z-]{2,40}\)$/u,
    'lint',
  ],
  [/^standard: |[✖✗] \d{1,6} problems? \(/u, 'lint'],
  [/\b[1-9]\d{0,4} .{0,30}vulnerabilit(?:y|ies)\b(?! \(0)|\bRUSTSEC-\d{4}|\bGHSA-\w{4}/u, 'dependency'],
  [
    /\b[1-9]\d{0,5} (?:tests? |specs? )?failing\b|\b(?:unit )?[Tt]ests (?:failed|FAILED)\b|\bFailed to run tests\b|AddressSanitizer: /u,
    'test',
  ],
  [/Cannot find module '(?![./])/u, 'dependency'],
  [/No (?:Rakefile|[Mm]akefile) found|No rule to make target|[Mm]issing script|no script named/u, 'configuration'],
];

/** What kind of thing broke: strong signs first, then what most of the weight in the lines says, then what the step was for. */
export function categorize({
  lines,
  excerpt,
  evidence,
  facts,
  signals,
  conclusion,
}: {
  lines: readonly FactLine[];
  excerpt: readonly FactLine[];
  evidence: readonly FactLine[];
  facts: Facts;
  signals: Signals;
  conclusion: Conclusion | null;
}): Category {
  if (conclusion === 'timed_out' || signals.timeout !== null) return 'timeout';
  if (conclusion === 'startup_failure' || signals.configuration !== null) return 'configuration';
  if (signals.infrastructure !== null) return 'infrastructure';
  if (facts.failingTests.length > 0 && facts.problems.length === 0) return 'test';
  if (facts.failingTests.length === 0 && isFinding(facts, excerpt)) return 'lint';
  const isStopped = conclusion === 'cancelled' || signals.cancelled !== null || signals.superseded !== null;
  const isInCode = facts.failingTests.length + facts.problems.length > 0;
  // Who is stopped has not failed by anything.
  if (isStopped && !isInCode) return 'unknown';
  const known = isInCode ? knownProblem(facts) : knownIn(evidence, excerpt);
  if (known?.category !== undefined && known.category !== null && known.weight >= STRONG) return known.category;
  const votes = countVotes(lines, { excerpt: new Set(excerpt), evidence: new Set(evidence) });
  for (const [pattern, category] of SIGNS) {
    if (excerpt.some(({ line }) => pattern.test(line.text))) add(votes, category, SIGN_WEIGHT);
  }
  // A test that fails by a timeout or a refused connection is a failing test, so weak words of others do not outvote it.
  if (facts.failingTests.length > 0) votes.set('test', (votes.get('test') ?? 0) * 3 + ENOUGH);
  // A time limit of the job is a strong sign and was seen above; a test that waits too long is a test.
  const ranked = [...votes].toSorted(([, a], [, b]) => b - a);
  const best = ranked.find(([category, weight]) => category !== 'timeout' && weight >= ENOUGH) ?? ranked[0];
  if (best !== undefined && best[1] >= ENOUGH) return best[0];
  if (known?.category !== undefined && known.category !== null && known.weight >= WEAK) return known.category;
  const saysNothing = evidence.every(({ candidate }) => candidate.own === 0);
  return saysNothing ? 'unknown' : (workOf(facts.failedCommand) ?? workOf(facts.failedStep) ?? 'unknown');
}

function knownIn(evidence: readonly FactLine[], excerpt: readonly FactLine[]): KnownCause | null {
  const linesOf = (lines: readonly FactLine[]): LogLine[] => lines.map(({ line }) => line);
  return findKnownCause({ evidence: linesOf(evidence), excerpt: linesOf(excerpt) });
}

/** What the first complaint means, where a compiler complains about more than the code. */
function knownProblem({ problems: [first], failingTests }: Facts): KnownCause | null {
  if (first === undefined || failingTests.length > 0) return null;
  const line = { jobId: null, line: 1, step: null, stepLine: null, text: first.message };
  const known = findKnownCause({ evidence: [line], excerpt: [] });
  return known !== null && known.weight >= SURE ? known : null;
}

/** Whether a linter complains first: its messages look like those of a compiler. */
function isFinding(facts: Facts, excerpt: readonly FactLine[]): boolean {
  const [first] = facts.problems;
  const tool = checkerInLines(excerpt.map(({ line }) => line)) ?? facts.tool;
  return first !== undefined && checkerOf(first, { ...facts, tool })?.kind === 'checker';
}

function countVotes(
  lines: readonly FactLine[],
  { excerpt, evidence }: { excerpt: ReadonlySet<FactLine>; evidence: ReadonlySet<FactLine> },
): Map<Category, number> {
  const votes = new Map<Category, number>();
  for (const line of lines) {
    const match = line.candidate.matches.find(({ signature }) => signature.category !== undefined);
    if (match?.signature.category === undefined) continue;
    const share = evidence.has(line) ? SHARES.evidence : excerpt.has(line) ? SHARES.excerpt : SHARES.rest;
    add(votes, match.signature.category, share * Math.min(line.candidate.own, match.signature.weight) ** 2);
  }
  return votes;
}

function add(votes: Map<Category, number>, category: Category, weight: number): void {
  votes.set(category, (votes.get(category) ?? 0) + weight);
}
