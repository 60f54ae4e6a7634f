import { describe, expect, test } from '@jest/globals';
import { clip, isSafeInCommand, listNames, plain, sentence } from '../../../src/analysis/words/text.ts';

describe('Text that is too long', () => {
  test.each([
    ['fits as it is', 20, 'fits as it is'],
    ['is cut between two words', 12, 'is cut…'],
    ['leaves no "open quote behind it', 19, 'leaves no…'],
    ['leaves no (open bracket behind it', 21, 'leaves no…'],
    ['ends without a comma, and more', 24, 'ends without a comma…'],
    ['does not end with the article', 25, 'does not end…'],
    ['a'.repeat(50), 10, `${'a'.repeat(9)}…`],
    ['😀'.repeat(20), 10, `${'😀'.repeat(4)}…`],
  ])('%s', (text, limit, expected) => {
    expect(clip(text, limit)).toBe(expected);
  });

  test('names are listed as far as they fit, and the rest is counted', () => {
    expect(listNames(['a', 'b'], 40)).toBe('a and b');
    expect(listNames(['first', 'second', 'third'], 22)).toBe('first and 2 more');
    expect(listNames(['"a very long name of a test"', 'b'], 30)).toBe('"a very long…" and b');
  });
});

test.each([
  ['2026-11-22 04:41:04,553 ERROR Failed to upload', 'Failed to upload'],
  ['##[error]Process failed', 'Process failed'],
  ['[ERROR] Failed to execute goal x -> [Help 1]', 'Failed to execute goal x'],
  ['npm ERR! 404 no such package', 'no such package'],
  ['fatal: not a git repository', 'not a git repository'],
  ['ValueError: x is not set', 'ValueError: x is not set'],
  ['/home/runner/work/_temp/1.sh: line 3: foo: command not found', 'foo: command not found'],
  ['/home/runner/work/shop/shop/src/a.ts is missing', 'src/a.ts is missing'],
])('what stands around a message is taken off: %s', (line, expected) => {
  expect(plain(line)).toBe(expected);
});

test('a sentence ends once', () => {
  expect([sentence('It fails'), sentence('It fails.'), sentence('Why?'), sentence('It says:')]).toEqual([
    'It fails.',
    'It fails.',
    'Why?',
    'It says.',
  ]);
});

test.each([
  ['src/app.ts', true],
  ['left-pad@1.3.0', true],
  ['$(rm -rf x)', false],
  ['a; b', false],
  ['`id`', false],
  ['-rf', true],
  ['a"b', false],
])('%s can be a part of a command: %s', (text, isSafe) => {
  expect(isSafeInCommand(text)).toBe(isSafe);
});
