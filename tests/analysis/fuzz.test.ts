import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cleanLine, cleanText } from '../../src/analysis/clean.ts';
import { readLines } from '../../src/analysis/parse.ts';
import { LOG_PREFILTER } from '../../src/analysis/score.ts';
import { templateKey } from '../../src/analysis/template.ts';
import { join, mixed } from './redaction/samples.ts';
import { bytes, digest, linesOf } from './support.ts';
import { digestLog } from '../../src/analysis/digest.ts';
import { redactor } from './support.ts';

const ESCAPE = '\u001b';
const token = join('gh', 's_', mixed(36));
const STAMP = '2026-11-20T09:14:02.0374417Z ';

/** Pieces that logs are made of, whole and broken. */
const pieces = fc.constantFrom(
  'error: ',
  'FAILED ',
  'npm ERR! code E404',
  '  at a (b.js:1:2)',
  '1 failing',
  '##[group]Run make',
  '##[endgroup]',
  '##[error]Process completed with exit code 1.',
  'Post job cleanup.',
  'travis_fold:start:a',
  'section_start:1:b',
  'job\tstep\t',
  STAMP,
  STAMP.slice(0, 20),
  '2026-11-20 09:14:02.123456 | ',
  `${ESCAPE}[31m`,
  `${ESCAPE}[0m`,
  `${ESCAPE}]8;;x${ESCAPE}\\`,
  `${ESCAPE}]0;title\u0007`,
  `${ESCAPE}[`,
  ESCAPE,
  '[1m',
  '[0K',
  '\u009b31m',
  '\r',
  '\n',
  '\r\n',
  '\n\n',
  '\t',
  '\u0000',
  '\ufeff',
  '\u200b',
  '\u00ad',
  '\u202e',
  token,
  `PASSWORD=${mixed(18)}`,
  'ana@shop.io',
  'ä✓🔥',
  ' ',
  'x'.repeat(300),
  '0x7f',
  'deadbeef12',
  '12',
  '404',
);
const rawPieces = fc.oneof(
  { weight: 6, arbitrary: pieces.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 12 }).map((raw) => Buffer.from(raw)) },
);
const logs = fc.array(rawPieces, { maxLength: 60, size: 'max' }).map((parts) => Buffer.concat(parts));

describe('whatever a log holds', () => {
  test('it does not matter where its chunks are cut, not even within a character or a code', async () => {
    await fc.assert(
      fc.asyncProperty(logs, fc.integer({ min: 1, max: 40 }), async (log, size) => {
        expect(await linesOf(bytes(log, size))).toEqual(await linesOf(bytes(log)));
      }),
      { numRuns: 300 },
    );
  });

  test('the digest is the same, too', async () => {
    await fc.assert(
      fc.asyncProperty(logs, fc.integer({ min: 1, max: 7 }), async (log, size) => {
        const whole = await digest(log);
        expect(await digestLog(bytes(log, size), { job: null, redactor })).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  test('a line is numbered as GitHub numbers it: by the line feeds above', async () => {
    await fc.assert(
      fc.asyncProperty(logs, async (log) => {
        const rows = log.toString('latin1').split('\n');
        for (const { number, text } of await linesOf(bytes(log))) {
          const pieces = (rows[number - 1] ?? '')
            .split('\r')
            .map((piece) => cleanText(Buffer.from(piece, 'latin1').toString('utf8')).text);
          expect(pieces).toContain(text);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('the short ways of cleaning a line give what the long way gives', async () => {
    await fc.assert(
      fc.asyncProperty(logs, async (log) => {
        await readLines(bytes(log), LOG_PREFILTER, {
          onLine: (line) =>
            expect(cleanLine(line)).toBe(cleanText(line.bytes.toString('utf8', line.start, line.end)).text),
        });
      }),
      { numRuns: 500 },
    );
  });

  test('what goes out is a line of the redacted log', async () => {
    await fc.assert(
      fc.asyncProperty(logs, async (log) => {
        const { excerpt, evidence } = await digest(log);
        const rows = log
          .toString('latin1')
          .split(/[\r\n]/u)
          .map((row) => cleanText(Buffer.from(row, 'latin1').toString('utf8')).text.trimEnd());
        const redacted = new Set(await redactor.lines(rows));
        for (const { text } of excerpt) expect(redacted).toContain(text);
        expect(excerpt.filter(({ text }) => text.includes(token))).toEqual([]);
        for (const line of evidence) expect(excerpt).toContain(line);
      }),
      { numRuns: 150 },
    );
  });
});

describe('templates', () => {
  const number = /\b(?=\w{0,20}\d)[0-9a-f]{7,64}\b|\b(?!(?:0|12\d|13\d|143|4\d\d|5\d\d)\b)\d{1,20}|0x[0-9a-f]{1,40}/giu;
  const templateOf = (text: string): string => text.replaceAll(number, '#');
  const words = fc.array(
    fc.constantFrom(
      '0',
      '1',
      '9',
      'a',
      'F',
      'x',
      '0x',
      'g',
      '_',
      '-',
      ' ',
      '127',
      '404',
      'deadbeef12',
      '7eadbee',
      '1234567',
      'é',
      '#',
    ),
    { maxLength: 12 },
  );

  test('two lines have one key exactly if they differ in numbers, hashes and addresses alone', () => {
    fc.assert(
      fc.property(words, words, (left, right) => {
        const [a, b] = [left.join(''), right.join('')];
        expect(templateKey(a) === templateKey(b)).toBe(templateOf(a) === templateOf(b));
        expect(templateKey(a)).toBe(templateKey(a.replaceAll(/\b(?:1|9)\b/gu, '77')));
      }),
      { numRuns: 2000 },
    );
  });
});
