import type { Category, Facts, Verdict } from '../domain/diagnosis.ts';
import type { Signals } from '../domain/digest.ts';
import type { Failure, History, SameCommit } from '../domain/failure.ts';
import type { Conclusion, Run } from '../domain/run.ts';
import { RUNNER_LOST } from './signals.ts';

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
  const verdict = byMark(input) ?? byOwnWord(input) ?? byHistory(input);
  if (input.conclusion !== 'cancelled' || !isCodeAtFault(input.facts)) return verdict;
  return { ...verdict, reasons: [...verdict.reasons, 'The job was cancelled after that'] };
}

/** A person's word goes before what the log says: it is given about this very cause. */
function byMark({ history, signals }: VerdictInput): Verdict | null {
  const mark = history?.flakyMark ?? null;
  if (mark === null || signals.superseded !== null) return null;
  return { kind: 'flaky', reasons: [`Marked flaky by a person on ${day(mark.at)}, until ${day(mark.until)}`] };
}

function isCodeAtFault({ failingTests, problems }: Facts): boolean {
  return failingTests.length + problems.length > 0;
}

/** GitHub gives no secrets, and a token that may only read, to runs for pull requests from forks. */
function forkReasons(run: Run | null, reason: string): string[] {
  if (run?.event !== 'pull_request' || !/token|value that a step|Credentials/u.test(reason)) return [];
  return ['Runs for pull requests from forks get no secrets and a token that may only read'];
}

function byOwnWord({ run, category, signals, facts, conclusion }: VerdictInput): Verdict | null {
  if (signals.superseded !== null) return { kind: 'superseded', reasons: [signals.superseded] };
  const isTimedOut = conclusion === 'timed_out' || signals.timeout !== null;
  if (isTimedOut) return { kind: 'timeout', reasons: [signals.timeout ?? 'GitHub stopped the job at its time limit'] };
  // A cancelled job beside a failed one is its consequence; alone, somebody stopped the run. Where a test or the compiler
  // had spoken before, that is what is worth telling.
  const isLost = signals.infrastructure === RUNNER_LOST;
  const isCancelled = !isLost && (conclusion === 'cancelled' || signals.cancelled !== null);
  if (isCancelled && !isCodeAtFault(facts)) {
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
    return { kind: 'configuration', reasons: [signals.configuration, ...forkReasons(run, signals.configuration)] };
  }
  return null;
}

function byHistory({ run, history }: VerdictInput): Verdict {
  if (run === null || history === null) return { kind: 'new', reasons: ['Nothing is known about earlier runs'] };
  const { flakyWitness, sameCommit, openOnBase } = history;
  // An earlier attempt of this run is no earlier failure, and not always told of in time.
  const isOwn = history.openOnBranch?.first.runId === run.runId;
  const openOnBranch = isOwn ? null : history.openOnBranch;
  if (flakyWitness !== null)
    return { kind: 'flaky', reasons: [...flakyReasons(run, flakyWitness), ...seenBefore(run, openOnBranch)] };
  if (sameCommit !== null)
    return { kind: 'flaky', reasons: [sameCommitReason(run, sameCommit), ...seenBefore(run, openOnBranch)] };
  if (openOnBase !== null) {
    const since = day(openOnBase.first.at);
    return {
      kind: 'failing-on-base',
      reasons: [`${run.defaultBranch} fails for the same cause since ${since}`, ...seenBefore(run, openOnBranch)],
    };
  }
  if (openOnBranch !== null) return { kind: 'recurring', reasons: seenBefore(run, openOnBranch) };
  return { kind: 'new', reasons: newReasons(run, history.lastResolved) };
}

/** The witness may have failed and passed on any commit; only where it is this one is it the same. */
function flakyReasons(run: Run, { resolution, last }: Failure): string[] {
  const at = resolution?.at ?? last.at;
  const headSha = resolution?.headSha ?? last.headSha;
  const commit = headSha.slice(0, 7);
  return headSha === run.headSha
    ? [`The same commit (${commit}) passed on a re-run on ${day(at)}`]
    : [`The same failure went away when commit ${commit} was run again, on ${day(at)}`];
}

function sameCommitReason({ headSha }: Run, { isOwnRun, attempt, runNumber, at }: SameCommit): string {
  const where = isOwnRun ? `attempt ${attempt} of this run` : `run #${runNumber}`;
  return `The same commit (${headSha.slice(0, 7)}) passed in ${where} on ${day(at)}`;
}

/** In the runs before this one, whichever of its attempts were counted already. */
function seenBefore(run: Run, failure: Failure | null): string[] {
  if (failure === null) return [];
  const earlier = failure.occurrences - (failure.last.runId === run.runId ? 1 : 0);
  return [`Seen ${times(earlier)} on this branch since ${day(failure.first.at)}`];
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
