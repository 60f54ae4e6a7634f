import { printRule } from './print.ts';
import type { RuleProblem } from './problem.ts';
import { CONDITIONS, type Condition, noConditions, type Rule, RULE_EVENTS } from './rule.ts';
import { RULE_LIMITS, type RuleEvent, type RuleTarget, USUAL_EVENTS } from './rule.ts';
import { readWord, type Said, withZones } from './said.ts';
import { readTarget } from './target.ts';
import { plainQuotes, splitRule } from './words.ts';

export type ParsedRule = { kind: 'rule'; rule: Rule } | { kind: 'problem'; problem: RuleProblem };

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
  for (const word of withZones(rest)) {
    const read = readWord(word);
    if ('problem' in read) return wrong(read.problem);
    if ('schedule' in read.value && said.some((each) => 'schedule' in each)) {
      return wrong({ kind: 'second-schedule', at: word.at });
    }
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
    if ('patterns' in each) conditions[each.key] = withPatterns(conditions[each.key], each);
  }
  const on = said.flatMap((each) => ('events' in each ? each.events : []));
  const schedule = said.find((each) => 'schedule' in each)?.schedule ?? null;
  return { target, on: on.length === 0 ? USUAL_EVENTS : asWritten(on), conditions, schedule };
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
