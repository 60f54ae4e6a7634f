import { createHash } from 'node:crypto';
import type { RepositoryName } from '../domain/ids.ts';
import { RULE_FILE_LIMITS, RULE_FILE_PATH, type RuleFileRead, type RuleFileSource } from '../domain/rule-files.ts';
import { GitHubForbiddenError, GitHubNotFoundError } from '../errors.ts';
import type { GitHubClient } from './client.ts';
import { fetchFile } from './contents.ts';
import { isRejected } from './errors.ts';
import { readRuleFile } from './rule-file-text.ts';

/** The rules that a repository keeps in a file of its own. */
export function createRuleFileSource(client: GitHubClient): RuleFileSource {
  return {
    async read(workspaceId, repository, signal) {
      const access = await orNull(client.open(workspaceId, repository, signal));
      if (access === null) return { kind: 'hidden' };
      const which = { path: RULE_FILE_PATH, maxBytes: RULE_FILE_LIMITS.bytes };
      try {
        const file = await orNull(fetchFile(access, which, signal));
        return file === null ? { kind: 'missing' } : toRead(repository, file);
      } catch (error) {
        // An empty repository is answered with 409.
        if (isRejected(error)) return { kind: 'missing' };
        if (error instanceof GitHubForbiddenError) return { kind: 'hidden' };
        throw error;
      }
    },
  };
}

function toRead(repository: RepositoryName, { bytes, isCut }: { bytes: Buffer; isCut: boolean }): RuleFileRead {
  const version = createHash('sha256').update(bytes).digest('hex').slice(0, 40);
  if (isCut) return { kind: 'wrong', version, problem: { kind: 'too-large', most: RULE_FILE_LIMITS.bytes } };
  const outcome = readRuleFile(new TextDecoder().decode(bytes), repository);
  return 'problem' in outcome ? { kind: 'wrong', version, ...outcome } : { kind: 'rules', version, ...outcome };
}

async function orNull<T>(asking: Promise<T>): Promise<T | null> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof GitHubNotFoundError) return null;
    throw error;
  }
}
