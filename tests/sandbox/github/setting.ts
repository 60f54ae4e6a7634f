import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { createLocalGitHub, type LocalGitHub } from '../../../src/sandbox/github/local-github.ts';
import type { RunScript } from '../../../src/sandbox/github/play.ts';

export const APP_ID = 884_211;
export const INSTALLATION_ID = 51_423;
/** Built at run time, so that no secret scanner mistakes it for one. */
export const WEBHOOK_SECRET = ['local', 'webhook', 'secret', 'for', 'tests'].join('-');

export const aLocalGitHub = (): Promise<LocalGitHub> =>
  createLocalGitHub({ appId: APP_ID, webhookSecret: WEBHOOK_SECRET });

/** The real client, authenticated as the installation. */
export const installationClient = (github: LocalGitHub): Octokit => client(github, { installationId: INSTALLATION_ID });

/** The real client, authenticated as the App itself. */
export const appClient = (github: LocalGitHub): Octokit => client(github, {});

const client = (github: LocalGitHub, as: object): Octokit =>
  new Octokit({
    baseUrl: github.apiUrl,
    authStrategy: createAppAuth,
    auth: { appId: APP_ID, privateKey: github.privateKey, ...as },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });

export const aRun = (changes: Partial<RunScript> = {}): RunScript => ({
  repository: 'acme/checkout-api',
  workflow: 'CI',
  branch: 'main',
  sha: 'a1'.repeat(20),
  title: 'Retry failed charges',
  actor: 'dana',
  jobs: [{ name: 'test', conclusion: 'failure', log: 'one\ntwo\nError: three' }],
  ...changes,
});

export const [OWNER, REPO] = ['acme', 'checkout-api'] as const;
export const repo = { owner: OWNER, repo: REPO };

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A receiver of webhooks that answers with `status` and keeps what came. */
export async function aReceiver(status = 202): Promise<{ url: string; received: Received[]; close(): void }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return { url: `http://127.0.0.1:${port}/webhooks/github`, received, close: () => void server.close() };
}
