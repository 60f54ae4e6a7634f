import { Octokit } from '@octokit/rest';
import { z } from 'zod';
import type { GitHubSignIn, SeenInstallation, SignInPages } from '../domain/connecting.ts';
import type { OAuthClient } from '../domain/github-apps.ts';
import type { Log } from '../domain/ports.ts';
import { installationOn } from '../domain/servers.ts';
import { GitHubForbiddenError, GitHubUnavailableError } from '../errors.ts';
import { callGitHub, readAnswer } from './errors.ts';
import type { GitHubServer, GitHubServers } from './servers.ts';

/** docs.github.com, "Generating a user access token for a GitHub App". A refusal comes with status 200. */
const TokenAnswer = z.union([
  z.object({ access_token: z.string().min(1).max(2_000) }).transform(({ access_token: token }) => ({ token })),
  z.object({ error: z.string().max(200) }),
]);

/** docs.github.com, REST "apps", installations that the authenticated user can access. */
const Installations = z.object({
  installations: z.array(
    z
      .object({
        id: z.number().int().positive(),
        app_id: z.number(),
        account: z.object({ login: z.string().max(100).optional(), slug: z.string().max(100).optional() }).nullable(),
        suspended_at: z.string().nullish(),
      })
      .transform(({ id, app_id: appId, account, suspended_at: suspendedAt }) => ({
        appId,
        id,
        account: account?.login ?? account?.slug ?? 'an account without a name',
        isSuspended: typeof suspendedAt === 'string',
      })),
  ),
});

const PAGE = 100;
const MOST_PAGES = 5;
const REVOKE_WITHIN_MS = 5_000;

/** Who may see which installation, by the person's own word to GitHub. */
export function createGitHubSignIn({ log, servers }: { log: Log; servers: GitHubServers }): GitHubSignIn {
  const find = (number: number): GitHubServer | undefined => servers.all().find((each) => each.number === number);
  return {
    pages(number) {
      const server = find(number);
      return server?.app.oauth ? pagesOf(server.webUrl, server.app.oauth) : null;
    },
    async installations(number, code, signal) {
      const server = find(number);
      if (!server?.app.oauth) return { kind: 'refused' };
      const { oauth } = server.app;
      const token = await exchange({ ...server, oauth }, code, signal);
      if (token === null) return { kind: 'refused' };
      const octokit = createPersonClient(server, token);
      try {
        return { kind: 'seen', installations: await listInstallations(octokit, server, signal) };
      } finally {
        // We have seen what we wanted to see: nobody needs the token any more.
        await revoke({ log, oauth, apiUrl: server.apiUrl }, token);
      }
    },
  };
}

function pagesOf(webUrl: string, { clientId }: OAuthClient): SignInPages {
  const base = webUrl.replace(/\/+$/u, '');
  const { hostname } = new URL(base);
  // A GitHub Enterprise Server of one's own has another path.
  const apps = /^(?:github\.com|.+\.ghe\.com)$/u.test(hostname) ? 'apps' : 'github-apps';
  return {
    install: (slug, state) => `${base}/${apps}/${slug}/installations/new?${queryOf({ state })}`,
    authorize: (state) => `${base}/login/oauth/authorize?${queryOf({ client_id: clientId, state })}`,
  };
}

function queryOf(fields: Record<string, string>): string {
  return new URLSearchParams(fields).toString();
}

/** Null where GitHub does not take the code. */
async function exchange(
  { webUrl, oauth }: { webUrl: string; oauth: OAuthClient },
  code: string,
  signal: AbortSignal,
): Promise<string | null> {
  const body = new URLSearchParams({ client_id: oauth.clientId, client_secret: oauth.clientSecret, code });
  const url = `${webUrl.replace(/\/+$/u, '')}/login/oauth/access_token`;
  const headers = { accept: 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal }).catch(() => {
    // What fetch throws names no reason that helps, and no cause of ours may carry the code.
    throw new GitHubUnavailableError('GitHub did not answer when a code was exchanged');
  });
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new GitHubUnavailableError(`GitHub answered ${response.status} when a code was exchanged`);
  const told = readAnswer(TokenAnswer, answer);
  if ('token' in told) return told.token;
  if (told.error === 'bad_verification_code') return null;
  throw new GitHubForbiddenError(
    'GitHub does not take the client id and client secret of the App (GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET), or the callback address of the App is another one',
  );
}

async function listInstallations(
  octokit: Octokit,
  server: GitHubServer,
  signal: AbortSignal,
): Promise<SeenInstallation[]> {
  const found: SeenInstallation[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const which = { per_page: PAGE, page, request: { signal } };
    const { data } = await callGitHub(signal, () => octokit.rest.apps.listInstallationsForAuthenticatedUser(which));
    const { installations } = readAnswer(Installations, data);
    for (const { appId, id: number, ...installation } of installations) {
      const id = installationOn(server, number);
      const account = server.host === null ? installation.account : `${server.host}/${installation.account}`;
      if (appId === server.app.appId && id !== null) found.push({ ...installation, account, id });
    }
    if (installations.length < PAGE) break;
  }
  return found;
}

async function revoke(
  { log, oauth: { clientId, clientSecret }, apiUrl }: { log: Log; oauth: OAuthClient; apiUrl: string },
  token: string,
): Promise<void> {
  const credentials = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  const url = `${apiUrl.replace(/\/+$/u, '')}/applications/${encodeURIComponent(clientId)}/token`;
  const status = await fetch(url, {
    method: 'DELETE',
    headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/json' },
    body: JSON.stringify({ access_token: token }),
    redirect: 'error',
    signal: AbortSignal.timeout(REVOKE_WITHIN_MS),
  }).then(
    (response) => response.status,
    () => null,
  );
  if (status !== 204) log.warn({ status }, "A person's token could not be revoked, it ends by itself");
}

function createPersonClient({ apiUrl }: GitHubServer, token: string): Octokit {
  const quiet = (): void => {};
  return new Octokit({
    auth: token,
    baseUrl: apiUrl.replace(/\/+$/u, ''),
    userAgent: 'opsaicortex',
    // Every failure is thrown as well.
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
}
