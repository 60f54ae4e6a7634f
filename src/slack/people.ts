import { z } from 'zod';
import type { WorkspaceId } from '../domain/ids.ts';
import type { Membership } from '../domain/member.ts';

const Flag = z.boolean().default(false);

/** docs.slack.dev/reference/objects/user-object, as far as it decides the role. */
export const SlackUser = z.object({
  id: z.string(),
  team_id: z.string().optional(),
  tz: z.string().optional().catch(undefined),
  deleted: Flag,
  is_admin: Flag,
  is_owner: Flag,
  is_primary_owner: Flag,
  is_restricted: Flag,
  is_ultra_restricted: Flag,
  is_bot: Flag,
  is_workflow_bot: Flag,
  is_stranger: Flag,
  /** Slack shows it to some apps only. */
  is_email_confirmed: z.boolean().optional(),
  enterprise_user: z
    .object({
      enterprise_id: z.string().optional(),
      teams: z.array(z.string()).default([]),
      is_admin: Flag,
      is_owner: Flag,
    })
    .optional(),
});
export type SlackUser = z.infer<typeof SlackUser>;

/** Slack's own helper is a member of every workspace, and not marked as a bot. */
const SLACKBOT = 'USLACKBOT';

/** What an account may do in this workspace. */
export function rightsOf(user: SlackUser, workspaceId: WorkspaceId): Omit<Membership, 'userId'> {
  const org = workspaceId.startsWith('E') ? user.enterprise_user : undefined;
  return {
    isAdmin: user.is_admin || user.is_owner || (org !== undefined && (org.is_admin || org.is_owner)),
    isGuest: user.is_restricted || user.is_ultra_restricted,
    isBot: user.is_bot || user.is_workflow_bot || user.id === SLACKBOT,
    isDeactivated: user.deleted,
    isStranger: user.is_stranger || !belongsTo(user, workspaceId),
  };
}

/**
 * `is_stranger` is false for people of another company with whom we share a channel, so the home of the account decides:
 * the team itself, or on Enterprise Grid one of the person's teams, or the organization of an org-wide install.
 */
function belongsTo({ team_id: home, enterprise_user: org }: SlackUser, workspaceId: WorkspaceId): boolean {
  return home === workspaceId || org?.enterprise_id === workspaceId || (org?.teams.includes(workspaceId) ?? false);
}
