import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createLocalGitHub, type LocalGitHub } from '../../src/sandbox/github/local-github.ts';
import { createLocalSlack, type LocalSlack } from '../../src/sandbox/slack/local-slack.ts';
import { DEFAULT_TEAMS } from '../../src/sandbox/slack/seed.ts';
import { anEnvironment } from './environment.ts';
import { eventually } from './eventually.ts';

const MAIN = path.resolve(import.meta.dirname, '../../src/main.ts');

/** What the product runs on: servers, or with null the embedded ones in a folder. */
export type StageServices = { databaseUrl: string; redisUrl: string } | null;

/** A running process of the product. */
export interface Product {
  role: string;
  url: string;
  child: ChildProcess;
  /** Every record it has written to its log, parsed. */
  records: Array<Record<string, unknown>>;
  /** All it has printed, as it stands. */
  output(): string;
  /** Sends the signal and resolves with the exit code, null after a signal that cannot be caught. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** The product between a local Slack and a local GitHub, spoken to over HTTP only. */
export interface Stage {
  slack: LocalSlack;
  github: LocalGitHub;
  environment: Record<string, string | undefined>;
  /** Starts a process of the product and waits until it says that it is ready. */
  start(role: 'all' | 'web' | 'worker' | 'ingest', changes?: Record<string, string | undefined>): Promise<Product>;
  /** Points Slack and GitHub at this process, and installs the app in the workspace as an admin does. */
  open(web: Product): Promise<void>;
  close(): Promise<void>;
}

export const WORKSPACE = 'T0ACME';
export const INSTALLATION = 51_423;
export const CHANNEL = 'C0PAYMENTS';
export const OTHER_CHANNEL = 'C0PLATFORM';
export const ADMIN = 'U0ADA';
export const MEMBER = 'U0BEN';
export const GUEST = 'U0GIO';
export const REPOSITORY = 'acme/checkout-api';

export interface StageOptions {
  /** Channels beside those that are always there; everybody and the app are in them. */
  channels?: ReadonlyArray<{ id: string; name: string }>;
}

/** Builds the stage; nothing of the product runs yet. Short leases and sweeps, so that faults heal within a test. */
export async function setStage(services: StageServices, { channels = [] }: StageOptions = {}): Promise<Stage> {
  const base = anEnvironment();
  const secrets = {
    signingSecret: base['SLACK_SIGNING_SECRET'] ?? '',
    clientSecret: base['SLACK_CLIENT_SECRET'] ?? '',
  };
  const clientId = base['SLACK_CLIENT_ID'] ?? '';
  const teams = DEFAULT_TEAMS.map((team) => ({ ...team, channels: [...team.channels, ...channels] }));
  const slack = await createLocalSlack({ ...secrets, clientId, appName: 'Cortex', teams });
  const github = await createLocalGitHub({
    appId: Number(base['GITHUB_APP_ID']),
    privateKey: base['GITHUB_PRIVATE_KEY'] ?? '',
    webhookSecret: base['GITHUB_WEBHOOK_SECRET'] ?? '',
    oauth: { clientId: base['GITHUB_CLIENT_ID'] ?? '', clientSecret: base['GITHUB_CLIENT_SECRET'] ?? '' },
    installations: { [INSTALLATION]: 'acme' },
  });
  github.addRepository(REPOSITORY);
  const folder = mkdtempSync(path.join(tmpdir(), 'cortex-stage-'));
  const environment = {
    ...base,
    SLACK_API_URL: slack.apiUrl,
    SLACK_AUTHORIZE_URL: slack.authorizeUrl,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_WEB_URL: github.url,
    GITHUB_LOG_HOSTS: github.logHost,
    GITHUB_INSTALLATION_LINKS: `${WORKSPACE}:${INSTALLATION}`,
    DATA_DIR: path.join(folder, 'data'),
    JOB_LEASE_MS: '2000',
    SWEEP_INTERVAL_MS: '500',
    STOP_GRACE_MS: '3000',
    // Flows play one failure after another into one channel, which is a storm to the product.
    CHANNEL_MESSAGES: '1000',
    LOG_LEVEL: 'debug',
    ...(services ? { DATABASE_URL: services.databaseUrl, REDIS_URL: services.redisUrl } : {}),
  };
  const products: Product[] = [];
  return {
    slack,
    github,
    environment,
    async start(role, changes = {}) {
      const product = await startProduct(role, { ...environment, ...changes });
      products.push(product);
      return product;
    },
    async open(web) {
      slack.setAppUrl(web.url);
      github.webhookUrl = `${web.url}/webhooks/github`;
      github.signIns.callbackUrl = `${web.url}/github/callback`;
      const installed = await slack.install(WORKSPACE);
      if (installed.status !== 200) throw new Error(`The install answered ${installed.status}`);
    },
    async close() {
      await Promise.all(products.map((product) => product.end('SIGKILL')));
      await Promise.all([slack.close(), github.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs a verb of the command line to its end. */
export async function runCortex(
  args: readonly string[],
  {
    environment = {},
    input = '',
    onSpawn,
  }: {
    environment?: Record<string, string | undefined>;
    input?: string | Buffer;
    onSpawn?: (child: ChildProcess) => void;
  } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: cleanEnvironment(environment) });
  onSpawn?.(child);
  const streams = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (streams.stdout += chunk));
  child.stderr.on('data', (chunk) => (streams.stderr += chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  return { code, ...streams };
}

async function startProduct(role: string, environment: Record<string, string | undefined>): Promise<Product> {
  const child = spawn(process.execPath, [MAIN, role], {
    env: cleanEnvironment(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const records: Array<Record<string, unknown>> = [];
  let printed = '';
  child.stderr.on('data', (chunk) => (printed += chunk));
  createInterface({ input: child.stdout }).on('line', (line) => {
    printed += `${line}\n`;
    if (line.startsWith('{')) records.push(JSON.parse(line));
  });
  const exited = once(child, 'exit');
  const port = await eventually(() => {
    const ready = records.find(({ message }) => message === 'Ready');
    if (child.exitCode !== null) return null;
    if (ready === undefined) throw new Error(`cortex ${role} is not ready: ${printed}`);
    return Number(ready['port']);
  }, 30_000);
  if (port === null) throw new Error(`cortex ${role} ended: ${printed}`);
  return {
    role,
    url: `http://127.0.0.1:${port}`,
    child,
    records,
    output: () => printed,
    async end(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
        await exited;
      }
      return child.exitCode;
    },
  };
}

/** Only what is given: nothing of the machine that runs the tests may decide what the product does. */
function cleanEnvironment(environment: Record<string, string | undefined>): Record<string, string> {
  const given = Object.entries({ PATH: process.env['PATH'], ...environment });
  return Object.fromEntries(given.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
