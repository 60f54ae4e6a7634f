import { describe, expect, test } from '@jest/globals';
import { redactor } from '../support.ts';
import { digits, join, jwt, mixed } from './samples.ts';

const classic = join('gh', 'p_', mixed(36));
const installation = join('gh', 's_', digits(7), '_', jwt);

function wrap(text: string, width: number): string[] {
  return text.match(new RegExp(`.{1,${width}}`, 'gu')) ?? [];
}

describe('a token that a terminal wrapped', () => {
  test.each([6, 10, 20, 30, 39])('goes whole when %d of its characters fit on the first line', async (fits) => {
    const lines = wrap(`${'x'.repeat(79 - fits)} ${classic} was refused`, 80);
    const [first = '', second = ''] = await redactor.lines(lines);

    expect(first).toMatch(/\[redacted:github-token:\w{4}\]$/u);
    expect(second).toMatch(/^\[redacted:github-token:\w{4}\] was refused$/u);
    expect(first.slice(-28)).toBe(second.slice(0, 28));
  });

  test.each([60, 80, 100])('goes over many lines of %d characters', async (width) => {
    const lines = wrap(`fatal: cannot use ${installation} for this`, width);
    const shown = (await redactor.lines(lines)).join('\n');

    expect(lines.length).toBeGreaterThan(2);
    expect(shown.replaceAll(/\[redacted:github-token:\w{4}\]/gu, '')).toMatch(/^fatal: cannot use \n{1,9} for this$/u);
  });

  test('what follows a whole token on the next line stays', async () => {
    const lines = [`the token that was used is by no means a new one: ${classic}`, 'Error: it was refused', 'v1.2.3'];
    const shown = await redactor.lines(lines);

    expect(shown.slice(1)).toEqual(lines.slice(1));
  });

  test('lines that only look broken stay', async () => {
    const lines = [
      '/home/runner/.cache/yarn/v6/npm-acorn-globals-4.3.2-4e2c2313/node_modules/sk-',
      'learn/index.js',
      'eyJ',
      'x',
    ];

    expect(await redactor.lines(lines)).toEqual(lines);
  });
});
