import { describe, expect, test } from '@jest/globals';
import { baseName, normalizeCause } from '../../src/analysis/fingerprint.ts';
import { shortPath } from '../../src/analysis/paths.ts';
import { placeLine, placeSteps } from '../../src/analysis/steps.ts';
import { aJob, aStep, digest } from './support.ts';

const at = (second: number): Date => new Date(Date.UTC(2026, 10, 20, 9, 14, second));
const stamp = (second: number, fraction = 1): string =>
  `2026-11-20T09:14:${String(second).padStart(2, '0')}.${fraction}004417Z`;

const job = aJob({
  steps: [
    aStep({ number: 1, name: 'Set up job', startedAt: at(1), completedAt: at(2) }),
    aStep({ number: 2, name: 'Run actions/checkout@v5', startedAt: at(2), completedAt: at(4) }),
    aStep({ number: 3, name: 'Lint', conclusion: 'skipped', startedAt: at(4), completedAt: at(4) }),
    aStep({ number: 4, name: 'Test', conclusion: 'failure', startedAt: at(5), completedAt: at(9) }),
    aStep({ number: 8, name: 'Post Run actions/checkout@v5', startedAt: at(9), completedAt: at(9) }),
    aStep({ number: 9, name: 'Complete job', startedAt: at(9), completedAt: at(9) }),
  ],
});

const log = [
  `${stamp(1)} Current runner version`,
  `${stamp(2)} ##[group]Run actions/checkout@v5`,
  `${stamp(2)} with:`,
  `${stamp(3)} ##[endgroup]`,
  `${stamp(5)} ##[group]Run npm test`,
  `${stamp(5)} shell: bash`,
  `${stamp(5)} ##[endgroup]`,
  `${stamp(7)} FAIL: test_total (shop.CartTest)`,
  `${stamp(8)} ##[error]Process completed with exit code 1.`,
  `${stamp(9)} Post job cleanup.`,
  `${stamp(9)} error: nothing to see here`,
];

describe('steps of a job', () => {
  test('a line gets its step and its number within the step, as GitHub’s viewer counts', async () => {
    const { evidence, facts } = await digest(log.join('\n'), job);

    expect(facts.failedStep).toBe('Test');
    expect(evidence.find(({ text }) => text.startsWith('FAIL:'))).toMatchObject({
      line: 8,
      step: 4,
      stepLine: 4,
      jobId: 77,
    });
  });

  test('where a nested group may be the start, no number is better than a wrong one', () => {
    const starts = [
      { line: 2, second: at(2).getTime(), title: 'Run actions/checkout@v5' },
      { line: 5, second: at(5).getTime(), title: 'Run setup of a composite action' },
      { line: 7, second: at(5).getTime(), title: 'Run npm test' },
    ];
    const places = placeSteps(job, starts);

    expect(places.find(({ number }) => number === 4)?.firstLine).toBeNull();
    expect(placeLine(8, places, null)).toEqual({ step: null, stepLine: null });
    expect(placeLine(3, places, null)).toEqual({ step: null, stepLine: null });
  });

  test('lines of the clean-up belong to no step', () => {
    expect(placeLine(10, placeSteps(job, []), 10)).toEqual({ step: null, stepLine: null });
  });

  test('without a job there are no steps', async () => {
    expect((await digest(log.join('\n'))).evidence.every(({ step }) => step === null)).toBe(true);
  });
});

describe('fingerprints', () => {
  const failure = (name: string, extra = ''): string =>
    [
      `${stamp(5)} ##[group]Run npm test`,
      `${stamp(5)} ##[endgroup]`,
      `${stamp(7)} FAIL: ${name} (shop.CartTest)`,
      `${stamp(7)} AssertionError: 81 != 90 ${extra}`,
      `${stamp(8)} ##[error]Process completed with exit code 1.`,
    ].join('\n');
  const keyOf = async (text: string, name = 'test (22)'): Promise<string> =>
    (await digest(text, aJob({ name }))).fingerprint;

  test('are equal on another matrix cell, at another time, with other numbers', async () => {
    const one = await keyOf(failure('test_total', 'took 12 ms, seed 991'), 'test (22, ubuntu-latest)');
    const other = await keyOf(failure('test_total', 'took 431 ms, seed 7'), 'test (24, macos-15)');

    expect(one).toBe(other);
    expect(one).toMatch(/^v1:[0-9a-f]{32}$/u);
  });

  test('differ for another test and for another job', async () => {
    const key = await keyOf(failure('test_total'));

    expect(await keyOf(failure('test_tax'))).not.toBe(key);
    expect(await keyOf(failure('test_total'), 'nightly (22)')).not.toBe(key);
  });

  test('do not depend on the process’s salt', async () => {
    const secret = ['PASS', 'WORD=', 'hunter22x'].join('');
    const text = `##[error]login with ${secret} was refused\n##[error]Process completed with exit code 1.\n`;
    const { createRedactor } = await import('../../src/analysis/redact.ts');
    const { digestLog } = await import('../../src/analysis/digest.ts');
    const { bytes } = await import('./support.ts');
    const keys = await Promise.all(
      ['one', 'two'].map(
        async (salt) => (await digestLog(bytes(text), { job: null, redactor: createRedactor({ salt }) })).fingerprint,
      ),
    );

    expect(keys[0]).toBe(keys[1]);
  });

  test.each([
    ['Error at 2026-11-20T09:14:05Z in 3.4s on port 52314', 'Error at 2026-11-21T10:00:59Z in 12.9s on port 40022'],
    ['cannot read /tmp/shop-x81k2/out.json', 'cannot read /tmp/shop-pp0a1/out.json'],
    ['/home/runner/work/shop/shop/src/a.ts:12 failed', '/Users/runner/work/shop/shop/src/a.ts:99 failed'],
    [
      'commit 3f786850e387550fdab836ed7e6dc881de23001b is bad',
      'commit 89e6c98d92887913cadf06b2adb97f26cde4849b is bad',
    ],
    ['object at 0x7f12aa979a90', 'object at 0x7f1b461f0a90'],
    ['id 123e4567-e89b-12d3-a456-426614174000', 'id 00000000-e89b-12d3-a456-000000000000'],
  ])('"%s" and "%s" are the same cause', (one, other) => {
    expect(normalizeCause(one)).toBe(normalizeCause(other));
  });

  test.each([
    ["Property 'total' does not exist", "Property 'sum' does not exist"],
    ['src/cart.ts failed', 'src/pay.ts failed'],
  ])('"%s" and "%s" are not', (one, other) => {
    expect(normalizeCause(one)).not.toBe(normalizeCause(other));
  });

  test('the base name of a job has no matrix cell', () => {
    expect(baseName('build / test (ubuntu-latest, 22)')).toBe(baseName('build / test (windows-2025, 24)'));
  });

  test('a path is told without the place of the checkout', () => {
    expect(shortPath('/home/runner/work/shop/shop/src/a.ts')).toBe('src/a.ts');
    expect(shortPath('./src/a.ts')).toBe('src/a.ts');
  });
});
