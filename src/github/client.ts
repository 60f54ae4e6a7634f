import { createAppAuth } from '@octokit/auth-app';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { isReported } from '../domain/ci.ts';
import type { InstallationId, RepositoryName, WorkspaceId } from '../domain/ids.ts';
import type { InstallationStore, Ports } from '../domain/ports.ts';
import { type GitHubHost, installationOn, numberThere, pathOf, serverOf } from '../domain/servers.ts';
import { GitHubNotFoundError } from '../errors.ts';
import { callGitHub } from './errors.ts';
import { createExpiringMap } from '../domain/expiring-map.ts';
import { rememberAnswers } from './known-answers.ts';
import { isForToken, keepLane } from './lane.ts';
import type { GitHubServer, GitHubServers } from './servers.ts';

/** A repository with a client that acts as the App's installation there. */
export interface RepositoryAccess {
  octokit: Octokit;
  owner: string;
  repo: string;
  /** What the workspace may see through this client, and nothing else. */
  installationId: InstallationId;
  server: GitHubServer;
}

/** One of the workspace's installations, with a client that acts as it. */
export interface InstallationAccess {
  octokit: Octokit;
  /** In lower case, as its server calls it. */
  account: string;
  server: GitHubServer;
  isOrganization: boolean;
  permissions: ReadonlySet<string>;
}

export interface GitHubClient {
  readonly servers: GitHubServers;
  /** As the App itself, which sees no repository. */
  asApp(server: GitHubServer): Octokit;
  /** Every installation that is linked to the workspace, without those that are suspended or gone. */
  openAll(workspaceId: WorkspaceId, signal: AbortSignal): Promise<InstallationAccess[]>;
  /** Throws GitHubNotFoundError where the App is not installed, and the very same where this workspace is not linked. */
  open(workspaceId: WorkspaceId, repository: RepositoryName, signal: AbortSignal): Promise<RepositoryAccess>;
  /** A client that acts as one of the workspace's installations, for what a server shows to everybody; null where it has none there. */
  openAny(
    workspaceId: WorkspaceId,
    host: GitHubHost | null,
  ): Promise<Pick<InstallationAccess, 'octokit' | 'server'> | null>;
}

/** One request; a log's own download has other limits. */
const REQUEST_WITHIN_MS = 10_000;
/** A longer wait for a rate limit is the queue's business: the job is put back and another one runs. */
const LONGEST_WAIT_S = 3;
const REMEMBER_INSTALLATION_MS = 60_000;
const REMEMBERED = 1_000;

const InstallationAnswer = z.object({ id: z.number().int().positive() });
const InstallationDetails = z.object({
  account: z.object({ login: z.string().max(100) }).nullable(),
  target_type: z.string(),
  permissions: z.record(z.string(), z.string()),
  suspended_at: z.string().nullish(),
});

const ThrottledOctokit = Octokit.plugin(throttling);

export type ClientDeps = Pick<Ports, 'log' | 'clock' | 'metrics'> & {
  installations: Pick<InstallationStore, 'isLinked' | 'ofWorkspace'>;
};

/** Authenticates as the GitHub App of each server, and per installation below it. */
export function createGitHubClient(deps: ClientDeps, servers: GitHubServers): GitHubClient {
  // A server whose keys were changed is another object: nothing of the old one is used any more.
  const connections = new WeakMap<GitHubServer, Connection>();

  function connectionOf(server: GitHubServer): Connection {
    const connection = connections.get(server) ?? connect(deps, server);
    connections.set(server, connection);
    return connection;
  }

  async function openOne(installationId: InstallationId, signal: AbortSignal): Promise<InstallationAccess[]> {
    const server = servers.all().find(({ number }) => number === serverOf(installationId));
    if (server === undefined) return [];
    const { app, clientOf } = connectionOf(server);
    const which = { installation_id: numberThere(installationId), request: { signal } };
    const answer = await callGitHub(signal, () => app.rest.apps.getInstallation(which)).catch((error: unknown) => {
      if (error instanceof GitHubNotFoundError) return null;
      throw error;
    });
    if (answer === null) return [];
    const {
      account,
      target_type: type,
      permissions,
      suspended_at: suspendedAt,
    } = InstallationDetails.parse(answer.data);
    if (account === null || typeof suspendedAt === 'string') return [];
    const access = { octokit: clientOf(installationId), account: account.login.toLowerCase(), server };
    return [{ ...access, isOrganization: type === 'Organization', permissions: new Set(Object.keys(permissions)) }];
  }

  return {
    servers,
    asApp: (server) => connectionOf(server).app,
    async openAll(workspaceId, signal) {
      const linked = await deps.installations.ofWorkspace(workspaceId);
      const opened = await Promise.all(linked.map((installationId) => openOne(installationId, signal)));
      return opened.flat();
    },
    async open(workspaceId, repository, signal) {
      // Not even its name is GitHub's business.
      if (isReported(repository)) throw notVisible(repository);
      const server = servers.of(repository);
      const { clientOf, findInstallation } = connectionOf(server);
      const installationId = await findInstallation(repository, signal);
      if (!(await deps.installations.isLinked(workspaceId, installationId))) throw notVisible(repository);
      return { octokit: clientOf(installationId), ...split(repository), installationId, server };
    },
    async openAny(workspaceId, host) {
      const server = servers.all().find((each) => each.host === host);
      const linked = await deps.installations.ofWorkspace(workspaceId);
      const installationId = linked.find((id) => serverOf(id) === server?.number);
      if (server === undefined || installationId === undefined) return null;
      return { octokit: connectionOf(server).clientOf(installationId), server };
    },
  };
}

/** What is remembered of one server. */
interface Connection {
  app: Octokit;
  clientOf: (installationId: InstallationId) => Octokit;
  findInstallation: (repository: RepositoryName, signal: AbortSignal) => Promise<InstallationId>;
}

function connect(deps: ClientDeps, server: GitHubServer): Connection {
  const app = createOctokit(deps, server, null);
  const installationOf = createExpiringMap<RepositoryName, InstallationId>(deps.clock, {
    ttlMs: REMEMBER_INSTALLATION_MS,
    size: REMEMBERED,
  });
  // Each keeps its token, which is valid for an hour; Octokit renews it.
  const clients = createExpiringMap<InstallationId, Octokit>(deps.clock, {
    ttlMs: Number.POSITIVE_INFINITY,
    size: REMEMBERED,
  });
  return {
    app,
    clientOf(installationId) {
      const octokit = clients.get(installationId) ?? createOctokit(deps, server, installationId);
      clients.set(installationId, octokit);
      return octokit;
    },
    async findInstallation(repository, signal) {
      const known = installationOf.get(repository);
      if (known !== undefined) return known;
      const { data } = await callGitHub(signal, () =>
        app.rest.apps.getRepoInstallation({ ...split(repository), request: { signal } }),
      ).catch((error: unknown) => {
        throw error instanceof GitHubNotFoundError ? notVisible(repository) : error;
      });
      const id = installationOn(server, InstallationAnswer.parse(data).id);
      if (id === null) throw notVisible(repository);
      installationOf.set(repository, id);
      return id;
    },
  };
}

/** One error for both reasons, so that nobody learns from it which repositories exist elsewhere. */
function notVisible(repository: RepositoryName): GitHubNotFoundError {
  return new GitHubNotFoundError(`The GitHub App does not see ${repository} for this workspace`);
}

function split(repository: RepositoryName): { owner: string; repo: string } {
  const { owner, name: repo } = pathOf(repository);
  return { owner, repo };
}

function createOctokit(
  { log, clock, metrics }: ClientDeps,
  { apiUrl, app: { appId, privateKey } }: GitHubServer,
  installationId: InstallationId | null,
): Octokit {
  const lane = installationId === null ? 'app' : `installation-${installationId}`;
  const mayWait = (retryAfterS: number, _options: object, _octokit: object, retryCount: number): boolean =>
    retryAfterS <= LONGEST_WAIT_S && retryCount < 1;
  const octokit = new ThrottledOctokit({
    authStrategy: createAppAuth,
    auth: { appId, privateKey, ...(installationId !== null && { installationId: numberThere(installationId) }) },
    baseUrl: apiUrl.replace(/\/+$/u, ''),
    userAgent: 'opsaicortex',
    request: { fetch: fetchInTime },
    throttle:
      // The App itself asks little, and paces its requests for redelivery on its own.
      installationId === null
        ? { enabled: false }
        : { id: `${apiUrl} ${lane}`, onRateLimit: mayWait, onSecondaryRateLimit: mayWait },
    log: {
      debug: () => {},
      info: () => {},
      warn: (detail: string) => log.warn({ lane, detail }, 'The GitHub client warns'),
      // Every failure is thrown as well, and told where it matters.
      error: () => {},
    },
  });
  if (installationId !== null) renewRefusedToken(octokit);
  rememberAnswers(octokit);
  keepLane(octokit, { clock, metrics, log, name: lane });
  return octokit;
}

/** GitHub may end a token before its hour is over (the App was suspended, a permission changed): one fresh one is tried. */
function renewRefusedToken(octokit: Octokit): void {
  octokit.hook.wrap('request', async (request, options) => {
    try {
      return await request(options);
    } catch (error) {
      // Where the App itself is refused, a fresh token would wait for the very answer that has just come.
      if (!isRefusedToken(error) || isForToken(options.url)) throw error;
      await octokit.auth({ type: 'installation', refresh: true });
      return await request(options);
    }
  });
}

function isRefusedToken(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'status' in error && error.status === 401;
}

/** Bounds every request, those for tokens included. */
function fetchInTime(url: string, init: RequestInit = {}): Promise<Response> {
  const deadline = AbortSignal.timeout(REQUEST_WITHIN_MS);
  return fetch(url, { ...init, signal: init.signal ? AbortSignal.any([init.signal, deadline]) : deadline });
}
