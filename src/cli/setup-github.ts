import { type Command, InvalidArgumentError, Option } from 'commander';
import type { GitHubAddresses, GitHubAppKeys } from '../domain/github-apps.ts';
import { GitHubHost } from '../domain/servers.ts';
import { APP_TIERS, type AppTier, type SetupPlan } from '../domain/setup.ts';
import { toPort } from './arguments.ts';

export interface SetupArguments {
  /** Base of its web pages; the server at home where it is not given. */
  server?: string;
  organization?: string;
  permissions: AppTier;
  logHosts: string[];
  public: boolean;
  print: boolean;
  publicUrl?: string;
  port: number;
}

/** `cortex setup github`. */
export function addSetup(program: Command, run: (options: SetupArguments) => Promise<void>): void {
  program
    .command('setup')
    .description('set up what the product needs elsewhere')
    .command('github')
    .description('create the GitHub App: prints a link for a browser, good for one App within half an hour')
    .option('--server <url>', 'another GitHub than the one at home, such as https://ghe.acme.example', toServer)
    .option('--organization <name>', 'whose App it becomes; without it, your own', toOrganization)
    .addOption(
      new Option('--permissions <set>', 'what the App may do').choices([...APP_TIERS]).default('actions' as const),
    )
    .option('--log-hosts <hosts>', 'where that server keeps logs besides itself, comma separated', toHosts, [])
    .option('--public', 'other accounts than its owner may install it', false)
    .option('--print', 'print the keys as environment variables for your secret manager, and store nothing', false)
    .option('--public-url <url>', 'with --print: our own address as GitHub sees it, instead of PUBLIC_URL')
    .option('--port <port>', 'with --print: the port on this machine that your browser comes to', toPort, 0)
    .action((options: SetupArguments) => run(options));
}

/** The App that is wanted. `home` is the server that the environment describes. */
export function planOf(
  { server, organization, permissions, logHosts, public: isPublic }: SetupArguments,
  home: GitHubAddresses,
): SetupPlan {
  const rest = { organization: organization ?? null, tier: permissions, isPublic };
  if (server === undefined || sameHost(server, home.webUrl)) return { ...home, logHosts: [...home.logHosts], ...rest };
  return { webUrl: server, apiUrl: apiOf(server), logHosts, ...rest };
}

/** Whether this plan is about the server at home. */
export function isHome({ webUrl }: Pick<SetupPlan, 'webUrl'>, home: Pick<GitHubAddresses, 'webUrl'>): boolean {
  return sameHost(webUrl, home.webUrl);
}

/** As lines for a file of variables; a key's line breaks are written as `\n`, as the configuration reads them. */
export function environmentLines(
  { appId, privateKey, webhookSecrets: [webhookSecret = ''], oauth }: GitHubAppKeys,
  { apiUrl, webUrl, logHosts }: GitHubAddresses,
): string[] {
  return [
    `GITHUB_APP_ID=${appId}`,
    `GITHUB_PRIVATE_KEY="${privateKey.trim().replaceAll(/\r?\n/gu, String.raw`\n`)}"`,
    `GITHUB_WEBHOOK_SECRET=${webhookSecret}`,
    ...(oauth === null ? [] : [`GITHUB_CLIENT_ID=${oauth.clientId}`, `GITHUB_CLIENT_SECRET=${oauth.clientSecret}`]),
    `GITHUB_API_URL=${apiUrl}`,
    `GITHUB_WEB_URL=${webUrl}`,
    ...(logHosts.length === 0 ? [] : [`GITHUB_LOG_HOSTS=${logHosts.join(',')}`]),
  ];
}

function sameHost(one: string, other: string): boolean {
  return new URL(one).host === new URL(other).host;
}

/** docs.github.com: `HOST/api/v3`; github.com and its data-residency tenants have a host of their own for it. */
function apiOf(server: string): string {
  const { protocol, host, hostname } = new URL(server);
  const isCloud = hostname === 'github.com' || hostname.endsWith('.ghe.com');
  return isCloud ? `${protocol}//api.${host}` : `${protocol}//${host}/api/v3`;
}

function toServer(typed: string): string {
  const url = URL.parse(typed);
  const isThisMachine = url !== null && /^(?:localhost|127(?:\.\d{1,3}){3})$/u.test(url.hostname);
  const isPlain = url !== null && url.username === '' && url.pathname === '/' && url.search === '' && url.hash === '';
  if (!isPlain || !(url.protocol === 'https:' || (url.protocol === 'http:' && isThisMachine)))
    throw new InvalidArgumentError('A server is its address, such as https://ghe.acme.example.');
  if (!GitHubHost.safeParse(url.host).success)
    throw new InvalidArgumentError('The host of a server needs a dot: use its full name.');
  return url.origin;
}

function toOrganization(typed: string): string {
  if (!/^[\w-]{1,39}$/u.test(typed)) throw new InvalidArgumentError('An organization is its name in addresses.');
  return typed;
}

function toHosts(typed: string): string[] {
  const hosts = typed.split(',').flatMap((host) => host.trim().toLowerCase() || []);
  if (hosts.length > 10 || !hosts.every((host) => /^(?:\*\.)?[\w.-]{1,80}(?::\d{1,5})?$/u.test(host)))
    throw new InvalidArgumentError('Hosts are at most ten of HOST, HOST:PORT or *.DOMAIN, comma separated.');
  return hosts;
}
