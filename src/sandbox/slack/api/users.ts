import type { Member } from '../contract.ts';
import type { Fields } from '../fields.ts';
import { ApiFailure, paged, requireText, type Method } from './method.ts';

/** A person as Slack's API and its events show them. */
export function memberJson(member: Member): Fields {
  return {
    id: member.id,
    team_id: member.teamId,
    name: member.name,
    real_name: member.realName,
    deleted: member.isDeleted,
    tz: 'Etc/UTC',
    profile: { real_name: member.realName, display_name: member.name, team: member.teamId },
    is_admin: member.isAdmin || member.isOwner,
    is_owner: member.isOwner,
    is_primary_owner: false,
    is_restricted: member.isRestricted || member.isUltraRestricted,
    is_ultra_restricted: member.isUltraRestricted,
    is_bot: member.isBot,
    is_app_user: false,
    is_stranger: member.isStranger,
    updated: 0,
  };
}

const info: Method = {
  scopes: ['users:read'],
  run({ world, args, team, grant }) {
    const member = world.members.get(requireText(args, 'user'));
    if (!member) throw new ApiFailure('user_not_found');
    const isOurs = member.teamId === team.id || grant.teamIds.includes(member.teamId);
    if (!isOurs && !member.isStranger) throw new ApiFailure('user_not_found');
    return { user: memberJson(member) };
  },
};

const list: Method = {
  scopes: ['users:read'],
  run({ world, args, team }) {
    const members = [...world.members.values()].filter((member) => member.teamId === team.id);
    const { page, cursor } = paged(members, args, 1000);
    return { members: page.map(memberJson), response_metadata: { next_cursor: cursor } };
  },
};

export const USER_METHODS: Readonly<Record<string, Method>> = { 'users.info': info, 'users.list': list };
