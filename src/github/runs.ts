import { z } from 'zod';
import type { Ports, RunSource } from '../domain/ports.ts';
import type { RepositoryName, RunId, WorkspaceId } from '../domain/ids.ts';
import { isFailing, type Run, type WorkflowJob } from '../domain/run.ts';
import { GitHubNotFoundError } from '../errors.ts';
import type { GitHubClient, RepositoryAccess } from './client.ts';
import { callGitHub } from './errors.ts';
import { createExpiringMap } from '../domain/expiring-map.ts';
import { JobFields, RunFields, toRun, toWorkflowJob } from './run-fields.ts';

const LOOK_WITHIN_MS = 10_000;
const REMEMBER_DEFAULT_BRANCH_MS = 60_000;
/** A busy repository's latest failure is nearly always among these; else one filtered question per conclusion follows. */
const LATEST_RUNS = 30;
/** Ten pages of 100. A workflow has at most 256 jobs per matrix (docs.github.com, "Actions limits"). */
const MAX_JOBS = 1_000;

const RepositoryAnswer = z.object({ default_branch: z.string() });
const PullAnswer = z.object({ head: z.object({ sha: z.string().regex(/^[\da-f]{40,64}$/u) }) });
const Jobs = z.array(JobFields);

type RunSourceDeps = Pick<Ports, 'clock'> & { client: GitHubClient };

/** Runs and workflow jobs, as far as the workspace's installation shows them. */
export function createRunSource({ clock, client }: RunSourceDeps): RunSource {
  const defaultBranches = createExpiringMap<RepositoryName, string>(clock, {
    ttlMs: REMEMBER_DEFAULT_BRANCH_MS,
    size: 1_000,
  });

  async function place(access: RepositoryAccess, repository: RepositoryName, signal: AbortSignal) {
    const { owner, repo, octokit, server } = access;
    const known = defaultBranches.get(repository);
    if (known !== undefined) return { repository, server, defaultBranch: known };
    const { data } = await callGitHub(signal, () => octokit.rest.repos.get({ owner, repo, request: { signal } }));
    const { default_branch: defaultBranch } = RepositoryAnswer.parse(data);
    defaultBranches.set(repository, defaultBranch);
    return { repository, server, defaultBranch };
  }

  return {
    async canSee(workspaceId, repository) {
      try {
        await client.open(workspaceId, repository, AbortSignal.timeout(LOOK_WITHIN_MS));
        return true;
      } catch (error) {
        if (error instanceof GitHubNotFoundError) return false;
        throw error;
      }
    },

    async find(workspaceId, { repository, runId, attempt }, signal) {
      const access = await client.open(workspaceId, repository, signal);
      const [data, where] = await Promise.all([
        fetchRun(access, { runId, attempt }, signal),
        place(access, repository, signal),
      ]);
      return toRun(RunFields.parse(data), where);
    },

    async latestFailing(workspaceId, { repository, branch, workflow }, signal) {
      const access = await client.open(workspaceId, repository, signal);
      const which = { ...(branch !== undefined && { branch }), ...(workflow !== undefined && { workflow }) };
      const fields = await findLatestFailing(access, which, signal);
      return fields && toRun(fields, await place(access, repository, signal));
    },

    async failingOfPullRequest(workspaceId, { repository, number }, signal) {
      const access = await client.open(workspaceId, repository, signal);
      const fields = await findLatestFailing(access, { head_sha: await headOf(access, number, signal) }, signal);
      return fields && toRun({ ...fields, pullRequest: number }, await place(access, repository, signal));
    },

    async lastPassing(workspaceId, run, signal) {
      const access = await client.open(workspaceId, run.repository, signal);
      // A fork's branch has no runs of ours.
      const branches = new Set([run.branch, run.defaultBranch].filter((branch) => !branch.includes(':')));
      for (const branch of branches) {
        const passed = await listRuns(access, { status: 'success', branch, per_page: LATEST_RUNS }, signal);
        const same = passed.find(({ workflow, runId }) => workflow === run.workflow && runId !== run.runId);
        if (same !== undefined) return { repository: run.repository, runId: same.runId, attempt: same.attempt };
      }
      return null;
    },

    jobs: (workspaceId, run, signal) => listJobs(client, { workspaceId, ...run }, signal),
  };
}

async function fetchRun(
  { octokit, owner, repo }: RepositoryAccess,
  { runId, attempt }: { runId: RunId; attempt: number | null },
  signal: AbortSignal,
): Promise<unknown> {
  const { actions } = octokit.rest;
  const which = { owner, repo, run_id: runId, request: { signal } };
  const { data } = await callGitHub(signal, () =>
    attempt === null
      ? actions.getWorkflowRun(which)
      : actions.getWorkflowRunAttempt({ ...which, attempt_number: attempt }),
  );
  return data;
}

async function headOf({ octokit, owner, repo }: RepositoryAccess, number: number, signal: AbortSignal) {
  const { data } = await callGitHub(signal, () =>
    octokit.rest.pulls.get({ owner, repo, pull_number: number, request: { signal } }),
  );
  return PullAnswer.parse(data).head.sha;
}

async function findLatestFailing(
  access: RepositoryAccess,
  { workflow, ...which }: { branch?: string; head_sha?: string; workflow?: string },
  signal: AbortSignal,
): Promise<RunFields | null> {
  const isMeant = (run: RunFields) => (workflow ?? run.workflow).toLowerCase() === run.workflow.toLowerCase();
  const latest = await listRuns(access, { status: 'completed', per_page: LATEST_RUNS, ...which }, signal);
  const failing = latest.find((run) => isFailing(run.conclusion) && isMeant(run));
  if (failing || latest.length < LATEST_RUNS) return failing ?? null;
  // GitHub lists the runs of a workflow by its file, not by the name that people know.
  const page = { per_page: workflow === undefined ? 1 : LATEST_RUNS, ...which };
  const further = await Promise.all([
    listRuns(access, { status: 'failure', ...page }, signal),
    listRuns(access, { status: 'timed_out', ...page }, signal),
  ]);
  const meant = further.flat().filter(isMeant);
  return meant.sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime())[0] ?? null;
}

/** Newest first. A run that we cannot read is left out: one odd entry must not hide the others. */
async function listRuns(
  { octokit, owner, repo }: RepositoryAccess,
  query: {
    status: 'completed' | 'failure' | 'timed_out' | 'success';
    branch?: string;
    head_sha?: string;
    per_page: number;
  },
  signal: AbortSignal,
): Promise<RunFields[]> {
  const { data } = await callGitHub(signal, () =>
    octokit.rest.actions.listWorkflowRunsForRepo({ owner, repo, ...query, request: { signal } }),
  );
  return data.workflow_runs.flatMap((run) => RunFields.safeParse(run).data ?? []);
}

async function listJobs(
  client: GitHubClient,
  {
    workspaceId,
    repository,
    runId,
    attempt,
  }: Pick<Run, 'repository' | 'runId' | 'attempt'> & { workspaceId: WorkspaceId },
  signal: AbortSignal,
): Promise<WorkflowJob[]> {
  const { octokit, owner, repo, server } = await client.open(workspaceId, repository, signal);
  let seen = 0;
  const jobs = await callGitHub(signal, () =>
    octokit.paginate(
      octokit.rest.actions.listJobsForWorkflowRunAttempt,
      { owner, repo, run_id: runId, attempt_number: attempt, per_page: 100, request: { signal } },
      ({ data }, done) => {
        seen += data.length;
        if (seen >= MAX_JOBS) done();
        return data;
      },
    ),
  );
  return Jobs.parse(jobs).map((fields) => toWorkflowJob(fields, { repository, server, runId }));
}
