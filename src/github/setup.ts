import { z } from 'zod';
import { ANSWER_NEEDS } from '../domain/github-answers.ts';
import type { AppTier, CreatedApp, GitHubSetup, OwnAddresses, SetupPlan } from '../domain/setup.ts';
import { GitHubUnavailableError } from '../errors.ts';
import { GITHUB_NEEDS } from './app.ts';
import { readAnswer } from './errors.ts';

/** docs.github.com, "Registering a GitHub App from a manifest": a name has at most 34 characters, and is nobody else's. */
const NAME_MAX = 34;
const APP_NAME = 'OpsAICortex';

/** docs.github.com, REST "apps", create a GitHub App from a manifest. */
const Conversion = z
  .object({
    id: z.number().int().positive(),
    slug: z.string().regex(/^[\w-]{1,100}$/u),
    owner: z.object({ login: z.string().max(100).optional(), slug: z.string().max(100).optional() }).nullish(),
    client_id: z.string().min(1).max(100),
    client_secret: z.string().min(20).max(500),
    webhook_secret: z.string().min(20).max(500),
    pem: z.string().startsWith('-----BEGIN ').max(10_000),
  })
  .transform(({ id: appId, slug, owner, ...app }): CreatedApp => ({
    slug,
    owner: owner?.login ?? owner?.slug ?? 'an account without a name',
    keys: {
      appId,
      privateKey: app.pem,
      webhookSecrets: [app.webhook_secret],
      oauth: { clientId: app.client_id, clientSecret: app.client_secret },
    },
  }));

/** GitHub creates the App from a manifest of ours, and hands its keys out once, for a code. */
export function createGitHubSetup(): GitHubSetup {
  return {
    form(plan, own, state) {
      const base = plan.webUrl.replace(/\/+$/u, '');
      const owner = plan.organization === null ? '' : `/organizations/${plan.organization}`;
      const query = new URLSearchParams({ state }).toString();
      const manifest = manifestOf(plan, own);
      const permissions = manifest.default_permissions;
      return { action: `${base}${owner}/settings/apps/new?${query}`, manifest: JSON.stringify(manifest), permissions };
    },
    async exchange({ apiUrl }, code, signal) {
      const url = `${apiUrl.replace(/\/+$/u, '')}/app-manifests/${encodeURIComponent(code)}/conversions`;
      const headers = { accept: 'application/vnd.github+json', 'user-agent': 'opsaicortex' };
      const response = await fetch(url, { method: 'POST', headers, redirect: 'error', signal }).catch(() => {
        // What fetch throws names no reason that helps, and no cause of ours may carry the code.
        throw new GitHubUnavailableError('GitHub did not answer when the code of a new App was exchanged');
      });
      if (response.status === 404 || response.status === 422) return null;
      const answer: unknown = await response.json().catch(() => null);
      if (!response.ok)
        throw new GitHubUnavailableError(`GitHub answered ${response.status} when the code of a new App was exchanged`);
      return readAnswer(Conversion, answer);
    },
  };
}

function manifestOf({ organization, tier, isPublic }: SetupPlan, { publicUrl, createdUrl }: OwnAddresses) {
  const base = publicUrl.replace(/\/+$/u, '');
  return {
    name: organization === null ? APP_NAME : `${APP_NAME} ${organization}`.slice(0, NAME_MAX).trim(),
    url: base,
    description: 'Explains failed CI runs in Slack.',
    public: isPublic,
    redirect_url: createdUrl,
    hook_attributes: { url: `${base}/webhooks/github`, active: true },
    callback_urls: [`${base}/github/callback`],
    request_oauth_on_install: true,
    default_permissions: permissionsOf(tier),
    default_events: GITHUB_NEEDS.events,
  };
}

function permissionsOf(tier: AppTier): Readonly<Record<string, string>> {
  const { permissions } = GITHUB_NEEDS;
  switch (tier) {
    case 'read-only':
      return readOnly(permissions);
    case 'actions':
      return permissions;
    case 'answers':
      return { ...permissions, ...Object.fromEntries(Object.values(ANSWER_NEEDS).map((name) => [name, 'write'])) };
    default:
      return tier satisfies never;
  }
}

/** Issues are only ever written, so that permission goes as a whole. */
function readOnly(permissions: Readonly<Record<string, string>>): Record<string, string> {
  const names = Object.keys(permissions).filter((name) => name !== 'issues');
  return Object.fromEntries(names.map((name) => [name, 'read']));
}
