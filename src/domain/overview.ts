import type { Failure } from './failure.ts';
import type { ChannelId, MessageTs, RepositoryName, WorkspaceId } from './ids.ts';

/** An open failure, as a list shows it. */
export interface OpenFailure {
  failure: Failure;
  /** What its newest summary says. */
  headline: string;
  /** Its message in the channel that was asked about; null where none stands there. */
  threadTs: MessageTs | null;
}

/** A cause that went away when the same commit was run again. */
export interface FlakyFailure {
  /** The latest of them. */
  failure: Failure;
  headline: string;
  times: number;
  lastAt: Date;
}

/** Which runs are meant; a workflow's name in upper or lower case. */
export interface RunFilter {
  branch?: string | undefined;
  workflow?: string | undefined;
}

/** Questions over the failures of several repositories, for lists that people read. */
export interface OverviewStore {
  /** The failure that was met last, open or resolved. */
  latest(
    workspaceId: WorkspaceId,
    where: { repositories: readonly RepositoryName[] } & RunFilter,
  ): Promise<Failure | null>;
  /** Open failures, the one that was met last first; `total` counts those beyond `limit`, too. */
  open(
    workspaceId: WorkspaceId,
    where: { repositories: readonly RepositoryName[]; channelId: ChannelId; limit: number },
  ): Promise<{ failures: OpenFailure[]; total: number }>;
  /** What passed on a re-run of the same commit since `since`, by cause, the most frequent first. */
  flaky(
    workspaceId: WorkspaceId,
    where: { repositories: readonly RepositoryName[]; since: Date; limit: number },
  ): Promise<FlakyFailure[]>;
}
