import { MENTION_KEY, mentionWord, withoutRepeats } from './mention.ts';
import {
  type Condition,
  type ConditionKey,
  CONDITIONS,
  type Rule,
  RULE_EVENTS,
  targetName,
  USUAL_EVENTS,
} from './rule.ts';
import { printSchedule } from './schedule.ts';
import { quote } from './words.ts';

/** The rule in its one way of writing: two rules that mean the same are the same line. */
export function printRule({ target, on, conditions, mentions, schedule }: Rule): string {
  const events = RULE_EVENTS.filter((event) => on.includes(event));
  const isUsual = events.length === USUAL_EVENTS.length && USUAL_EVENTS.every((event) => events.includes(event));
  const parts = CONDITIONS.flatMap((key) => printPatterns(key, conditions[key]));
  const called = mentions.length === 0 ? [] : [`${MENTION_KEY}:${withoutRepeats(mentions).map(mentionWord).join(',')}`];
  const when = schedule === null ? [] : [printSchedule(schedule)];
  return [targetName(target), ...(isUsual ? [] : [`on:${events.join(',')}`]), ...parts, ...called, ...when].join(' ');
}

/** The words of one condition: none, one, or one for what is wanted and one for what is not. */
export function printPatterns(key: ConditionKey, { only, not }: Condition): string[] {
  return [...printValues(`${key}:`, only), ...printValues(`-${key}:`, not)];
}

function printValues(lead: string, values: readonly string[]): string[] {
  const sorted = [...new Set(values)].sort((one, other) => (one < other ? -1 : 1));
  return sorted.length === 0 ? [] : [`${lead}${sorted.map(quote).join(',')}`];
}
