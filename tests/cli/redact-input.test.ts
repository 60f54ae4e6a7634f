import { createHash } from 'node:crypto';
import { PassThrough, Readable, Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { redactInput } from '../../src/cli/redact-input.ts';
import { join, mixed } from '../analysis/redaction/samples.ts';

const token = join('gh', 'p_', mixed(36));
/** As even as what is packed or encrypted. */
const packed = Buffer.concat(Array.from({ length: 400 }, (_, at) => createHash('sha256').update(`${at}`).digest()));
const log = `one ${token}\ntwo ana@shop.example and ben@shop.example\nthree\n`;

function collect(): { stream: PassThrough; text: () => string } {
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}

async function run(
  input: readonly Buffer[],
  stdout: Writable = collect().stream,
  signal = new AbortController().signal,
) {
  const stderr = collect();
  const code = await redactInput({
    stdin: Readable.from(input),
    stdout,
    stderr: stderr.stream,
    redaction: { salt: 's' },
    signal,
  });
  return { code, err: stderr.text() };
}

describe('cortex redact', () => {
  test('tells what was taken out, the most frequent kind first', async () => {
    const output = collect();
    const { code, err } = await run([Buffer.from(log)], output.stream);

    expect(code).toBe(0);
    expect(output.text()).toMatch(
      /^one \[redacted:github-token:\w{4}\]\ntwo \[redacted:email:\w{4}\] and \S+\nthree\n$/u,
    );
    expect(err).toBe('Taken out:\n  2  email\n  1  github-token\n');
  });

  test('says so when there was nothing', async () => {
    expect(await run([Buffer.from('one\n')])).toEqual({ code: 0, err: 'Nothing had to be taken out.\n' });
  });

  test('reads gzip', async () => {
    const output = collect();
    await run([gzipSync(log)], output.stream);

    expect(output.text()).toMatch(/^one \[redacted:github-token:/u);
  });

  test.each([
    ['no input', Buffer.alloc(0), 0, 'The input is empty.\n'],
    ['a damaged gzip file', gzipSync(log).subarray(0, 40), 2, expect.stringContaining('damaged gzip')],
    ['a zip archive', Buffer.from('PK\u0003\u0004 and more'), 2, expect.stringContaining('zip archive')],
    ['bytes that are no text', Buffer.alloc(100, 1), 2, 'The input is not text.\n'],
    ['bytes that are packed', packed, 2, 'The input is not text.\n'],
    ['gzip of nothing', gzipSync(''), 0, 'The input is empty.\n'],
  ])('with %s the exit code is right and one sentence says why', async (_, input, code, err) => {
    expect(await run(input.length === 0 ? [] : [input])).toEqual({ code, err });
  });

  test('ends in silence when nobody reads the output any more', async () => {
    const closed = new Writable({
      write: (_chunk, _encoding, callback) => callback(Object.assign(new Error('closed'), { code: 'EPIPE' })),
    });
    const input = Array.from({ length: 50 }, () => Buffer.from('line\n'.repeat(20_000)));

    expect(await run(input, closed)).toEqual({ code: 0, err: '' });
  });

  test('tells when the output cannot be written', async () => {
    const full = new Writable({
      write: (_chunk, _encoding, callback) => callback(Object.assign(new Error('full'), { code: 'ENOSPC' })),
    });
    const input = Array.from({ length: 50 }, () => Buffer.from('line\n'.repeat(20_000)));

    expect(await run(input, full)).toEqual({ code: 2, err: expect.stringContaining('ENOSPC') });
  });

  test('ends with 130 when it is interrupted', async () => {
    const { code } = await run([Buffer.from(log)], collect().stream, AbortSignal.abort(new Error('Interrupted')));

    expect(code).toBe(130);
  });
});
