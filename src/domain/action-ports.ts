import type { AuditEntry, Cause, FailureAction, FlakyMark } from './handling.ts';
import type { Failure } from './failure.ts';
import type { ChannelId, FailureId, JobId, RepositoryName, SummaryId, UserId, WorkspaceId } from './ids.ts';
import type { Lease, NewJob } from './jobs.ts';
import type { HoldOccasion } from './roundup.ts';
import type { Asker } from './member.ts';
import type { RunProtection } from './reruns.ts';
import type { RunRef } from './run.ts';

// What people do about failures, and what is kept of it. Each change is one transaction with its audit entry and with the
// jobs that edit the messages; `jobIds` are to be woken.

/** What came of an action on a failure that may have changed since its message was read. */
export type ActionOutcome =
  | { kind: 'done'; failure: Failure; jobIds: JobId[] }
  /** Somebody did the same before. */
  | { kind: 'unchanged'; failure: Failure }
  | { kind: 'resolved'; failure: Failure }
  /** It goes on as another one. */
  | { kind: 'merged'; failure: Failure }
  | { kind: 'gone' };

/** Work that a person asks for, about a failure that may be over. */
export interface Order extends Pick<AuditEntry, 'action' | 'details' | 'at'> {
  jobs: readonly NewJob[];
}

export interface FailureActionStore {
  /** Does it if the failure is open. Two at once are done one after the other. */
  apply(asker: Asker, failureId: FailureId, request: { action: FailureAction; at: Date }): Promise<ActionOutcome>;
  /** Stores jobs that a person asked for, with an entry that says so; neither where all of them are known already. */
  order(asker: Asker, failureId: FailureId, order: Order): Promise<JobId[]>;
  /** The mark on a cause that is valid at a moment. */
  findFlakyMark(workspaceId: WorkspaceId, cause: Cause & { at: Date }): Promise<FlakyMark | null>;
}

/** Who did what; oldest first. */
export interface AuditStore {
  about(workspaceId: WorkspaceId, subject: AuditEntry['subject']): Promise<AuditEntry[]>;
}

/** The right to ask GitHub for a re-run of one attempt, which one person gets. */
export type RerunReservation =
  | { kind: 'reserved'; failure: Failure; run: RunRef }
  | { kind: 'taken'; by: UserId }
  | { kind: 'too-often' }
  | { kind: 'resolved'; failure: Failure }
  | { kind: 'merged'; failure: Failure }
  | { kind: 'gone' };

export interface RerunStore {
  /** Takes the last attempt of an open failure. A reservation that nobody confirmed within a minute can be taken over. */
  reserve(asker: Asker, failureId: FailureId, at: Date): Promise<RerunReservation>;
  /** GitHub has agreed. Returns the jobs that edit the messages. */
  confirm(asker: Asker, failureId: FailureId, rerun: { run: RunRef; debug: boolean; at: Date }): Promise<JobId[]>;
  /** GitHub has refused, so another person may try. */
  release(asker: Asker, run: RunRef): Promise<void>;
  /** A later attempt of this run has ended: no failure waits for it any more. Returns the jobs that edit the messages. */
  end(workspaceId: WorkspaceId, lease: Lease, run: RunRef): Promise<JobId[]>;
}

/** What came of a person's word that one failure is the same as another. */
export type MergeOutcome =
  | { kind: 'done'; into: Failure; jobIds: JobId[] }
  /** Somebody merged it before. */
  | { kind: 'merged'; failure: Failure }
  | { kind: 'resolved'; failure: Failure }
  | { kind: 'gone' }
  /** The other one is itself, or was merged into it. */
  | { kind: 'itself' }
  /** The other one is over, or not there. */
  | { kind: 'other-over' };

/** What came of taking that word back. */
export type SplitOutcome =
  | { kind: 'done'; failure: Failure; jobIds: JobId[] }
  | { kind: 'not-merged'; failure: Failure }
  /** The other one ended, and this cause came back: it has a failure of its own by now. */
  | { kind: 'taken' }
  | { kind: 'gone' };

/** What was merged into a failure that goes on. */
export interface Merged {
  count: number;
  /** The last time. */
  by: UserId;
  at: Date;
}

export interface MergeStore {
  /**
   * Closes an open failure in favour of another open one of its repository; one that was merged itself stands for where it goes on.
   * From then on a run that meets its cause on its branch counts on that one. Two at once are done one after the other.
   */
  merge(asker: Asker, failureId: FailureId, request: { into: FailureId; at: Date }): Promise<MergeOutcome>;
  /** Opens it again, or closes it as what it would be by now. What was counted meanwhile stays where it is. */
  split(asker: Asker, failureId: FailureId, at: Date): Promise<SplitOutcome>;
  /** Where a merged failure goes on, with what its newest summary says; null where that is not there. */
  end(workspaceId: WorkspaceId, failureId: FailureId): Promise<{ failure: Failure; headline: string } | null>;
  /** What people merged into this one; null where nobody did. */
  mergedInto(workspaceId: WorkspaceId, failureId: FailureId): Promise<Merged | null>;
}

/** The GitHub issue of a failure. */
export interface Issue {
  number: number;
  url: string;
  by: UserId;
  at: Date;
}

/** The right to create the issue of a failure, which one person gets. */
export type IssueReservation =
  /** `mayExist`: an earlier try ended without a word. */
  | { kind: 'reserved'; failure: Failure; mayExist: boolean }
  | { kind: 'existing'; issue: Issue }
  | { kind: 'taken'; by: UserId }
  | { kind: 'resolved' }
  | { kind: 'merged' }
  | { kind: 'gone' };

export interface IssueStore {
  /** A reservation that nobody confirmed within a minute can be taken over. */
  reserve(asker: Asker, failureId: FailureId, at: Date): Promise<IssueReservation>;
  /** GitHub has created it. Returns the jobs that edit the messages. */
  confirm(asker: Asker, failureId: FailureId, issue: Issue): Promise<JobId[]>;
  /** GitHub has not; `isUnsure`: that is not known. Another person may try. */
  release(asker: Asker, failureId: FailureId, options: { isUnsure: boolean }): Promise<void>;
  find(workspaceId: WorkspaceId, failureId: FailureId): Promise<Issue | null>;
}

/** An issue as GitHub is to have it; nothing in it mentions anybody. */
export interface NewIssue {
  repository: RepositoryName;
  title: string;
  body: string;
  labels: readonly string[];
}

export type FileIssueAnswer =
  { kind: 'created'; number: number; url: string } | { kind: 'not-permitted' | 'not-found' | 'issues-off' | 'refused' };

export interface IssueTracker {
  /** Throws GitHubUnavailableError. */
  create(workspaceId: WorkspaceId, issue: NewIssue, signal: AbortSignal): Promise<FileIssueAnswer>;
  /** A new issue with this mark in its body. Throws what GitHub throws. */
  find(
    workspaceId: WorkspaceId,
    where: { repository: RepositoryName; mark: string },
    signal: AbortSignal,
  ): Promise<{ number: number; url: string } | null>;
}

/** What came of a person's wish for an issue. */
export type CreateIssueOutcome =
  | { kind: 'created'; issue: Issue }
  | Exclude<IssueReservation, { kind: 'reserved' }>
  | Exclude<FileIssueAnswer, { kind: 'created' }>;

/** What a mute covers: one repository, or everything. */
export type MuteScope = RepositoryName | '*';

export interface Mute {
  scope: MuteScope;
  by: UserId;
  until: Date;
}

/** A failure that a channel was not told of, with its newest summary. */
export interface HeldSummary {
  failureId: FailureId;
  summaryId: SummaryId;
  /** Why it was held back. */
  occasion: HoldOccasion;
  /** When the channel is to hear of it, if no mute covers it by then; null for as soon as none does. */
  dueAt: Date | null;
}

/** What was held back and is so no longer. */
export interface DueSummary extends HeldSummary {
  repository: RepositoryName;
  isOpen: boolean;
}

export interface MuteStore {
  /** Replaces an earlier mute of the same scope; enqueues its end. */
  mute(asker: Asker, channelId: ChannelId, mute: { scope: MuteScope; until: Date; at: Date }): Promise<void>;
  /**
   * Ends every mute of the channel, and stores the job that tells of what was held back; `held` are the open failures among that, `others`
   * are deployments and the like, as many as may be told of now.
   */
  unmute(
    asker: Asker,
    channelId: ChannelId,
    at: Date,
  ): Promise<{ ended: number; held: number; others: number; jobIds: JobId[] }>;
  /** The mutes that are valid at a moment, the longest first. */
  current(workspaceId: WorkspaceId, channelId: ChannelId, at: Date): Promise<Mute[]>;
  /** Keeps a summary for later; a newer one of the same failure replaces it. */
  hold(workspaceId: WorkspaceId, channelId: ChannelId, held: HeldSummary): Promise<void>;
  /** What no mute covers any more and is due, in the order in which the failures began. Forgets mutes that are over. */
  due(workspaceId: WorkspaceId, channelId: ChannelId, which: { at: Date; limit: number }): Promise<DueSummary[]>;
  /** Forgets what the channel was told of; a newer summary that was held back meanwhile stays. */
  letGo(
    workspaceId: WorkspaceId,
    channelId: ChannelId,
    told: Pick<HeldSummary, 'failureId' | 'summaryId'>,
  ): Promise<void>;
}

/** What GitHub says when it is asked to run the failed jobs of a run again. */
export type RerunAnswer = 'started' | 'not-permitted' | 'not-found' | 'already-running' | 'too-often' | 'refused';

export interface Rerunner {
  /** Throws GitHubUnavailableError. */
  rerunFailedJobs(
    workspaceId: WorkspaceId,
    run: RunRef,
    options: { debug: boolean; signal: AbortSignal },
  ): Promise<RerunAnswer>;
}

export interface RunProtectionSource {
  /** Throws GitHubUnavailableError. */
  ofRun(workspaceId: WorkspaceId, run: Omit<RunRef, 'attempt'>, signal: AbortSignal): Promise<RunProtection>;
}

/** What came of a person's wish to run failed jobs again. */
export type RerunOutcome =
  Exclude<RerunReservation, { kind: 'reserved' }> | Exclude<RunProtection, { kind: 'free' }> | { kind: RerunAnswer };

/** What people's acts go through; a part of `Ports`. */
export interface ActionPorts {
  failureActions: FailureActionStore;
  audit: AuditStore;
  merges: MergeStore;
  issues: IssueStore;
  reruns: RerunStore;
  mutes: MuteStore;
  rerunner: Rerunner;
  runProtection: RunProtectionSource;
  tracker: IssueTracker;
}
