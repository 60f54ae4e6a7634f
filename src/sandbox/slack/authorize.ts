import { randomBytes } from 'node:crypto';
import express, { type Router } from 'express';
import type { PendingInstall } from './api/auth.ts';
import { type Fields, isFields, textOf } from './fields.ts';
import type { World } from './world.ts';

interface AuthorizeSetting {
  world: World;
  clientId: string;
  pending: Map<string, PendingInstall>;
  appUrl: () => string;
}

/**
 * The page on which a person lets the app in. With `?auto=allow` (and `team`, `user`) it goes on at once, for browsers
 * without a person.
 */
export function authorizeRouter(setting: AuthorizeSetting): Router {
  const router = express.Router();
  router.get('/', (request, response) => {
    const asked: Fields = { ...request.query };
    const problem = problemOf(setting, asked);
    if (problem)
      response
        .status(400)
        .type('html')
        .send(page(setting.world, `<h1>${escapeHtml(problem)}</h1>`));
    else if (asked['auto'] === 'allow') response.redirect(302, allow(setting, asked));
    else response.type('html').send(allowPage(setting.world, asked));
  });
  router.post('/', express.urlencoded({ extended: false }), (request, response) => {
    const body: unknown = request.body;
    const asked = isFields(body) ? body : {};
    const problem = problemOf(setting, asked);
    if (problem)
      response
        .status(400)
        .type('html')
        .send(page(setting.world, `<h1>${escapeHtml(problem)}</h1>`));
    else response.redirect(302, asked['decision'] === 'cancel' ? cancel(setting, asked) : allow(setting, asked));
  });
  return router;
}

function problemOf({ world, clientId }: AuthorizeSetting, asked: Fields): string | null {
  if (textOf(asked, 'client_id') !== clientId) return 'Invalid client_id parameter';
  if (textOf(asked, 'scope') === '') return 'Invalid permissions requested: no scope';
  const team = textOf(asked, 'team');
  return team !== '' && !world.teams.has(team) ? 'No such workspace' : null;
}

function redirectUriOf({ appUrl }: AuthorizeSetting, asked: Fields): string {
  return textOf(asked, 'redirect_uri') || `${appUrl()}/slack/oauth_redirect`;
}

function allow(setting: AuthorizeSetting, asked: Fields): string {
  const { world, pending } = setting;
  const teamId = textOf(asked, 'team') || [...world.teams.keys()][0] || '';
  const admin = [...world.members.values()].find((member) => member.teamId === teamId && member.isAdmin);
  const code = randomBytes(16).toString('hex');
  pending.set(code, {
    code,
    teamId,
    userId: textOf(asked, 'user') || admin?.id || '',
    scopes: textOf(asked, 'scope').split(/[, ]+/u).filter(Boolean),
    redirectUri: textOf(asked, 'redirect_uri'),
    isOrgWide: textOf(asked, 'org') === '1',
    at: world.now(),
  });
  return withQuery(redirectUriOf(setting, asked), { code, state: textOf(asked, 'state') });
}

function cancel(setting: AuthorizeSetting, asked: Fields): string {
  return withQuery(redirectUriOf(setting, asked), { error: 'access_denied', state: textOf(asked, 'state') });
}

function withQuery(address: string, query: Record<string, string>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

function allowPage(world: World, asked: Fields): string {
  const kept = ['client_id', 'scope', 'user_scope', 'redirect_uri', 'state']
    .map((name) => `<input type="hidden" name="${name}" value="${escapeHtml(textOf(asked, name))}">`)
    .join('');
  const teams = [...world.teams.values()]
    .map(({ id, name }) => {
      const isChosen = id === textOf(asked, 'team') ? ' selected' : '';
      return `<option value="${escapeHtml(id)}"${isChosen}>${escapeHtml(name)}</option>`;
    })
    .join('');
  const scopes = textOf(asked, 'scope')
    .split(/[, ]+/u)
    .filter(Boolean)
    .map((scope) => `<li><code>${escapeHtml(scope)}</code></li>`)
    .join('');
  return page(
    world,
    `<h1>${escapeHtml(world.appName)} asks for access to a workspace</h1>
<form method="post" action="/oauth/v2/authorize">${kept}
<label>Workspace <select name="team">${teams}</select></label>
<h2>It will be able to use</h2><ul>${scopes}</ul>
<div class="row"><button name="decision" value="cancel">Cancel</button>
<button name="decision" value="allow" class="primary">Allow</button></div></form>`,
  );
}

function page(world: World, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Install ${escapeHtml(world.appName)}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/page/base.css">
<link rel="stylesheet" href="/page/authorize.css"></head><body class="authorize"><main>${body}</main></body></html>`;
}

/** Text for HTML, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
