import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLocalGitHub, type LocalGitHub } from '../github/local-github.ts';
import { createLocalSlack, type LocalSlack } from '../slack/local-slack.ts';
import { DemoError } from './error.ts';
import { type Product, startProduct } from './product.ts';

/** The workspace, its channels and the person who acts, as the local Slack has them. */
export const CAST = {
  workspace: 'T0ACME',
  person: 'U0BEN',
  payments: 'C0PAYMENTS',
  platform: 'C0PLATFORM',
} as const;

const APP_ID = 884_211;
const INSTALLATION_ID = 51_423;
const GITHUB_CLIENT_ID = 'Iv23liDemo';

/** Everything that runs during the demo. */
export interface Stage {
  slack: LocalSlack;
  github: LocalGitHub;
  product: Product;
  /** Stops the product and both stand-ins, and removes the data. */
  strike(): Promise<void>;
}

/** Starts the stand-ins on free ports and the product against them, with empty data in a temporary folder. */
export async function buildStage({ pagePort }: { pagePort?: number }): Promise<Stage> {
  const secrets = newSecrets();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { signingSecret, clientSecret, webhookSecret } = secrets;
  const paths = {
    events: '/slack/events',
    commands: '/slack/events',
    interactions: '/slack/events',
    install: '/slack/install',
  };
  const slack = await opened(
    pagePort,
    createLocalSlack({
      signingSecret,
      clientId: '4471.8823',
      clientSecret,
      appName: 'OpsAICortex',
      appUrl: url,
      paths,
      ...(pagePort === undefined ? {} : { port: pagePort }),
    }),
  );
  const folder = await mkdtemp(path.join(tmpdir(), 'cortex-demo-'));
  const oauth = { clientId: GITHUB_CLIENT_ID, clientSecret: secrets.githubClientSecret };
  const github = await createLocalGitHub({ appId: APP_ID, webhookSecret, oauth, webhookUrl: `${url}/webhooks/github` });
  github.signIns.callbackUrl = `${url}/github/callback`;
  github.signIns.visitor = { sees: [INSTALLATION_ID] };
  const product = startProduct(environmentOf({ slack, github, secrets, folder, port, url }), url);
  return {
    slack,
    github,
    product,
    async strike() {
      await product.stop();
      await Promise.all([slack.close(), github.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Throws DemoError where the wished port cannot be had. */
async function opened(port: number | undefined, opening: Promise<LocalSlack>): Promise<LocalSlack> {
  try {
    return await opening;
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
    if (port === undefined || !PORT_FAULTS.has(code)) throw error;
    const why = code === 'EADDRINUSE' ? 'is in use; choose another, or none for any that is free' : 'cannot be used';
    throw new DemoError(`Port ${port} ${why}. Nothing was started.`, [], { cause: error });
  }
}

const PORT_FAULTS: ReadonlySet<string> = new Set(['EADDRINUSE', 'EACCES', 'ERR_SOCKET_BAD_PORT']);

/** New at each start: nothing in the demo is worth keeping. */
function newSecrets() {
  const secret = (): string => randomBytes(24).toString('hex');
  return {
    signingSecret: secret(),
    clientSecret: secret(),
    stateSecret: secret(),
    webhookSecret: secret(),
    githubClientSecret: secret(),
  };
}

interface Settings {
  slack: LocalSlack;
  github: LocalGitHub;
  secrets: ReturnType<typeof newSecrets>;
  folder: string;
  port: number;
  url: string;
}

function environmentOf({ slack, github, secrets, folder, port, url }: Settings): Record<string, string> {
  return {
    NODE_ENV: 'development',
    HOST: '127.0.0.1',
    PORT: String(port),
    PUBLIC_URL: url,
    LOG_LEVEL: 'warn',
    DATA_DIR: folder,
    TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    SLACK_SIGNING_SECRET: secrets.signingSecret,
    SLACK_CLIENT_ID: '4471.8823',
    SLACK_CLIENT_SECRET: secrets.clientSecret,
    SLACK_STATE_SECRET: secrets.stateSecret,
    SLACK_API_URL: slack.apiUrl,
    SLACK_AUTHORIZE_URL: slack.authorizeUrl,
    GITHUB_APP_ID: String(APP_ID),
    GITHUB_PRIVATE_KEY: github.privateKey.replaceAll('\n', '\\n'),
    GITHUB_WEBHOOK_SECRET: secrets.webhookSecret,
    GITHUB_CLIENT_ID,
    GITHUB_CLIENT_SECRET: secrets.githubClientSecret,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_WEB_URL: github.url,
    GITHUB_LOG_HOSTS: github.logHost,
    GITHUB_INSTALLATION_LINKS: `${CAST.workspace}:${INSTALLATION_ID}`,
  };
}

/** A port that was free a moment ago; the product needs to know its own address before it starts. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
