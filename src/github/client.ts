import { createAppAuth } from '@octokit/auth-app';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { InstallationId, type RepositoryName, type WorkspaceId } from '../domain/ids.ts';
import type { InstallationStore, Ports } from '../domain/ports.ts';
import { GitHubNotFoundError } from '../errors.ts';
import { callGitHub } from './errors.ts';
import { createExpiringMap } from '../domain/expiring-map.ts';
import { rememberAnswers } from './known-answers.ts';
import { keepLane } from './lane.ts';

export interface GitHubAppSettings {
  appId: number;
  privateKey: string;
  apiUrl: string;
}

/** A repository with a client that acts as the App's installation there. */
export interface RepositoryAccess {
  octokit: Octokit;
  owner: string;
  repo: string;
  /** What the workspace may see through this client, and nothing else. */
  installationId: InstallationId;
}

/** One of the workspace's installations, with a client that acts as it. */
export interface InstallationAccess {
  octokit: Octokit;
  /** In lower case. */
  account: string;
  isOrganization: boolean;
  permissions: ReadonlySet<string>;
}

export interface GitHubClient {
  /** As the App itself, which sees no repository. */
  readonly app: Octokit;
  /** Every installation that is linked to the workspace, without those that are suspended or gone. */
  openAll(workspaceId: WorkspaceId, signal: AbortSignal): Promise<InstallationAccess[]>;
  /** Throws GitHubNotFoundError where the App is not installed, and the very same where this workspace is not linked. */
  open(workspaceId: WorkspaceId, repository: RepositoryName, signal: AbortSignal): Promise<RepositoryAccess>;
  /** A client that acts as one of the workspace's installations, for what GitHub shows to everybody; null where it has none. */
  openAny(workspaceId: WorkspaceId): Promise<Octokit | null>;
}

/** One request; a log's own download has other limits. */
const REQUEST_WITHIN_MS = 10_000;
/** A longer wait for a rate limit is the queue's business: the job is put back and another one runs. */
const LONGEST_WAIT_S = 3;
const REMEMBER_INSTALLATION_MS = 60_000;
const REMEMBERED = 1_000;

const InstallationAnswer = z.object({ id: InstallationId });
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

/** Authenticates as the GitHub App, and per installation below it. */
export function createGitHubClient(deps: ClientDeps, settings: GitHubAppSettings): GitHubClient {
  const app = createOctokit(deps, settings, null);
  const installationOf = createExpiringMap<RepositoryName, InstallationId>(deps.clock, {
    ttlMs: REMEMBER_INSTALLATION_MS,
    size: REMEMBERED,
  });
  // Each keeps its token, which is valid for an hour; Octokit renews it.
  const clients = createExpiringMap<InstallationId, Octokit>(deps.clock, {
    ttlMs: Number.POSITIVE_INFINITY,
    size: REMEMBERED,
  });

  async function findInstallation(repository: RepositoryName, signal: AbortSignal): Promise<InstallationId> {
    const known = installationOf.get(repository);
    if (known !== undefined) return known;
    const { data } = await callGitHub(signal, () =>
      app.rest.apps.getRepoInstallation({ ...split(repository), request: { signal } }),
    ).catch((error: unknown) => {
      throw error instanceof GitHubNotFoundError ? notVisible(repository) : error;
    });
    const { id } = InstallationAnswer.parse(data);
    installationOf.set(repository, id);
    return id;
  }

  function clientOf(installationId: InstallationId): Octokit {
    const octokit = clients.get(installationId) ?? createOctokit(deps, settings, installationId);
    clients.set(installationId, octokit);
    return octokit;
  }

  async function openOne(installationId: InstallationId, signal: AbortSignal): Promise<InstallationAccess[]> {
    const which = { installation_id: installationId, request: { signal } };
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
    const access = { octokit: clientOf(installationId), account: account.login.toLowerCase() };
    return [{ ...access, isOrganization: type === 'Organization', permissions: new Set(Object.keys(permissions)) }];
  }

  return {
    app,
    async openAll(workspaceId, signal) {
      const linked = await deps.installations.ofWorkspace(workspaceId);
      const opened = await Promise.all(linked.map((installationId) => openOne(installationId, signal)));
      return opened.flat();
    },
    async open(workspaceId, repository, signal) {
      const installationId = await findInstallation(repository, signal);
      if (!(await deps.installations.isLinked(workspaceId, installationId))) throw notVisible(repository);
      return { octokit: clientOf(installationId), ...split(repository), installationId };
    },
    async openAny(workspaceId) {
      const [installationId] = await deps.installations.ofWorkspace(workspaceId);
      return installationId === undefined ? null : clientOf(installationId);
    },
  };
}

/** One error for both reasons, so that nobody learns from it which repositories exist elsewhere. */
function notVisible(repository: RepositoryName): GitHubNotFoundError {
  return new GitHubNotFoundError(`The GitHub App does not see ${repository} for this workspace`);
}

function split(repository: RepositoryName): { owner: string; repo: string } {
  const slash = repository.indexOf('/');
  return { owner: repository.slice(0, slash), repo: repository.slice(slash + 1) };
}

function createOctokit(
  { log, clock, metrics }: ClientDeps,
  settings: GitHubAppSettings,
  installationId: InstallationId | null,
): Octokit {
  const { appId, privateKey, apiUrl } = settings;
  const lane = installationId === null ? 'app' : `installation-${installationId}`;
  const mayWait = (retryAfterS: number, _options: object, _octokit: object, retryCount: number): boolean =>
    retryAfterS <= LONGEST_WAIT_S && retryCount < 1;
  const octokit = new ThrottledOctokit({
    authStrategy: createAppAuth,
    auth: { appId, privateKey, ...(installationId !== null && { installationId }) },
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
      if (!isRefusedToken(error)) throw error;
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
