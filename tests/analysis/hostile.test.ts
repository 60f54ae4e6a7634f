import { describe, expect, test } from '@jest/globals';
import { digestLog, SHOWN_LENGTH } from '../../src/analysis/digest.ts';
import { LINE_LIMIT } from '../../src/analysis/parse.ts';
import { RULES } from '../../src/analysis/redaction/rules.ts';
import { hostileLines, leastMs, timeOf } from '../../scripts/bench/hostile-lines.ts';
import { findPatterns } from '../../scripts/bench/patterns.ts';
import { bytes, redactor } from './support.ts';

/**
 * Times are compared with each other and never with a limit: one long line may take about as long as eight of an eighth of its length,
 * where a pattern that backtracks takes eight times that. What is over at once needs no second look, and a busy machine gets more tries.
 */
/** No quantifier's bound is above this, so what is within its bound for the parts is so for the whole. */
const SMALL = LINE_LIMIT;
const PARTS = 8;
const MARGIN = 4;
const AT_ONCE_MS = 20;
const TRIES = 3;

type Clock = (lines: readonly string[], tries: number) => number;

/** The kinds of line for which the time grows faster than the line. */
function superLinear(clock: Clock, pattern: RegExp): string[] {
  const small = hostileLines(pattern, SMALL);
  return hostileLines(pattern, SMALL * PARTS).flatMap(([name, line], at) => {
    if (clock([line], 1) <= AT_ONCE_MS) return [];
    const parts = Array<string>(PARTS).fill(small[at]?.[1] ?? '');
    return grows(clock, line, parts) ? [name] : [];
  });
}

function grows(clock: Clock, line: string, parts: readonly string[]): boolean {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    if (clock([line], tries) <= MARGIN * clock(parts, 1)) return false;
  }
  return true;
}

const found = findPatterns('src/analysis/**/*.ts');

describe('no pattern takes more than linear time', () => {
  test('the patterns are found in the sources', () => {
    expect(found.length).toBeGreaterThan(300);
    expect(found.map(({ pattern }) => pattern.source)).toContain('^E {3,40}(?<message>\\S.{0,500})');
  });

  test('a pattern that backtracks would be noticed', () => {
    const careless = /[a-z]+:\/\/[^/\s:@]{1,80}:/u;
    // So many parts that the growth is far from the margin: one measurement of a busy machine must not hide it.
    const [line, parts] = ['a'.repeat(512), PARTS * MARGIN];
    const clock: Clock = (lines, tries) => timeOf(careless, lines, tries);

    expect(grows(clock, line.repeat(parts), Array<string>(parts).fill(line))).toBe(true);
  });

  test.each(found.map(({ place, pattern }) => [place, pattern] as const))('%s', (_place, pattern) => {
    expect(superLinear((lines, tries) => timeOf(pattern, lines, tries), pattern)).toEqual([]);
  });

  test.each(RULES.map((rule) => [rule.literals.slice(0, 3).join(', '), rule] as const))(
    'the rule of redaction for %s',
    (_literals, rule) => {
      const own = new RegExp(rule.literals.map((literal) => literal.replaceAll(/[^\w :#/-]/gu, '.')).join('|'), 'u');
      const clock: Clock = (lines, tries) => leastMs(() => lines.forEach((line) => rule.apply(line, () => '')), tries);
      expect(superLinear(clock, own)).toEqual([]);
    },
  );
});

describe('a log of lines that are made to be slow', () => {
  const kinds = hostileLines(/error: failed/u, 1024 * 1024);

  test.each(kinds)('%s: 1 MB in one line hides no other line', async (_name, line) => {
    const log = `before\n${line}\nsrc/a.c:3:1: error: unknown type name x\n`;
    const { excerpt, size } = await digestLog(bytes(log), { job: null, redactor });

    expect(size).toEqual({ bytes: Buffer.byteLength(log), lines: 3 });
    expect(excerpt.map(({ text }) => text)).toContain('src/a.c:3:1: error: unknown type name x');
    for (const { text } of excerpt) expect(text.length).toBeLessThanOrEqual(Math.min(SHOWN_LENGTH, LINE_LIMIT));
  });
});
