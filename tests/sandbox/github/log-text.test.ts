import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { logLines, rebaseLog, stepsOf, textOf, timeOf } from '../../../src/sandbox/github/log-text.ts';

const folder = new URL('../../../src/sandbox/demo/logs/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.log'));
const read = (file: string): string[] => logLines(readFileSync(new URL(file, folder), 'utf8'));

test('a log can be moved to another start; distances and the digits below a millisecond stay', () => {
  const start = new Date('2027-01-02T03:04:05.678Z');
  const lines = ['2026-11-20T09:12:41.1180420Z one', 'no time', '2026-11-20T09:12:42.0001234Z two'];

  expect(rebaseLog(lines, start)).toEqual([
    '2027-01-02T03:04:05.6780420Z one',
    'no time',
    '2027-01-02T03:04:06.5601234Z two',
  ]);
});

describe.each(files)('%s', (file) => {
  const lines = read(file);

  test('is a job log as GitHub writes it', () => {
    expect(lines.length).toBeGreaterThanOrEqual(200);
    expect(lines.length).toBeLessThanOrEqual(800);
    expect(lines.filter((line) => timeOf(line) === null)).toEqual([]);
    expect(textOf(lines[0] ?? '')).toMatch(/^Current runner version/u);
    expect(textOf(lines.at(-1) ?? '')).toBe('Cleaning up orphan processes');
  });

  test('its times never go back', () => {
    const stamps = lines.map((line) => line.slice(0, 28));

    expect(stamps).toEqual(stamps.toSorted());
  });

  test('its steps cover it without a gap', () => {
    const steps = stepsOf(lines, { names: [], conclusion: 'failure' });

    expect(steps[0]?.from).toBe(0);
    for (const [index, { to }] of steps.entries()) expect(steps[index + 1]?.from ?? lines.length).toBe(to);
  });

  test('it has no path of the machine that made it', () => {
    const text = lines.join('\n').replaceAll('/home/runner/', '');

    expect(text).not.toMatch(/\/(?:root|work\/main|tmp)\/|npmjs|pypi\.org/u);
  });
});
