import { randomBytes } from 'node:crypto';
import { createEmulator } from 'emulate';
import { freePort } from './services.ts';

/** A GitHub that others wrote: what it takes, we did not make up. */
export interface EmulatedGitHub {
  url: string;
  app: { appId: number; privateKey: string; webhookSecret: string };
  oauth: { clientId: string; clientSecret: string; callbackUrl: string };
  /** The numbers of the installations that a token was made for, in order. */
  tokens(): Promise<number[]>;
  /** Where a person comes back to, who lets the App in at the page of this address. */
  authorize(address: string, login: string): Promise<URL>;
  /** A person opens an issue, which the App hears of. */
  openIssue(repository: string, login: string): Promise<void>;
  close(): Promise<void>;
}

/** Installed at acme for all repositories, at globex for one of two, and at initech not at all. */
export const ACME = 51_423;
export const GLOBEX = 60_001;

interface Settings {
  appId?: number;
  webhookSecret?: string;
  oauth?: { clientId: string; clientSecret: string };
  /** Where deliveries go. */
  webhookUrl?: string;
}

/** Starts `emulate`, which makes the App's key. It knows no suspension, no list of what a person sees, and no end of a person's token. */
export async function startEmulatedGitHub({
  appId = 4711,
  webhookSecret = randomBytes(16).toString('hex'),
  oauth = { clientId: 'Iv23liEmulated', clientSecret: randomBytes(20).toString('hex') },
  webhookUrl,
}: Settings = {}): Promise<EmulatedGitHub> {
  const callbackUrl = 'https://cortex.example.com/github/callback';
  const adaToken = randomBytes(16).toString('hex');
  const permissions = { actions: 'write', contents: 'read', issues: 'write', metadata: 'read' };
  const port = await freePort();
  const emulator = await createEmulator({
    service: 'github',
    port,
    baseUrl: `http://127.0.0.1:${port}`,
    seed: {
      tokens: { [adaToken]: { login: 'ada', scopes: ['repo', 'user'] } },
      github: {
        users: [{ login: 'ada' }],
        orgs: ['acme', 'globex', 'initech'].map((login) => ({ login, members: [{ login: 'ada', role: 'admin' }] })),
        repos: ['acme/checkout-api', 'globex/site', 'globex/hidden', 'initech/tps'].map((name) => {
          const [owner = '', repo = ''] = name.split('/');
          return { owner, name: repo, auto_init: true };
        }),
        oauth_apps: [
          {
            client_id: oauth.clientId,
            client_secret: oauth.clientSecret,
            name: 'Cortex',
            redirect_uris: [callbackUrl],
          },
        ],
        apps: [
          {
            app_id: appId,
            slug: 'cortex',
            name: 'Cortex',
            permissions,
            events: ['issues', 'push'],
            webhook_secret: webhookSecret,
            webhook_url: webhookUrl,
            installations: [
              { installation_id: ACME, account: 'acme', repository_selection: 'all' },
              {
                installation_id: GLOBEX,
                account: 'globex',
                repository_selection: 'selected',
                repositories: ['globex/site'],
                permissions: { metadata: 'read', contents: 'read' },
              },
            ],
          },
        ],
      },
    },
  });
  const url = `http://127.0.0.1:${port}`;
  const key = emulator.generatedSecrets.find(({ kind }) => kind === 'github.app_private_key');
  return {
    url,
    app: { appId, privateKey: key?.value ?? '', webhookSecret },
    oauth: { ...oauth, callbackUrl },
    async tokens() {
      const answer: { installation_tokens: Array<{ installation: { id: number } }> } = JSON.parse(
        await (await fetch(`${url}/_emulate/installation-tokens`)).text(),
      );
      return answer.installation_tokens.map(({ installation }) => installation.id);
    },
    async authorize(address, login) {
      const page = await (await fetch(address)).text();
      const form = page.split('<form').find((each) => each.includes(`name="login" value="${login}"`)) ?? '';
      const body = new URLSearchParams();
      for (const [, name = '', value = ''] of form.matchAll(/name="([^"]+)" value="([^"]*)"/gu))
        body.set(name, name === 'redirect_uri' && value === '' ? callbackUrl : value);
      const back = await fetch(`${url}/login/oauth/callback`, { method: 'POST', body, redirect: 'manual' });
      return new URL(back.headers.get('location') ?? '');
    },
    async openIssue(repository, login) {
      const headers = { authorization: `token ${adaToken}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ title: `An issue of ${login}` });
      const answer = await fetch(`${url}/repos/${repository}/issues`, { method: 'POST', headers, body });
      if (answer.status !== 201) throw new Error(`The issue was answered with ${answer.status}`);
    },
    close: () => emulator.close(),
  };
}
