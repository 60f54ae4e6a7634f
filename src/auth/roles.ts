import type { Membership, MemberRole } from '../domain/member.ts';

/**
 * A person's rights from what Slack says about them: owner or admin, full member, guest. Bots, deactivated people and
 * strangers from a shared channel have none, whatever else is true of them.
 */
export function roleOf(membership: Membership | null): MemberRole {
  if (membership === null) return 'none';
  if (membership.isBot || membership.isDeactivated || membership.isStranger) return 'none';
  if (membership.isGuest) return 'viewer';
  return membership.isAdmin ? 'admin' : 'member';
}
