import type { ChannelSeed, MemberSeed, TeamSeed, UserGroupSeed } from './contract.ts';
import type { World } from './world.ts';

const people: MemberSeed[] = [
  { id: 'U0ADA', name: 'ada', realName: 'Ada Park', email: 'ada@acme.example', isAdmin: true },
  { id: 'U0BEN', name: 'ben', realName: 'Ben Okoro', email: 'ben@acme.example' },
  { id: 'U0GIO', name: 'gia', realName: 'Gia Rossi', email: 'gia@guest.example', isRestricted: true },
];

const channels: ChannelSeed[] = [
  { id: 'C0PAYMENTS', name: 'payments-ci', topic: 'Builds of the payments team' },
  { id: 'C0PLATFORM', name: 'platform', topic: 'Platform engineering' },
];

const userGroups: UserGroupSeed[] = [
  { id: 'S0ONCALL', handle: 'oncall', members: ['U0ADA', 'U0BEN'] },
  { id: 'S0PAYMENTS', handle: 'payments', members: ['U0BEN'] },
  { id: 'S0OLD', handle: 'old-team', members: [], isDisabled: true },
];

/** One workspace with an admin, a member and a guest, two channels, and three user groups of which one is not used any more. */
export const DEFAULT_TEAMS: readonly TeamSeed[] = [
  { id: 'T0ACME', name: 'Acme', domain: 'acme', members: people, channels, userGroups },
];

/** Makes the team, its people, the app's bot user and its channels. */
export function addTeam(world: World, seed: TeamSeed): void {
  const suffix = seed.id.slice(1);
  const botUserId = `U0BOT${suffix}`;
  world.teams.set(seed.id, {
    id: seed.id,
    name: seed.name,
    domain: seed.domain ?? seed.name.toLowerCase(),
    enterprise: seed.enterprise ?? null,
    botUserId,
    botId: `B0BOT${suffix}`,
  });
  for (const member of seed.members) addMember(world, seed.id, member);
  const botName = world.appName.toLowerCase().replaceAll(/[^a-z0-9]+/gu, '-');
  addMember(world, seed.id, { id: botUserId, name: botName, realName: world.appName, isBot: true });
  for (const group of seed.userGroups ?? []) world.userGroups.set(group.id, { ...group, teamId: seed.id });
  const everybody = seed.members.map((member) => member.id);
  for (const channel of seed.channels) {
    const members = new Set(channel.members ?? everybody);
    if (channel.hasApp ?? true) members.add(botUserId);
    world.channels.set(channel.id, {
      id: channel.id,
      teamId: seed.id,
      name: channel.name,
      topic: channel.topic ?? '',
      isPrivate: channel.isPrivate ?? false,
      isArchived: channel.isArchived ?? false,
      isShared: channel.isShared ?? false,
      directWith: null,
      members,
      messages: [],
    });
  }
}

function addMember(world: World, teamId: string, seed: MemberSeed): void {
  world.members.set(seed.id, {
    teamId,
    name: seed.id.toLowerCase(),
    realName: seed.name ?? seed.id,
    isAdmin: false,
    isOwner: false,
    isPrimaryOwner: false,
    isRestricted: false,
    isUltraRestricted: false,
    email: null,
    isEmailConfirmed: true,
    isBot: false,
    isDeleted: false,
    isStranger: false,
    ...seed,
  });
}
