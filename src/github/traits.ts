import { z } from 'zod';
import type { RunTraitSource } from '../domain/ports.ts';
import type { Run } from '../domain/run.ts';
import { GitHubForbiddenError, GitHubNotFoundError } from '../errors.ts';
import type { GitHubClient, RepositoryAccess } from './client.ts';
import { Path } from './context-fields.ts';
import { callGitHub, isRejected, readAnswer } from './errors.ts';
import { Line } from './run-fields.ts';

/** GitHub gives a pull request up to 100 labels; of its files three pages are looked at, since the pages are all that it counts. */
const LIMITS = { labels: 100, perPage: 100, pages: 3 } as const;

const PullAnswer = z.object({ labels: z.array(z.object({ name: Line })) });
const FileNames = z
  .array(z.unknown())
  .transform((files) => files.flatMap((file) => z.object({ filename: Path }).safeParse(file).data?.filename ?? []));
const CommitAnswer = z.object({ files: FileNames.nullish() });

/** Labels and changed files of a run, as far as the workspace's installation shows them. */
export function createRunTraitSource(client: GitHubClient): RunTraitSource {
  return {
    async traits(workspaceId, run, signal) {
      const access = await unlessRefused(client.open(workspaceId, run.repository, signal));
      if (access === null) return { labels: [], paths: [] };
      const pull = pullRequestOf(run);
      const [labels, paths] = await Promise.all([
        pull === null ? null : unlessRefused(fetchLabels(access, pull, signal)),
        unlessRefused(pull === null ? fetchCommitPaths(access, run, signal) : fetchPullPaths(access, pull, signal)),
      ]);
      return { labels: labels ?? [], paths: paths ?? [] };
    },
  };
}

/** A push to a branch names the pull requests of that branch too, those of other repositories with it. */
function pullRequestOf({ event, pullRequest }: Run): number | null {
  return event.startsWith('pull_request') ? pullRequest : null;
}

async function fetchLabels(
  { octokit, owner, repo }: RepositoryAccess,
  pull: number,
  signal: AbortSignal,
): Promise<string[]> {
  const which = { owner, repo, pull_number: pull, request: { signal } };
  const { data } = await callGitHub(signal, () => octokit.rest.pulls.get(which));
  return readAnswer(PullAnswer, data)
    .labels.slice(0, LIMITS.labels)
    .map(({ name }) => name);
}

async function fetchPullPaths(
  { octokit, owner, repo }: RepositoryAccess,
  pull: number,
  signal: AbortSignal,
): Promise<string[]> {
  const paths: string[] = [];
  for (let page = 1; page <= LIMITS.pages; page += 1) {
    const which = { owner, repo, pull_number: pull, per_page: LIMITS.perPage, page, request: { signal } };
    const { data } = await callGitHub(signal, () => octokit.rest.pulls.listFiles(which));
    paths.push(...readAnswer(FileNames, data));
    if (data.length < LIMITS.perPage) break;
  }
  return paths;
}

/** GitHub shows the first 300 files of a commit at once. */
async function fetchCommitPaths(
  { octokit, owner, repo }: RepositoryAccess,
  { headSha: ref }: Run,
  signal: AbortSignal,
): Promise<string[]> {
  const { data } = await callGitHub(signal, () =>
    octokit.rest.repos.getCommit({ owner, repo, ref, request: { signal } }),
  );
  return (readAnswer(CommitAnswer, data).files ?? []).slice(0, LIMITS.perPage * LIMITS.pages);
}

/** Null for what is not there, not for us, or nothing that can be asked for. */
async function unlessRefused<T>(fetching: Promise<T>): Promise<T | null> {
  try {
    return await fetching;
  } catch (error) {
    const isRefusal =
      error instanceof GitHubNotFoundError || error instanceof GitHubForbiddenError || isRejected(error);
    if (!isRefusal) throw error;
    return null;
  }
}
