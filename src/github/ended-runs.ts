import { z } from 'zod';
import type { EndedRunSource, Ports } from '../domain/ports.ts';
import type { EndedRun } from '../domain/reconciling.ts';
import { createExpiringMap } from '../domain/expiring-map.ts';
import type { RepositoryName } from '../domain/ids.ts';
import type { GitHubClient, RepositoryAccess } from './client.ts';
import { callGitHub, readAnswer, unlessRefused } from './errors.ts';
import { numberThere } from '../domain/servers.ts';
import { RepositoryFields } from './happening-fields.ts';
import { RunFields } from './run-fields.ts';

/** GitHub lists runs by their beginning: one that ended just now may have begun so long ago. */
const LONGEST_RUN_MS = 24 * 60 * 60_000;
const PER_PAGE = 50;
/** GitHub shows the first thousand. */
const MAX_PAGES = 20;
const REMEMBER_REPOSITORY_MS = 60_000;

const Page = z.object({ workflow_runs: z.array(z.unknown()) });

/** Which fields a run keeps: those that are read of it, so that a body of ours is short whatever GitHub adds. */
const RUN_KEYS = Object.keys(RunFields.in.shape);

type EndedRunDeps = Pick<Ports, 'clock'> & { client: GitHubClient };

/** The runs that ended, as far as the workspace's installation shows them. */
export function createEndedRunSource({ clock, client }: EndedRunDeps): EndedRunSource {
  const repositories = createExpiringMap<RepositoryName, z.infer<typeof RepositoryFields>>(clock, {
    ttlMs: REMEMBER_REPOSITORY_MS,
    size: 1_000,
  });

  async function place(access: RepositoryAccess, repository: RepositoryName, signal: AbortSignal) {
    const { octokit, owner, repo } = access;
    const known = repositories.get(repository);
    if (known !== undefined) return known;
    const { data } = await callGitHub(signal, () => octokit.rest.repos.get({ owner, repo, request: { signal } }));
    const fields = readAnswer(RepositoryFields, data);
    repositories.set(repository, fields);
    return fields;
  }

  return {
    async ended(workspaceId, { repository, since, mark }, signal) {
      const access = await client.open(workspaceId, repository, signal);
      const first = await fetchPage(access, { page: 1, mark }, signal);
      if (first === null) return { kind: 'unchanged' };
      const begunAfter = since.getTime() - LONGEST_RUN_MS;
      const runs = [...first.runs];
      let last = first;
      for (let page = 2; last.size === PER_PAGE && last.oldest >= begunAfter && page <= MAX_PAGES; page += 1) {
        const next = await fetchPage(access, { page, mark: null }, signal);
        if (next === null) break;
        runs.push(...next.runs);
        last = next;
      }
      return { kind: 'listed', runs: runs.filter(({ updatedAt }) => updatedAt > since), mark: first.mark };
    },

    async endOf(workspaceId, { repository, runId }, signal) {
      const { octokit, owner, repo } = await client.open(workspaceId, repository, signal);
      const which = { owner, repo, run_id: runId, request: { signal } };
      const answer = await unlessRefused(callGitHub(signal, () => octokit.rest.actions.getWorkflowRun(which)));
      const run = answer === null ? null : readAnswer(RunFields, answer.data);
      return run?.status === 'completed' ? toEndedRun(run) : null;
    },

    async body(workspaceId, { repository, runId, attempt }, signal) {
      const access = await client.open(workspaceId, repository, signal);
      const { octokit, owner, repo, installationId } = access;
      const which = { owner, repo, run_id: runId, attempt_number: attempt, request: { signal } };
      const [{ data }, fields] = await Promise.all([
        callGitHub(signal, () => octokit.rest.actions.getWorkflowRunAttempt(which)),
        place(access, repository, signal),
      ]);
      const run = Object.fromEntries(Object.entries(data).filter(([key]) => RUN_KEYS.includes(key)));
      const payload = {
        action: 'completed',
        workflow_run: run,
        repository: fields,
        installation: { id: numberThere(installationId) },
      };
      return { installationId, body: Buffer.from(JSON.stringify(payload)) };
    },
  };
}

interface RunPage {
  runs: EndedRun[];
  /** How many GitHub listed, and when the oldest of them began. */
  size: number;
  oldest: number;
  mark: string | null;
}

/** Null where GitHub says that nothing has changed since `mark`. */
async function fetchPage(
  { octokit, owner, repo }: RepositoryAccess,
  { page, mark }: { page: number; mark: string | null },
  signal: AbortSignal,
): Promise<RunPage | null> {
  const which = { owner, repo, status: 'completed', per_page: PER_PAGE, page } as const;
  const conditions = mark === null ? {} : { headers: { 'if-none-match': mark } };
  const answer = await callGitHub(signal, async () => {
    try {
      return await octokit.rest.actions.listWorkflowRunsForRepo({ ...which, ...conditions, request: { signal } });
    } catch (error) {
      if (isNotModified(error)) return null;
      throw error;
    }
  });
  if (answer === null) return null;
  const listed = readAnswer(Page, answer.data).workflow_runs;
  // Its status is another one where the run waits for an approval: it goes on, and has not ended.
  const runs = listed.flatMap((entry) => RunFields.safeParse(entry).data ?? []);
  const oldest = runs.at(-1)?.startedAt.getTime() ?? 0;
  const ended = runs.filter(({ status }) => status === 'completed').map(toEndedRun);
  return { runs: ended, size: listed.length, oldest, mark: answer.headers.etag ?? null };
}

function toEndedRun({ runId, attempt, conclusion, updatedAt }: RunFields): EndedRun {
  return { runId, attempt, conclusion, updatedAt };
}

function isNotModified(error: unknown): boolean {
  return z.object({ status: z.literal(304) }).safeParse(error).success;
}
