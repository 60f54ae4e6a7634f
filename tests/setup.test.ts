import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { addSetup, planOf, type SetupArguments } from '../src/cli/setup-github.ts';
import { loadConfig } from '../src/config.ts';
import { ConfigError } from '../src/errors.ts';
import { createLocalGitHub, type LocalGitHub } from '../src/sandbox/github/local-github.ts';
import { setUpGitHub } from '../src/setup.ts';
import { anEnvironment } from './support/environment.ts';
import { eventually } from './support/eventually.ts';
import { fakeLog } from './support/fake-log.ts';
import { submitSetup } from './support/setup-page.ts';

const home = { apiUrl: 'https://api.github.com', webUrl: 'https://github.com', logHosts: ['logs.acme.example'] };

/** What a person types behind `cortex setup github`; null where it is refused. */
async function typed(...words: string[]): Promise<SetupArguments | null> {
  let read: SetupArguments | null = null;
  const program = new Command('cortex').exitOverride().configureOutput({ writeErr: () => {} });
  addSetup(program, async (options) => void (read = options));
  for (const command of program.commands) {
    for (const each of [command, ...command.commands]) each.exitOverride().configureOutput({ writeErr: () => {} });
  }
  await program.parseAsync(['setup', 'github', ...words], { from: 'user' }).catch(() => {});
  return read;
}

async function plan(...words: string[]) {
  const options = await typed(...words);
  return options && planOf(options, home);
}

/** Runs it within this process. */
function run(options: SetupArguments, environment: Record<string, string | undefined>) {
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
  const printed = { stdout: '', stderr: '' };
  streams.stdout.on('data', (chunk) => (printed.stdout += String(chunk)));
  streams.stderr.on('data', (chunk) => (printed.stderr += String(chunk)));
  const log = fakeLog();
  const around = { environment, log, version: '1.2.3', ...streams, signal: AbortSignal.timeout(30_000) };
  return { printed, log, done: setUpGitHub(options, around) };
}

describe('cortex setup github', () => {
  test.each([
    ['https://github.com', home.apiUrl, home.logHosts],
    ['https://acme.ghe.com', 'https://api.acme.ghe.com', []],
    ['https://ghe.acme.example', 'https://ghe.acme.example/api/v3', []],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/api/v3', []],
  ])('knows the addresses of %s', async (webUrl, apiUrl, logHosts) => {
    expect(await plan('--server', webUrl)).toMatchObject({
      webUrl,
      apiUrl,
      logHosts,
      tier: 'actions',
      isPublic: false,
    });
  });

  test('without a server, the one at home is meant', async () => {
    expect(await plan('--organization', 'acme', '--permissions', 'read-only', '--public')).toEqual({
      ...home,
      organization: 'acme',
      tier: 'read-only',
      isPublic: true,
    });
  });

  test.each([
    ['--server', 'ftp://ghe.acme.example'],
    ['--server', 'https://ghe'],
    ['--server', 'http://ghe.acme.example'],
    ['--server', 'https://a:b@ghe.acme.example'],
    ['--server', 'https://ghe.acme.example/acme'],
    ['--organization', 'acme/../x'],
    ['--permissions', 'admin'],
    ['--log-hosts', 'http://logs'],
  ])('does not take %s %s', async (name, value) => {
    expect(await typed(name, value)).toBeNull();
  });

  test('prints no link where the environment holds an App of that server, or no address of our own', async () => {
    const options = await typed();
    if (options === null) throw new Error('It takes no options');
    const publicUrl = { PUBLIC_URL: 'https://cortex.example.com' };
    const taken = run(options, anEnvironment(publicUrl));
    const homeless = run(options, anEnvironment());

    expect([await taken.done, await homeless.done]).toEqual([2, 2]);
    expect([taken.printed.stdout, homeless.printed.stdout]).toEqual(['', '']);
    expect(taken.printed.stderr).toContain('GITHUB_APP_ID names the App');
    expect(homeless.printed.stderr).toContain('Set PUBLIC_URL first');
    await expect(run(options, {}).done).rejects.toThrow(ConfigError);
  });

  test('prints a link where the environment holds no App', async () => {
    const none = { GITHUB_APP_ID: undefined, GITHUB_PRIVATE_KEY: undefined, GITHUB_WEBHOOK_SECRET: undefined };
    const signIn = { GITHUB_CLIENT_ID: undefined, GITHUB_CLIENT_SECRET: undefined };
    const options = await typed();
    if (options === null) throw new Error('It takes no options');
    const { printed, done } = run(
      options,
      anEnvironment({ ...none, ...signIn, PUBLIC_URL: 'https://cortex.example.com/' }),
    );

    expect(await done).toBe(0);
    expect(printed.stdout).toMatch(/^https:\/\/cortex\.example\.com\/github\/setup\?token=[\w.-]+\n$/u);
  });
});

describe('cortex setup github --print', () => {
  let github: LocalGitHub;
  const webhookSecret = randomBytes(20).toString('hex');
  const oauth = { clientId: 'Iv23liOther', clientSecret: randomBytes(20).toString('hex') };

  beforeAll(async () => {
    github = await createLocalGitHub({ appId: 12, webhookSecret, oauth });
  });
  afterAll(() => github.close());

  test('keeps nothing, and prints what the configuration reads', async () => {
    const options = await typed('--server', github.url, '--print', '--public-url', 'https://cortex.example.com');
    if (options === null) throw new Error('The options are refused');
    const { printed, log, done } = run(options, {});
    const link = await eventually(() => {
      const [found] = /http:\/\/127\.0\.0\.1:\d+\/\S+/u.exec(printed.stderr) ?? [];
      if (found === undefined) throw new Error('There is no link yet');
      return found;
    });
    const back = await submitSetup(link, github.url);
    expect(github.manifests.received.at(-1)?.manifest.hook_attributes?.url).toBe(
      'https://cortex.example.com/webhooks/github',
    );
    const created = await fetch(back);
    expect(await created.text()).toContain('stand in the terminal');

    expect(await done).toBe(0);
    for (const secret of [webhookSecret, oauth.clientSecret]) {
      expect(printed.stderr + JSON.stringify(log.records)).not.toContain(secret);
    }
    const lines = printed.stdout.trim().split('\n');
    const variables = lines.map((line) => /^([A-Z_]+)=(.*)$/u.exec(line) ?? []);
    const read = Object.fromEntries(variables.map(([, name = '', value = '']) => [name, value.replaceAll('"', '')]));
    expect(loadConfig(anEnvironment(read)).github).toMatchObject({
      appId: 12,
      privateKey: github.privateKey,
      webhookSecrets: [webhookSecret],
      oauth,
      webUrl: github.url,
      apiUrl: github.apiUrl,
    });
  });
});
