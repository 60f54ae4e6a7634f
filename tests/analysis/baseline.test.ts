import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readBaseline } from '../../src/analysis/baseline.ts';
import { digestLog } from '../../src/analysis/digest.ts';
import type { JobDigest } from '../../src/domain/digest.ts';
import { redactor } from './support.ts';

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

const baselineOf = (text: string) => readBaseline(bytes(text));

async function digest(text: string, passing?: string): Promise<JobDigest> {
  const comparison = passing === undefined ? {} : { passing: await baselineOf(passing) };
  return digestLog(bytes(text), { job: null, redactor, ...comparison });
}

const textsOf = (lines: JobDigest['evidence']): string[] => lines.map(({ text }) => text);

describe('a baseline', () => {
  test('knows lines again that differ in time, numbers, hashes and colours', async () => {
    const passing = await baselineOf(
      '2026-11-20T09:14:02.0374417Z \u001b[32mcompiled\u001b[0m 214 files of 9f86d08 in 12.3 s\n',
    );

    expect(passing.has('compiled 198 files of 1c3de0a in 9.1 s')).toBe(true);
    expect(passing.has('compiled no file')).toBe(false);
  });

  test('tells apart what numbers make another thing: none and some, and exit codes', async () => {
    const passing = await baselineOf('0 tests failed\nanswered 200 after 3 tries\n');

    expect(passing.has('3 tests failed')).toBe(false);
    expect(passing.has('answered 503 after 4 tries')).toBe(false);
  });

  test('keeps no more than its memory holds, and takes the rest for new', async () => {
    const word = (at: number): string =>
      at.toString(26).replaceAll(/\d/gu, (digit) => 'qrstuvwxyz'[Number(digit)] ?? '');
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (let block = 0; block < 60; block += 1) {
        yield Buffer.from(Array.from({ length: 10_000 }, (_, at) => `line ${word(block * 10_000 + at)}\n`).join(''));
      }
    }
    const passing = await readBaseline(endless());

    expect(passing.has(`line ${word(7)}`)).toBe(true);
    expect(passing.has(`line ${word(599_999)}`)).toBe(false);
  });

  test('is given up with the reason of the signal', async () => {
    const signal = AbortSignal.abort('enough');

    await expect(readBaseline(bytes('ok\n'.repeat(1000)), { signal })).rejects.toBe('enough');
  });
});

const NOISY = 'Error: connect ECONNREFUSED 127.0.0.1:5432, will try again';
const PASSING = ['$ make check', NOISY, NOISY, 'database is there', 'checked 12 things', 'all is well', ''].join('\n');
const FAILING = [
  '$ make check',
  NOISY,
  NOISY,
  'database is there',
  'checked 11 things',
  'thing 12 is out of order',
  'make: *** [check] Error 1',
  '',
].join('\n');

describe('a log beside a passing one', () => {
  test('is explained by what is new in it', async () => {
    const alone = await digest(FAILING);
    const compared = await digest(FAILING, PASSING);

    expect(textsOf(alone.evidence)).toContain(NOISY);
    expect(textsOf(compared.evidence)).not.toContain(NOISY);
    expect(textsOf(compared.evidence)).toContain('make: *** [check] Error 1');
    expect(textsOf(compared.excerpt)).toContain('thing 12 is out of order');
  });

  test('that says nothing new is explained all the same', async () => {
    const alone = await digest(FAILING);
    const compared = await digest(FAILING, FAILING);

    expect(compared.evidence.length).toBeGreaterThan(0);
    expect(compared.category).toBe(alone.category);
  });

  test('keeps its fingerprint: it must not depend on what happened to be at hand', async () => {
    const alone = await digest(FAILING);
    const compared = await digest(FAILING, PASSING);

    expect(compared.evidence).not.toEqual(alone.evidence);
    expect(compared.fingerprint).toBe(alone.fingerprint);
  });

  test('gets the same answer each time', async () => {
    expect(await digest(FAILING, PASSING)).toEqual(await digest(FAILING, PASSING));
  });

  test('holds every line that is shown, whatever the two say', async () => {
    const lines = fc.array(fc.oneof(fc.string(), fc.constantFrom(NOISY, 'FAIL a.test.js', 'exit code 1', 'ok 1')));
    await fc.assert(
      fc.asyncProperty(lines, lines, async (failing, passing) => {
        const { excerpt, evidence } = await digest(failing.join('\n'), passing.join('\n'));
        const shown = new Set(textsOf(excerpt));
        expect(evidence.every(({ text }) => shown.has(text))).toBe(true);
        expect(excerpt.every(({ line }) => line <= failing.join('\n').split('\n').length)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
