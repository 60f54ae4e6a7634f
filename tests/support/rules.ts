import { parseRule } from '../../src/domain/rules/parse.ts';
import type { RepositoryName } from '../../src/domain/ids.ts';
import { isGroup, type Rule } from '../../src/domain/rules/rule.ts';
import { ruleProblemWords } from '../../src/messages/rules.ts';

/** The rule of a line that can be read. */
export function aRule(line: string): Rule {
  const parsed = parseRule(line);
  if (parsed.kind === 'problem') throw new Error(ruleProblemWords(parsed.problem));
  return parsed.rule;
}

/** The rule about a topic or a team, with the repositories that belong to it. */
export function withMembers(rule: Rule, repositories: readonly RepositoryName[]): Rule {
  if (!isGroup(rule.target)) throw new Error('Neither a topic nor a team');
  return { ...rule, target: { ...rule.target, repositories } };
}
