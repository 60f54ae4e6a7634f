import type { Category, Facts, Verdict } from '../domain/diagnosis.ts';
import type { Signals } from '../domain/digest.ts';
import type { Failure, History } from '../domain/failure.ts';
import type { Conclusion, Run } from '../domain/run.ts';

export interface VerdictInput {
  run: Run | null;
  category: Category;
  facts: Facts;
  signals: Signals;
  history: History | null;
  conclusion: Conclusion | null;
}

/**
 * What a failure means to the team, by rule: first what the run or the log says beyond doubt, then what was seen before.
 * Pure; reasons are sentences without a full stop.
 */
export function decideVerdict(input: VerdictInput): Verdict {
  return byOwnWord(input) ?? byHistory(input);
}

function byOwnWord({ category, signals, facts, conclusion }: VerdictInput): Verdict | null {
  if (signals.superseded !== null) return { kind: 'superseded', reasons: [signals.superseded] };
  const isTimedOut = conclusion === 'timed_out' || signals.timeout !== null;
  if (isTimedOut) return { kind: 'timeout', reasons: [signals.timeout ?? 'GitHub stopped the job at its time limit'] };
  // A cancelled job beside a failed one is its consequence; alone, somebody stopped the run.
  if (
    conclusion === 'cancelled' ||
    (signals.cancelled !== null && facts.failingTests.length + facts.problems.length === 0)
  ) {
    return { kind: 'cancelled', reasons: [signals.cancelled ?? 'The run was cancelled'] };
  }
  if (conclusion === 'startup_failure') {
    return { kind: 'configuration', reasons: ['GitHub could not start the workflow'] };
  }
  if (category === 'infrastructure' && signals.infrastructure !== null) {
    return {
      kind: 'infrastructure',
      reasons: [signals.infrastructure, 'No test and no compiler complains about the code'],
    };
  }
  if (category === 'configuration' && signals.configuration !== null) {
    return { kind: 'configuration', reasons: [signals.configuration] };
  }
  return null;
}

function byHistory({ run, history }: VerdictInput): Verdict {
  if (run === null || history === null) return { kind: 'new', reasons: ['Nothing is known about earlier runs'] };
  const { flakyWitness, openOnBase, openOnBranch } = history;
  if (flakyWitness !== null)
    return { kind: 'flaky', reasons: [...flakyReasons(flakyWitness), ...seenBefore(openOnBranch)] };
  if (openOnBase !== null) {
    const since = day(openOnBase.first.at);
    return {
      kind: 'failing-on-base',
      reasons: [`${run.defaultBranch} fails for the same cause since ${since}`, ...seenBefore(openOnBranch)],
    };
  }
  if (openOnBranch !== null) return { kind: 'recurring', reasons: seenBefore(openOnBranch) };
  return { kind: 'new', reasons: newReasons(run, history.lastResolved) };
}

function flakyReasons({ resolution, last }: Failure): string[] {
  const at = resolution?.at ?? last.at;
  const sha = (resolution?.headSha ?? last.headSha).slice(0, 7);
  return [`The same commit (${sha}) passed on a re-run on ${day(at)}`];
}

function seenBefore(failure: Failure | null): string[] {
  if (failure === null) return [];
  return [`Seen ${times(failure.occurrences)} on this branch since ${day(failure.first.at)}`];
}

function newReasons(run: Run, resolved: Failure | null): string[] {
  const first = `First time on ${run.branch}`;
  if (resolved?.resolution?.kind !== 'fixed') return [first];
  const where = resolved.branch === run.branch ? '' : ` on ${resolved.branch}`;
  return [first, `The same failure was fixed${where} on ${day(resolved.resolution.at)}: ${resolved.resolution.title}`];
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

function day(at: Date): string {
  return DAY.format(at);
}
