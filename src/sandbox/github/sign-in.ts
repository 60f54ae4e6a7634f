import { randomBytes } from 'node:crypto';
import express, { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { Scene } from './announce.ts';
import { ApiError, notFound, paginate, queryOf, wordIn } from './answers.ts';
import { installationPayload } from './payloads/installation.ts';

/** With what people authorize the App. */
export interface OAuthCredentials {
  clientId: string;
  clientSecret: string;
}

/** Who sits at the browser, and what becomes of it. */
export interface Visitor {
  /** Installations that GitHub shows them. */
  sees: readonly number[];
  /** Where they install the App when they are sent to do so; without it, it is installed everywhere already. */
  installs?: { id: number; organization: string };
  /** What they answer when they are asked. Default: yes. */
  answer?: 'yes' | 'no' | 'ask an owner';
}

/** People who authorize the App: docs.github.com, "Generating a user access token for a GitHub App". */
export interface SignIns {
  /** Where the App's settings send people back to; nowhere until it is set. */
  callbackUrl: string | null;
  visitor: Visitor;
  /** Tokens that are still good. */
  tokens(): string[];
  pages: Router;
  rest: Router;
}

const Exchange = z.object({ client_id: z.string(), client_secret: z.string(), code: z.string() });
const Revocation = z.object({ access_token: z.string() });

export function createSignIns(scene: Scene, credentials: OAuthCredentials): SignIns {
  const codes = new Map<string, Visitor>();
  const tokens = new Map<string, Visitor>();
  const signIns: SignIns = {
    callbackUrl: null,
    visitor: { sees: [] },
    tokens: () => [...tokens.keys()],
    pages: Router(),
    rest: Router(),
  };
  const newCode = (): string => {
    const code = randomBytes(10).toString('hex');
    codes.set(code, signIns.visitor);
    return code;
  };
  const parts = { scene, credentials, signIns, newCode };
  pageRoutes(parts, { codes, tokens });
  restRoutes(parts, tokens);
  return signIns;
}

interface Parts {
  scene: Scene;
  credentials: OAuthCredentials;
  signIns: SignIns;
  newCode: () => string;
}

type Kept = Map<string, Visitor>;

/** What a browser asks for, and the exchange of a code, which is no part of the REST API either. */
function pageRoutes(
  { scene, credentials, signIns, newCode }: Parts,
  { codes, tokens }: Record<'codes' | 'tokens', Kept>,
) {
  const back = (request: Request, response: Response, fields: Record<string, string>): void => {
    if (signIns.callbackUrl === null) throw new ApiError(404, 'The App has no callback URL');
    const state = queryOf(request, 'state');
    const query = new URLSearchParams({ ...fields, ...(state !== undefined && { state }) });
    response.redirect(302, `${signIns.callbackUrl}?${query.toString()}`);
  };
  signIns.pages.get('/login/oauth/authorize', (request, response) => {
    if (queryOf(request, 'client_id') !== credentials.clientId) throw notFound();
    if (signIns.visitor.answer === 'no') back(request, response, { error: 'access_denied' });
    else back(request, response, { code: newCode() });
  });
  signIns.pages.get(['/apps/:slug/installations/new', '/github-apps/:slug/installations/new'], (request, response) => {
    if (wordIn(request, 'slug') !== scene.app.slug) throw notFound();
    const { installs, sees, answer } = signIns.visitor;
    if (answer === 'ask an owner') return back(request, response, { code: newCode(), setup_action: 'request' });
    if (installs === undefined) return void response.type('text').send('The App is installed already.\n');
    scene.world.addInstallation(installs.id, installs.organization);
    signIns.visitor = { sees: [...sees, installs.id] };
    const installed = { installation_id: String(installs.id), setup_action: 'install' };
    back(request, response, { code: newCode(), ...installed });
  });
  signIns.pages.post(
    '/login/oauth/access_token',
    express.urlencoded({ extended: false }),
    express.json(),
    (request, response) => {
      const asked = Exchange.parse(request.body);
      const isOurs = asked.client_id === credentials.clientId && asked.client_secret === credentials.clientSecret;
      if (!isOurs) {
        response.json({ error: 'incorrect_client_credentials' });
        return;
      }
      const visitor = codes.get(asked.code);
      if (!codes.delete(asked.code) || !visitor) {
        response.json({ error: 'bad_verification_code' });
        return;
      }
      const token = `ghu_${randomBytes(18).toString('hex')}`;
      tokens.set(token, visitor);
      response.json({ access_token: token, token_type: 'bearer', scope: '', expires_in: 28_800 });
    },
  );
}

function restRoutes({ scene, credentials, signIns }: Parts, tokens: Kept): void {
  const { world, bases, app } = scene;
  signIns.rest.get('/user/installations', (request, response) => {
    const [, token = ''] = (request.headers.authorization ?? '').split(' ');
    const visitor = tokens.get(token);
    if (!visitor) throw new ApiError(401, 'Bad credentials');
    const items = [...world.installations.values()].filter(({ id }) => visitor.sees.includes(id));
    const page = paginate(request, response, { items, origin: bases.web });
    const installations = page.map((installation) => installationPayload(app, installation, bases));
    response.json({ total_count: items.length, installations });
  });
  signIns.rest.delete('/applications/:client/token', express.json(), (request, response) => {
    const { clientId, clientSecret } = credentials;
    const expected = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    if (wordIn(request, 'client') !== clientId || request.headers.authorization !== expected) throw notFound();
    if (!tokens.delete(Revocation.parse(request.body).access_token)) throw notFound();
    response.status(204).end();
  });
}
