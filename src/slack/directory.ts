import { z } from 'zod';
import type { WorkspaceId } from '../domain/ids.ts';
import type { Membership } from '../domain/member.ts';
import type { Directory } from '../domain/ports.ts';
import { ChannelUnavailableError } from '../errors.ts';
import type { SlackClients } from './clients.ts';
import { slackCode } from './errors.ts';

const Flag = z.boolean().default(false);

/** docs.slack.dev/reference/objects/user-object, as far as it decides the role. */
const SlackUser = z.object({
  id: z.string(),
  team_id: z.string().optional(),
  deleted: Flag,
  is_admin: Flag,
  is_owner: Flag,
  is_restricted: Flag,
  is_ultra_restricted: Flag,
  is_bot: Flag,
  is_workflow_bot: Flag,
  is_stranger: Flag,
  enterprise_user: z
    .object({
      enterprise_id: z.string().optional(),
      teams: z.array(z.string()).default([]),
      is_admin: Flag,
      is_owner: Flag,
    })
    .optional(),
});
type SlackUser = z.infer<typeof SlackUser>;

/** docs.slack.dev/reference/objects/conversation-object, as far as it decides whether we may post. */
const SlackChannel = z.object({
  is_member: Flag,
  is_archived: Flag,
  is_ext_shared: Flag,
  is_pending_ext_shared: Flag,
});

/** Slack's own helper is a member of every workspace, and not marked as a bot. */
const SLACKBOT = 'USLACKBOT';

/** Who is who, through Slack's Web API. */
export function createDirectory(clients: SlackClients): Directory {
  return {
    async membership({ workspaceId, userId }) {
      const user = await clients.read(workspaceId, async (client, { token }) => {
        try {
          return SlackUser.parse((await client.users.info({ token, user: userId })).user);
        } catch (error) {
          if (['user_not_found', 'user_not_visible'].includes(slackCode(error) ?? '')) return null;
          throw error;
        }
      });
      return user === null ? null : { userId, ...rightsOf(user, workspaceId) };
    },
    async channel(workspaceId, channelId) {
      try {
        const found = await clients.read(workspaceId, async (client, { token }) =>
          SlackChannel.parse((await client.conversations.info({ token, channel: channelId })).channel),
        );
        return {
          kind: 'visible',
          isMember: found.is_member,
          isArchived: found.is_archived,
          isShared: found.is_ext_shared || found.is_pending_ext_shared,
        };
      } catch (error) {
        if (error instanceof ChannelUnavailableError) return { kind: 'hidden' };
        throw error;
      }
    },
  };
}

function rightsOf(user: SlackUser, workspaceId: WorkspaceId): Omit<Membership, 'userId'> {
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
