import { RepositoryName } from '../ids.ts';
import { suggest } from '../suggest.ts';
import type { RuleProblem } from './problem.ts';
import { CONDITIONS, type Condition, type ConditionKey, noConditions, type Rule, RULE_EVENTS } from './rule.ts';
import { RULE_LIMITS, type RuleEvent, type RuleTarget, USUAL_EVENTS } from './rule.ts';
import { printRule } from './print.ts';
import { readValue } from './value.ts';
import { plainQuotes, splitRule, splitValues, type Word } from './words.ts';

export type ParsedRule = { kind: 'rule'; rule: Rule } | { kind: 'problem'; problem: RuleProblem };

/** What a word of the line says. */
type Said = { key: 'on'; events: RuleEvent[] } | { key: ConditionKey; isNegated: boolean; patterns: string[] };

type Read<Value> = { value: Value } | { problem: RuleProblem };

const KEYS = ['on', ...CONDITIONS] as const;

/** Reads `owner/repo on:failure branch:main -actor:*[bot]`. The first problem is told, with its place in the line. */
export function parseRule(typed: string): ParsedRule {
  const line = plainQuotes(typed);
  const whole = { start: 0, end: line.length };
  if (line.length > RULE_LIMITS.line) return wrong({ kind: 'too-long', most: RULE_LIMITS.line, at: whole });
  const strange = /[^\P{C}\n\r\t]/u.exec(line);
  if (strange !== null) {
    const at = { start: strange.index, end: strange.index + strange[0].length };
    return wrong({ kind: 'strange-character', at });
  }
  const split = splitRule(line);
  if (split.kind === 'problem') return split;
  const [first, ...rest] = split.words;
  if (first === undefined) return wrong({ kind: 'no-target', at: whole });
  const target = readTarget(first);
  if ('problem' in target) return wrong(target.problem);
  const said: Said[] = [];
  for (const word of rest) {
    const read = readWord(word);
    if ('problem' in read) return wrong(read.problem);
    said.push(read.value);
  }
  return finish(ruleOf(target.value, said), whole);
}

function wrong(problem: RuleProblem): ParsedRule {
  return { kind: 'problem', problem };
}

/** Quotes may make the line longer than it was typed; what is kept has to be read again. */
function finish(rule: Rule, at: RuleProblem['at']): ParsedRule {
  if (printRule(rule).length > RULE_LIMITS.line) return wrong({ kind: 'too-long', most: RULE_LIMITS.line, at });
  const patterns = CONDITIONS.reduce((sum, key) => {
    const { only, not } = rule.conditions[key];
    return sum + only.length + not.length;
  }, 0);
  if (patterns > RULE_LIMITS.patterns) return wrong({ kind: 'too-many-patterns', most: RULE_LIMITS.patterns, at });
  return { kind: 'rule', rule };
}

function ruleOf(target: RuleTarget, said: readonly Said[]): Rule {
  const conditions = noConditions();
  for (const each of said) {
    if (each.key !== 'on') conditions[each.key] = withPatterns(conditions[each.key], each);
  }
  const on = said.flatMap((each) => (each.key === 'on' ? each.events : []));
  return { target, on: on.length === 0 ? USUAL_EVENTS : asWritten(on), conditions };
}

/** In order and once each; beside `always` nothing else needs to be said. */
function asWritten(events: readonly RuleEvent[]): RuleEvent[] {
  return events.includes('always') ? ['always'] : RULE_EVENTS.filter((event) => events.includes(event));
}

function withPatterns(
  { only, not }: Condition,
  { isNegated, patterns }: { isNegated: boolean; patterns: readonly string[] },
): Condition {
  const joined = (before: readonly string[]) => [...new Set([...before, ...patterns])].sort();
  return isNegated ? { only, not: joined(not) } : { only: joined(only), not };
}

function readTarget({ text, at }: Word): Read<RuleTarget> {
  const owner = /^([\w-]{1,39})\/\*$/u.exec(text)?.[1];
  if (owner !== undefined) return { value: { kind: 'owner', owner: owner.toLowerCase() } };
  const repository = RepositoryName.safeParse(text);
  if (repository.success) return { value: { kind: 'repository', repository: repository.data } };
  return { problem: { kind: 'bad-target', word: text, at } };
}

function readWord(word: Word): Read<Said> {
  const { text, at } = word;
  const isNegated = text.startsWith('-');
  const begin = isNegated ? 1 : 0;
  // A condition has a name before its colon.
  const colon = text.indexOf(':');
  if (colon <= begin || text.slice(0, colon).includes('"')) return { problem: noCondition(word) };
  const name = text.slice(begin, colon).toLowerCase();
  const key = KEYS.find((each) => each === name);
  const place = { start: at.start + begin, end: at.start + colon };
  if (key === undefined) {
    const problem = {
      kind: 'unknown-key',
      word: text.slice(begin, colon),
      meant: suggest(name, KEYS),
      at: place,
    } as const;
    return { problem };
  }
  if (key === 'on' && isNegated) return { problem: { kind: 'negated-on', at: { start: at.start, end: place.end } } };
  const values = { text: text.slice(colon + 1), at: { start: place.end + 1, end: at.end } };
  return readValues(key, { isNegated, values, at });
}

function noCondition({ text, at }: Word): RuleProblem {
  const isTarget = /^[\w-]{1,39}\/[\w.*-]{1,100}$/u.test(text);
  if (isTarget) return { kind: 'second-target', word: text, at };
  return { kind: 'no-condition', word: text, meant: suggest(text.replace(/^-/u, ''), KEYS), at };
}

function readValues(
  key: (typeof KEYS)[number],
  { isNegated, values, at }: { isNegated: boolean; values: Word; at: Word['at'] },
): Read<Said> {
  const events: RuleEvent[] = [];
  const patterns: string[] = [];
  for (const value of splitValues(values)) {
    if (value.text.trim() === '') return { problem: { kind: 'no-value', key, at: value.text === '' ? at : value.at } };
    const read = readValue(key, value);
    if ('problem' in read) return read;
    if (key === 'on') events.push(...RULE_EVENTS.filter((event) => event === read.value));
    else patterns.push(read.value);
  }
  return { value: key === 'on' ? { key, events } : { key, isNegated, patterns } };
}
