import { ZodError, type z } from 'zod';
import type { Ports, RunContextSource } from '../domain/ports.ts';
import type { Run } from '../domain/run.ts';
import { GitHubForbiddenError, GitHubNotFoundError, GitHubUnavailableError } from '../errors.ts';
import type { GitHubClient, RepositoryAccess } from './client.ts';
import { CommitAnswer, CONTEXT_LIMITS, cutText, FilesAnswer, readText } from './context-fields.ts';
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
async function fetchInstructions(
  { octokit, owner, repo }: RepositoryAccess,
  signal: AbortSignal,
): Promise<string | null> {
  const { data, headers } = await callGitHub(signal, () =>
    octokit.rest.repos.getContent({
      owner,
      repo,
      path: INSTRUCTIONS_PATH,
      headers: { accept: 'application/vnd.github.raw+json' },
      // The body as a stream: a file may have 100 MB, of which we want the beginning.
      request: { signal, parseSuccessResponseBody: false },
    }),
  );
  const body: unknown = data;
  if (!(body instanceof ReadableStream)) return null;
  // A folder or a submodule comes as JSON.
  const isFile = !/^application\/json\b/u.test(headers['content-type'] ?? '');
  const bytes = await readBeginning(body, { maxBytes: isFile ? CONTEXT_LIMITS.instructions : 0, signal });
  // As a stream, so that a character that was cut in two is left out.
  const text = readText(new TextDecoder().decode(bytes.subarray(0, CONTEXT_LIMITS.instructions), { stream: true }));
  const isCut = bytes.length > CONTEXT_LIMITS.instructions;
  return (isCut ? cutText(text, text.length - 1) : text).trim() || null;
}

/** At least the first `maxBytes`, if there are so many; all of a shorter body. The rest is not fetched. */
async function readBeginning(
  body: ReadableStream<unknown>,
  { maxBytes, signal }: { maxBytes: number; signal: AbortSignal },
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      if (!(chunk instanceof Uint8Array)) continue;
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBytes) break;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new GitHubUnavailableError('The answer of GitHub broke off', { cause: error });
  }
  return Buffer.concat(chunks);
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
