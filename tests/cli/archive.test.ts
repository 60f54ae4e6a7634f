import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { INPUT_LIMITS, type InputLimits } from '../../src/cli/input.ts';
import { FAILING_LINT, FAILING_TEST, jobFiles, listed, PASSING, patched, zipOf } from '../support/archives.ts';
import { summarize } from './support.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cortex-test-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function spooled(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith('cortex-spool-'));
}

const Line = z.strictObject({ line: z.number(), step: z.string().nullable(), text: z.string() });
const Answer = z.looseObject({
  evidence: z.array(Line),
  facts: z.looseObject({ failedStep: z.string().nullable() }),
  jobs: z.array(z.looseObject({ name: z.string(), step: z.string().nullable(), fingerprint: z.string() })),
  fingerprint: z.string(),
  stats: z.looseObject({ jobs: z.number(), bytes: z.number() }),
});

function aRunOf(...jobs: Array<Record<string, string>>): Promise<Buffer> {
  return zipOf(Object.assign({}, ...jobs));
}

const tests = { step: 'Run npm test', lines: FAILING_TEST };
const lint = { step: 'Run npm run lint', lines: FAILING_LINT };
const fine = { step: 'Run npm run docs', lines: PASSING };

async function summarizeArchive(archive: Buffer, limits: Partial<InputLimits> = {}) {
  const file = path.join(folder, 'run.zip');
  await writeFile(file, archive);
  const answer = await summarize({ file, json: true, limits: { ...INPUT_LIMITS, ...limits } });
  return { ...answer, err: answer.err.replace(file, 'FILE') };
}

async function explain(archive: Buffer): Promise<z.infer<typeof Answer>> {
  const { out, err } = await summarizeArchive(archive);
  expect(err).toBe('');
  return Answer.parse(JSON.parse(out));
}

describe("the archive of a run's logs", () => {
  test('is explained by its failed jobs: grouped by cause, the largest group first, each with its name', async () => {
    const answer = await explain(
      await aRunOf(
        jobFiles(0, 'docs', fine),
        jobFiles(1, 'lint', lint),
        jobFiles(2, 'test (22)', tests),
        jobFiles(3, 'test (24)', tests),
      ),
    );

    expect(answer.jobs.map(({ name, step }) => `${name}: ${step}`)).toEqual([
      'lint: Run npm run lint',
      'test (22): Run npm test',
      'test (24): Run npm test',
    ]);
    expect(answer.jobs.map(({ fingerprint }) => fingerprint === answer.fingerprint)).toEqual([false, true, true]);
    expect(answer.stats.jobs).toBe(4);
    expect(answer.evidence).toContainEqual({
      line: 12,
      step: 'Run npm test',
      text: '  ● cart › applies the discount once',
    });
  });

  test('for a person, the job, its step by number and the other failures are named', async () => {
    const file = path.join(folder, 'run.zip');
    await writeFile(
      file,
      await aRunOf(jobFiles(0, 'lint', lint), jobFiles(1, 'test (22)', tests), jobFiles(2, 'docs', fine)),
    );
    const { out } = await summarize({ file });

    expect(out).toMatch(/Job {9}(?:lint|test \(22\)) \(2 of 3 jobs failed\)\n/u);
    expect(out).toMatch(/\n {2}step 4: Run npm (?:test|run lint)\n/u);
    expect(out).toMatch(/Other failures \(1\)\n {2}(?:lint|test \(22\)) {2}\S/u);
  });

  test('from standard input it gives the same answer, and leaves no file behind', async () => {
    const archive = await aRunOf(jobFiles(0, 'test', tests));
    const fromFile = await summarizeArchive(archive);
    const stdin = Readable.from([archive.subarray(0, 3), archive.subarray(3)]);
    const fromStdin = await summarize({ file: '-', json: true, stdin });

    expect(fromStdin).toEqual(fromFile);
    expect(await spooled()).toEqual([]);
  });

  test('is known by its bytes and not by its name, as are text and gzip', async () => {
    const named = path.join(folder, 'build.log');
    await writeFile(named, await aRunOf(jobFiles(0, 'test', tests)));
    const text = path.join(folder, 'text.zip');
    await writeFile(text, FAILING_TEST.join('\n'));
    const packed = path.join(folder, 'packed.txt');
    await writeFile(packed, gzipSync(FAILING_TEST.join('\n')));

    for (const file of [named, text, packed]) {
      expect((await summarize({ file })).out).toContain('applies the discount once');
    }
  });

  test('a run in which nothing failed is not taken for one that did', async () => {
    const { out } = await summarizeArchive(await aRunOf(jobFiles(0, 'docs', fine), jobFiles(1, 'site', fine)));

    expect(out).toContain('No failure found in these logs');
  });

  test('zip64, and archives that people packed themselves, are read', async () => {
    const zip64 = await zipOf(jobFiles(0, 'test', tests), { zip64: true });
    const own = await zipOf({ 'logs/nightly build.log': FAILING_TEST.join('\n'), 'picture.png': 'no log' });

    expect((await explain(zip64)).jobs.map(({ name }) => name)).toEqual(['test']);
    expect((await explain(own)).jobs.map(({ name }) => name)).toEqual(['nightly build']);
  });
});

const NAME = 'build/1_Set up job.txt';
const BAD_NAME = 'is a zip archive with a file name that the archive of a run never has.';
const log = (): Promise<Buffer> =>
  zipOf({ [NAME]: 'Error: it broke\n'.repeat(100), '0_build.txt': 'Error: it broke\n' });

describe('archives that mean no good are refused with one sentence, and nothing is written', () => {
  const renamed = async (to: string): Promise<Buffer> =>
    patched(await log(), NAME, Buffer.from(to.padEnd(NAME.length, 'x')).subarray(0, NAME.length));

  test.each<[string, () => Promise<Buffer>, string]>([
    ['a way up', () => renamed('../../etc/passwd'), BAD_NAME],
    ['a way up in the middle', () => renamed('build/../../x'), BAD_NAME],
    ['an absolute name', () => renamed('/etc/passwd'), BAD_NAME],
    ['a drive', () => renamed('C:/windows/x'), BAD_NAME],
    ['backslashes', () => renamed('..\\..\\x'), BAD_NAME],
    ['a NUL', () => renamed('build/1_a\u0000b.txt'), BAD_NAME],
    ['terminal codes in a name', () => renamed('build/1_\u001b[2J.txt'), BAD_NAME],
    ['a name that turns the direction of text', () => renamed('build/1_\u202Etxt.exe'), BAD_NAME],
    ['a name of 64 KB', () => zipOf({ [`build/1_${'x'.repeat(65_000)}.txt`]: 'x' }), BAD_NAME],
    [
      'two files of one name',
      async () => patched(await zipOf({ '0_build.txt': 'a', '1_build.txt': 'b' }), '1_build.txt', '0_build.txt'),
      'is a zip archive with two files of the same name.',
    ],
    [
      'a link',
      () => zipOf({ '0_build.txt': '/etc/passwd' }, { mode: 0o120_777 }),
      'is a zip archive with a link in it, which the archive of a run never has.',
    ],
    [
      'encryption',
      async () => {
        const archive = await log();
        archive.writeUInt16LE(archive.readUInt16LE(listed(archive, NAME) + 8) | 1, listed(archive, NAME) + 8);
        return archive;
      },
      'is an encrypted zip archive. Unpack it, and name a log file.',
    ],
    [
      'a way of packing that nobody uses',
      async () => {
        const archive = await log();
        archive.writeUInt16LE(97, listed(archive, NAME) + 10);
        return archive;
      },
      'is a zip archive in a format other than deflate. Unpack it, and name a log file.',
    ],
    [
      'an archive in the archive',
      async () => zipOf({ '0_build.txt': await log() }),
      'is a zip archive with another archive in it.',
    ],
    ['an end that is missing', async () => (await log()).subarray(0, -40), 'is a damaged or incomplete zip archive.'],
    [
      'a beginning alone',
      () => Promise.resolve(Buffer.from('PK\u0003\u0004 and more')),
      'is a damaged or incomplete zip archive.',
    ],
    [
      'damage in the middle',
      async () => {
        const archive = await log();
        archive.fill(0xff, 60, 75);
        return archive;
      },
      'is a damaged or incomplete zip archive.',
    ],
    [
      'a size that is a lie',
      async () => {
        const archive = await log();
        archive.writeUInt32LE(10, listed(archive, NAME) + 24);
        return archive;
      },
      'is a damaged or incomplete zip archive.',
    ],
    ['no file', () => zipOf({}), 'is a zip archive without logs.'],
    ['files that are no logs', () => zipOf({ 'a.png': 'x', 'b/c.json': '{}' }), 'is a zip archive without logs.'],
  ])('%s', async (_, make, sentence) => {
    const answer = await summarizeArchive(await make());

    expect(answer).toEqual({ code: 2, out: '', err: `FILE ${sentence}\n` });
    expect(await spooled()).toEqual([]);
  });

  test.each<[string, Partial<InputLimits>, string]>([
    ['too many files', { entries: 4 }, 'is a zip archive of more than 4 files.'],
    ['one file that is too large', { entryBytes: 1024 * 1024 }, 'unpacks to more than 1 MiB.'],
    ['files that are too large together', { totalBytes: 3 * 1024 * 1024 }, 'unpacks to more than 3 MiB.'],
    ['a file that grows too much', { ratioFrom: 1024 }, 'unpacks to more than 300 times its size, as no log does.'],
  ])('%s', async (_, limits, sentence) => {
    const bomb = Buffer.alloc(2 * 1024 * 1024);
    const files = { '0_a.txt': bomb, '1_b.txt': bomb, '2_c.txt': 'x', '3_d.txt': 'x', '4_e.txt': 'x' };
    const { code, out, err } = await summarizeArchive(await zipOf(files), limits);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(sentence);
  });

  test('an archive that is too long to be copied from standard input', async () => {
    const stdin = Readable.from([await log()]);
    const limits = { ...INPUT_LIMITS, spooledBytes: 100 };

    expect(await summarize({ file: '-', stdin, limits })).toEqual({
      code: 2,
      out: '',
      err: 'The input is a zip archive of more than 0 MiB. Save it, and name the file.\n',
    });
    expect(await spooled()).toEqual([]);
  });

  test('gzip that unpacks to more than is read, and an archive within gzip', async () => {
    const bomb = gzipSync(Buffer.alloc(3 * 1024 * 1024, 'all is well\n'));
    const limits = { ...INPUT_LIMITS, gzipBytes: 2 * 1024 * 1024 };

    expect(await summarize({ file: '-', stdin: Readable.from([bomb]), limits })).toEqual({
      code: 2,
      out: '',
      err: 'The input unpacks to more than 2 MiB. Unpack it, and name the log file.\n',
    });
    expect((await summarize({ file: '-', stdin: Readable.from([gzipSync(await log())]) })).err).toBe(
      'The input is a zip archive within gzip. Unpack it once, and try again.\n',
    );
  });
});

test('whatever byte of an archive is changed, there is an answer or one sentence', async () => {
  const archive = await aRunOf(jobFiles(0, 'test', tests));
  const change = fc.tuple(fc.nat(archive.length - 1), fc.nat(255));

  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const copy = Buffer.from(archive);
      for (const [at, byte] of changes) copy[at] = byte;
      const { code, out, err } = await summarize({ file: '-', stdin: Readable.from([copy]) });

      if (code === 0) expect({ out: out.length > 0, err }).toEqual({ out: true, err: '' });
      else expect({ code, out, lines: err.split('\n').length }).toEqual({ code: 2, out: '', lines: 2 });
    }),
    { numRuns: 150 },
  );
}, 60_000);
