import type { ChannelSeed, MemberSeed, TeamSeed } from './contract.ts';
import type { World } from './world.ts';

const people: MemberSeed[] = [
  { id: 'U0ADA', name: 'ada', realName: 'Ada Park', isAdmin: true },
  { id: 'U0BEN', name: 'ben', realName: 'Ben Okoro' },
  { id: 'U0GIO', name: 'gia', realName: 'Gia Rossi', isRestricted: true },
];

const channels: ChannelSeed[] = [
  { id: 'C0PAYMENTS', name: 'payments-ci', topic: 'Builds of the payments team' },
  { id: 'C0PLATFORM', name: 'platform', topic: 'Platform engineering' },
];

/** One workspace with an admin, a member and a guest, and two channels. */
export const DEFAULT_TEAMS: readonly TeamSeed[] = [
  { id: 'T0ACME', name: 'Acme', domain: 'acme', members: people, channels },
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
    isBot: false,
    isDeleted: false,
    isStranger: false,
    ...seed,
  });
}
