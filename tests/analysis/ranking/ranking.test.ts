import { describe, expect, test } from '@jest/globals';
import { chooseEvidence, chooseExcerpt } from '../../../src/analysis/ranking/choose.ts';
import { describeLines } from '../../../src/analysis/ranking/features.ts';
import { probabilities } from '../../../src/analysis/ranking/trees.ts';
import type { Candidate } from '../../../src/analysis/reduction.ts';

function aLine(line: Partial<Candidate> = {}): Candidate {
  return {
    number: 1,
    order: line.number ?? 1,
    text: `line ${line.number ?? 1}`,
    own: 0,
    score: 0,
    matches: [],
    segment: 0,
    section: 0,
    stepName: null,
    isHeader: false,
    nearness: 0,
    toEnd: null,
    isRed: false,
    isAfterBlank: false,
    ...line,
  };
}

const texts = (lines: readonly Candidate[]): string[] => lines.map(({ text }) => text);

describe('what the ranking knows of a line', () => {
  test('how far it is from what says most, to both sides', () => {
    const table = describeLines([aLine({ number: 3 }), aLine({ number: 5, own: 8 }), aLine({ number: 9 })], {
      lastLine: 10,
    });

    expect(table.toTopBelow).toEqual([2, 0, 999]);
    expect(table.toTopAbove).toEqual([999, 0, 4]);
    expect(table.fromHeaviest[2]).toBe(6);
  });

  test('what the lines around it are worth, but not across a gap', () => {
    const lines = [aLine({ number: 1, own: 6, score: 6 }), aLine({ number: 2 }), aLine({ number: 40 })];

    const table = describeLines(lines, { lastLine: 50 });

    expect(table.scoreAbove).toEqual([0, 6, 0]);
    expect(table.highestAbove15).toEqual([0, 6, 0]);
    expect(table.highestAbove40).toEqual([0, 6, 6]);
  });

  test('how often it was said, about whatever item', () => {
    const lines = ['took 3 s', 'took 4 s', 'took 4 s'].map((text, at) => aLine({ number: at + 1, text }));

    const table = describeLines(lines, { lastLine: 3 });

    expect(table.alike).toEqual([3, 3, 3]);
    expect(table.repeats).toEqual([1, 2, 2]);
  });

  test('how it steps in and out beside its neighbours, and where it ends', () => {
    const lines = [aLine({ text: 'a:' }), aLine({ text: '    b' }), aLine({ text: 'c', toEnd: 2 })];

    const table = describeLines(lines, { lastLine: 3 });

    expect(table.indentStepAbove).toEqual([0, 4, -4]);
    expect(table.indentStepBelow).toEqual([-4, 4, 0]);
    expect(table.toEnd).toEqual([200, 200, 2]);
  });

  test('a log without lines has nothing to rank', () => {
    expect(probabilities({ base: 0, trees: [] }, describeLines([], { lastLine: 0 }))).toEqual([]);
  });
});

test('each tree adds its leaf to the log odds', () => {
  const table = describeLines([aLine({ own: 1 }), aLine({ own: 6 })], { lastLine: 2 });

  const [low, high] = probabilities({ base: -1, trees: [['own', 5, -1, ['own', 9, 2, 50]], 1] }, table);

  expect(low).toBeCloseTo(1 / (1 + Math.exp(1)), 10);
  expect(high).toBeCloseTo(1 / (1 + Math.exp(-2)), 10);
});

describe('what is chosen', () => {
  test('an excerpt holds what the rules are sure of, though no one would mark it', () => {
    const lines = [
      { line: aLine({ number: 1, score: 9 }), probability: 0 },
      { line: aLine({ number: 2, score: 1 }), probability: 0.4 },
      { line: aLine({ number: 3, score: 1 }), probability: 0.001 },
    ];

    expect(texts(chooseExcerpt(lines, 100))).toEqual(['line 1', 'line 2']);
  });

  test('the same words are shown once', () => {
    const lines = [1, 2, 3].map((number) => ({ line: aLine({ number, text: 'same', score: 5 }), probability: 0.9 }));

    expect(chooseExcerpt(lines, 100)).toHaveLength(1);
    expect(chooseEvidence(lines, 12)).toHaveLength(1);
  });

  test('evidence is short where one line surely is the cause', () => {
    const lines = [
      { line: aLine({ number: 1, score: 9 }), probability: 0.95 },
      ...[2, 3, 4, 5].map((number) => ({ line: aLine({ number, score: 1 }), probability: 0.05 })),
    ];

    expect(texts(chooseEvidence(lines, 12))).toEqual(['line 1']);
  });

  test('evidence takes the whole block where all of it is likely, up to the limit', () => {
    const block = Array.from({ length: 20 }, (_, at) => ({
      line: aLine({ number: at + 1, score: at === 0 ? 9 : 1 }),
      probability: 0.6,
    }));

    expect(chooseEvidence(block, 12)).toHaveLength(12);
    expect(chooseEvidence(block, 5)).toHaveLength(5);
  });

  test('of equally likely lines, evidence takes what says something before stack frames', () => {
    const texts = ['  at run (cart.js:3:1)', 'the total is off', '  at main (cart.js:9:1)'];
    const lines = texts.map((text, at) => ({ line: aLine({ number: at + 1, text, score: 5 }), probability: 0.5 }));

    expect(chooseEvidence(lines, 3).slice(2)).toMatchObject([{ text: '  at main (cart.js:9:1)' }]);
  });

  test('evidence does not skip a line that says much in the middle of a block', () => {
    const lines = [
      { line: aLine({ number: 1, own: 9, score: 9 }), probability: 0.9 },
      { line: aLine({ number: 2, own: 7, score: 6 }), probability: 0.01 },
      { line: aLine({ number: 3, own: 9, score: 9 }), probability: 0.9 },
      { line: aLine({ number: 4, own: 7, score: 6 }), probability: 0.01 },
    ];

    expect(texts(chooseEvidence(lines, 12)).toSorted()).toEqual(['line 1', 'line 2', 'line 3']);
  });

  test('where a message and the calls that led to it do not both fit, the message stays', () => {
    const calls = [1, 2, 3, 4].map((number) => ({ line: aLine({ number, score: 6 }), probability: 0.8 }));
    const message = { line: aLine({ number: 5, own: 7, score: 6 }), probability: 0.2 };
    const below = { line: aLine({ number: 6, own: 9, score: 9 }), probability: 0.8 };

    expect(texts(chooseEvidence([...calls, message, below], 4)).toSorted()).toEqual([
      'line 1',
      'line 2',
      'line 5',
      'line 6',
    ]);
  });

  test('evidence that says only that a command failed also says what was surest of the rest', () => {
    const literals = ['exit'];
    const end = { signature: { literals, pattern: /exit/u, weight: 6, role: 'end' } } as const;
    const lines = [
      { line: aLine({ number: 1, own: 8, score: 4 }), probability: 0.01 },
      { line: aLine({ number: 2, score: 5 }), probability: 0.01 },
      { line: aLine({ number: 9, own: 6, score: 9, matches: [end] }), probability: 0.9 },
    ];

    expect(texts(chooseEvidence(lines, 12)).toSorted()).toEqual(['line 1', 'line 9']);
  });
});
