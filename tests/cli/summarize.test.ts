import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { CATEGORIES, Facts, Verdict } from '../../src/domain/diagnosis.ts';
import { redactStream } from '../../src/cli/redact.ts';
import { collector, logs, summarize } from './support.ts';

/** What programs may rely on. */
const Line = z.strictObject({ line: z.int().positive(), step: z.string().nullable(), text: z.string() });
const Answer = z.strictObject({
  headline: z.string().max(120),
  cause: z.string(),
  nextStep: z.string(),
  category: z.enum(CATEGORIES),
  verdict: Verdict.strict(),
  evidence: z.array(Line).max(12),
  excerpt: z.array(Line).max(100),
  facts: Facts,
  fingerprint: z.string().regex(/^v\d+:[0-9a-f]{32}$/u),
  jobs: z.array(
    z.strictObject({
      name: z.string(),
      step: z.string().nullable(),
      headline: z.string(),
      fingerprint: z.string(),
    }),
  ),
  stats: z.looseObject({
    lines: z.int(),
    bytes: z.int(),
    jobs: z.int(),
    seconds: z.number(),
    megabytesPerSecond: z.number().nullable(),
    sha256: z.string(),
  }),
});

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cortex-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('summarize', () => {
  test('tells a person what broke, why, what to do and where it stands', async () => {
    const { code, out, err } = await summarize({});

    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toContain('Test "cart › applies the discount once" fails');
    expect(out).toContain('Next: Run it locally: npx jest test/cart.test.js -t "cart applies the discount once"');
    expect(out).toMatch(/\n {2}Run npm test\n(?:.*\n)+ {4}\d{2} {2}.*● cart › applies the discount once\n/u);
    expect(out).not.toContain('\u001b');
  });

  test('uses colours when asked to', async () => {
    expect((await summarize({ colour: true })).out).toContain('\u001b[');
  });

  test('as JSON it has the agreed fields and no others', async () => {
    const { out } = await summarize({ json: true, file: path.join(logs, 'tsc.log') });
    const answer = Answer.parse(JSON.parse(out));

    expect(answer).toMatchObject({
      headline: expect.stringContaining('TypeScript: 2 errors in src/pay.ts'),
      category: 'compile',
      verdict: { kind: 'new', reasons: ['Nothing is known about earlier runs'] },
      facts: { tool: 'tsc', exitCode: 1, failedStep: 'Run npm run build' },
      jobs: [],
      stats: { lines: 22, jobs: 1, provider: 'offline' },
    });
    expect(answer.evidence[0]).toMatchObject({ line: 16, step: 'Run npm run build' });
  });

  test('JSON tells how long it took and how fast that was', async () => {
    let now = 0;
    const clock = { now: () => new Date((now += 500)) };
    const file = path.join(folder, 'megabyte.log');
    await writeFile(file, 'a line that says nothing\n'.repeat(40_000));

    const { stats } = Answer.parse(JSON.parse((await summarize({ json: true, file, clock })).out));
    expect(stats).toMatchObject({ bytes: 1_000_000, lines: 40_000, seconds: 0.5, megabytesPerSecond: 2 });
    expect((await summarize({ file, clock })).out).toContain('40,000 lines, 1.0 MB read in 0.5 s (2 MB/s).');
  });

  test('keeps to the number of lines that it is given', async () => {
    const { out } = await summarize({ json: true, maxLines: 3 });
    const { excerpt, evidence } = Answer.parse(JSON.parse(out));

    expect(excerpt).toHaveLength(3);
    expect(evidence.length).toBeLessThanOrEqual(3);
  });

  test.each([
    ['a byte order mark and lone carriage returns', '\uFEFF10%\r50%\r100%\nError: the cart is broken\r\n', 2],
    ['NUL bytes', 'fine\n\u0000\u0000Error: the cart is\u0000 broken\u0000\n', 2],
    ['a line of 2 MB before', `${'x'.repeat(2_000_000)}\nError: the cart is broken\n`, 2],
    ['a line of 2 MB of its own', `fine\nError: the cart is broken ${'y'.repeat(2_000_000)}\n`, 2],
    ['no line end', 'fine\nError: the cart is broken', 2],
    ['terminal codes within words', 'fine\nEr\u001B[1mror\u001B[0m: the cart is broken\n', 2],
  ])('finds the line in a log with %s', async (_, log, line) => {
    const stdin = Readable.from([Buffer.from(log)]);
    const { out } = await summarize({ file: '-', json: true, stdin });
    const { evidence } = Answer.parse(JSON.parse(out));

    expect(evidence.map((at) => [at.line, at.text.slice(0, 25)])).toEqual([[line, 'Error: the cart is broken']]);
  });

  test('bytes that are not UTF-8 are shown as such, and the rest of the line stays', async () => {
    const stdin = Readable.from([Buffer.from([...Buffer.from('Error: caf'), 0xe9, ...Buffer.from(' is closed\n')])]);

    expect((await summarize({ file: '-', stdin })).out).toContain('Error: caf\ufffd is closed');
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
    ['a log that PowerShell wrote', 'wide.log', 'is UTF-16 text. Save it as UTF-8, and try again.'],
    ['a program', 'program', "is not text. Name a log file, plain or gzip, or the archive of a run's logs."],
    ['a packed program', 'program.gz', "is not text. Name a log file, plain or gzip, or the archive of a run's logs."],
  ])('%s is refused with one sentence', async (_, name, sentence) => {
    await writeFile(path.join(folder, 'empty.log'), '');
    await writeFile(path.join(folder, 'damaged.gz'), gzipSync('x'.repeat(5000)).subarray(0, 20));
    const program = Buffer.from(Array.from({ length: 900 }, (_, index) => (index * 7) % 32));
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
    const stdin = Readable.from([Buffer.from('all is well\nbuild done\n\n')]);
    const { code, out } = await summarize({ file: '-', stdin });

    expect(code).toBe(0);
    expect(out).toContain('No failure found in this log');
    expect(out).toContain('3 lines were read, and none tells of a failure.');
    expect(out).not.toMatch(/could not be read|Evidence|Step/u);
  });

  test('one line is one line, and who wrote it is said in words', async () => {
    const { out } = await summarize({ file: '-', stdin: Readable.from([Buffer.from('Error: the cart is broken\n')]) });

    expect(out).toContain('1 line, 26 bytes read. Offline analysis, no model involved.');
  });

  test('of one line that tells of no failure it says so', async () => {
    const { out } = await summarize({ file: '-', stdin: Readable.from([Buffer.from('fine')]) });

    expect(out).toContain('One line was read, and it does not tell of a failure.');
  });

  test('when it is interrupted while it waits for input, it ends with 130 and says nothing', async () => {
    const interrupted = new AbortController();
    const stdin = new PassThrough();
    stdin.write('Error: the cart is broken\n');
    const ended = summarize({ file: '-', stdin, signal: interrupted.signal });
    interrupted.abort(new Error('Interrupted'));

    expect(await ended).toEqual({ code: 130, out: '', err: '' });
  });

  test('a reader that has had enough is no fault', async () => {
    const stdout = collector();
    stdout.destroy(Object.assign(new Error('closed'), { code: 'EPIPE' }));
    stdout.on('error', () => {});

    expect(await summarize({ stdout })).toMatchObject({ code: 0, err: '' });
  });

  test('empty stdin is refused as well', async () => {
    expect(await summarize({ file: '-' })).toMatchObject({
      code: 2,
      err: 'The input is empty, so there is nothing to explain.\n',
    });
  });
});

describe('summarize with a passing log', () => {
  const noise = 'Error: connect ECONNREFUSED, will try again\n';
  const evidenceOf = (out: string) => Answer.parse(JSON.parse(out)).evidence.map(({ text }) => text);

  test.each(['plain', 'gzip'])('that is %s leaves out what it says too', async (form) => {
    const file = path.join(folder, 'failing.log');
    const passing = path.join(folder, `passing-${form}.log`);
    await writeFile(file, `${noise}all but one\nmake: *** [check] Error 1\n`);
    await writeFile(passing, form === 'gzip' ? gzipSync(`${noise}all is well\n`) : `${noise}all is well\n`);

    expect(evidenceOf((await summarize({ file, json: true })).out)).toContain(noise.trim());
    expect(evidenceOf((await summarize({ file, passing, json: true })).out)).not.toContain(noise.trim());
  });

  test('that cannot be used says which file it is', async () => {
    const { code, out, err } = await summarize({ passing: path.join(folder, 'nowhere.log') });

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toBe(`${path.join(folder, 'nowhere.log')} does not exist.\n`);
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
