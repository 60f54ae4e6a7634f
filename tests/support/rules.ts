import { parseRule } from '../../src/domain/rules/parse.ts';
import type { Rule } from '../../src/domain/rules/rule.ts';
import { ruleProblemWords } from '../../src/messages/rules.ts';

/** The rule of a line that can be read. */
export function aRule(line: string): Rule {
  const parsed = parseRule(line);
  if (parsed.kind === 'problem') throw new Error(ruleProblemWords(parsed.problem));
  return parsed.rule;
}
