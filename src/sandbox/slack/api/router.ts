import { setTimeout as wait } from 'node:timers/promises';
import express, { type Request, type Response, type Router } from 'express';
import type { Fault } from '../contract.ts';
import type { FaultList, MessageRate } from '../faults.ts';
import { type Fields, isFields, parseJson, textOf } from '../fields.ts';
import type { Grant, Team, World } from '../world.ts';
import { AUTH_METHODS } from './auth.ts';
import { CHAT_METHODS } from './chat.ts';
import { CONVERSATION_METHODS } from './conversations.ts';
import { FILE_METHODS } from './files.ts';
import { ApiFailure, requireScope, type Method, type MethodCall } from './method.ts';
import { STREAM_METHODS } from './stream.ts';
import { UNFURL_METHODS } from './unfurl.ts';
import { USER_METHODS } from './users.ts';
import { VIEW_METHODS } from './views.ts';

const METHODS: Readonly<Record<string, Method>> = {
  ...AUTH_METHODS,
  ...CHAT_METHODS,
  ...CONVERSATION_METHODS,
  ...FILE_METHODS,
  ...STREAM_METHODS,
  ...UNFURL_METHODS,
  ...USER_METHODS,
  ...VIEW_METHODS,
};

/** What the Web API stands on. */
export interface ApiSetting extends Pick<MethodCall, 'world' | 'client' | 'announce'> {
  faults: FaultList;
  rate: MessageRate;
  oauthAccess: Method;
  /** Known once the server listens. */
  url: () => string;
}

interface Answer {
  status: number;
  body: Fields;
  retryAfter?: number;
}

/** Slack's Web API: `GET` or `POST /api/METHOD`, forms or JSON. */
export function apiRouter(setting: ApiSetting): Router {
  const router = express.Router();
  router.use(express.json({ limit: '5mb' }), express.urlencoded({ limit: '5mb', extended: false }));
  router.all('/:method', (request, response) => {
    // `handle` answers every failure that it knows; any other is a bug of the sandbox and shows as a closed connection.
    handle(setting, request, response).catch(() => response.destroy());
  });
  return router;
}

async function handle(setting: ApiSetting, request: Request<{ method: string }>, response: Response): Promise<void> {
  const { method } = request.params;
  const args = argsOf(request);
  const grant = setting.world.grants.get(tokenOf(request, args)) ?? null;
  const fault = setting.faults.take(method, textOf(args, 'channel'));
  if (fault?.delayMs) await wait(fault.delayMs, undefined, { ref: false });
  if (fault?.hang) {
    record(setting.world, { method, args, grant }, { status: 0, body: { ok: false, error: 'hang' } });
    return;
  }
  const answer = faultAnswer(fault) ?? answerTo(setting, { method, args, grant });
  record(setting.world, { method, args, grant }, answer);
  // Slack names the token's scopes in a header of every answer: docs.slack.dev/authentication/tokens.
  if (grant !== null) response.set('x-oauth-scopes', grant.scopes.join(','));
  if (fault?.dropAfterAccept) request.socket.destroy();
  else send(response, answer);
}

interface Call {
  method: string;
  args: Fields;
  grant: Grant | null;
}

/** What a fault answers instead of the method; null lets the call through. */
export function faultAnswer(fault: Fault | null): Answer | null {
  if (fault?.retryAfter !== undefined) {
    return { status: 429, body: { ok: false, error: 'ratelimited' }, retryAfter: fault.retryAfter };
  }
  if (fault?.error !== undefined) return { status: fault.status ?? 200, body: { ok: false, error: fault.error } };
  return fault?.status === undefined ? null : { status: fault.status, body: {} };
}

function answerTo(setting: ApiSetting, { method, args, grant }: Call): Answer {
  try {
    const entry = method === 'oauth.v2.access' ? setting.oauthAccess : METHODS[method];
    if (!entry || !Object.hasOwn({ 'oauth.v2.access': 1, ...METHODS }, method)) throw new ApiFailure('unknown_method');
    const call = callOf(setting, { args, grant, isAnonymous: entry.isAnonymous ?? false });
    if (entry.scopes) requireScope(call.grant, entry.scopes);
    const isPost = method.startsWith('chat.post') || method === 'chat.startStream';
    const seconds = isPost ? setting.rate.take(textOf(args, 'channel'), Date.now()) : 0;
    if (seconds > 0) return { status: 429, body: { ok: false, error: 'ratelimited' }, retryAfter: seconds };
    return { status: 200, body: { ok: true, ...entry.run(call) } };
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    return { status: 200, body: { ok: false, error: error.code, ...error.extra } };
  }
}

const NOBODY: Grant = { token: '', teamIds: [], enterpriseId: null, scopes: [], state: 'live' };
const NO_TEAM: Team = { id: '', name: '', domain: '', enterprise: null, botUserId: '', botId: '' };

function callOf(
  setting: ApiSetting,
  { args, grant, isAnonymous }: { args: Fields; grant: Grant | null; isAnonymous: boolean },
): MethodCall {
  const { world, client, announce } = setting;
  const base = { world, args, client, announce, url: setting.url() };
  if (isAnonymous) return { ...base, grant: NOBODY, team: NO_TEAM };
  if (!grant) throw new ApiFailure(textOf(args, 'token') === '' ? 'not_authed' : 'invalid_auth');
  if (grant.state !== 'live') throw new ApiFailure(grant.state);
  const team = world.teams.get(teamIdOf(world, args, grant));
  if (!team) throw new ApiFailure('team_not_found');
  return { ...base, grant, team };
}

/** An org-wide token works in the team of the channel or user it names, or in `team_id`. */
function teamIdOf(world: World, args: Fields, grant: Grant): string {
  const named = [
    textOf(args, 'team_id'),
    world.channels.get(textOf(args, 'channel'))?.teamId,
    world.members.get(textOf(args, 'user_id') || textOf(args, 'user') || textOf(args, 'channel'))?.teamId,
  ];
  return named.find((id) => id !== undefined && grant.teamIds.includes(id)) ?? grant.teamIds[0] ?? '';
}

/** Fields that are JSON inside a form. */
const NESTED = ['blocks', 'view', 'metadata', 'attachments', 'unfurls', 'chunks'];

function argsOf(request: Pick<Request, 'body' | 'query' | 'headers'>): Fields {
  const body: unknown = request.body;
  const args: Fields = { ...request.query, ...(isFields(body) ? body : {}) };
  for (const name of NESTED) {
    const value = args[name];
    if (typeof value === 'string') args[name] = parseJson(value) ?? value;
  }
  const bearer = bearerOf(request);
  if (bearer !== '') args['token'] = bearer;
  const basic = /^Basic (.+)$/u.exec(request.headers.authorization ?? '')?.[1];
  if (basic) {
    const [id, secret] = Buffer.from(basic, 'base64').toString().split(':');
    Object.assign(args, { client_id: id, client_secret: secret });
  }
  return args;
}

function bearerOf(request: Pick<Request, 'headers'>): string {
  return /^Bearer (.+)$/u.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

function tokenOf(request: Pick<Request, 'headers'>, args: Fields): string {
  return bearerOf(request) || textOf(args, 'token');
}

const SECRET_ARGS = ['token', 'client_secret', 'code'];

function record(world: World, { method, args, grant }: Call, { status, body }: Answer): void {
  const shown = Object.entries(args).filter(([name]) => !SECRET_ARGS.includes(name));
  world.calls.push({
    method,
    at: Date.now(),
    teamId: grant?.teamIds[0] ?? null,
    args: Object.fromEntries(shown),
    status,
    ok: body['ok'] === true,
    error: textOf(body, 'error') || null,
  });
  world.changed();
}

function send(response: Response, { status, body, retryAfter }: Answer): void {
  if (retryAfter !== undefined) response.set('Retry-After', String(retryAfter));
  response.status(status).json(body);
}
