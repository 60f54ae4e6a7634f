import { EventEmitter } from 'node:events';
import { randomBytes } from 'node:crypto';
import type {
  ApiCall,
  LocalSlackOptions,
  Member,
  Outgoing,
  StoredMessage,
  StoredView,
  UserGroupSeed,
  Violation,
} from './contract.ts';
import { addTeam, DEFAULT_TEAMS } from './seed.ts';

export interface Channel {
  id: string;
  teamId: string;
  name: string;
  topic: string;
  isPrivate: boolean;
  isArchived: boolean;
  isShared: boolean;
  /** The person of a direct conversation with the app; null for channels. */
  directWith: string | null;
  members: Set<string>;
  messages: StoredMessage[];
}

export interface Team {
  id: string;
  name: string;
  domain: string;
  enterprise: { id: string; name: string } | null;
  botUserId: string;
  botId: string;
}

/** A bot token; it stays known when it dies, because Slack then answers with another error. */
export interface Grant {
  token: string;
  teamIds: string[];
  enterpriseId: string | null;
  scopes: string[];
  state: 'live' | 'token_revoked' | 'account_inactive';
}

/** A file on its way. */
export interface Upload {
  id: string;
  name: string;
  /** Bytes. */
  length: number;
  teamId: string;
  /** Null until the bytes came. */
  text: string | null;
}

/** What `trigger_id` allows: one view, within three seconds. */
export interface Trigger {
  id: string;
  teamId: string;
  userId: string;
  /** The modal that it came from, for `views.push`. */
  viewId: string | null;
  at: number;
  used: boolean;
}

/** All that the local Slack knows. Whoever changes something calls `changed`. */
export interface World {
  readonly appId: string;
  readonly appName: string;
  /** The domains whose links the app shows. */
  readonly unfurlDomains: readonly string[];
  readonly teams: Map<string, Team>;
  readonly members: Map<string, Member>;
  readonly channels: Map<string, Channel>;
  readonly userGroups: Map<string, UserGroupSeed & { teamId: string }>;
  readonly grants: Map<string, Grant>;
  readonly triggers: Map<string, Trigger>;
  /** Files that are not shared yet. */
  readonly uploads: Map<string, Upload>;
  /** The message that each `unfurl_id` stands for. */
  readonly unfurls: Map<string, { channel: string; ts: string }>;
  /** Messages that are being streamed, by their times. */
  readonly streams: Set<string>;
  /** By user. */
  readonly homes: Map<string, StoredView>;
  /** By user, the uppermost last. */
  readonly modals: Map<string, StoredView[]>;
  readonly calls: ApiCall[];
  readonly outgoing: Outgoing[];
  readonly violations: Violation[];
  now(): number;
  changed(): void;
  onChange(listener: () => void): () => void;
  /** A message time that no other message has. */
  nextTs(): string;
}

/** An id in Slack's style. */
export function newId(prefix: string): string {
  return `${prefix}0${randomBytes(5).toString('hex').toUpperCase()}`;
}

export function buildWorld(options: LocalSlackOptions): World {
  const changes = new EventEmitter().setMaxListeners(0);
  const now = options.now ?? Date.now;
  let lastMicros = 0;
  const world: World = {
    appId: options.appId ?? 'A0LOCAL',
    appName: options.appName,
    unfurlDomains: options.unfurlDomains ?? ['127.0.0.1'],
    teams: new Map(),
    members: new Map(),
    channels: new Map(),
    userGroups: new Map(),
    grants: new Map(),
    triggers: new Map(),
    uploads: new Map(),
    unfurls: new Map(),
    streams: new Set(),
    homes: new Map(),
    modals: new Map(),
    calls: [],
    outgoing: [],
    violations: [],
    now,
    changed: () => changes.emit('change'),
    onChange(listener) {
      changes.on('change', listener);
      return () => changes.off('change', listener);
    },
    nextTs() {
      lastMicros = Math.max(lastMicros + 100, now() * 1000);
      return `${Math.floor(lastMicros / 1e6)}.${String(lastMicros % 1e6).padStart(6, '0')}`;
    },
  };
  for (const team of options.teams ?? DEFAULT_TEAMS) addTeam(world, team);
  return world;
}

/** The direct conversation between a person and the app, made on first use. */
export function directChannel(world: World, userId: string): Channel {
  const known = [...world.channels.values()].find((channel) => channel.directWith === userId);
  if (known) return known;
  const { teamId } = mustFindMember(world, userId);
  const channel: Channel = {
    id: `D0${userId.slice(2)}`,
    teamId,
    name: 'direct message',
    topic: '',
    isPrivate: true,
    isArchived: false,
    isShared: false,
    directWith: userId,
    members: new Set([userId, mustFindTeam(world, teamId).botUserId]),
    messages: [],
  };
  world.channels.set(channel.id, channel);
  return channel;
}

/** Throws for an id that the seed does not have: a mistake of the test, not of the product. */
export function mustFindTeam(world: World, id: string): Team {
  const team = world.teams.get(id);
  if (!team) throw new Error(`No team ${id} in the local Slack`);
  return team;
}

/** Throws for an unknown id. */
export function mustFindMember(world: World, id: string): Member {
  const member = world.members.get(id);
  if (!member) throw new Error(`No user ${id} in the local Slack`);
  return member;
}

/** Throws for an unknown id. */
export function mustFindChannel(world: World, id: string): Channel {
  const channel = world.channels.get(id);
  if (!channel) throw new Error(`No channel ${id} in the local Slack`);
  return channel;
}

/** The token with which the app works in this team, if it is installed there. */
export function liveGrant(world: World, teamId: string): Grant | null {
  return [...world.grants.values()].find((grant) => grant.state === 'live' && grant.teamIds.includes(teamId)) ?? null;
}
