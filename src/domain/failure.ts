import type { FlakyMark, Handling } from './handling.ts';
import type { ChannelId, FailureId, MessageTs, RepositoryName, RunId, ThreadId, UserId } from './ids.ts';
import type { Called } from './people.ts';
import type { Run } from './run.ts';

/** Where and when a failure was met. */
export interface Sighting {
  runId: RunId;
  attempt: number;
  runNumber: number;
  headSha: string;
  at: Date;
}

/** How a failure ended. `passed-on-rerun` (the same commit went green) is the proof of a flaky failure. */
export interface Resolution extends Sighting {
  kind: 'fixed' | 'passed-on-rerun';
  title: string;
  actor: string;
  url: string;
}

/** A person's word that a failure is the same as another one. */
export interface Merge {
  into: FailureId;
  by: UserId;
  at: Date;
}

/** One fingerprint on one branch and workflow of one repository, from its first failure until the workflow is green again. */
export interface Failure {
  id: FailureId;
  repository: RepositoryName;
  branch: string;
  workflow: string;
  fingerprint: string;
  /** `merged`: a person said that another failure is the same, and that one goes on. */
  status: 'open' | 'resolved' | 'merged';
  /** How many runs have failed for this cause; the attempts of one count once. */
  occurrences: number;
  first: Sighting;
  last: Sighting;
  resolution: Resolution | null;
  /** Where it goes on; null unless it is merged. */
  merge: Merge | null;
  /** What people did about it. */
  handling: Handling;
}

/** The one message about one failure in one channel. */
export interface Thread {
  id: ThreadId;
  channelId: ChannelId;
  failureId: FailureId;
  /** Null from the moment we decide to post until Slack has told us the message's name. */
  ts: MessageTs | null;
  /** A hash of what stands there, while no job is about to change it; null where that is not known. */
  shown: string | null;
  /** Whom it called when it was posted; null where that was nobody. */
  called: Called | null;
}

/** What a later attempt on the same branch and workflow failed for, where that is another cause: the newest there is. */
export interface Successor {
  failure: Failure;
  /** What its newest summary says. */
  headline: string;
  /** The attempt that met it. */
  run: Run;
}

/**
 * Whether a newer commit came to something else than this failure: it passed, or failed for another cause. Then the failure is worth no
 * message of its own any more. That the same commit passes is news, since it shows that the commit was not to blame.
 */
export function isSuperseded({ last, resolution }: Failure, successor: Successor | null): boolean {
  const later = resolution ?? (successor && { runNumber: successor.run.number, headSha: successor.run.headSha });
  return later !== null && later.runNumber > last.runNumber && later.headSha !== last.headSha;
}

/** A failure that ended, and that the one at hand is like. */
export interface SimilarFailure {
  failure: Failure;
  resolution: Resolution;
  /** What its newest summary says. */
  headline: string;
  /** The same cause; otherwise another one in the same job and step. */
  isSameCause: boolean;
}

/** That the same workflow passed on the very commit that fails now. */
export interface SameCommit {
  runNumber: number;
  attempt: number;
  /** It was an earlier attempt of the run at hand. */
  isOwnRun: boolean;
  at: Date;
}

/** What is known from before, for the verdict. */
export interface History {
  /** The same fingerprint, open on the same branch before this run. */
  openOnBranch: Failure | null;
  /** The same fingerprint, open on the default branch (null when this is the default branch). */
  openOnBase: Failure | null;
  /** The latest failure with this fingerprint that went green on the same commit, within the last 14 days. */
  flakyWitness: Failure | null;
  /** The latest resolved failure with this fingerprint, on any branch. */
  lastResolved: Failure | null;
  /** Whether the same commit passed as well; null where it did not. */
  sameCommit: SameCommit | null;
  /** A person's word, still valid, that this cause is flaky in this repository. */
  flakyMark: FlakyMark | null;
}
