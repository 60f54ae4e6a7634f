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
    is_email_confirmed: member.isEmailConfirmed,
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

/** Finds whoever has this address in the team; nobody who left. */
const lookupByEmail: Method = {
  scopes: ['users:read.email'],
  run({ world, args, team, grant }) {
    const email = requireText(args, 'email').toLowerCase();
    const isOurs = (member: Member): boolean => member.teamId === team.id || grant.teamIds.includes(member.teamId);
    const found = [...world.members.values()].find(
      (member) => isOurs(member) && !member.isDeleted && member.email?.toLowerCase() === email,
    );
    if (!found) throw new ApiFailure('users_not_found');
    return { user: memberJson(found, world) };
  },
};

/** docs.slack.dev/reference/methods/usergroups.list: without `include_disabled` only those that are used. */
const listGroups: Method = {
  scopes: ['usergroups:read'],
  run({ world, args, team }) {
    const isAll = textOf(args, 'include_disabled') === 'true';
    const groups = [...world.userGroups.values()].filter(({ teamId }) => teamId === team.id);
    const shown = groups.filter(({ isDisabled }) => isAll || isDisabled !== true);
    return {
      usergroups: shown.map(({ id, handle, members, isDisabled }) => ({
        id,
        team_id: team.id,
        is_usergroup: true,
        name: handle,
        handle,
        description: '',
        date_create: 0,
        date_update: 0,
        date_delete: isDisabled === true ? 1 : 0,
        user_count: members.length,
      })),
    };
  },
};

export const USER_METHODS: Readonly<Record<string, Method>> = {
  'users.info': info,
  'users.list': list,
  'users.lookupByEmail': lookupByEmail,
  'usergroups.list': listGroups,
};
