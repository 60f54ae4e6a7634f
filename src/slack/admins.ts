import { z } from 'zod';
import { roleOf } from '../auth/roles.ts';
import { UserId, type WorkspaceId } from '../domain/ids.ts';
import type { SlackClients } from './clients.ts';
import { rightsOf, SlackUser } from './people.ts';

/** More people are not told of anything. */
const MOST_ADMINS = 20;
/** Slack recommends 200, and takes about 20 of these questions a minute: docs.slack.dev/reference/methods/users.list. */
const PAGE = 500;
/** Ten thousand people. Whoever stands behind them in the list is not found. */
const MOST_PAGES = 20;
/** Teams of an organization that installed us for all of it. */
const MOST_TEAMS = 10;

const Cursor = z
  .object({ next_cursor: z.string().default('') })
  .optional()
  .transform((page) => page?.next_cursor ?? '');
const UserPage = z.object({ members: z.array(z.unknown()).default([]), response_metadata: Cursor });
const TeamPage = z.object({ teams: z.array(z.object({ id: z.string() })).default([]) });

/** Owners and admins of a workspace: who it belongs to first, then the other owners, then the rest. */
export async function findAdmins(clients: SlackClients, workspaceId: WorkspaceId): Promise<UserId[]> {
  const ranks = new Map<UserId, number>();
  let pagesLeft = MOST_PAGES;
  for (const teamId of await teamsOf(clients, workspaceId)) {
    for (let cursor: string | null = ''; cursor !== null && pagesLeft > 0; pagesLeft -= 1) {
      const page = await listUsers(clients, workspaceId, { teamId, cursor });
      for (const { userId, rank } of adminsAmong(page.users, workspaceId)) {
        ranks.set(userId, Math.min(rank, ranks.get(userId) ?? rank));
      }
      cursor = page.next;
    }
  }
  return [...ranks]
    .sort(([, one], [, other]) => one - other)
    .slice(0, MOST_ADMINS)
    .map(([userId]) => userId);
}

/** A token of a whole organization has to say of which of its teams it asks; null where there is no choice. */
async function teamsOf(clients: SlackClients, workspaceId: WorkspaceId): Promise<Array<string | null>> {
  if (!workspaceId.startsWith('E')) return [null];
  const { teams } = await clients.read(workspaceId, async (client, { token }) =>
    TeamPage.parse(await client.auth.teams.list({ token, limit: MOST_TEAMS })),
  );
  return teams.slice(0, MOST_TEAMS).map(({ id }) => id);
}

async function listUsers(
  clients: SlackClients,
  workspaceId: WorkspaceId,
  { teamId, cursor }: { teamId: string | null; cursor: string },
): Promise<{ users: SlackUser[]; next: string | null }> {
  const where = { ...(teamId !== null && { team_id: teamId }), ...(cursor !== '' && { cursor }) };
  const { members, response_metadata: next } = await clients.read(workspaceId, async (client, { token }) =>
    UserPage.parse(await client.users.list({ token, limit: PAGE, ...where })),
  );
  return { users: members.flatMap((member) => SlackUser.safeParse(member).data ?? []), next: next || null };
}

function adminsAmong(users: readonly SlackUser[], workspaceId: WorkspaceId): Array<{ userId: UserId; rank: number }> {
  return users.flatMap((user) => {
    const userId = UserId.safeParse(user.id).data;
    if (userId === undefined || roleOf({ userId, ...rightsOf(user, workspaceId) }) !== 'admin') return [];
    return [{ userId, rank: user.is_primary_owner ? 0 : user.is_owner ? 1 : 2 }];
  });
}
