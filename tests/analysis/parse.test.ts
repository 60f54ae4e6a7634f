import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cleanText } from '../../src/analysis/clean.ts';
import { LINE_LIMIT, readLines } from '../../src/analysis/parse.ts';
import { LOG_PREFILTER } from '../../src/analysis/score.ts';
import { bytes, linesOf } from './support.ts';

describe('reading a log as lines', () => {
  test('every way to end a line ends it, and numbers follow the line feeds', async () => {
    expect(await linesOf(bytes('one\ntwo\r\n\nfour'))).toMatchObject([
      { number: 1, text: 'one' },
      { number: 2, text: 'two' },
      { number: 3, text: '' },
      { number: 4, text: 'four' },
    ]);
  });

  test('what a progress bar overwrote shares the number of its line', async () => {
    const lines = await linesOf(bytes('10%\r50%\r100%\nerror: it broke\n'));

    expect(lines.map(({ number, text }) => `${number} ${text}`)).toEqual([
      '1 10%',
      '1 50%',
      '1 100%',
      '2 error: it broke',
    ]);
  });

  test.each([
    ['a\nb\n', 2],
    ['a\nb', 2],
    ['a\r\nb\r\n', 2],
    ['10%\r100%\r', 1],
    ['', 0],
  ])('%j has %d lines', async (text, lines) => {
    expect(await readLines(bytes(text), LOG_PREFILTER, { onLine: () => {} })).toMatchObject({ lines });
  });

  test('time stamps, the byte order mark, colours, hyperlinks and control characters are taken off', () => {
    const escape = '\u001b';
    expect(cleanText('\ufeff2026-11-20T09:14:02.0374417Z hello').text).toBe('hello');
    expect(
      cleanText(`${escape}[1;31mred${escape}[0m ${escape}]8;;https://x.example${escape}\\link${escape}]8;;${escape}\\`)
        .text,
    ).toBe('red link');
    expect(cleanText('a\u0000b\u0007c').text).toBe('abc');
  });

  test('the second of a GitHub time stamp is kept for the steps', () => {
    expect(cleanText('2026-11-20T09:14:02.9974417Z x').second).toBe(Date.parse('2026-11-20T09:14:02Z'));
    expect(cleanText('no stamp').second).toBeNull();
  });

  test('bytes that are not UTF-8 do not stop the reading', async () => {
    const lines = await linesOf(bytes(Buffer.from([0x61, 0xff, 0xfe, 0x0a, 0x62])));

    expect(lines.map(({ text }) => text)).toEqual(['a\ufffd\ufffd', 'b']);
  });

  test('of a line of 20 MB only the beginning is kept, and the next line is found', async () => {
    const lines = await linesOf(bytes(Buffer.concat([Buffer.alloc(20_000_000, 'x'), Buffer.from('\nnext\n')])));

    expect(lines).toMatchObject([
      { number: 1, isCut: true },
      { number: 2, text: 'next', isCut: false },
    ]);
    expect(lines[0]?.text).toHaveLength(LINE_LIMIT);
  });

  test('it does not matter where the chunks are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('error: ', 'x', '\r', '\n', '\r\n', '##[group]Run a', 'ä', '\u001b[31m', ' FAILED'), {
          maxLength: 60,
        }),
        fc.integer({ min: 1, max: 9 }),
        async (parts, size) => {
          const text = parts.join('');
          expect(await linesOf(bytes(text, size))).toEqual(await linesOf(bytes(text)));
        },
      ),
    );
  });

  test('hits do not depend on the cut of the chunks either', async () => {
    const hits = async (size: number): Promise<number[][]> => {
      const found: number[][] = [];
      await readLines(bytes('ok\nError: no space left on device\nfine\n', size), LOG_PREFILTER, {
        onLine: (line) => found.push([...line.hits].sort((a, b) => a - b)),
      });
      return found;
    };
    expect(await hits(3)).toEqual(await hits(1000));
  });

  test('the signal stops the reading with its own reason', async () => {
    const stopped = new Error('stopped');
    const reading = readLines(bytes('x\n'), LOG_PREFILTER, { onLine: () => {}, signal: AbortSignal.abort(stopped) });

    await expect(reading).rejects.toBe(stopped);
  });

  test('the event loop gets its turn while a long log is read', async () => {
    let turns = 0;
    let isReading = true;
    const count = (): void => {
      turns += 1;
      if (isReading) setImmediate(count);
    };
    setImmediate(count);
    await readLines(bytes(Buffer.alloc(4_000_000, 'line\n'), 4_000_000), LOG_PREFILTER, { onLine: () => {} });
    isReading = false;

    expect(turns).toBeGreaterThan(10);
  });
});
