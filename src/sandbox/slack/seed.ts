import type { ChannelSeed, MemberSeed, TeamSeed } from './contract.ts';

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
