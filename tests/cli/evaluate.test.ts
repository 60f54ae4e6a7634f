import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { evaluate, type EvaluateOptions } from '../../src/cli/evaluate.ts';

const repository = path.resolve(import.meta.dirname, '..', '..');
let folder = '';
let data = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cortex-'));
  data = path.join(folder, 'data');
  await writeSource('lines', [
    { id: 'lines/one', kind: 'lines', expected_lines: ['Error: no such table: orders', 'x'] },
  ]);
  await writeSource('names', [{ id: 'names/one', kind: 'tokens', expected_tests: [{ tokens: ['sends one mail'] }] }]);
  await writeSource('classes', [
    { id: 'classes/one', kind: 'class', category: 'regular' },
    { id: 'classes/two', kind: 'class', category: 'intermittent', log: 'ERROR: Job failed (system failure): no pod\n' },
  ]);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const LOG = `${'ok 1 - starts\n'.repeat(200)}FAIL test/mail.test.js\n  ● sends one mail\n\n    Error: no such table: orders\n\nTests: 1 failed\n`;

async function writeSource(source: string, records: ReadonlyArray<Record<string, unknown>>): Promise<void> {
  await mkdir(path.join(data, source), { recursive: true });
  const rows: string[] = [];
  for (const [index, { log, ...record }] of records.entries()) {
    const file = path.join(source, `${index}.log.gz`);
    await writeFile(path.join(data, file), gzipSync(typeof log === 'string' ? log : LOG));
    rows.push(`${JSON.stringify({ ...record, log_path: file, ci: 'github-actions' })}\n`);
  }
  await writeFile(path.join(data, source, 'data.jsonl'), rows.join(''));
}

async function run(change: Partial<EvaluateOptions> = {}): Promise<{ code: number; out: string; err: string }> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const code = await evaluate({
    data,
    out: path.join(folder, 'out'),
    view: 'excerpt',
    maxLines: null,
    repository,
    stdout,
    stderr,
    signal: new AbortController().signal,
    ...change,
  });
  const read = (stream: PassThrough): string => String(stream.read() ?? '');
  return { code, out: read(stdout), err: read(stderr) };
}

describe('evaluate', () => {
  test('compares with passing logs on request, and says how many there are', async () => {
    const compared = path.join(folder, 'compared');
    const noise = 'Error: connect ECONNREFUSED, will try again\n';
    await mkdir(path.join(compared, 'one'), { recursive: true });
    await writeFile(
      path.join(compared, 'one', 'fail.log.gz'),
      gzipSync(`${noise}all but one\nmake: *** [check] Error 1\n`),
    );
    await writeFile(path.join(compared, 'one', 'pass.log.gz'), gzipSync(`${noise}all is well\n`));
    const record = { id: 'one/a', kind: 'lines', expected_lines: ['all but one'] };
    const paths = { log_path: 'one/fail.log.gz', pass_log_path: 'one/pass.log.gz' };
    await writeFile(path.join(compared, 'one', 'data.jsonl'), `${JSON.stringify({ ...record, ...paths })}\n`);
    const evidence = async (change: Partial<EvaluateOptions>) => {
      const { out } = await run({ data: compared, view: 'evidence', ...change });
      return { out, text: await readFile(path.join(folder, 'out', 'one', 'a.txt'), 'utf8') };
    };

    expect((await evidence({})).text).toContain('ECONNREFUSED');
    const { out, text } = await evidence({ passing: true });
    expect(text).not.toContain('ECONNREFUSED');
    expect(text).toContain('make: ***');
    expect(out).toContain('1 of 1 logs compared with a passing one');
  });

  test('writes what was kept of each log and a prediction for each, and prints the scores', async () => {
    const { code, out, err } = await run();

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(await readFile(path.join(folder, 'out', 'lines', 'one.txt'), 'utf8')).toContain('no such table: orders');
    const rows = (await readFile(path.join(folder, 'out', 'predictions.jsonl'), 'utf8')).trim().split('\n');
    const predictions = rows.map((row) => JSON.parse(row) as Record<string, string>);
    expect(predictions.map(({ id, category }) => [id, category])).toEqual([
      ['classes/one', 'regular'],
      ['classes/two', 'intermittent'],
      ['lines/one', 'test'],
      ['names/one', 'test'],
    ]);
    expect(predictions.every(({ fingerprint, headline }) => fingerprint !== '' && headline !== '')).toBe(true);
    expect(out).toMatch(/^lines +1 +\d+\.\d +0\.500 +0\.000 +1\.000/mu);
    expect(out).toMatch(/^names +1 .* 1\.000 +1\.000 +1\.000$/mu);
    expect(out).toContain('accuracy 1.000, macro F1 1.000');
  });

  test.each(['excerpt', 'evidence'] as const)('keeps to the number of lines asked for in the %s', async (view) => {
    const { code } = await run({ out: path.join(folder, view), view, maxLines: 2 });

    expect(code).toBe(0);
    const kept = await readFile(path.join(folder, view, 'names', 'one.txt'), 'utf8');
    expect(kept.split('\n').length).toBeLessThanOrEqual(2);
  });

  test('never writes into the repository, not even through a link', async () => {
    const link = path.join(folder, 'link');
    await symlink(repository, link);
    for (const out of [repository, path.join(repository, 'tests', 'new'), path.join(link, 'new')]) {
      const { code, err } = await run({ out });
      expect(code).toBe(2);
      expect(err).toContain('lies within the repository');
    }
  });

  test('says in a sentence what is wrong with the data', async () => {
    const bad = path.join(folder, 'bad');
    await mkdir(path.join(bad, 'source'), { recursive: true });
    expect((await run({ data: path.join(folder, 'absent') })).err).toContain('is not a folder that can be read.');
    expect((await run({ data: bad })).err).toContain('holds no */data.jsonl with records.');
    const file = path.join(bad, 'source', 'data.jsonl');
    const cases = [
      ['{', 'line 1 is not JSON.'],
      [JSON.stringify({ id: '../../escape', log_path: 'a', kind: 'lines' }), 'line 1 is no record: id does not fit.'],
      [
        JSON.stringify({ id: 'a/b', log_path: 'absent.log.gz', kind: 'lines' }),
        'The log of a/b cannot be read (ENOENT).',
      ],
    ] as const;
    for (const [line, sentence] of cases) {
      await writeFile(file, line);
      const { code, err } = await run({ data: bad, out: path.join(folder, 'never') });
      expect(code).toBe(2);
      expect(err).toContain(sentence);
    }
  });

  test('stops when it is told to', async () => {
    await expect(run({ signal: AbortSignal.abort(new Error('Stopped')) })).rejects.toThrow('Stopped');
  });
});
