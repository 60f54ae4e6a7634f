import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { digestLog, digestMissing } from '../../src/analysis/digest.ts';
import { aJob, aStep, bytes, digest, linesOf, realLog, redactor } from './support.ts';

describe('what is read from real failures', () => {
  test('Jest: the test, where, and what it expected', async () => {
    const { facts, category, evidence } = await digest(realLog('jest'));

    expect(category).toBe('test');
    expect(facts).toMatchObject({ tool: 'jest', ecosystem: 'javascript', exitCode: 1, failedCommand: 'npm test' });
    expect(facts.failingTests).toMatchObject([
      { name: 'cart › applies the discount once', message: expect.stringContaining('expected 90, got 81') },
    ]);
    expect(evidence.map(({ text }) => text.trim())).toContain('● cart › applies the discount once');
  });

  test('TypeScript: each problem with its place', async () => {
    const { facts, category } = await digest(realLog('tsc'));

    expect(category).toBe('compile');
    expect(facts.tool).toBe('tsc');
    expect(facts.problems).toMatchObject([
      { file: 'src/pay.ts', line: 3, message: expect.stringContaining('TS2339') },
      { file: 'src/pay.ts', line: 5 },
    ]);
  });

  test.each([
    ['cargo', 'test', 'tests::sums_all_entries'],
    ['pytest', 'test', 'test_gross_rounds_to_cents'],
    ['unittest', 'test', 'test_refuses_more_than_there_is'],
    ['node-test', 'test', 'ships within the country for free'],
  ])('%s: the failing test is named', async (log, category, name) => {
    const found = await digest(realLog(log));

    expect(found.category).toBe(category);
    expect(found.facts.failingTests).toHaveLength(1);
    expect(found.facts.failingTests[0]?.name).toContain(name);
  });

  test.each([
    ['make', 'compile'],
    ['prettier', 'lint'],
    ['npm-missing-script', 'configuration'],
    ['command-not-found', 'configuration'],
    ['git-clone', 'infrastructure'],
    ['disk-full', 'infrastructure'],
    ['python-import', 'dependency'],
  ])('%s is a failure of kind %s', async (log, category) => {
    expect((await digest(realLog(log))).category).toBe(category);
  });

  test('GitHub’s own set-up and clean-up stay out of the evidence', async () => {
    const { evidence } = await digest(realLog('git-clone'));

    expect(evidence.map(({ text }) => text)).toEqual([expect.stringContaining('Could not resolve host')]);
  });
});

describe('failures that the code has no part in', () => {
  test.each([
    'ERROR: Job failed: failed to pull image "registry.invalid/ci:1": manifest unknown',
    "fatal: unable to access 'https://git.invalid/shop.git/': SSL certificate problem: unable to get local issuer certificate",
    "E: The repository 'http://deb.invalid/debian stable-updates InRelease' is not signed.",
    'error: object file .git/objects/3f/1c2d is empty',
    'c++: fatal error: Killed signal terminated program cc1plus',
    'error: rustc interrupted by SIGSEGV, printing backtrace',
  ])('%s', async (line) => {
    const { signals } = await digest(line);

    expect(signals.infrastructure).not.toBeNull();
  });
});

describe('few lines that say much', () => {
  test('stack frames that failing tests share stand in the excerpt once, so every test is named', async () => {
    const frames = Array.from({ length: 12 }, (_, at) => `[junit]        shop.Checks.verify${at}(Checks.java:${at})`);
    const names = Array.from({ length: 40 }, (_, at) => `JUnit Jupiter:CartTest:adds${String(at).padStart(2, '0')}()`);
    const blocks = names.flatMap((name, at) => [
      `[junit]   ${name}`,
      `[junit]     => org.opentest4j.AssertionFailedError: expected: <${at}> but was: <-1>`,
      ...frames,
    ]);
    const { excerpt, facts } = await digest([...blocks, 'BUILD FAILED'].join('\n'));

    const texts = excerpt.map(({ text }) => text.trim());
    expect(names.filter((name) => !texts.some((text) => text.endsWith(name)))).toEqual([]);
    expect(new Set(texts).size).toBe(texts.length);
    expect(facts.failingTests).toHaveLength(40);
    expect(facts.failingTests[0]?.name).toBe('CartTest.adds00()');
  });

  test('a cause of one line brings no crowd into the evidence', async () => {
    const around = Array.from({ length: 60 }, (_, at) => `checked file ${at}, nothing missing`);
    const { evidence } = await digest(
      [...around, 'fatal error: cart.h: No such file or directory', ...around].join('\n'),
    );

    expect(evidence.map(({ text }) => text)).toContain('fatal error: cart.h: No such file or directory');
    expect(evidence.length).toBeLessThanOrEqual(4);
  });
});

describe('limits and honesty', () => {
  const noisy = Array.from(
    { length: 30_000 },
    (_, index) => `ERROR: worker ${index} lost item ${index * 7} (${index} ms)`,
  );

  test('the excerpt and the evidence stay within their limits, in log order', async () => {
    const { excerpt, evidence } = await digest(noisy.join('\n'));

    expect(excerpt.length).toBeLessThanOrEqual(100);
    expect(evidence.length).toBeLessThanOrEqual(12);
    expect(excerpt.map(({ line }) => line)).toEqual(excerpt.map(({ line }) => line).toSorted((a, b) => a - b));
  });

  test('one telling line is found among many repeated ones', async () => {
    const log = [...noisy.slice(0, 20_000), 'src/a.c:3:1: error: unknown type name x', ...noisy.slice(20_000)].join(
      '\n',
    );

    expect((await digest(log)).evidence.map(({ text }) => text)).toContain('src/a.c:3:1: error: unknown type name x');
  });

  test('evidence is a part of the excerpt, and each line is a line of the log', async () => {
    const parts = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 80 }),
      fc.constantFrom(
        'Error: broken',
        'FAIL: test_a (b.c)',
        '##[error]Process completed with exit code 1.',
        '##[group]Run x',
        '\u001b[31merror\u001b[0m: x',
        '  at a (b.js:1:2)',
        '\r',
        '',
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(parts, { maxLength: 80 }), async (lines) => {
        const log = lines.join('\n');
        const { excerpt, evidence } = await digest(log);
        const all = await redactor.lines((await linesOf(bytes(log))).map(({ text }) => text.trimEnd()));
        for (const { text } of excerpt) expect(all).toContain(text);
        for (const line of evidence) expect(excerpt).toContain(line);
      }),
      { numRuns: 150 },
    );
  });

  test('arbitrary bytes never throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (raw) => {
        await expect(digest(raw)).resolves.toMatchObject({ missing: null });
      }),
      { numRuns: 100 },
    );
  });

  test('an empty log gives an empty digest with the hash of nothing', async () => {
    expect(await digest('')).toMatchObject({
      excerpt: [],
      evidence: [],
      size: { bytes: 0, lines: 0 },
      category: 'unknown',
    });
  });

  test('the hash is that of the raw bytes, and the size is counted', async () => {
    const { sha256, size } = await digest('a\nb\n');

    expect(sha256).toBe(createHash('sha256').update('a\nb\n').digest('hex'));
    expect(size).toEqual({ bytes: 4, lines: 2 });
  });

  test('the signal stops the reading', async () => {
    const reason = new Error('stopping');
    const reading = digestLog(bytes('x'), { job: null, redactor, signal: AbortSignal.abort(reason) });

    await expect(reading).rejects.toBe(reason);
  });

  test('a missing log keeps the step that GitHub names, and the reason', () => {
    const job = aJob({ steps: [aStep({ name: 'Deploy', conclusion: 'failure' })] });

    expect(digestMissing(job, { reason: 'it has expired', redactor })).toMatchObject({
      missing: 'it has expired',
      facts: { failedStep: 'Deploy' },
      excerpt: [],
      sha256: '',
    });
  });

  test('memory stays flat over a log of 40 MB', async () => {
    const block = Buffer.from(noisy.slice(0, 5000).join('\n'));
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (let sent = 0; sent < 40_000_000; sent += block.length) yield await Promise.resolve(Buffer.from(block));
    }
    await digestLog(endless(), { job: null, redactor });
    const before = process.memoryUsage().rss;
    await digestLog(endless(), { job: null, redactor });

    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  }, 60_000);
});
