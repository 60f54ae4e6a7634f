import { randomBytes } from 'node:crypto';
import express, { Router } from 'express';
import { z } from 'zod';
import type { Scene } from './announce.ts';
import { ApiError, notFound, queryOf, wordIn } from './answers.ts';
import { accountPayload } from './payloads/account.ts';
import { appPayload } from './payloads/installation.ts';
import type { OAuthCredentials, SignIns } from './sign-in.ts';
import type { WebhookSender } from './webhook-sender.ts';

const Manifest = z.object({
  name: z.string().max(34).optional(),
  url: z.url(),
  hook_attributes: z.object({ url: z.url(), active: z.boolean().optional() }).optional(),
  redirect_url: z.url(),
  callback_urls: z.array(z.url()).max(10).optional(),
  public: z.boolean().optional(),
  request_oauth_on_install: z.boolean().optional(),
  default_permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])),
  default_events: z.array(z.string()),
});
export type AppManifest = z.infer<typeof Manifest>;

/** Apps that people create from a manifest: docs.github.com, "Registering a GitHub App from a manifest". */
export interface AppManifests {
  /** What was asked for, with whose App it should become; null for the person's own. */
  received: Array<{ organization: string | null; manifest: AppManifest }>;
  pages: Router;
  rest: Router;
}

interface ManifestParts {
  scene: Scene;
  sender: WebhookSender;
  signIns: SignIns;
  /** The keys of the one App that a local GitHub has: whoever creates one gets this one. */
  keys: { privateKey: string; webhookSecret: string; oauth: OAuthCredentials };
}

export function createAppManifests(parts: ManifestParts): AppManifests {
  const codes = new Map<string, AppManifest>();
  const manifests: AppManifests = { received: [], pages: Router(), rest: Router() };
  const form = express.urlencoded({ extended: false });
  manifests.pages.post(['/settings/apps/new', '/organizations/:owner/settings/apps/new'], form, (request, response) => {
    const manifest = read(request.body);
    const organization = request.params['owner'] === undefined ? null : wordIn(request, 'owner');
    manifests.received.push({ organization, manifest });
    const code = randomBytes(20).toString('hex');
    codes.set(code, manifest);
    const state = queryOf(request, 'state');
    const back = new URLSearchParams({ code, ...(state !== undefined && { state }) });
    // GitHub asks for a name first; here a link stands for the button below it.
    const target = `${manifest.redirect_url}?${back.toString()}`.replaceAll('&', '&amp;');
    response.type('html').send(`<h1>Create GitHub App</h1><a href="${target}">Create GitHub App for a person</a>`);
  });
  manifests.rest.post('/app-manifests/:code/conversions', (request, response) => {
    const code = wordIn(request, 'code');
    const manifest = codes.get(code);
    if (!codes.delete(code) || !manifest) throw notFound();
    parts.sender.url = manifest.hook_attributes?.url ?? null;
    parts.signIns.callbackUrl = manifest.callback_urls?.[0] ?? null;
    response.status(201).json(conversionPayload(parts, manifest));
  });
  return manifests;
}

function read(body: unknown): AppManifest {
  const { manifest } = z.object({ manifest: z.string() }).parse(body);
  const parsed = Manifest.safeParse(JSON.parse(manifest));
  if (!parsed.success) throw new ApiError(422, `Invalid GitHub App configuration: ${parsed.error.message}`);
  return parsed.data;
}

function conversionPayload({ scene, keys }: ManifestParts, manifest: AppManifest) {
  const { app, bases } = scene;
  return {
    ...appPayload(app, [], bases),
    owner: accountPayload(app.owner, bases),
    external_url: manifest.url,
    permissions: manifest.default_permissions,
    events: manifest.default_events,
    client_id: keys.oauth.clientId,
    client_secret: keys.oauth.clientSecret,
    webhook_secret: keys.webhookSecret,
    pem: keys.privateKey,
  };
}
