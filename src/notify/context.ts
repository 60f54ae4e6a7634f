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
  | 'summaries'
  | 'failures'
  | 'subscriptions'
  | 'threads'
  | 'posts'
  | 'workspaces'
  | 'failureActions'
  | 'mutes'
  | 'roundups'
  | 'queue'
  | 'messenger'
> & { lease: Lease; signal: AbortSignal };

/** Where a delivery goes. */
export interface Destination {
  workspaceId: WorkspaceId;
  channelId: ChannelId;
}
