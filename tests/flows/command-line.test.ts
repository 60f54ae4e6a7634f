import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { FAILING_TEST, jobFiles, zipOf } from '../support/archives.ts';
import { FAILING_JEST, FAILING_TSC } from '../support/logs.ts';
import { runCortex } from '../support/stage.ts';

jest.setTimeout(60_000);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cortex-log-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function aFile(name: string, content: string | Buffer): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

test('summarize --log explains a file without Slack, GitHub, database or key', async () => {
  const { code, stdout } = await runCortex(['summarize', '--log', aFile('jest.log', FAILING_JEST)]);

  expect(code).toBe(0);
  expect(stdout).toContain('applies the discount once');
  expect(stdout).toContain('test/cart.test.js');
});

test('summarize --log reads gzip and standard input, and --json gives the diagnosis', async () => {
  const packed = aFile('tsc.log.gz', gzipSync(FAILING_TSC));
  const fromFile = await runCortex(['summarize', '--log', packed, '--json']);
  const fromInput = await runCortex(['summarize', '--log', '-', '--json'], { input: FAILING_TSC });

  const diagnosis = JSON.parse(fromFile.stdout);
  expect(diagnosis).toMatchObject({ category: 'compile', fingerprint: expect.stringMatching(/^v2:/u) });
  expect(diagnosis.headline).toContain('refund.ts');
  expect(diagnosis.evidence[0]).toMatchObject({ line: expect.any(Number), text: expect.stringContaining('TS2339') });
  expect(JSON.parse(fromInput.stdout).headline).toBe(diagnosis.headline);
});

test('summarize --log explains the archive of a run from standard input, and keeps to --max-lines', async () => {
  const archive = await zipOf(jobFiles(0, 'test', { step: 'Run npm test', lines: FAILING_TEST }));
  const parameters = ['summarize', '--log', '-', '--json', '--max-lines', '4'];
  const { stdout, stderr } = await runCortex(parameters, { input: archive });

  expect(JSON.parse(stdout)).toMatchObject({ jobs: [{ name: 'test' }], stats: { excerptLines: 4 } });
  expect(stderr).toBe('');
});

test('summarize has colours where they are asked for, and none where nobody looks', async () => {
  const file = aFile('jest.log', FAILING_JEST);
  const asked = await runCortex(['summarize', '--log', file], { environment: { FORCE_COLOR: '1', NO_COLOR: '1' } });
  const plain = await runCortex(['summarize', '--log', file]);

  expect(asked.stdout).toContain('\u001B[');
  expect(plain.stdout).not.toContain('\u001B');
});

test.each([
  ['a file that is not there', 'missing.log', null],
  ['an empty file', 'empty.log', ''],
])('summarize --log of %s exits 2 with one sentence', async (_what, name, content) => {
  const file = content === null ? path.join(folder, name) : aFile(name, content);

  const { code, stdout, stderr } = await runCortex(['summarize', '--log', file]);

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('summarize --model claude without a key says what is missing', async () => {
  const { code, stderr } = await runCortex(['summarize', '--log', '-', '--model', 'claude'], { input: FAILING_TSC });

  expect(code).toBe(2);
  expect(stderr).toContain('ANTHROPIC_API_KEY');
});

test('redact takes secrets out of a stream and counts them', async () => {
  const token = ['ghp', 'Zx9'.repeat(12)].join('_');

  const { code, stdout, stderr } = await runCortex(['redact'], { input: `before\nuse ${token} here\nafter\n` });

  expect(code).toBe(0);
  expect(stdout).not.toContain(token);
  expect(stdout).toMatch(/^before\nuse \[redacted:[^\]]+\] here\nafter\n$/u);
  expect(stderr).toMatch(/1\s+\S+/u);
});

test.each([
  [['sumarize', '--log', 'build.log'], /unknown command 'sumarize'\n\(Did you mean summarize\?\)/u],
  [['everything'], /unknown command 'everything'/u],
  [['summarize', '--log', 'a', '--max-lines', '0'], /A number of lines is from 1 to 1000/u],
  [['demo', '--port', 'abc'], /A port is a number from 1 to 65535/u],
  [['demo', '--port', '99999'], /A port is a number from 1 to 65535/u],
])('cortex %j exits 2 and says what is wrong with it', async (args, expected) => {
  const { code, stdout, stderr } = await runCortex(args);

  expect(stderr).toMatch(expected);
  expect(stdout).toBe('');
  expect(code).toBe(2);
});
