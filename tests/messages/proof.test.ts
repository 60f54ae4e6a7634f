import { expect, test } from '@jest/globals';
import type { LogLine } from '../../src/domain/diagnosis.ts';
import { strongestLines } from '../../src/messages/proof.ts';
import { aDiagnosis } from '../support/report-builders.ts';

const noFacts = {
  failingTests: [],
  problems: [],
  exitCode: null,
  failedStep: null,
  failedCommand: null,
  tool: null,
  ecosystem: null,
};

function evidence(...texts: string[]): LogLine[] {
  return texts.map((text, index) => ({ jobId: null, line: index + 1, step: null, stepLine: null, text }));
}

test('of a failing test, the difference and the name say more than the frame around them', () => {
  const failingTests = [{ name: 'cart › applies the discount once', file: null, line: null, message: null }];
  const lines = evidence(
    'FAIL test/cart.test.js',
    '=================== FAILURES ===================',
    '● cart › applies the discount once',
    'Expected: 90',
    'Received: 81',
    'Tests: 1 failed, 17 passed, 18 total',
    '##[error]Process completed with exit code 1.',
  );

  const strongest = strongestLines({ evidence: lines, facts: { ...noFacts, failingTests } }, 3);

  expect(strongest.map(({ text }) => text)).toEqual([
    '● cart › applies the discount once',
    'Expected: 90',
    'Received: 81',
  ]);
});

test("a compiler's complaint comes before the exit code, in the order of the log", () => {
  const message = "Property 'reason' does not exist on type 'Refund'.";
  const problems = [{ file: 'src/refund.ts', line: 41, column: 17, message, rule: 'TS2339' }];
  const lines = evidence(
    '> tsc -p .',
    `src/refund.ts(41,17): error TS2339: ${message}`,
    '##[error]Process completed with exit code 2.',
  );

  const [first] = strongestLines({ evidence: lines, facts: { ...noFacts, problems } }, 1);

  expect(first?.line).toBe(2);
});

test('never more than there are, and all of them where they fit', () => {
  const diagnosis = aDiagnosis();

  expect(strongestLines(diagnosis, 12)).toEqual(diagnosis.evidence);
  expect(strongestLines({ evidence: [], facts: noFacts }, 3)).toEqual([]);
});
