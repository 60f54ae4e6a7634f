import { fitsGlob } from './glob.ts';
import { CONDITIONS, type ConditionKey, type Rule, RULE_STATES, RULE_VERDICTS, type RuleEvent } from './rule.ts';

/** Why a rule can never match, or by itself posts nothing. */
export type NeverReason =
  /** Everything that the condition asks for is also excluded. */
  | { kind: 'excluded'; key: ConditionKey }
  /** Only the end of a failure, of which no message would stand. */
  | { kind: 'only-recovered' }
  /** Only runs that nobody analyses, of which the condition asks what an analysis finds. */
  | { kind: 'not-analysed'; key: ConditionKey }
  /** Nothing of what `on:` lists has what the condition asks for. */
  | { kind: 'not-there'; key: ConditionKey; on: readonly RuleEvent[] }
  /** Only flaky failures, with another verdict asked for. */
  | { kind: 'flaky-with-other-verdict' };

/** The first reason for which nothing will ever be posted, as far as it shows in the rule; null where there is none. */
export function neverMatches({ on, conditions }: Rule): NeverReason | null {
  const excluded = CONDITIONS.find((key) => excludesAll(key, { on, conditions }));
  if (excluded !== undefined) return { kind: 'excluded', key: excluded };
  const told = on.filter((event) => event !== 'recovered');
  if (told.length === 0) return { kind: 'only-recovered' };
  const missing = CONDITIONS.find((key) => conditions[key].only.length > 0 && !told.some((event) => has(event, key)));
  if (missing !== undefined) {
    const isWaiting = told.every((event) => event === 'action_required') && missing !== 'state';
    return isWaiting ? { kind: 'not-analysed', key: missing } : { kind: 'not-there', key: missing, on: told };
  }
  const { only, not } = conditions.verdict;
  const isFlakyWanted = (only.length === 0 || only.includes('flaky')) && !not.includes('flaky');
  return told.every((event) => event === 'flaky') && !isFlakyWanted ? { kind: 'flaky-with-other-verdict' } : null;
}

function excludesAll(key: ConditionKey, { on, conditions }: Pick<Rule, 'on' | 'conditions'>): boolean {
  const { only, not } = conditions[key];
  const asked = only.length > 0 ? only : (CLOSED[key] ?? []);
  // A run may deploy nowhere, which is then what is asked for.
  const mayHaveNone = key === 'env' && only.length === 0 && on.some((event) => event !== 'deployment');
  const isAll = (other: string): boolean => other === '**' || (other === '*' && !Object.hasOwn(SEPARATED, key));
  if (!mayHaveNone && not.some(isAll)) return true;
  return asked.length > 0 && asked.every((pattern) => not.some((other) => covers(key, other, pattern)));
}

/** Conditions of which every value is known. */
const CLOSED: Partial<Record<ConditionKey, readonly string[]>> = { verdict: RULE_VERDICTS, state: RULE_STATES };

/** What a condition can be about, where that is not every run: a run that waits for an approval is not analysed. */
const LACKS: Partial<Record<RuleEvent, readonly ConditionKey[]>> = {
  action_required: ['job', 'verdict'],
  deployment: ['workflow', 'job', 'event', 'label', 'path', 'verdict'],
  check: ['workflow', 'event', 'actor', 'label', 'path', 'env', 'verdict'],
  pull_request: ['workflow', 'job', 'event', 'path', 'env', 'verdict'],
  release: ['workflow', 'job', 'event', 'label', 'path', 'env', 'verdict'],
};

/** Whether what is told as this may have what the condition asks for. */
function has(event: RuleEvent, key: ConditionKey): boolean {
  if (key === 'state') return event === 'deployment';
  return !(LACKS[event]?.includes(key) ?? false);
}

/** Where a star ends, and upper case counts. */
const SEPARATED: Partial<Record<ConditionKey, { separator: string }>> = {
  branch: { separator: '/' },
  path: { separator: '/' },
};

/** Whether everything that fits `narrow` fits `wide`, as far as that is plain to see. */
function covers(key: ConditionKey, wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  if (narrow.includes('*') || (key === 'branch' && [wide, narrow].includes('default'))) return false;
  if (key === 'actor' && wide.endsWith('[bot]') !== narrow.endsWith('[bot]')) return false;
  return fitsGlob(wide, narrow, SEPARATED[key] ?? { ignoreCase: true });
}
