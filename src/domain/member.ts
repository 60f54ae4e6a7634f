import type { UserId, WorkspaceId } from './ids.ts';

/** A person's rights, strongest first. `none` is for bots, deactivated people and strangers from a shared channel. */
export const MEMBER_ROLES = ['admin', 'member', 'viewer', 'none'] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

/** What Slack says about a person, as far as it decides the role. */
export interface Membership {
  userId: UserId;
  isAdmin: boolean;
  isGuest: boolean;
  isBot: boolean;
  isDeactivated: boolean;
  /** From another workspace, seen through a shared channel. */
  isStranger: boolean;
}

/** Whether an account is that of a person who belongs to this workspace for good, so that a message may call them by their GitHub account. */
export function isFullMember({ isGuest, isBot, isDeactivated, isStranger }: Membership): boolean {
  return !isGuest && !isBot && !isDeactivated && !isStranger;
}

/** Who asks: always taken from a request that Slack signed, never from its free text. */
export interface Asker {
  workspaceId: WorkspaceId;
  userId: UserId;
}
