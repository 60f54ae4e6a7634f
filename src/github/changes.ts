import { z } from 'zod';
import type { Change, ChangeSource } from '../domain/origin.ts';
import type { GitHubClient, RepositoryAccess } from './client.ts';
import { CommitAnswer } from './context-fields.ts';
import { callGitHub, readAnswer, unlessRefused } from './errors.ts';

/** More are counted, and not looked at. */
const MOST_COMMITS = 30;
/** Of so many commits it is asked which files they change; each is a question of its own. */
const MOST_ASKED = 5;
const FILES = 100;
const TITLE_MAX = 200;

const CommitFields = z
  .object({
    sha: z.string().regex(/^[\da-f]{40,64}$/u),
    commit: z.object({ message: z.string(), author: z.object({ name: z.string().max(200) }).nullish() }),
    author: z
      .object({ login: z.string().max(100) })
      .nullish()
      .catch(null),
  })
  .transform(({ sha, commit, author }) => ({
    sha,
    title: (commit.message.split('\n', 1)[0] ?? '').slice(0, TITLE_MAX).toWellFormed(),
    actor: author?.login ?? commit.author?.name ?? 'unknown',
  }));

/** docs.github.com, REST "compare two commits": the oldest comes first. */
const Comparison = z.object({ total_commits: z.number().int().nonnegative(), commits: z.array(CommitFields) });

/** The commits between two runs, through GitHub's API. */
export function createChangeSource(client: GitHubClient): ChangeSource {
  return {
    async between(workspaceId, { repository, base, head }, signal) {
      const access = await client.open(workspaceId, repository, signal);
      const { octokit, owner, repo } = access;
      const basehead = `${base}...${head}`;
      const { data } = await callGitHub(signal, () =>
        octokit.rest.repos.compareCommitsWithBasehead({
          owner,
          repo,
          basehead,
          per_page: MOST_COMMITS,
          request: { signal },
        }),
      );
      const { total_commits: total, commits } = readAnswer(Comparison, data);
      if (total > commits.length) return { total, changes: [] };
      const asked = new Set(commits.slice(-MOST_ASKED).map(({ sha }) => sha));
      const changes = commits.map(async (commit): Promise<Change> => {
        return { ...commit, paths: asked.has(commit.sha) ? await fetchPaths(access, commit.sha, signal) : [] };
      });
      return { total, changes: await Promise.all(changes) };
    },
  };
}

async function fetchPaths(
  { octokit, owner, repo }: RepositoryAccess,
  ref: string,
  signal: AbortSignal,
): Promise<string[]> {
  const which = { owner, repo, ref, per_page: FILES, request: { signal } };
  const answer = await unlessRefused(callGitHub(signal, () => octokit.rest.repos.getCommit(which)));
  return answer === null ? [] : readAnswer(CommitAnswer, answer.data).files.map(({ path }) => path);
}
