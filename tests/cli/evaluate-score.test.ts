import { expect, test } from '@jest/globals';
import { scoreRecord } from '../../src/cli/evaluation-score.ts';
import type { EvaluationRecord } from '../../src/cli/evaluation-records.ts';

const record: EvaluationRecord = {
  id: 'a/b',
  source: 'a',
  kind: 'lines',
  logPath: '',
  ci: '',
  project: '',
  category: null,
  passLogPath: null,
  expectedLines: [],
  expectedIntervals: [],
  contextLines: [],
  expectedTests: [],
};

test('time stamps, colours, white space and marks of omission do not count', () => {
  const score = scoreRecord(
    { ...record, expectedLines: ['2026-11-22T10:00:00.1234567Z \u001b[31mError:   it broke\u001b[0m', '  at main'] },
    'Error: it broke\n\n... 12 lines omitted ...\n\tat  main',
  );

  expect(score).toEqual({ lines: 2, shares: { recall: 1, full: 1, hit: 1, precision: 1, f1: 1 } });
});

test('context is neutral, everything else that was kept costs precision', () => {
  const score = scoreRecord(
    { ...record, expectedLines: ['the cause of it', 'never kept'], contextLines: ['beside the cause'] },
    'beside the cause\nthe cause of it\nnoise',
  );

  expect(score).toEqual({ lines: 3, shares: { recall: 0.5, full: 0, hit: 1, precision: 0.5, f1: 0.5 } });
});

test('a line inside a longer one counts for both sides', () => {
  const score = scoreRecord({ ...record, expectedLines: ['it is broken'] }, 'worker 3: it is broken, again');

  expect(score?.shares).toMatchObject({ recall: 1, precision: 1 });
});

test('names count once each and only whole', () => {
  const score = scoreRecord(
    {
      ...record,
      kind: 'tokens',
      expectedTests: [
        ['CartTest', 'adds'],
        ['CartTest', 'adds'],
        ['CartTest', 'pays'],
      ],
    },
    'CartTest.adds FAILED',
  );

  expect(score?.shares).toEqual({ names: 0.5, allNames: 0, anyName: 1 });
});

test('a record without a reference answer has no score', () => {
  expect(scoreRecord(record, 'text')).toBeNull();
  expect(scoreRecord({ ...record, kind: 'tokens' }, 'text')).toBeNull();
});
