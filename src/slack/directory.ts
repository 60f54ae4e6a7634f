import { z } from 'zod';
import type { Asker } from '../domain/member.ts';
import type { Directory } from '../domain/ports.ts';
import { ChannelUnavailableError } from '../errors.ts';
import { findAdmins } from './admins.ts';
import type { SlackClients } from './clients.ts';
import { slackCode } from './errors.ts';
import { rightsOf, SlackUser } from './people.ts';

const Flag = z.boolean().default(false);

/** docs.slack.dev/reference/objects/conversation-object, as far as it decides whether we may post. */
const SlackChannel = z.object({
  name: z.string().max(100).optional(),
  is_member: Flag,
  is_archived: Flag,
  is_ext_shared: Flag,
  is_pending_ext_shared: Flag,
});

/** docs.slack.dev/reference/methods/auth.test; the client adds the scopes, which come in a header. */
const SlackWorkspace = z
  .object({
    url: z.url().optional(),
    response_metadata: z.object({ scopes: z.array(z.string()).optional() }).optional(),
  })
  .transform(({ url, response_metadata: told }) => ({ url: url ?? null, scopes: told?.scopes ?? null }));

/** Who is who, through Slack's Web API. */
export function createDirectory(clients: SlackClients): Directory {
  return {
    async membership({ workspaceId, userId }) {
      const user = await findUser(clients, { workspaceId, userId });
      return user === null ? null : { userId, ...rightsOf(user, workspaceId) };
    },
    workspace: (workspaceId) =>
      clients.read(workspaceId, async (client, { token }) => SlackWorkspace.parse(await client.auth.test({ token }))),
    async timeZone(asker) {
      return (await findUser(clients, asker))?.tz ?? null;
    },
    admins: (workspaceId) => findAdmins(clients, workspaceId),
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
          ...(found.name !== undefined && { name: found.name }),
        };
      } catch (error) {
        if (error instanceof ChannelUnavailableError) return { kind: 'hidden' };
        throw error;
      }
    },
  };
}

async function findUser(clients: SlackClients, { workspaceId, userId }: Asker): Promise<SlackUser | null> {
  return await clients.read(workspaceId, async (client, { token }) => {
    try {
      return SlackUser.parse((await client.users.info({ token, user: userId })).user);
    } catch (error) {
      if (['user_not_found', 'user_not_visible'].includes(slackCode(error) ?? '')) return null;
      throw error;
    }
  });
}
