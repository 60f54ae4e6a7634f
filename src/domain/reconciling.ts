import type { InstallationId, RepositoryName, RunId, WorkspaceId } from './ids.ts';
import type { Lease } from './jobs.ts';
import type { Conclusion, RunRef } from './run.ts';

// What GitHub sent and we did not get, and how it is found.

/** One try of GitHub's to deliver, as its own list has it. Tries of one delivery share their `guid`. */
export interface DeliveryTry {
  /** GitHub's number of the try; too large for a JavaScript number at times. */
  id: string;
  guid: string;
  event: string;
  action: string | null;
  installationId: InstallationId | null;
  at: Date;
  isSuccess: boolean;
  /** What came back, in GitHub's words: `502 failed to connect to host`. */
  answer: string;
}

export type RedeliveryOutcome =
  | { kind: 'asked' }
  /** GitHub does not have it any more. */
  | { kind: 'gone' };

/** What GitHub remembers of the deliveries of our App's webhook. */
export interface DeliverySource {
  /** Where the list is kept; each has a cursor of its own. */
  readonly name: string;
  /** How long GitHub keeps a delivery. */
  readonly keptMs: number;
  /** Newest first. A cursor that GitHub takes no more begins anew, which is said by `isFirst`. */
  list(
    cursor: string | null,
    signal: AbortSignal,
  ): Promise<{ tries: DeliveryTry[]; next: string | null; isFirst: boolean }>;
  redeliver(id: string, signal: AbortSignal): Promise<RedeliveryOutcome>;
}

/** One for each server of GitHub's that we are connected to. */
export interface DeliverySources {
  all(): DeliverySource[];
}

/** A run that GitHub says has ended. */
export interface EndedRun {
  runId: RunId;
  attempt: number;
  conclusion: Conclusion | null;
  updatedAt: Date;
}

export type EndedRuns =
  /** Nothing has changed since the mark was given. */
  { kind: 'unchanged' } | { kind: 'listed'; runs: EndedRun[]; mark: string | null };

/** Asks for the runs that ended. Throws GitHubNotFoundError where the workspace may not see the repository. */
export interface EndedRunSource {
  /** Those that ended after `since`, as far as they began not too long before it; `mark` is of the answer that is known. */
  ended(
    workspaceId: WorkspaceId,
    which: { repository: RepositoryName; since: Date; mark: string | null },
    signal: AbortSignal,
  ): Promise<EndedRuns>;
  /** How this run ended, in its newest attempt; null where it goes on, or is not there any more. */
  endOf(
    workspaceId: WorkspaceId,
    run: { repository: RepositoryName; runId: RunId },
    signal: AbortSignal,
  ): Promise<EndedRun | null>;
  /** The body of the delivery that would have told of it. */
  body(
    workspaceId: WorkspaceId,
    run: RunRef,
    signal: AbortSignal,
  ): Promise<{ installationId: InstallationId; body: Buffer }>;
}

/** Gaps of these kinds: a delivery that failed, a run of which no delivery told, a time of which GitHub has forgotten all deliveries. */
export const GAP_KINDS = ['delivery', 'run', 'period'] as const;
export type GapKind = (typeof GAP_KINDS)[number];
export const GAP_STATES = ['open', 'recovered', 'lost'] as const;
export type GapState = (typeof GAP_STATES)[number];

/** A delivery that failed and did not come yet. */
export interface OpenGap {
  key: string;
  /** The newest try of it, which is the one that GitHub is asked to repeat. */
  tryId: string;
  failedAt: Date;
  lastFailedAt: Date;
  /** How often GitHub was asked, and when it was last. */
  asks: number;
  askedAt: Date | null;
}

/** Gaps that are alike: what failed with one answer, and what became of it. */
export interface GapGroup {
  kind: GapKind;
  state: GapState;
  answer: string;
  amount: number;
  /** The names of the events, the most frequent first, at most five. */
  events: string[];
  from: Date;
  to: Date;
  asks: number;
  /** Where there is one only. */
  repository: RepositoryName | null;
}

/** How far one list of GitHub's has been walked. */
export interface Walk {
  /** All that is older was looked at; null before the first walk has come to its end. */
  seenUntil: Date | null;
  /** A walk that has not come to its end. */
  open: { cursor: string; startedAt: Date } | null;
}

/** A repository whose runs are asked for. */
export interface RunLook {
  workspaceId: WorkspaceId;
  repository: RepositoryName;
}

/** What is known of gaps. They belong to installations, as deliveries do. */
export interface GapStore {
  /** Null while another live job walks. */
  beginWalk(lease: Lease, name: string): Promise<Walk | null>;
  saveWalk(lease: Lease, name: string, walk: Walk): Promise<void>;
  /**
   * Keeps the tries of a list that failed and were not made good, with a later failure of a gap that is known; settles the gaps of which a try
   * went well. Says how many of each were new.
   */
  observe(name: string, tries: readonly DeliveryTry[]): Promise<{ missed: number; recovered: number }>;
  /** Settles what we hold by now; says how many. */
  settleHeld(): Promise<number>;
  /** The open deliveries of a list, the oldest first, and when the newest delivery of all came in. */
  open(name: string, limit: number): Promise<{ gaps: OpenGap[]; lastReceivedAt: Date | null }>;
  /** Counts the ask before it is made; false where somebody else was first. */
  countAsk(gap: Pick<OpenGap, 'key' | 'asks'>): Promise<boolean>;
  /** The ask was not made after all. */
  takeBackAsk(gap: Pick<OpenGap, 'key' | 'asks' | 'askedAt'>): Promise<void>;
  lose(keys: readonly string[], reason: string): Promise<void>;
  /** A time of which nothing can be asked any more. */
  addPeriod(name: string, period: { from: Date; to: Date; reason: string }): Promise<void>;
  /** Watched repositories that were not looked at for so long. */
  dueLooks(which: { olderThanMs: number; limit: number }): Promise<RunLook[]>;
  /** Since when runs of it have to be known, and the mark of the answer then; null where nobody watches it any more. */
  findLook(look: RunLook): Promise<{ since: Date; mark: string | null } | null>;
  saveLook(look: RunLook, seen: { until: Date; mark: string | null }): Promise<void>;
  /** Those of which nobody told us that they ended. */
  unknownRuns(look: RunLook, runs: readonly EndedRun[]): Promise<EndedRun[]>;
  /** Some of those that have not ended by what we know, and of which nothing was heard after `quietSince`; others at each call. */
  openRuns(look: RunLook, which: { quietSince: Date; limit: number }): Promise<RunId[]>;
  addRun(run: RunRef & { installationId: InstallationId; endedAt: Date; reason: string }): Promise<void>;
  /** What has failed since, in groups, the newest first; of these installations only, where some are named. */
  report(which: { since: Date; installations: readonly InstallationId[] | null }): Promise<GapGroup[]>;
  /** In seconds: how long ago the moment is up to which everything is known; null where nobody has looked yet. */
  lag(): Promise<{ deliveries: number | null; runs: number | null; open: number; lost: number }>;
  prune(days: number): Promise<number>;
}
