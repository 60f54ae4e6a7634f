import type { Failure } from './failure.ts';
import type { ChannelId, FailureId, JobId, MessageTs, RoundupId, SummaryId, WorkspaceId } from './ids.ts';
import type { Lease } from './jobs.ts';
import type { Reservation } from './stores.ts';

/** Why failures are listed together instead of having a message each: more came at once than a channel can bear. */
export const ROUNDUP_OCCASIONS = ['storm'] as const;
export type RoundupOccasion = (typeof ROUNDUP_OCCASIONS)[number];

/** One message in a channel that lists failures which have none of their own there, edited as they change. */
export interface Roundup {
  id: RoundupId;
  channelId: ChannelId;
  occasion: RoundupOccasion;
  /** Null until Slack has told us the message's name. */
  ts: MessageTs | null;
}

/** A failure that a roundup lists. */
export interface ListedFailure {
  failure: Failure;
  summaryId: SummaryId;
  /** What the newest summary that the roundup was told of says. */
  headline: string;
  /** The run of that summary. */
  url: string;
  /** Its own message in this channel, once somebody asked for one. */
  threadTs: MessageTs | null;
}

/** How many failures of their own a channel takes, within how long. */
export interface Room {
  messages: number;
  withinMs: number;
}

/** The roundup that grows takes failures until none has come for this long; after that another one is begun. */
export const ROUNDUP_PAUSE_MS = 10 * 60_000;

/** The most failures of one roundup; the next begins another. */
export const ROUNDUP_MOST = 500;

export interface RoundupStore {
  /**
   * Lists a failure in the channel's growing roundup, which is begun where there is none. Where the failure is listed already, its summary is
   * renewed in the roundup that has it. Returns the job that edits the message; none where one waits. Throws LeaseLostError.
   */
  list(
    workspaceId: WorkspaceId,
    lease: Lease,
    entry: { channelId: ChannelId; failureId: FailureId; summaryId: SummaryId; occasion: RoundupOccasion },
  ): Promise<JobId[]>;
  /** The summary under which a failure is listed in a channel; null where it is not. */
  findListed(workspaceId: WorkspaceId, channelId: ChannelId, failureId: FailureId): Promise<SummaryId | null>;
  /** The right to post it, as for a thread. What it lists is read after this. Null where it is gone. Throws LeaseLostError. */
  reserve(
    workspaceId: WorkspaceId,
    lease: Lease,
    id: RoundupId,
  ): Promise<{ roundup: Roundup; state: Reservation } | null>;
  /** Throws LeaseLostError. */
  setTs(workspaceId: WorkspaceId, lease: Lease, id: RoundupId, ts: MessageTs): Promise<void>;
  /** All that it lists, in the order in which they came. */
  entries(workspaceId: WorkspaceId, id: RoundupId): Promise<ListedFailure[]>;
}
