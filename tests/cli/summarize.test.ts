import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { offlineProvider } from '../../src/analysis/offline.ts';
import { redactStream } from '../../src/cli/redact.ts';
import { summarizeLog, type SummarizeOptions } from '../../src/cli/summarize.ts';

const logs = path.join(import.meta.dirname, '..', 'fixtures', 'logs');
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cortex-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

function collector(isTTY = false): PassThrough & { isTTY: boolean; text: () => string } {
  const stream = Object.assign(new PassThrough(), { isTTY });
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return Object.assign(stream, { text: () => Buffer.concat(chunks).toString('utf8') });
}

async function summarize(change: Partial<SummarizeOptions>): Promise<{ code: number; out: string; err: string }> {
  const stdout = collector();
  const stderr = collector();
  let mark = 0;
  const code = await summarizeLog({
    file: path.join(logs, 'jest.log'),
    json: false,
    stdin: Readable.from([]),
    stdout,
    stderr,
    provider: offlineProvider,
    clock: { now: () => new Date(0) },
    random: () => `mark ${(mark += 1)}`,
    signal: new AbortController().signal,
    ...change,
  });
  return { code, out: stdout.text(), err: stderr.text() };
}

describe('summarize', () => {
  test('tells a person what broke, why, what to do and where it stands', async () => {
    const { code, out, err } = await summarize({});

    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toContain('Test "cart › applies the discount once" fails');
    expect(out).toContain('Next: Run it locally: npx jest -t "cart applies the discount once"');
    expect(out).toMatch(/\n {6}\d{2} {2}.*● cart › applies the discount once\n/u);
    expect(out).not.toContain('\u001b');
  });

  test('uses colours when asked to', async () => {
    expect((await summarize({ colour: true })).out).toContain('\u001b[');
  });

  test('as JSON it has the agreed fields', async () => {
    const { out } = await summarize({ json: true, file: path.join(logs, 'tsc.log') });
    const parsed: unknown = JSON.parse(out);

    expect(parsed).toMatchObject({
      headline: expect.stringContaining('TypeScript: src/pay.ts:3'),
      category: 'compile',
      verdict: { kind: 'new' },
      fingerprint: expect.stringMatching(/^v1:/u),
      facts: { tool: 'tsc', exitCode: 1 },
      stats: { lines: expect.any(Number), bytes: expect.any(Number), provider: 'offline' },
    });
    expect(parsed).toHaveProperty('evidence.0', { line: expect.any(Number), step: null, text: expect.any(String) });
    expect(parsed).toHaveProperty('excerpt.0.text');
  });

  test('reads gzip, and reads from stdin, with the same answer', async () => {
    const log = 'Error: the cart is broken\n##[error]Process completed with exit code 3.\n';
    const file = path.join(folder, 'a.log.gz');
    await writeFile(file, gzipSync(log));

    const fromFile = await summarize({ file, json: true });
    const fromStdin = await summarize({
      file: '-',
      json: true,
      stdin: Readable.from([Buffer.from(log.slice(0, 1)), Buffer.from(log.slice(1))]),
    });
    const zippedStdin = await summarize({ file: '-', json: true, stdin: Readable.from([gzipSync(log)]) });
    expect(fromStdin.out).toBe(fromFile.out);
    expect(zippedStdin.out).toBe(fromFile.out);
    expect(fromFile.out).toContain('the cart is broken');
  });

  test('shows a bar on a terminal for long input, and leaves stdout alone', async () => {
    const file = path.join(folder, 'long.log');
    await writeFile(file, 'a line that says nothing\n'.repeat(400_000));
    const stderr = collector(true);

    expect((await summarize({ file, stderr })).code).toBe(0);
    expect(stderr.text()).toContain('Reading the log');
  });

  test.each([
    ['a file that is not there', 'nothing.log', 'does not exist.'],
    ['a folder', '.', 'is a folder; name a log file.'],
    ['an empty file', 'empty.log', 'is empty, so there is nothing to explain.'],
    ['a damaged gzip file', 'damaged.gz', 'is a damaged gzip file.'],
    ['an archive', 'logs.zip', 'is a zip archive. Unpack it, and name one log file of it.'],
    ['a log that PowerShell wrote', 'wide.log', 'is UTF-16 text. Save it as UTF-8, and try again.'],
    ['a program', 'program', 'is not text. Name a log file, plain or gzip.'],
    ['a packed program', 'program.gz', 'is not text. Name a log file, plain or gzip.'],
  ])('%s is refused with one sentence', async (_, name, sentence) => {
    await writeFile(path.join(folder, 'empty.log'), '');
    await writeFile(path.join(folder, 'damaged.gz'), gzipSync('x'.repeat(5000)).subarray(0, 20));
    const program = Buffer.from(Array.from({ length: 900 }, (_, index) => (index * 7) % 32));
    await writeFile(path.join(folder, 'logs.zip'), Buffer.from('PK\u0003\u0004 and more'));
    await writeFile(path.join(folder, 'wide.log'), Buffer.from('\uFEFFError: wide', 'utf16le'));
    await writeFile(path.join(folder, 'program'), program);
    await writeFile(path.join(folder, 'program.gz'), gzipSync(program));
    const file = path.join(folder, name);

    expect(await summarize({ file })).toEqual({ code: 2, out: '', err: `${file} ${sentence}\n` });
  });

  test('colours, progress characters and a stray NUL do not make a log a program', async () => {
    const log = `\u001B[31mError: the cart is broken\u001B[0m\u0000\n${'\b\b\r50%\n'.repeat(40)}`;
    const { code, out } = await summarize({ file: '-', stdin: Readable.from([Buffer.from(log)]) });

    expect(code).toBe(0);
    expect(out).toContain('the cart is broken');
  });

  test('a log in which nothing fails is not taken for a failure that could not be read', async () => {
    const stdin = Readable.from([Buffer.from('\n\n\n')]);
    const { code, out } = await summarize({ file: '-', stdin });

    expect(code).toBe(0);
    expect(out).toContain('No failure found in this log');
    expect(out).toContain('3 lines were read, and none tells of a failure.');
    expect(out).not.toContain('could not be read');
  });

  test('one line is one line, and who wrote it is said in words', async () => {
    const { out } = await summarize({ file: '-', stdin: Readable.from([Buffer.from('Error: the cart is broken\n')]) });

    expect(out).toContain('1 line read. Offline analysis, no model involved.');
  });

  test('empty stdin is refused as well', async () => {
    expect(await summarize({ file: '-' })).toMatchObject({
      code: 2,
      err: 'The input is empty, so there is nothing to explain.\n',
    });
  });
});

describe('redact', () => {
  test('copies the stream without its secrets, and counts them by kind', async () => {
    const token = ['gh', 'p_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('');
    const key = ['-----BEGIN RSA PRIV', 'ATE KEY-----'].join('');
    const input = Readable.from([
      Buffer.from(`one ${token}\ntwo\n${key}\nMIIEow\n`),
      Buffer.from(`${key.replace('BEGIN', 'END')}\nana@shop.example\n`),
    ]);
    const output = collector();
    const counts = await redactStream(input, output, { salt: 's' });

    const lines = output.text().split('\n');
    expect(lines[0]).toMatch(/^one \[redacted:github-token:[0-9a-f]{4}\]$/u);
    expect(lines[1]).toBe('two');
    expect(lines[2]).toMatch(/^\[redacted:private-key:[0-9a-f]{4}\]$/u);
    expect(new Set(lines.slice(2, 5)).size).toBe(1);
    expect(lines[5]).toMatch(/^\[redacted:email:/u);
    expect(Object.fromEntries(counts)).toEqual({ 'github-token': 1, 'private-key': 1, email: 1 });
  });
});
