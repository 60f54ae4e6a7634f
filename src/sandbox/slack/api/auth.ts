import { randomBytes } from 'node:crypto';
import { textOf, type Fields } from '../fields.ts';
import type { Grant, World } from '../world.ts';
import { ApiFailure, requireText, type Method } from './method.ts';

const test: Method = {
  run({ world, team, url, grant }) {
    return {
      url: `${url}/`,
      team: team.name,
      user: world.members.get(team.botUserId)?.name,
      team_id: team.id,
      user_id: team.botUserId,
      bot_id: team.botId,
      is_enterprise_install: grant.enterpriseId !== null,
      ...(grant.enterpriseId ? { enterprise_id: grant.enterpriseId } : {}),
    };
  },
};

/** The teams that an org-wide token works in. */
const teams: Method = {
  run({ world, grant }) {
    const names = grant.teamIds.map((id) => ({ id, name: world.teams.get(id)?.name ?? id }));
    return { teams: names, response_metadata: { next_cursor: '' } };
  },
};

const revoke: Method = {
  run({ world, grant, team, announce }) {
    grant.state = 'token_revoked';
    world.changed();
    announce('tokens_revoked', team.id, { tokens: { oauth: [], bot: [team.botUserId] } });
    return { revoked: true };
  },
};

const uninstall: Method = {
  run({ world, args, grant, team, client, announce }) {
    requireClient(args, client);
    grant.state = 'account_inactive';
    world.changed();
    announce('tokens_revoked', team.id, { tokens: { oauth: [], bot: [team.botUserId] } });
    announce('app_uninstalled', team.id, {});
    return {};
  },
};

function requireClient(args: Fields, client: { id: string; secret: string }): void {
  if (textOf(args, 'client_id') !== client.id) throw new ApiFailure('invalid_client_id');
  if (textOf(args, 'client_secret') !== client.secret) throw new ApiFailure('bad_client_secret');
}

/** What a person allowed on the install page, until the app exchanges the code for a token. */
export interface PendingInstall {
  code: string;
  teamId: string;
  userId: string;
  scopes: string[];
  redirectUri: string;
  isOrgWide: boolean;
  at: number;
}

/** Slack's life of a code, in milliseconds. */
const CODE_LIFE = 600_000;

/** `oauth.v2.access` over the codes of the install page; a code works once, for ten minutes. */
export function oauthAccess(pending: Map<string, PendingInstall>): Method {
  return {
    isAnonymous: true,
    run({ world, args, client }) {
      requireClient(args, client);
      const code = requireText(args, 'code');
      const install = pending.get(code);
      pending.delete(code);
      if (!install) throw new ApiFailure('invalid_code');
      if (world.now() - install.at > CODE_LIFE) throw new ApiFailure('code_expired');
      const redirectUri = textOf(args, 'redirect_uri');
      if (redirectUri !== '' && redirectUri !== install.redirectUri) throw new ApiFailure('bad_redirect_uri');
      return accessJson(world, install);
    },
  };
}

function accessJson(world: World, install: PendingInstall): Fields {
  const team = world.teams.get(install.teamId);
  if (!team) throw new ApiFailure('invalid_code');
  const grant = issueGrant(world, install);
  return {
    access_token: grant.token,
    token_type: 'bot',
    scope: grant.scopes.join(','),
    bot_user_id: team.botUserId,
    app_id: world.appId,
    team: install.isOrgWide ? null : { id: team.id, name: team.name },
    enterprise: team.enterprise,
    authed_user: { id: install.userId },
    is_enterprise_install: install.isOrgWide,
  };
}

/** A new install keeps a living token and adds to its scopes, as Slack does. */
export function issueGrant(
  world: World,
  install: { teamId: string; scopes: readonly string[]; isOrgWide: boolean },
): Grant {
  const enterpriseId = install.isOrgWide ? (world.teams.get(install.teamId)?.enterprise?.id ?? null) : null;
  const known = [...world.grants.values()].find(
    (grant) => grant.state === 'live' && grant.enterpriseId === enterpriseId && grant.teamIds.includes(install.teamId),
  );
  if (known) {
    known.scopes = [...new Set([...known.scopes, ...install.scopes])];
    world.changed();
    return known;
  }
  const siblings = [...world.teams.values()].filter((team) => enterpriseId && team.enterprise?.id === enterpriseId);
  const grant: Grant = {
    token: ['xoxb', install.teamId.slice(1).toLowerCase(), randomBytes(18).toString('hex')].join('-'),
    teamIds: siblings.length > 0 ? siblings.map((team) => team.id) : [install.teamId],
    enterpriseId,
    scopes: [...install.scopes],
    state: 'live',
  };
  world.grants.set(grant.token, grant);
  world.changed();
  return grant;
}

export const AUTH_METHODS: Readonly<Record<string, Method>> = {
  'auth.test': test,
  'auth.revoke': revoke,
  'auth.teams.list': teams,
  'apps.uninstall': uninstall,
};
