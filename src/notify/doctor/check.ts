import type { HealthFinding } from '../../domain/health.ts';
import type { ChannelId, WorkspaceId } from '../../domain/ids.ts';
import type { Ports } from '../../domain/ports.ts';

export type DoctorDeps = Pick<
  Ports,
  | 'clock'
  | 'log'
  | 'vitals'
  | 'queue'
  | 'directory'
  | 'githubApp'
  | 'githubServers'
  | 'installations'
  | 'models'
  | 'modelCalls'
  | 'settings'
  | 'subscriptions'
  | 'runSource'
  | 'runs'
  | 'mutes'
  | 'gaps'
  | 'deliverySources'
>;

/** What is looked at: the product itself, and what it is to one workspace, and in one channel of it. */
export interface Patient {
  /** Of the product and the workspace only admins hear. */
  isAll: boolean;
  workspaceId: WorkspaceId | null;
  channelId: ChannelId | null;
  /** The scopes that we ask Slack for. */
  neededScopes: readonly string[];
}

/** One look at one thing. Checks know nothing of each other. */
export interface Check<Place = object> {
  /** Begins the sentence that says that it failed. */
  name: string;
  /** Whether it reads what is stored. */
  needsDatabase: boolean;
  run(deps: DoctorDeps, place: Place, signal: AbortSignal): Promise<HealthFinding[]>;
}
