import type { ChannelId, WorkspaceId } from '../domain/ids.ts';
import type { Lease } from '../domain/jobs.ts';
import type { Ports } from '../domain/ports.ts';

/** What a delivery works with: some ports, the lease of its job, and a signal that fires when it has to stop. */
export type DeliveryContext = Pick<
  Ports,
  | 'clock'
  | 'log'
  | 'metrics'
  | 'runs'
  | 'happenings'
  | 'summaries'
  | 'failures'
  | 'subscriptions'
  | 'threads'
  | 'posts'
  | 'workspaces'
  | 'failureActions'
  | 'merges'
  | 'issues'
  | 'mutes'
  | 'directory'
  | 'accounts'
  | 'githubAccounts'
  | 'codeOwners'
  | 'runTraits'
  | 'roundups'
  | 'queue'
  | 'messenger'
> & {
  lease: Lease;
  signal: AbortSignal;
  /** An earlier try of this job was cut off, or failed. */
  isRepeat: boolean;
};

/** Where a delivery goes. */
export interface Destination {
  workspaceId: WorkspaceId;
  channelId: ChannelId;
}
