import { CONDITIONS, type ConditionKey, noConditions, type Rule } from '../domain/rules/rule.ts';
import { isAbout, matchRule, type Subject } from './match.ts';

/** A part of a rule that a run does not fit. */
export type Misfit = 'target' | 'on' | ConditionKey;

/** What of a rule keeps it from fitting a run; empty where it fits, or may do so once more is known. Each part is asked of the same `matchRule` alone. */
export function misfits(subject: Subject, rule: Rule): Misfit[] {
  if (matchRule(subject, rule) !== 'no') return [];
  if (!isAbout(subject.run.repository, rule)) return ['target'];
  const events = matchRule(subject, { ...rule, conditions: noConditions() }) === 'no' ? (['on'] as const) : [];
  const conditions = CONDITIONS.filter((key) => {
    const alone = { ...noConditions(), [key]: rule.conditions[key] };
    return matchRule(subject, { ...rule, on: ['always'], conditions: alone }) === 'no';
  });
  return [...events, ...conditions];
}
