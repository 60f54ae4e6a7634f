import { CODE_OWNERS_LIMITS, CODE_OWNERS_PATHS, type CodeOwnerRule, readCodeOwners } from '../domain/code-owners.ts';
import { createExpiringMap } from '../domain/expiring-map.ts';
import type { CodeOwnersSource, Ports } from '../domain/ports.ts';
import type { GitHubClient, RepositoryAccess } from './client.ts';
import { fetchFile } from './contents.ts';
import { unlessRefused } from './errors.ts';

/** A file is asked for once in this time; a longer one than this is not kept in memory. */
const REMEMBER_MS = 5 * 60_000;
const REMEMBERED = 100;
const REMEMBERED_RULES = 10_000;

/**
 * CODEOWNERS of a repository, of its default branch: what a pull request or a fork says in it is not the repository's word.
 */
export function createCodeOwnersSource({
  client,
  clock,
}: Pick<Ports, 'clock'> & { client: GitHubClient }): CodeOwnersSource {
  const known = createExpiringMap<string, readonly CodeOwnerRule[]>(clock, { ttlMs: REMEMBER_MS, size: REMEMBERED });
  return {
    async rules(workspaceId, repository, signal) {
      const access = await unlessRefused(client.open(workspaceId, repository, signal));
      if (access === null) return [];
      const remembered = known.get(repository);
      if (remembered !== undefined) return remembered;
      const rules = readCodeOwners((await fetchFirst(access, signal)) ?? '');
      if (rules.length <= REMEMBERED_RULES) known.set(repository, rules);
      return rules;
    },
  };
}

/** Where there is a file that GitHub finds too large, GitHub looks no further, and there are no owners. */
async function fetchFirst(access: RepositoryAccess, signal: AbortSignal): Promise<string | null> {
  for (const path of CODE_OWNERS_PATHS) {
    const file = await unlessRefused(fetchFile(access, { path, maxBytes: CODE_OWNERS_LIMITS.bytes }, signal));
    if (file !== null) return file.isCut ? null : new TextDecoder().decode(file.bytes);
  }
  return null;
}
