import { fitsGlob } from './glob.ts';
import { CONDITIONS, type ConditionKey, type Rule, RULE_VERDICTS } from './rule.ts';

/** Why a rule can never match, or by itself posts nothing. */
export type NeverReason =
  /** Everything that the condition asks for is also excluded. */
  | { kind: 'excluded'; key: ConditionKey }
  /** Only the end of a failure, of which no message would stand. */
  | { kind: 'only-recovered' }
  /** Only runs that nobody analyses, of which the condition asks what an analysis finds. */
  | { kind: 'not-analysed'; key: ConditionKey }
  /** Only flaky failures, with another verdict asked for. */
  | { kind: 'flaky-with-other-verdict' };

/** The first reason for which nothing will ever be posted, as far as it shows in the rule; null where there is none. */
export function neverMatches({ on, conditions }: Rule): NeverReason | null {
  for (const key of CONDITIONS) {
    const { only, not } = conditions[key];
    const asked = only.length > 0 || key !== 'verdict' ? only : RULE_VERDICTS;
    const covered = (pattern: string): boolean => not.some((other) => covers(key, other, pattern));
    if (not.some((other) => other === '**' || (other === '*' && key !== 'branch'))) return { kind: 'excluded', key };
    if (asked.length > 0 && asked.every(covered)) return { kind: 'excluded', key };
  }
  const failures = on.filter((event) => event !== 'recovered');
  if (failures.length === 0) return { kind: 'only-recovered' };
  const asked = (['job', 'verdict'] as const).find((key) => conditions[key].only.length > 0);
  if (asked !== undefined && failures.every((event) => event === 'action_required')) {
    return { kind: 'not-analysed', key: asked };
  }
  const { only, not } = conditions.verdict;
  const isFlakyWanted = (only.length === 0 || only.includes('flaky')) && !not.includes('flaky');
  return failures.every((event) => event === 'flaky') && !isFlakyWanted ? { kind: 'flaky-with-other-verdict' } : null;
}

/** Whether everything that fits `narrow` fits `wide`, as far as that is plain to see. */
function covers(key: ConditionKey, wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  if (narrow.includes('*') || (key === 'branch' && [wide, narrow].includes('default'))) return false;
  if (key === 'actor' && wide.endsWith('[bot]') !== narrow.endsWith('[bot]')) return false;
  return fitsGlob(wide, narrow, key === 'branch' ? { separator: '/' } : { ignoreCase: true });
}
