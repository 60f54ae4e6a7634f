import { GitHubUnavailableError } from '../errors.ts';
import type { RepositoryAccess } from './client.ts';
import { callGitHub } from './errors.ts';

export interface FileRequest {
  path: string;
  /** A commit; the default branch where it is absent. */
  ref?: string;
  /** No more than about this is fetched: a file may have 100 MB. */
  maxBytes: number;
}

/** The first bytes of a file; null for a folder or a submodule. Throws GitHubNotFoundError and what else GitHub throws. */
export async function fetchFile(
  { octokit, owner, repo }: RepositoryAccess,
  { path, ref, maxBytes }: FileRequest,
  signal: AbortSignal,
): Promise<{ bytes: Buffer; isCut: boolean } | null> {
  const { data, headers } = await callGitHub(signal, () =>
    octokit.rest.repos.getContent({
      owner,
      repo,
      path,
      ...(ref !== undefined && { ref }),
      headers: { accept: 'application/vnd.github.raw+json' },
      request: { signal, parseSuccessResponseBody: false },
    }),
  );
  const body: unknown = data;
  if (!(body instanceof ReadableStream)) return null;
  // A folder or a submodule comes as JSON.
  const isFile = !/^application\/json\b/u.test(headers['content-type'] ?? '');
  const bytes = await readBeginning(body, { maxBytes: isFile ? maxBytes : 0, signal });
  return isFile ? { bytes: bytes.subarray(0, maxBytes), isCut: bytes.length > maxBytes } : null;
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
