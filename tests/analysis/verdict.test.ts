import { describe, expect, test } from '@jest/globals';
import { NO_SIGNALS, RUNNER_LOST } from '../../src/analysis/signals.ts';
import { decideVerdict, type VerdictInput } from '../../src/analysis/verdict.ts';
import { aFailure, aHistory, aRun } from './support.ts';

const sighting = { ...aFailure().first, at: new Date('2026-11-20T12:00:00Z'), headSha: 'c0ffee1'.padEnd(40, '0') };
const resolution = {
  ...sighting,
  kind: 'fixed' as const,
  title: 'Pin the clock',
  actor: 'ana',
  url: 'https://github.com/shop/shop/pull/9',
};

const noFacts: VerdictInput['facts'] = {
  failingTests: [],
  problems: [],
  exitCode: 1,
  failedStep: 'Test',
  failedCommand: null,
  tool: null,
  ecosystem: null,
};

function verdict(input: Partial<VerdictInput>): ReturnType<typeof decideVerdict> {
  return decideVerdict({
    run: aRun(),
    category: 'test',
    facts: noFacts,
    signals: NO_SIGNALS,
    history: aHistory(),
    conclusion: 'failure',
    ...input,
  });
}

describe('the verdict', () => {
  test('a cause that was never seen is new', () => {
    expect(verdict({})).toEqual({ kind: 'new', reasons: ['First time on feature/tax'] });
  });

  test('a cause that is open on the branch is recurring, and says since when', () => {
    expect(verdict({ history: aHistory({ openOnBranch: aFailure() }) })).toEqual({
      kind: 'recurring',
      reasons: ['Seen 3 times on this branch since 21 Nov'],
    });
  });

  test('an earlier attempt of the same run makes a cause neither old nor seen more often', () => {
    const { runId } = aRun();
    const { first, last } = aFailure();
    const own = aFailure({ first: { ...first, runId }, last: { ...last, runId } });
    expect(verdict({ history: aHistory({ openOnBranch: own }) }).kind).toBe('new');
    const older = aFailure({ last: { ...last, runId } });
    expect(verdict({ history: aHistory({ openOnBranch: older }) })).toEqual({
      kind: 'recurring',
      reasons: ['Seen 2 times on this branch since 21 Nov'],
    });
  });

  test('what also fails on the default branch is not this branch’s fault', () => {
    expect(
      verdict({ history: aHistory({ openOnBase: aFailure({ branch: 'main' }), openOnBranch: aFailure() }) }),
    ).toEqual({
      kind: 'failing-on-base',
      reasons: ['main fails for the same cause since 21 Nov', 'Seen 3 times on this branch since 21 Nov'],
    });
  });

  const flakyWitness = aFailure({ status: 'resolved', resolution: { ...resolution, kind: 'passed-on-rerun' } });

  test('what passed on the same commit is flaky, before anything else that history says', () => {
    const run = aRun({ headSha: resolution.headSha });

    expect(verdict({ run, history: aHistory({ flakyWitness, openOnBase: aFailure() }) })).toEqual({
      kind: 'flaky',
      reasons: ['The same commit (c0ffee1) passed on a re-run on 20 Nov'],
    });
  });

  test('a witness on another commit is not called the same commit', () => {
    expect(verdict({ history: aHistory({ flakyWitness }) })).toEqual({
      kind: 'flaky',
      reasons: ['The same failure went away when commit c0ffee1 was run again, on 20 Nov'],
    });
  });

  test('a job that was cancelled because its machine went away has failed by its machine', () => {
    const signals = { ...NO_SIGNALS, cancelled: 'The log says so', infrastructure: RUNNER_LOST };

    expect(verdict({ conclusion: 'cancelled', category: 'infrastructure', signals }).kind).toBe('infrastructure');
  });

  test('a job that was cancelled after a test had failed is judged by the test', () => {
    const facts = { ...noFacts, failingTests: [{ name: 'total', file: null, line: null, message: null }] };

    expect(verdict({ conclusion: 'cancelled', facts, history: aHistory({ openOnBranch: aFailure() }) })).toEqual({
      kind: 'recurring',
      reasons: ['Seen 3 times on this branch since 21 Nov', 'The job was cancelled after that'],
    });
  });

  test('a missing token in a run for a pull request may be the fault of a fork', () => {
    const signals = { ...NO_SIGNALS, configuration: 'The token of the workflow may not do this' };
    const input = { category: 'configuration' as const, signals };

    expect(verdict({ ...input, run: aRun({ event: 'pull_request' }) }).reasons).toHaveLength(2);
    expect(verdict({ ...input, run: aRun({ event: 'push' }) }).reasons).toHaveLength(1);
  });

  test('a new one that was fixed before says how', () => {
    const lastResolved = aFailure({ status: 'resolved', branch: 'main', resolution });

    expect(verdict({ history: aHistory({ lastResolved }) }).reasons).toEqual([
      'First time on feature/tax',
      'The same failure was fixed on main on 20 Nov: Pin the clock',
    ]);
  });

  test.each([
    ['timeout', { conclusion: 'timed_out' as const }],
    ['cancelled', { conclusion: 'cancelled' as const }],
    ['configuration', { conclusion: 'startup_failure' as const }],
    ['timeout', { signals: { ...NO_SIGNALS, timeout: 'The job ran into its time limit' } }],
    [
      'superseded',
      { conclusion: 'cancelled' as const, signals: { ...NO_SIGNALS, superseded: 'A newer run took its place' } },
    ],
    [
      'infrastructure',
      { category: 'infrastructure' as const, signals: { ...NO_SIGNALS, infrastructure: 'The disk is full' } },
    ],
    [
      'configuration',
      { category: 'configuration' as const, signals: { ...NO_SIGNALS, configuration: 'No such action' } },
    ],
  ])('%s by its own strong sign, whatever was seen before', (kind, input) => {
    const found = verdict({ ...input, history: aHistory({ openOnBranch: aFailure(), flakyWitness: aFailure() }) });

    expect(found.kind).toBe(kind);
    expect(found.reasons.join()).not.toContain('undefined');
  });

  test('flaky where the same commit passed in another run, or in an earlier attempt, also where the base fails', () => {
    const at = new Date('2026-11-20T08:00:00Z');
    const elsewhere = { runNumber: 41, attempt: 1, isOwnRun: false, at };
    const openOnBase = aFailure({ branch: 'main' });

    expect(verdict({ history: aHistory({ sameCommit: elsewhere, openOnBase }) })).toEqual({
      kind: 'flaky',
      reasons: [expect.stringMatching(/^The same commit \([\da-f]{7}\) passed in run #41 on 20 Nov$/u)],
    });
    const earlier = { ...elsewhere, attempt: 2, isOwnRun: true };
    expect(verdict({ history: aHistory({ sameCommit: earlier }) }).reasons[0]).toContain('attempt 2 of this run');
  });

  test('a weak word about the network is not enough for infrastructure', () => {
    expect(verdict({ category: 'infrastructure' }).kind).toBe('new');
  });

  test('without anything known it says so', () => {
    expect(verdict({ run: null, history: null })).toEqual({
      kind: 'new',
      reasons: ['Nothing is known about earlier runs'],
    });
  });
});
