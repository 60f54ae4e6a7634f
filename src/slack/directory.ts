import { z } from 'zod';
import { UserGroupId, UserId } from '../domain/ids.ts';
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

/** docs.slack.dev/reference/objects/usergroup-object; a group that is in use has no day on which it was put away. */
const SlackGroup = z
  .object({ id: UserGroupId, handle: z.string().min(1).max(100), date_delete: z.number().default(0) })
  .transform(({ id, handle, date_delete: gone }) => ({ id, handle: handle.toLowerCase(), isGone: gone !== 0 }));
const SlackGroups = z.object({ usergroups: z.array(z.unknown()).default([]) }).transform(({ usergroups }) =>
  usergroups.flatMap((each) => {
    const group = SlackGroup.safeParse(each).data;
    return group === undefined || group.isGone ? [] : [{ id: group.id, handle: group.handle }];
  }),
);

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
    async findByEmail(workspaceId, email) {
      const user = await clients.read(workspaceId, (client, { token }) =>
        unlessHidden(['users_not_found'], async () =>
          SlackUser.parse((await client.users.lookupByEmail({ token, email })).user),
        ),
      );
      if (user === 'hidden') return { kind: 'hidden' };
      const userId = UserId.safeParse(user?.id).data;
      if (user === null || userId === undefined || user.is_email_confirmed === false) return { kind: 'nobody' };
      return { kind: 'person', membership: { userId, ...rightsOf(user, workspaceId) } };
    },
    async userGroups(workspaceId) {
      const groups = await clients.read(workspaceId, (client, { token }) =>
        unlessHidden([], async () => SlackGroups.parse(await client.usergroups.list({ token }))),
      );
      return groups === null || groups === 'hidden' ? { kind: 'hidden' } : { kind: 'groups', groups };
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

/** Null for one of these codes of Slack's; `hidden` where the workspace has not granted us the scope. */
async function unlessHidden<Answer>(
  nothing: readonly string[],
  ask: () => Promise<Answer>,
): Promise<Answer | null | 'hidden'> {
  try {
    return await ask();
  } catch (error) {
    const code = slackCode(error) ?? '';
    if (nothing.includes(code)) return null;
    if (HIDING.includes(code)) return 'hidden';
    throw error;
  }
}

/** Without the scope, where the workspace does not let apps see it, and where its plan has no such thing. */
const HIDING: readonly string[] = [
  'missing_scope',
  'no_permission',
  'access_denied',
  'paid_teams_only',
  'plan_upgrade_required',
];
