import type { AuditEntry, Cause, FailureAction, FlakyMark } from './handling.ts';
import type { Failure } from './failure.ts';
import type { ChannelId, FailureId, JobId, RepositoryName, SummaryId, UserId, WorkspaceId } from './ids.ts';
import type { Lease, NewJob } from './jobs.ts';
import type { Asker } from './member.ts';
import type { RunRef } from './run.ts';

// What people do about failures, and what is kept of it. Each change is one transaction with its audit entry and with the
// jobs that edit the messages; `jobIds` are to be woken.

/** What came of an action on a failure that may have changed since its message was read. */
export type ActionOutcome =
  | { kind: 'done'; failure: Failure; jobIds: JobId[] }
  /** Somebody did the same before. */
  | { kind: 'unchanged'; failure: Failure }
  | { kind: 'resolved'; failure: Failure }
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
}

export interface MuteStore {
  /** Replaces an earlier mute of the same scope; enqueues its end. */
  mute(asker: Asker, channelId: ChannelId, mute: { scope: MuteScope; until: Date; at: Date }): Promise<void>;
  /** Ends every mute of the channel, and stores what `followUps` makes of the failures that are still open. */
  unmute(
    asker: Asker,
    channelId: ChannelId,
    request: { at: Date; followUps: (held: HeldSummary[]) => NewJob[] },
  ): Promise<{ ended: number; held: number; jobIds: JobId[] }>;
  /** The mutes that are valid at a moment, the longest first. */
  current(workspaceId: WorkspaceId, channelId: ChannelId, at: Date): Promise<Mute[]>;
  /** Keeps a summary for later; a newer one of the same failure replaces it. */
  hold(workspaceId: WorkspaceId, channelId: ChannelId, held: HeldSummary): Promise<void>;
  /** Lets go of what no mute covers any more, in one transaction with the jobs that follow from it. */
  release(
    workspaceId: WorkspaceId,
    channelId: ChannelId,
    request: { at: Date; followUps: (held: HeldSummary[]) => NewJob[] },
  ): Promise<JobId[]>;
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

/** What came of a person's wish to run failed jobs again. */
export type RerunOutcome = Exclude<RerunReservation, { kind: 'reserved' }> | { kind: RerunAnswer };
