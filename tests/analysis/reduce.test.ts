import { describe, expect, test } from '@jest/globals';
import { readLines } from '../../src/analysis/parse.ts';
import { createReducer } from '../../src/analysis/reduce.ts';
import type { Reduction } from '../../src/analysis/reduction.ts';
import { LOG_PREFILTER } from '../../src/analysis/score.ts';
import { select } from '../../src/analysis/select.ts';
import { bytes } from './support.ts';

async function reduce(lines: readonly string[]): Promise<Reduction> {
  const reducer = createReducer();
  await readLines(bytes(lines.join('\n')), LOG_PREFILTER, { onLine: (line) => reducer.add(line) });
  return reducer.finish();
}

const steps = (count: number): string[] => Array.from({ length: count }, (_, at) => `step ${at} of the recipe`);
const textsOf = ({ candidates }: Reduction): string[] => candidates.map(({ text }) => text);

describe('what is kept of a log', () => {
  test('a long way up from the end of a failed command, whatever the lines say', async () => {
    const reduction = await reduce([...steps(300), 'The command "make" exited with 2.', ...steps(300)]);

    const kept = reduction.candidates.filter(({ toEnd }) => toEnd !== null);
    expect(kept[0]).toMatchObject({ text: 'step 180 of the recipe', toEnd: 120 });
    expect(kept.at(-1)).toMatchObject({ text: 'step 299 of the recipe', toEnd: 1 });
  });

  test('what stands around a line that says something', async () => {
    const kept = textsOf(await reduce([...steps(200), 'main.c:3:1: error: no such type', ...steps(400)]));

    expect(kept).toContain('step 180 of the recipe');
    expect(kept).toContain('step 24 of the recipe');
    expect(kept).not.toContain('step 150 of the recipe');
    expect(kept).not.toContain('step 60 of the recipe');
  });

  test('the lines right above the end, though thousands of others say something', async () => {
    const noise = Array.from({ length: 6000 }, (_, at) => `${'abcdefghij'[at % 10]}${at}: a warning, that is all`);
    const reduction = await reduce([...noise, ...steps(50), 'The command "make" exited with 2.']);

    expect(reduction.candidates.length).toBeLessThanOrEqual(1600);
    expect(textsOf(reduction)).toEqual(expect.arrayContaining(steps(50)));
  });

  test('red letters and blank lines are remembered, also where the ESC byte is lost', async () => {
    const { candidates } = await reduce(['\u001b[31mit is off\u001b[0m', '', '[1;31mthis too', '\u001b[32mgood']);

    expect(candidates).toMatchObject([
      { text: 'it is off', isRed: true, isAfterBlank: false },
      { text: 'this too', isRed: true, isAfterBlank: true },
      { text: 'good', isRed: false, isAfterBlank: false },
    ]);
  });
});

describe('a log in which all went well', () => {
  const log = [...steps(20), 'a warning in passing', 'All good', 'Done.'];

  test('proves nothing', async () => {
    const { excerpt, evidence } = select(await reduce(log));

    expect(evidence).toEqual([]);
    expect(excerpt.length).toBeGreaterThan(0);
  });

  test('but what stands before the end of a failed command does, whatever it says', async () => {
    expect(select(await reduce([...log, 'The command "make" exited with 2.'])).evidence).not.toEqual([]);
  });
});
