import fc from 'fast-check';
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

/** Lines that are made of what a rule may be made of, most of them readable. */
export function ruleLines(): fc.Arbitrary<string> {
  const name = fc.oneof(
    fc.constantFrom(
      'CI',
      'a, b',
      'say "x"',
      'back\\',
      '*',
      'x*',
      'test (20)',
      'default',
      'release/**',
      '22:00-7:00@UTC',
      'daily@9:00',
      'weekly@sunday@09:00 Europe/Rome',
      'author',
      'CODEOWNERS',
      '@On-Call',
      'failure',
      'deployment',
    ),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  );
  const condition = fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.constantFrom(
        'workflow',
        'job',
        'branch',
        'actor',
        'event',
        'verdict',
        'on',
        'label',
        'path',
        'mention',
        'env',
        'state',
        'nothing',
        'quiet',
        'digest',
      ),
      fc.array(name, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
    )
    .map(([minus, key, names, isQuoted]) => {
      const values = names.map((each) => (isQuoted ? `"${each.replaceAll(/["\\]/gu, '\\$&')}"` : each));
      return `${minus}${key}:${values.join(',')}`;
    });
  return fc
    .tuple(
      fc.constantFrom('acme/web', 'Acme/*', 'topic:Web', 'team:Core', 'team:@Acme/core'),
      fc.array(condition, { maxLength: 5 }),
    )
    .map(([target, conditions]) => [target, ...conditions].join(' '));
}
