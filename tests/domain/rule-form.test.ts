import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EMPTY_FORM, formOf, lineOf, type RuleForm } from '../../src/domain/rules/fields.ts';
import { parseRule } from '../../src/domain/rules/parse.ts';
import { printRule } from '../../src/domain/rules/print.ts';
import { aRule, ruleLines } from '../support/rules.ts';

const read = (form: Partial<RuleForm>): string => {
  const { line, fieldAt } = lineOf({ ...EMPTY_FORM, ...form });
  const parsed = parseRule(line);
  return parsed.kind === 'rule' ? printRule(parsed.rule) : `${fieldAt(parsed.problem.at)}: ${parsed.problem.kind}`;
};

describe('the form of a rule', () => {
  test.each<[Partial<RuleForm>, string]>([
    [{ target: ' acme/web ' }, 'acme/web'],
    [{ target: 'acme/*', on: 'failure,recovered' }, 'acme/* on:failure,recovered'],
    [
      { target: 'acme/web', branch: 'main release/*, -dependabot/**' },
      'acme/web branch:main,release/* -branch:dependabot/**',
    ],
    [{ target: 'acme/web', branch: 'main\n-wip' }, 'acme/web branch:main -branch:wip'],
    [{ target: 'acme/web', branch: '"-odd"' }, 'acme/web branch:-odd'],
    [
      { target: 'acme/web', workflow: 'Deploy to production, - Nightly' },
      'acme/web workflow:"Deploy to production" -workflow:Nightly',
    ],
    [{ target: 'acme/web', workflow: '\u201cBuild, test\u201d' }, 'acme/web workflow:"Build, test"'],
    [{ target: 'acme/web', more: 'job:build\n  -actor:*[bot]' }, 'acme/web job:build -actor:*[bot]'],
    [{ target: 'acme/web', mention: 'author, codeowners' }, 'acme/web mention:author,codeowners'],
    [{ target: 'acme/web', mention: 'mention:@oncall' }, 'acme/web mention:@oncall'],
    [{ target: 'acme/web', when: 'quiet:22:00-7:00 Europe/Berlin' }, 'acme/web quiet:22:00-07:00@Europe/Berlin'],
  ])('%j is read as %s', (form, line) => {
    expect(read(form)).toBe(line);
  });

  test.each<[Partial<RuleForm>, string]>([
    [{}, 'target: no-target'],
    [{ target: 'acme' }, 'target: bad-target'],
    [{ target: 'acme/web', on: 'sunday' }, 'on: unknown-value'],
    [{ target: 'acme/web', branch: 'main', workflow: '"CI' }, 'workflow: open-quote'],
    [{ target: 'acme/web', branch: 'a"b' }, 'branch: open-quote'],
    [{ target: 'acme/web', branch: 'main', more: 'brnch:main' }, 'more: unknown-key'],
    [{ target: 'acme/web', more: 'job:x', mention: '@' }, 'mention: unknown-value'],
    [{ target: 'acme/web', mention: 'author', when: 'tomorrow' }, 'when: no-condition'],
    [{ target: 'acme/web', branch: 'x'.repeat(600) }, 'more: too-long'],
  ])('%j has its problem at its field: %s', (form, problem) => {
    expect(read(form)).toBe(problem);
  });

  test('that is filled in with a rule says that rule, whatever it is made of', () => {
    const state = { read: 0 };
    fc.assert(
      fc.property(ruleLines(), (typed) => {
        const parsed = parseRule(typed);
        if (parsed.kind === 'problem') return;
        state.read += 1;
        expect(aRule(lineOf(formOf(parsed.rule)).line)).toEqual(parsed.rule);
      }),
      { numRuns: 2_000 },
    );
    expect(state.read).toBeGreaterThan(300);
  });
});
