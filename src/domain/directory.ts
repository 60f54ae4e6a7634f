import type { ChannelId, UserGroupId, UserId, WorkspaceId } from './ids.ts';
import type { Asker, Membership } from './member.ts';

export type ChannelSight =
  /** `name` is without its `#`; absent where Slack tells none. */
  | { kind: 'visible'; isMember: boolean; isShared: boolean; isArchived: boolean; name?: string }
  /** Not there, or private without us: Slack does not say which. */
  | { kind: 'hidden' };

/** `hidden`: we lack the scope, so nobody can be found. */
export type EmailSight = { kind: 'person'; membership: Membership } | { kind: 'nobody' } | { kind: 'hidden' };

/** People that are called together, by a handle without the `@`; in lower case. */
export interface UserGroup {
  id: UserGroupId;
  handle: string;
}

export type UserGroupSight = { kind: 'groups'; groups: readonly UserGroup[] } | { kind: 'hidden' };

/** Who is who, and what is what, in a workspace. */
export interface Directory {
  membership(asker: Asker): Promise<Membership | null>;
  /** The person's own time zone, as an IANA name; null where Slack does not tell. */
  timeZone(asker: Asker): Promise<string | null>;
  channel(workspaceId: WorkspaceId, channelId: ChannelId): Promise<ChannelSight>;
  /** What our token there says of itself; scopes are null where Slack does not name them. Throws WorkspaceRevokedError. */
  workspace(workspaceId: WorkspaceId): Promise<{ url: string | null; scopes: readonly string[] | null }>;
  /** Whose account has this address, as far as Slack has confirmed that. */
  findByEmail(workspaceId: WorkspaceId, email: string): Promise<EmailSight>;
  /** Those that are in use. */
  userGroups(workspaceId: WorkspaceId): Promise<UserGroupSight>;
  /** Owners and admins, the one who the workspace belongs to first; not more than 20. */
  admins(workspaceId: WorkspaceId): Promise<UserId[]>;
}
