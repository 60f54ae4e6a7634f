import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GitHubUnavailableError } from '../../src/errors.ts';
import { retryDelayMs } from '../../src/pipeline/retry.ts';

const most = () => 0.999_999_999;
const least = () => 0;

describe('the wait before the next try', () => {
  test('doubles from a second with each attempt, and stays at five minutes', () => {
    const waits = [1, 2, 3, 4, 9, 10, 50].map((attempt) => retryDelayMs(attempt, new Error('bug'), most));

    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 256_000, 300_000, 300_000]);
  });

  test('is spread over its upper half, so that jobs that failed together do not come back together', () => {
    expect(retryDelayMs(3, new Error('bug'), least)).toBe(2_000);
    expect(retryDelayMs(3, new Error('bug'), () => 0.5)).toBe(3_000);
  });

  test('is at least what the other side asked for, even beyond five minutes', () => {
    const error = new GitHubUnavailableError('limited', { retryAfterMs: 600_000 });

    expect(retryDelayMs(1, error, least)).toBe(600_000);
    expect(retryDelayMs(1, error, () => 0.5)).toBe(630_000);
  });

  test('is the longer one when the other side asks for less than our own wait', () => {
    expect(retryDelayMs(5, new GitHubUnavailableError('limited', { retryAfterMs: 10 }), most)).toBe(16_000);
  });

  test.each([-5, Number.NaN, Number.POSITIVE_INFINITY])('does not believe the other side when it says %p', (asked) => {
    expect(retryDelayMs(1, new GitHubUnavailableError('limited', { retryAfterMs: asked }), most)).toBe(1_000);
  });

  test('is never shorter than half a second nor longer than a day and its spread', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.option(fc.double(), { nil: undefined }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, asked, random) => {
          const error = new GitHubUnavailableError('limited', asked === undefined ? {} : { retryAfterMs: asked });
          const delayMs = retryDelayMs(attempt, error, () => random);
          expect(delayMs).toBeGreaterThanOrEqual(500);
          expect(delayMs).toBeLessThanOrEqual(24 * 60 * 60_000 * 1.1);
        },
      ),
    );
  });
});
