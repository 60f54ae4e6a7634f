import type { Category, Facts } from '../domain/diagnosis.ts';
import type { Signals } from '../domain/digest.ts';
import type { Conclusion } from '../domain/run.ts';
import type { FactLine } from './facts/format.ts';

/** Below this the words are too weak to name a kind. */
const ENOUGH = 30;

/** What kind of thing broke: strong signs first, then what most of the weight in the lines says. */
export function categorize({
  lines,
  facts,
  signals,
  conclusion,
}: {
  lines: readonly FactLine[];
  facts: Facts;
  signals: Signals;
  conclusion: Conclusion | null;
}): Category {
  if (conclusion === 'timed_out' || signals.timeout !== null) return 'timeout';
  if (conclusion === 'startup_failure' || signals.configuration !== null) return 'configuration';
  if (signals.infrastructure !== null) return 'infrastructure';
  if (facts.failingTests.length > 0 && facts.problems.length === 0) return 'test';
  const votes = new Map<Category, number>();
  for (const { candidate } of lines) {
    const match = candidate.matches.find(({ signature }) => signature.category !== undefined);
    const category = match?.signature.category;
    if (match === undefined || category === undefined) continue;
    // A test that fails by a timeout or a refused connection is a failing test, so weak words of others do not outvote it.
    const weight = Math.min(candidate.own, match.signature.weight) ** 2;
    votes.set(category, (votes.get(category) ?? 0) + weight);
  }
  if (facts.failingTests.length > 0) votes.set('test', (votes.get('test') ?? 0) * 3 + ENOUGH);
  const [best] = [...votes].toSorted(([, a], [, b]) => b - a);
  return best !== undefined && best[1] >= ENOUGH ? best[0] : 'unknown';
}
