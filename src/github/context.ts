import { ZodError, type z } from 'zod';
import type { Ports, RunContextSource } from '../domain/ports.ts';
import type { Run } from '../domain/run.ts';
import { GitHubForbiddenError, GitHubNotFoundError, GitHubUnavailableError } from '../errors.ts';
import type { GitHubClient, RepositoryAccess } from './client.ts';
import { CommitAnswer, CONTEXT_LIMITS, cutText, FilesAnswer, readText } from './context-fields.ts';
import { fetchFile } from './contents.ts';
import { callGitHub, isRejected } from './errors.ts';

/** The repository's own words for us. */
const INSTRUCTIONS_PATH = '.github/cortex.md';

type ContextDeps = Pick<Ports, 'log'> & { client: GitHubClient };

/** Commit, changed files and instructions of a run, as far as the workspace's installation shows them. */
export function createRunContextSource({ client, log }: ContextDeps): RunContextSource {
  return {
    async context(workspaceId, run, signal) {
      const access = await client.open(workspaceId, run.repository, signal);
      const stop = new AbortController();
      const within = AbortSignal.any([signal, stop.signal]);
      const unlessRefused = async <T>(part: string, fetching: Promise<T>): Promise<T | null> => {
        try {
          return await fetching;
        } catch (error) {
          if (!isRefusal(error)) throw error;
          log.debug({ workspaceId, repository: run.repository, part, error }, 'A part of the context is left out');
          return null;
        }
      };
      try {
        const [commit, files, instructions] = await Promise.all([
          unlessRefused('commit', fetchCommit(access, run, within)),
          unlessRefused('files', fetchPullRequestFiles(access, run, within)),
          unlessRefused('instructions', fetchInstructions(access, within)),
        ]);
        return { commitMessage: commit?.message ?? null, changedFiles: files ?? commit?.files ?? [], instructions };
      } finally {
        stop.abort(); // where one failed, nobody needs the others
      }
    },
  };
}

async function fetchCommit({ octokit, owner, repo }: RepositoryAccess, { headSha: ref }: Run, signal: AbortSignal) {
  const { data } = await callGitHub(signal, () =>
    octokit.rest.repos.getCommit({ owner, repo, ref, per_page: CONTEXT_LIMITS.files, request: { signal } }),
  );
  return readAnswer(CommitAnswer, data);
}

/**
 * Null for a run that no pull request started: a push to a branch names the pull requests of that branch too, those of other
 * repositories with it, whose numbers mean something else here.
 */
async function fetchPullRequestFiles(
  { octokit, owner, repo }: RepositoryAccess,
  { event, pullRequest }: Run,
  signal: AbortSignal,
) {
  if (pullRequest === null || !event.startsWith('pull_request')) return null;
  const which = { owner, repo, pull_number: pullRequest, per_page: CONTEXT_LIMITS.files };
  const { data } = await callGitHub(signal, () => octokit.rest.pulls.listFiles({ ...which, request: { signal } }));
  return readAnswer(FilesAnswer, data);
}

/**
 * From the default branch, which is what GitHub answers with where no other is named: what a pull request or a fork says in
 * this file is not the repository's word.
 */
async function fetchInstructions(access: RepositoryAccess, signal: AbortSignal): Promise<string | null> {
  const file = await fetchFile(access, { path: INSTRUCTIONS_PATH, maxBytes: CONTEXT_LIMITS.instructions }, signal);
  if (file === null) return null;
  // As a stream, so that a character that was cut in two is left out.
  const text = readText(new TextDecoder().decode(file.bytes, { stream: true }));
  return (file.isCut ? cutText(text, text.length - 1) : text).trim() || null;
}

/** Octokit hands a JSON body that broke off on as the text that came. */
function readAnswer<Schema extends z.ZodType>(schema: Schema, data: unknown): z.infer<Schema> {
  if (typeof data === 'string') throw new GitHubUnavailableError('The answer of GitHub broke off');
  return schema.parse(data);
}

/** Not there, not for us, or nothing that can be asked for (an empty repository, a difference that is too large). */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof GitHubNotFoundError ||
    error instanceof GitHubForbiddenError ||
    error instanceof ZodError ||
    isRejected(error)
  );
}
