import { describe, expect, test } from '@jest/globals';
import { digestLog, SHOWN_LENGTH } from '../../src/analysis/digest.ts';
import { LINE_LIMIT } from '../../src/analysis/parse.ts';
import { RULES } from '../../src/analysis/redaction/rules.ts';
import { hostileLines, timeOf } from '../../scripts/bench/hostile-lines.ts';
import { findPatterns } from '../../scripts/bench/patterns.ts';
import { bytes, redactor } from './support.ts';

/**
 * Times are compared with each other and never with a clock: eight times the line may take a good eight times as long, where a pattern
 * that backtracks takes 64 times. What is over at once needs no second look.
 */
const SMALL = 4 * 1024;
const GROWTH = 8;
const MARGIN = 2.5;
const AT_ONCE_MS = 20;
const TRIES = 4;

type Clock = (line: string, tries: number) => number;

/** The kinds of line for which the time grows faster than the line. */
function superLinear(clock: Clock, pattern: RegExp): string[] {
  const small = hostileLines(pattern, SMALL);
  return hostileLines(pattern, SMALL * GROWTH).flatMap(([name, line], at) => {
    if (clock(line, 1) <= AT_ONCE_MS) return [];
    const ratio = clock(line, TRIES) / clock(small[at]?.[1] ?? '', TRIES);
    return ratio > GROWTH * MARGIN ? [name] : [];
  });
}

const found = findPatterns('src/analysis/**/*.ts');

describe('no pattern takes more than linear time', () => {
  test('the patterns are found in the sources', () => {
    expect(found.length).toBeGreaterThan(300);
    expect(found.map(({ pattern }) => pattern.source)).toContain('^E {3,40}(?<message>\\S.{0,500})');
  });

  test('a pattern that backtracks would be noticed', () => {
    const careless = /[a-z]+:\/\/[^/\s:@]{1,80}:/u;

    expect(superLinear((line, tries) => timeOf(careless, line, tries), careless)).toContain('"a"');
  });

  test.each(found.map(({ place, pattern }) => [place, pattern] as const))('%s', (_place, pattern) => {
    expect(superLinear((line, tries) => timeOf(pattern, line, tries), pattern)).toEqual([]);
  });

  test.each(RULES.map((rule) => [rule.literals.slice(0, 3).join(', '), rule] as const))(
    'the rule of redaction for %s',
    (_literals, rule) => {
      const own = new RegExp(rule.literals.map((literal) => literal.replaceAll(/[^\w :#/-]/gu, '.')).join('|'), 'u');
      const clock: Clock = (line, tries) => {
        const times = Array.from({ length: tries }, () => {
          const started = performance.now();
          rule.apply(line, () => '');
          return performance.now() - started;
        });
        return Math.min(...times);
      };
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
