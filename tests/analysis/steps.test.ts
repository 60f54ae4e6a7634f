import { describe, expect, test } from '@jest/globals';
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
