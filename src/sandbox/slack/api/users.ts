import type { Member } from '../contract.ts';
import { type Fields, textOf } from '../fields.ts';
import type { World } from '../world.ts';
import { ApiFailure, paged, requireText, type Method } from './method.ts';

/** A person as Slack's API and its events show them. */
export function memberJson(member: Member, world: World): Fields {
  const isOwner = member.isOwner || member.isPrimaryOwner;
  return {
    id: member.id,
    team_id: member.teamId,
    name: member.name,
    real_name: member.realName,
    deleted: member.isDeleted,
    tz: 'Etc/UTC',
    profile: { real_name: member.realName, display_name: member.name, team: member.teamId },
    is_admin: member.isAdmin || isOwner,
    is_owner: isOwner,
    is_primary_owner: member.isPrimaryOwner,
    is_restricted: member.isRestricted || member.isUltraRestricted,
    is_ultra_restricted: member.isUltraRestricted,
    is_bot: member.isBot,
    is_app_user: false,
    is_stranger: member.isStranger,
    updated: 0,
    ...enterpriseUser(member, world),
  };
}

/** A person in a workspace of an organization; nobody here has a role in the organization itself. */
function enterpriseUser({ id, teamId }: Member, world: World): Fields {
  const enterprise = world.teams.get(teamId)?.enterprise;
  if (!enterprise) return {};
  const names = { enterprise_id: enterprise.id, enterprise_name: enterprise.name };
  return { enterprise_user: { id, ...names, is_admin: false, is_owner: false, teams: [teamId] } };
}

const info: Method = {
  scopes: ['users:read'],
  run({ world, args, team, grant }) {
    const member = world.members.get(requireText(args, 'user'));
    if (!member) throw new ApiFailure('user_not_found');
    const isOurs = member.teamId === team.id || grant.teamIds.includes(member.teamId);
    if (!isOurs && !member.isStranger) throw new ApiFailure('user_not_found');
    return { user: memberJson(member, world) };
  },
};

const list: Method = {
  scopes: ['users:read'],
  run({ world, args, team, grant }) {
    if (grant.enterpriseId !== null && textOf(args, 'team_id') === '') throw new ApiFailure('missing_argument');
    const members = [...world.members.values()].filter((member) => member.teamId === team.id);
    const { page, cursor } = paged(members, args, 1000);
    return { members: page.map((member) => memberJson(member, world)), response_metadata: { next_cursor: cursor } };
  },
};

export const USER_METHODS: Readonly<Record<string, Method>> = { 'users.info': info, 'users.list': list };
