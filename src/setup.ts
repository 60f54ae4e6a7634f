import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connectKeyOf } from './auth/connect-key.ts';
import { signSetupLink } from './auth/setup-token.ts';
import { environmentLines, isHome, planOf, type SetupArguments } from './cli/setup-github.ts';
import { WRONG_USE } from './cli/shell.ts';
import { loadAddresses, loadConfig } from './config.ts';
import type { Log } from './domain/ports.ts';
import type { CreatedApp } from './domain/setup.ts';
import { createGitHubSetup } from './github/setup.ts';
import { createHttpServer } from './http/server.ts';
import { SETUP_PATH } from './http/setup.ts';

export interface SetupSurroundings {
  environment: Record<string, string | undefined>;
  log: Log;
  version: string;
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
  signal: AbortSignal;
}

const clock = { now: () => new Date() };

/** `cortex setup github`: prints the link by which the App is created. Throws ConfigError. */
export async function setUpGitHub(options: SetupArguments, around: SetupSurroundings): Promise<number> {
  return options.print ? await printKeys(options, around) : printLink(options, around);
}

/** The running product answers the link, and keeps the keys. */
function printLink(options: SetupArguments, { environment, stdout, stderr }: SetupSurroundings): number {
  const { http, github, database } = loadConfig(environment);
  if (http.publicUrl === null) return refuse(stderr, 'Set PUBLIC_URL first: GitHub has to be told where we are.');
  const plan = planOf(options, github);
  if (isHome(plan, github) && github.appId !== null) {
    const words = 'GITHUB_APP_ID names the App of this server already, and would go before a new one.';
    return refuse(stderr, `${words} Unset it with its keys, or add --print.`);
  }
  const token = signSetupLink({ key: connectKeyOf(database), clock }, plan);
  stdout.write(`${linkOf(http.publicUrl, token)}\n`);
  stderr.write(
    'Open it in a browser within half an hour, while the app runs. Whoever has it can create one App: give it to nobody.\n',
  );
  return 0;
}

/** This process answers the link itself, on this machine only, and ends with the keys on standard output. */
async function printKeys(options: SetupArguments, around: SetupSurroundings): Promise<number> {
  const { environment, log, version, stdout, stderr, signal } = around;
  const addresses = loadAddresses(environment);
  const publicUrl = options.publicUrl ?? addresses.publicUrl;
  if (publicUrl === null || !URL.canParse(publicUrl))
    return refuse(stderr, 'Set PUBLIC_URL, or add --public-url: GitHub has to be told where we will be.');
  const plan = planOf(options, addresses.github);
  const created = Promise.withResolvers<CreatedApp>();
  const spent = new Set<string>();
  const setupKey = randomBytes(32).toString('hex');
  let browserUrl = '';
  const server = createHttpServer({
    log,
    version,
    checks: { vital: {}, helpful: {} },
    setup: {
      log,
      clock,
      publicUrl,
      browserUrl: () => browserUrl,
      setupKey,
      githubSetup: createGitHubSetup(),
      isTaken: () => false,
      spend: ({ id }) => Promise.resolve(spent.size !== spent.add(id).size),
      keep(_plan, app) {
        created.resolve(app);
        return Promise.resolve('printed');
      },
    },
  });
  const { port } = await server.listen({ port: options.port, host: '127.0.0.1' });
  browserUrl = `http://127.0.0.1:${port}`;
  stderr.write(
    `Open this in a browser on this machine:\n${linkOf(browserUrl, signSetupLink({ key: setupKey, clock }, plan))}\n`,
  );
  try {
    const { keys } = await Promise.race([created.promise, interrupted(signal)]);
    for (const line of environmentLines(keys, plan)) stdout.write(`${line}\n`);
    return 0;
  } finally {
    await server.close(GOODBYE_MS);
  }
}

/** For the last page to reach the browser. */
const GOODBYE_MS = 2_000;

async function interrupted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}

function linkOf(base: string, token: string): string {
  return `${base.replace(/\/+$/u, '')}${SETUP_PATH}?token=${token}`;
}

function refuse(stderr: NodeJS.WritableStream, sentence: string): number {
  stderr.write(`${sentence}\n`);
  return WRONG_USE;
}
