import { describe, expect, test } from '@jest/globals';
import { cpuMs } from '../../scripts/bench/hostile-lines.ts';
import { FORMATS } from '../../src/analysis/facts/match.ts';

describe('formats of facts', () => {
  test('have literals in lower case, so that the prefilter finds them', () => {
    const literals = FORMATS.flatMap((format) => format.literals);

    expect(literals.filter((literal) => literal.length < 2 || literal !== literal.toLowerCase())).toEqual([]);
  });

  test.each([
    ['one letter', 'a'],
    ['spaces', ' '],
    ['digits', '1'],
    ['brackets', '[('],
    ['underscores', '_'],
    ['colons', 'a:'],
    ['places', '/a.py:1'],
    ['words', 'error expected but '],
    ['dots', 'a.'],
    ['dashes', '-- '],
    ['crosses', '✖ x '],
    ['tests', ' > x FAILED'],
    ['frames', 'at a.b('],
  ])('take no long time on a line of %s', (_, unit) => {
    const line = unit.repeat(Math.ceil(2048 / unit.length)).slice(0, 2048);
    const patterns = FORMATS.flatMap(({ pattern, above, below }) => [
      pattern,
      ...[above, below].flatMap((neighbour) => neighbour?.pattern ?? []),
    ]);
    for (const pattern of patterns) {
      // The best of a few: what else the machine does is no fault of the pattern.
      const times = [1, 2, 3, 4, 5].map(() => timeOf(pattern, line));
      expect({ pattern: pattern.source, isSlow: Math.min(...times) > 20 }).toMatchObject({ isSlow: false });
    }
  });
});

function timeOf(pattern: RegExp, line: string): number {
  const started = cpuMs();
  pattern.test(line);
  pattern.test(`${line}!`);
  return cpuMs() - started;
}
