import { isDeepStrictEqual } from 'node:util';
import type {
  GitHubAddresses,
  GitHubAppKeys,
  GitHubAppStore,
  GitHubServerList,
  KeptGitHubApp,
} from '../domain/github-apps.ts';
import type { Log } from '../domain/ports.ts';
import { type GitHubPlace, HOME, hostOf } from '../domain/servers.ts';
import type { RepositoryName } from '../domain/ids.ts';
import { GitHubNotFoundError } from '../errors.ts';

/** A server with the App that we are there. The object is another one as soon as anything about it changes. */
export interface GitHubServer extends GitHubPlace, GitHubAddresses {
  app: GitHubAppKeys;
}

/** The servers on which we are an App, as they were last read. */
export interface GitHubServers extends GitHubServerList {
  all(): readonly GitHubServer[];
  /** Throws GitHubNotFoundError. */
  get(number: number): GitHubServer;
  /** By the host in front of its name. Throws GitHubNotFoundError. */
  of(repository: RepositoryName): GitHubServer;
}

/** The server at home, as the environment describes it. */
export interface HomeSettings extends GitHubAddresses {
  /** Null where the environment holds no keys: then those that were set up count, if there are any. */
  app: GitHubAppKeys | null;
}

export interface ServersDeps {
  log: Log;
  /** Without it, there is the server at home and no other. */
  githubApps?: Pick<GitHubAppStore, 'list'>;
}

const READ_EVERY_MS = 10_000;

export function createServers({ log, githubApps }: ServersDeps, home: HomeSettings): GitHubServers {
  const ownHome = home.app === null ? [] : [{ ...HOME, ...home, app: home.app }];
  let known: readonly GitHubServer[] = ownHome;
  let timer: NodeJS.Timeout | null = null;

  async function load(): Promise<void> {
    const kept = (await githubApps?.list()) ?? [];
    const read = kept.flatMap((app) => toServer(app, { log, home }));
    const all = [...ownHome, ...read.filter(({ number }) => ownHome.length === 0 || number !== HOME.number)];
    known = all.map((server) => known.find((same) => isDeepStrictEqual(same, server)) ?? server);
  }
  const readAgain = (): void => {
    load().catch((error: unknown) => log.warn({ error }, 'The GitHub Apps could not be read, the known ones stay'));
  };
  const find = (isMeant: (server: GitHubServer) => boolean): GitHubServer => {
    const server = known.find(isMeant);
    if (server === undefined) throw new GitHubNotFoundError('There is no GitHub App on this server');
    return server;
  };

  return {
    all: () => known,
    get: (number) => find((server) => server.number === number),
    of: (repository) => find(({ host }) => host === hostOf(repository)),
    sites() {
      const others = known.filter(({ number }) => number !== HOME.number);
      const isHomeKnown = others.length < known.length;
      const sites = others.map(({ number, host, webUrl }) => ({ number, host, webUrl, hasApp: true }));
      return [{ ...HOME, webUrl: home.webUrl, hasApp: isHomeKnown }, ...sites];
    },
    load,
    start: () => void (timer ??= setInterval(readAgain, READ_EVERY_MS).unref()),
    stop() {
      if (timer !== null) clearInterval(timer);
      timer = null;
    },
  };
}

/** The addresses of the server at home are the environment's; of the others, what was set up. */
function toServer(
  { number, host, keys, apiUrl, webUrl, logHosts }: KeptGitHubApp,
  { log, home }: { log: Log; home: HomeSettings },
): GitHubServer[] {
  if (keys === null) {
    log.error({ host }, 'The keys of a GitHub App cannot be read: TOKEN_ENCRYPTION_KEY is another one than it was');
    return [];
  }
  if (host !== null) return [{ number, host, apiUrl, webUrl, logHosts, app: keys }];
  const { app: _, ...addresses } = home;
  return [{ ...HOME, ...addresses, app: keys }];
}
