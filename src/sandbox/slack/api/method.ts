import type { Fields } from '../fields.ts';
import { textOf } from '../fields.ts';
import type { Channel, Grant, Team, World } from '../world.ts';
import type { Refusal } from '../validation/validate.ts';

/** Slack's `{ok: false}`: the error code, and what else stands in the answer. */
export class ApiFailure extends Error {
  readonly code: string;
  readonly extra: Fields;

  constructor(code: string, extra: Fields = {}) {
    super(code);
    this.code = code;
    this.extra = extra;
  }
}

/** What a method sees of its call. */
export interface MethodCall {
  world: World;
  args: Fields;
  /** The team that the token, or `team_id` of an org-wide token, stands for. */
  team: Team;
  grant: Grant;
  /** Credentials of the app, for `oauth.v2.access`. */
  client: { id: string; secret: string };
  /** Base address of the local Slack. */
  url: string;
  /** Sends an event to the app, after the answer. */
  announce: (type: string, teamId: string, fields: Fields) => void;
}

export interface Method {
  /** One of these is needed. */
  scopes?: readonly string[];
  /** Works without a token. */
  isAnonymous?: boolean;
  /** Returns the fields beside `ok: true`; throws ApiFailure. */
  run: (call: MethodCall) => Fields;
}

export function requireText(args: Fields, name: string): string {
  const value = textOf(args, name);
  if (value === '') {
    throw new ApiFailure('invalid_arguments', {
      response_metadata: { messages: [`[ERROR] missing required field: ${name}`] },
    });
  }
  return value;
}

/** Throws `missing_scope` unless the token has one of the scopes. */
export function requireScope(grant: Grant, scopes: readonly string[]): void {
  if (scopes.some((scope) => grant.scopes.includes(scope))) return;
  throw new ApiFailure('missing_scope', { needed: scopes.join(','), provided: grant.scopes.join(',') });
}

/** The channel as the app sees it: a private one without the app in it does not exist. */
export function visibleChannel({ world, team, grant }: MethodCall, id: string): Channel {
  const named = world.channels.get(id);
  const isOurs = named !== undefined && (named.teamId === team.id || grant.teamIds.includes(named.teamId));
  if (!isOurs || (named.isPrivate && !hasApp(world, named))) throw new ApiFailure('channel_not_found');
  return named;
}

export function hasApp(world: World, channel: Channel): boolean {
  const team = world.teams.get(channel.teamId);
  return team !== undefined && channel.members.has(team.botUserId);
}

/** Notes what the app sent wrong, and throws it. */
export function throwRefusal(world: World, method: string, refusal: Refusal | null): void {
  if (!refusal) return;
  world.violations.push({ method, ...refusal });
  throw new ApiFailure(refusal.error, {
    errors: refusal.messages.map((message) => message.replace('[ERROR] ', '')),
    response_metadata: { messages: refusal.messages },
  });
}

/** One page of a list, with Slack's opaque cursor. */
export function paged<Item>(
  items: readonly Item[],
  args: Fields,
  defaultLimit: number,
): { page: Item[]; cursor: string } {
  const limit = Math.min(Number(textOf(args, 'limit')) || defaultLimit, 1000);
  const cursor = textOf(args, 'cursor');
  const start = cursor === '' ? 0 : Number(Buffer.from(cursor, 'base64').toString().replace('next:', ''));
  if (!Number.isInteger(start)) throw new ApiFailure('invalid_cursor');
  const end = start + limit;
  const next = end < items.length ? Buffer.from(`next:${end}`).toString('base64') : '';
  return { page: items.slice(start, end), cursor: next };
}
