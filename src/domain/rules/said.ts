import { suggest } from '../suggest.ts';
import { readTimeZone } from '../time-zone.ts';
import type { Read, RuleProblem } from './problem.ts';
import { type ConditionKey, RULE_EVENTS, RULE_KEYS, type RuleEvent, type RuleKey } from './rule.ts';
import { mayTakeZone, readSchedule, type Schedule, SCHEDULE_KEYS, type ScheduleKey } from './schedule.ts';
import { readValue } from './value.ts';
import { looksLikeTarget } from './target.ts';
import { splitValues, type Value, type Word } from './words.ts';

/** What a word of the line says. */
export type Said =
  | { key: 'on'; events: RuleEvent[] }
  | { key: ConditionKey; isNegated: boolean; patterns: string[] }
  | { key: ScheduleKey; schedule: Schedule };

/** Without quotes, a zone is a word of its own: `quiet:22:00-07:00 Europe/Berlin`. */
export function withZones(words: readonly Word[]): Word[] {
  const joined: Word[] = [];
  for (const word of words) {
    const before = joined.at(-1);
    if (before === undefined || !mayTakeZone(before.text) || readTimeZone(word.text) === null) joined.push(word);
    else
      joined.splice(-1, 1, { text: `${before.text}@${word.text}`, at: { start: before.at.start, end: word.at.end } });
  }
  return joined;
}

/** Reads a word behind the target. */
export function readWord(word: Word): Read<Said> {
  const { text, at } = word;
  const isNegated = text.startsWith('-');
  const begin = isNegated ? 1 : 0;
  // A condition has a name before its colon.
  if (looksLikeTarget(text)) return { problem: { kind: 'second-target', word: text, at } };
  const colon = text.indexOf(':');
  if (colon <= begin || text.slice(0, colon).includes('"')) return { problem: noCondition(word) };
  const typed = text.slice(begin, colon);
  const key = RULE_KEYS.find((each) => each === typed.toLowerCase());
  const place = { start: at.start + begin, end: at.start + colon };
  if (key === undefined) {
    return { problem: { kind: 'unknown-key', word: typed, meant: suggest(typed, RULE_KEYS), at: place } };
  }
  const minus = { start: at.start, end: place.end };
  const values = splitValues({ text: text.slice(colon + 1), at: { start: place.end + 1, end: at.end } });
  if (isScheduleKey(key)) {
    if (isNegated) return { problem: { kind: 'negated-schedule', key, at: minus } };
    return readOnlySchedule(key, { values, at });
  }
  if (key === 'on' && isNegated) return { problem: { kind: 'negated-on', at: minus } };
  return readValues(key, { isNegated, values, at });
}

function isScheduleKey(key: RuleKey): key is ScheduleKey {
  return SCHEDULE_KEYS.some((each) => each === key);
}

function noCondition({ text, at }: Word): RuleProblem {
  return { kind: 'no-condition', word: text, meant: suggest(text.replace(/^-/u, ''), RULE_KEYS), at };
}

interface Values {
  values: readonly Value[];
  /** The whole word. */
  at: Word['at'];
}

function readOnlySchedule(key: ScheduleKey, { values, at }: Values): Read<Said> {
  const [value, second] = values;
  if (value === undefined || value.text.trim() === '') return { problem: { kind: 'no-value', key, at } };
  if (second !== undefined) return { problem: { kind: 'second-schedule', at: second.at } };
  const read = readSchedule(key, value);
  return 'problem' in read ? read : { value: { key, schedule: read.value } };
}

function readValues(key: ConditionKey | 'on', { isNegated, values, at }: Values & { isNegated: boolean }): Read<Said> {
  const events: RuleEvent[] = [];
  const patterns: string[] = [];
  for (const value of values) {
    if (value.text.trim() === '') return { problem: { kind: 'no-value', key, at: value.text === '' ? at : value.at } };
    const read = readValue(key, value);
    if ('problem' in read) return read;
    if (key === 'on') events.push(...RULE_EVENTS.filter((event) => event === read.value));
    else patterns.push(read.value);
  }
  return { value: key === 'on' ? { key, events } : { key, isNegated, patterns } };
}
