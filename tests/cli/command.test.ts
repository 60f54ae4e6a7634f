import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, jest, test } from '@jest/globals';

const root = path.join(import.meta.dirname, '..', '..');
const log = path.join(root, 'tests', 'fixtures', 'logs', 'jest.log');

// A whole process starts in each test, which takes seconds where all cores are busy.
jest.setTimeout(60_000);

/** Runs `cortex` as a shell would. */
async function cortex(
  parameters: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [path.join(root, 'src', 'main.ts'), ...parameters], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, out, err };
}

describe('cortex summarize, as a shell runs it', () => {
  test('explains a log, without colours where nobody looks', async () => {
    const { code, out, err } = await cortex(['summarize', '--log', log]);

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('Test "cart › applies the discount once" fails');
    expect(out).not.toContain('\u001B');
  });

  test('has colours where they are asked for', async () => {
    const { out } = await cortex(['summarize', '--log', log], { FORCE_COLOR: '1', NO_COLOR: '1' });

    expect(out).toContain('\u001B[');
  });

  test('with --json it writes one document and nothing else', async () => {
    const { out, err } = await cortex(['summarize', '--json', '--max-lines', '5', '--log', log]);

    expect(JSON.parse(out)).toMatchObject({ category: 'test', stats: { excerptLines: 5 } });
    expect(err).toBe('');
  });

  test.each([
    [['summarize', '--log', 'nothing.log'], 2, 'nothing.log does not exist.\n'],
    [
      ['summarize', '--log', log, '--max-lines', '0'],
      2,
      "error: option '--max-lines <number>' argument '0' is invalid. A number of lines is from 1 to 1000.\n(\"cortex --help\" shows what there is)\n",
    ],
  ])('%p ends with one sentence', async (parameters, code, sentence) => {
    expect(await cortex(parameters)).toEqual({ code, out: '', err: sentence });
  });
});
