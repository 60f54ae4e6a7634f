import { z } from 'zod';
import { type ChannelId, type InstallationId, type JobId, RepositoryName, type WorkspaceId } from './ids.ts';
import type { NewJob } from './jobs.ts';

// What becomes of an installation and its repositories, as far as rules are about them.

/** Whose repositories, with the host of another server in front. */
const Account = z.string().max(120);
const Repositories = z.array(RepositoryName).min(1).max(1_000);

export const SightChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['suspended', 'unsuspended', 'uninstalled', 'reconnected']), account: Account }),
  /** The App sees these no more, or again. */
  z.object({ kind: z.enum(['out-of-sight', 'in-sight']), repositories: Repositories }),
  /** The account by another name, and so all of its repositories. */
  z.object({ kind: z.literal('account-renamed'), from: Account, account: Account }),
  /** By another name, or of another owner. */
  z.object({ kind: z.literal('renamed'), from: RepositoryName, repository: RepositoryName }),
  z.object({
    kind: z.enum(['deleted', 'archived', 'unarchived', 'privatized', 'publicized']),
    repository: RepositoryName,
  }),
  z.object({
    kind: z.literal('default-branch'),
    repository: RepositoryName,
    from: z.string().max(250),
    to: z.string().max(250),
  }),
]);
export type SightChange = z.infer<typeof SightChange>;

/** Why rules are paused: what they are about cannot be seen. */
export const SIGHT_PAUSES = {
  suspended: 'github_suspended',
  uninstalled: 'github_uninstalled',
  'out-of-sight': 'repository_removed',
  deleted: 'repository_deleted',
} as const satisfies Partial<Record<SightChange['kind'], string>>;

/** Why a channel is paused: what it would be told is not for people of other organisations. */
export const SHARED_PAUSE = 'shared_and_private';

/** Whether the App may see other repositories from now on. */
export function changesSight({ kind }: SightChange): boolean {
  return !['archived', 'unarchived', 'privatized', 'publicized', 'default-branch'].includes(kind);
}

/** A channel, and which of the named repositories its rules are about; none where it is about the account as a whole. */
export interface AffectedChannel {
  channelId: ChannelId;
  repositories: readonly RepositoryName[];
}

export interface SightStore {
  /**
   * One transaction: everything that is kept follows the change, and what `followUps` makes of the channels whose rules name what
   * changed is stored. Where nothing is left to follow, nobody is affected: so a second time does nothing.
   */
  follow(
    workspaceId: WorkspaceId,
    installationId: InstallationId,
    change: SightChange,
    followUps: (affected: readonly AffectedChannel[]) => NewJob[],
  ): Promise<JobId[]>;
}
