import { Readable } from 'node:stream';
import type { RepositoryName, WorkflowJobId, WorkspaceId } from '../domain/ids.ts';
import type { LogSource } from '../domain/ports.ts';
import { AppError, GitHubNotFoundError, GitHubUnavailableError, LogUnavailableError } from '../errors.ts';
import type { GitHubClient, RepositoryAccess } from './client.ts';
import { callGitHub } from './errors.ts';
import type { LogHosts } from './log-hosts.ts';
import type { GitHubServer } from './servers.ts';
import { openLink, type StorageAnswer } from './storage.ts';

interface LogSourceDeps {
  client: GitHubClient;
  /** Those of one server. */
  hostsOf: (server: GitHubServer) => LogHosts;
  idleMs?: number;
}

interface LogRequest {
  workspaceId: WorkspaceId;
  repository: RepositoryName;
  jobId: WorkflowJobId;
}

/** GitHub answers with a link that is good for a minute; a second one is asked for when the first came too late. */
const LINKS = 2;

/** Streams the logs of workflow jobs, from GitHub's storage or from hosts that the operator listed. */
export function createLogSource(deps: LogSourceDeps): LogSource {
  return {
    async open(workspaceId, { repository, jobId }, signal) {
      const access = await deps.client.open(workspaceId, repository, signal);
      const body = await openLog(deps, { access, jobId: jobId }, signal);
      return startedStream(body, signal);
    },
  };
}

async function openLog(
  { hostsOf, idleMs }: LogSourceDeps,
  { access, jobId }: { access: RepositoryAccess } & Pick<LogRequest, 'jobId'>,
  signal: AbortSignal,
): Promise<Readable> {
  for (let link = 1; link <= LINKS; link += 1) {
    const host = hostsOf(access.server).judge(await requestLink(access, jobId, signal));
    if (host.kind === 'refused')
      throw new LogUnavailableError(`GitHub sent us for the log to ${host.reason}; GITHUB_LOG_HOSTS can allow it`);
    const answer = await readStorage(() => openLink(host, signal, idleMs), signal);
    if (answer.kind === 'opened') return answer.body;
    if (answer.kind === 'failed') throw new GitHubUnavailableError(`GitHub's log storage answered ${answer.status}`);
  }
  throw new LogUnavailableError("GitHub's log storage does not have this log");
}

async function requestLink({ octokit, owner, repo }: RepositoryAccess, jobId: WorkflowJobId, signal: AbortSignal) {
  const { headers } = await callGitHub(signal, () =>
    octokit.rest.actions.downloadJobLogsForWorkflowRun({
      owner,
      repo,
      job_id: jobId,
      request: { signal, redirect: 'manual' },
    }),
  ).catch((error: unknown) => {
    // Also 410, which GitHub answers at times for a log that is there a moment later.
    throw error instanceof GitHubNotFoundError
      ? new LogUnavailableError('GitHub has no log of this job', { cause: error })
      : error;
  });
  if (headers.location === undefined)
    throw new GitHubUnavailableError('GitHub answered without the address of the log');
  return headers.location;
}

async function readStorage(open: () => Promise<StorageAnswer>, signal: AbortSignal): Promise<StorageAnswer> {
  try {
    return await open();
  } catch (error) {
    signal.throwIfAborted();
    throw new GitHubUnavailableError("GitHub's log storage could not be reached", { cause: error });
  }
}

/** Waits for the first bytes, because an empty log is one that is not there yet. */
export async function startedStream(body: Readable, signal: AbortSignal): Promise<Readable> {
  const chunks = translated(body, signal);
  const first = await chunks.next();
  if (first.done) throw new LogUnavailableError('The log of this job is empty');
  return Readable.from(withFirst(first.value, chunks), { objectMode: false });
}

async function* withFirst(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

/** A download that breaks off is GitHub's failure, not ours; what was read until then does not count as a log. */
async function* translated(body: Readable, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* body.iterator();
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof AppError
      ? error
      : new GitHubUnavailableError('The download of the log broke off', { cause: error });
  }
}
