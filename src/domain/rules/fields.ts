import { MENTION_KEY, mentionWord, withoutRepeats } from './mention.ts';
import { printPatterns } from './print.ts';
import type { Place } from './problem.ts';
import { type Condition, type ConditionKey, CONDITIONS, type Rule, targetName } from './rule.ts';
import { printSchedule } from './schedule.ts';
import { inQuotes, plainQuotes, quote } from './words.ts';

/** The fields of a form in which a rule can be filled in, in the order in which a rule is written down. */
export const RULE_FIELDS = ['target', 'on', 'workflow', 'branch', 'more', 'mention', 'when'] as const;
export type RuleField = (typeof RULE_FIELDS)[number];

/** What stands in each; empty where nothing is asked. */
export type RuleForm = Readonly<Record<RuleField, string>>;

/** Conditions with a field of their own, in which a comma separates values and a minus excludes. */
const OWN_FIELD = ['workflow', 'branch'] as const satisfies readonly ConditionKey[];

export const EMPTY_FORM: RuleForm = { target: '', on: '', workflow: '', branch: '', more: '', mention: '', when: '' };

/** The form that says what the rule says. */
export function formOf({ target, on, conditions, mentions, schedule }: Rule): RuleForm {
  const others = CONDITIONS.filter((key) => !OWN_FIELD.some((own) => own === key));
  return {
    target: targetName(target),
    on: on.join(','),
    workflow: valuesOf(conditions.workflow),
    branch: valuesOf(conditions.branch),
    more: others.flatMap((key) => printPatterns(key, conditions[key])).join(' '),
    mention: withoutRepeats(mentions).map(mentionWord).join(','),
    when: schedule === null ? '' : printSchedule(schedule),
  };
}

function valuesOf({ only, not }: Condition): string {
  // Within quotes a minus is a letter like any other.
  const written = only.map((value) => (value.startsWith('-') ? inQuotes(value) : quote(value)));
  return [...written, ...not.map((value) => `-${quote(value)}`)].join(', ');
}

/** The line that a form means, to be read by `parseRule`, and the way back from a place in it to the field. */
export interface FormLine {
  line: string;
  fieldAt: (place: Place) => RuleField;
}

export function lineOf(form: RuleForm): FormLine {
  const parts = RULE_FIELDS.map((field) => ({ field, words: wordsOf(field, form[field].trim()) }));
  const filled = parts.filter(({ words, field }) => words !== '' || field === 'target');
  return { line: filled.map(({ words }) => words).join(' '), fieldAt: (place) => fieldAt(filled, place) };
}

function fieldAt(parts: ReadonlyArray<{ field: RuleField; words: string }>, { start, end }: Place): RuleField {
  let from = 0;
  for (const { field, words } of parts) {
    const to = from + words.length;
    // What is wrong with the whole line is said where there is most room to change it.
    if (start <= to) return start === 0 && end > to ? 'more' : field;
    from = to + 1;
  }
  return 'more';
}

function wordsOf(field: RuleField, typed: string): string {
  if (typed === '') return '';
  switch (field) {
    case 'on':
      return `on:${typed}`;
    case 'workflow':
      return patternWords('workflow', splitAt(typed, WITH_BLANKS));
    case 'branch':
      return patternWords('branch', splitAt(typed, WITHOUT_BLANKS));
    case 'mention':
      return `${MENTION_KEY}:${typed.replace(/^mention:/iu, '').replaceAll(/\s*,\s*/gu, ',')}`;
    case 'target':
    case 'more':
    case 'when':
      return typed.replaceAll(/\s+/gu, ' ');
    default:
      return field satisfies never;
  }
}

/** What stands between two commas outside of quotes. Names of workflows have blanks, those of branches have none. */
const WITH_BLANKS = /(?:"(?:\\.|[^"\\])*"?|[^,\n"])+/gsu;
const WITHOUT_BLANKS = /(?:"(?:\\.|[^"\\])*"?|[^,\s"])+/gsu;

function splitAt(typed: string, piece: RegExp): string[] {
  const pieces = plainQuotes(typed).match(piece) ?? [];
  return pieces.map((each) => each.trim()).filter((each) => each !== '');
}

function patternWords(key: ConditionKey, pieces: readonly string[]): string {
  const only = pieces.filter((piece) => !piece.startsWith('-'));
  const not = pieces.filter((piece) => piece.startsWith('-')).map((piece) => piece.slice(1).trimStart());
  return [...list(`${key}:`, only), ...list(`-${key}:`, not)].join(' ');
}

function list(lead: string, values: readonly string[]): string[] {
  // What has quotes already is left to the reader of rules, who can say what is wrong with them.
  return values.length === 0
    ? []
    : [`${lead}${values.map((each) => (each.includes('"') ? each : quote(each))).join(',')}`];
}
