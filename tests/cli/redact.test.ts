import { PassThrough, Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LINE_LIMIT } from '../../src/analysis/parse.ts';
import { CUT, redactStream } from '../../src/cli/redact.ts';
import { armor, join, mixed, TOKENS } from '../analysis/redaction/samples.ts';

const token = join('gh', 'p_', mixed(36));
const own = mixed(40, 'abcdefghijklmnop#$%&');

/** What comes out when `bytes` come in, cut after each of `sizes`. */
async function redact(bytes: Buffer, sizes: readonly number[] = [65_536]): Promise<string> {
  const chunks: Buffer[] = [];
  for (let at = 0, index = 0; at < bytes.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  const output = new PassThrough();
  const written: Buffer[] = [];
  output.on('data', (chunk: Buffer) => written.push(chunk));
  await redactStream(Readable.from(chunks), output, { salt: 's', secrets: [own] });
  return Buffer.concat(written).toString('utf8');
}

const lines = fc.array(
  fc.oneof(
    fc.constantFrom(
      '',
      'Error: it broke',
      '  at x (y.js:1:2)',
      '\u001b[31mred\u001b[0m',
      'a\u0000b',
      'progress 1\rprogress 2',
    ),
    fc.string({ unit: 'grapheme', maxLength: 120 }).map((text) => text.replaceAll(/[\r\n]/gu, '')),
    fc.constantFrom(...TOKENS).map(([, , secret]) => `using ${secret} now`),
    fc.constant(`own ${Buffer.from(`xy${own}`).toString('base64')} here`),
    fc.constant([armor('BEGIN'), mixed(64), `${mixed(30)}==`, armor('END')].join('\n')),
    fc.constant(`${'w'.repeat(60)} ${token.slice(0, 19)}\n${token.slice(19)}`),
  ),
  { maxLength: 12 },
);
const sizes = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 });

describe('redacting a stream', () => {
  test('gives the same whatever the chunks, and leaves no planted secret', async () => {
    await fc.assert(
      fc.asyncProperty(lines, sizes, async (texts, cuts) => {
        const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));
        const whole = await redact(bytes);

        expect(await redact(bytes, cuts)).toBe(whole);
        for (const [, , secret] of TOKENS) expect(whole).not.toContain(secret.slice(-8));
        expect(whole).not.toContain(mixed(30));
        expect(whole).not.toContain(token.slice(19));
        expect(whole).not.toContain(Buffer.from(own.slice(6)).toString('base64').slice(4, 20));
      }),
      { numRuns: 150 },
    );
  });

  test('what is broken over lines goes at any place of a long log', async () => {
    const wrapped = [`${'w'.repeat(60)} ${token.slice(0, 19)}`, token.slice(19)];
    const encoded =
      Buffer.from(`${'x'.repeat(40)}${own}${'y'.repeat(60)}`)
        .toString('base64')
        .match(/.{1,76}/gu) ?? [];
    await fc.assert(
      fc.asyncProperty(fc.nat(900), fc.nat(900), fc.integer({ min: 50, max: 9000 }), async (one, other, size) => {
        const log = Array.from({ length: 900 }, (_, index) => `line ${index} of a long log`);
        const [first, second] = one < other ? [one, other] : [other, one];
        log.splice(second, 0, ...wrapped);
        log.splice(first, 0, ...encoded);
        const text = await redact(Buffer.from(log.join('\n')), [size]);

        expect(text).not.toContain(token.slice(19));
        expect(text).not.toContain(token.slice(4, 19));
        expect(text).not.toContain(encoded[0]?.slice(-12));
        expect(text).not.toContain(encoded[1]?.slice(0, 12));
      }),
      { numRuns: 60 },
    );
  });

  test('keeps the number of lines, and a second pass changes nothing more', async () => {
    await fc.assert(
      fc.asyncProperty(lines, async (texts) => {
        const text = texts.map((line) => `${line}\n`).join('');
        const once = await redact(Buffer.from(text));
        expect(once.match(/\n/gu)?.length ?? 0).toBe(text.match(/[\n\r]/gu)?.length ?? 0);
        expect(await redact(Buffer.from(once))).toBe(once);
      }),
      { numRuns: 150 },
    );
  });

  test('where a line was too long to be looked at, it says so', async () => {
    const text = await redact(Buffer.from(`${'x'.repeat(20_000)} ${token}\nnext\n`), [5000]);

    expect(text).toBe(`${'x'.repeat(LINE_LIMIT)}${CUT}\nnext\n`);
  });

  test('bytes that are no text at all come through without a fault', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 4000 }), sizes, async (bytes, cuts) => {
        expect(await redact(Buffer.from(bytes), cuts)).toBe(await redact(Buffer.from(bytes)));
      }),
      { numRuns: 100 },
    );
  });

  test('a key has one mark on all of its lines, however long it is, and the same on one line', async () => {
    const body = Array.from({ length: 90 }, (_, index) => mixed(64 + index).slice(-64));
    const many = [armor('BEGIN'), ...body, armor('END')].map((line) => `  ${line}\n`).join('');
    const one = `${armor('BEGIN')}\\n${body.join('\\n')}\\n${armor('END')}\n`;
    const marks = (await redact(Buffer.from(`${many}between\n${one}`))).split('\n');

    expect(marks.filter((line) => line !== '' && line !== 'between')).toHaveLength(93);
    expect(new Set(marks.filter((line) => line.startsWith('[redacted:private-key:')))).toHaveProperty('size', 1);
    expect(marks[92]).toBe('between');
  });
});
