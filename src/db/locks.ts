import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import type { ChannelId, RepositoryName, WorkspaceId } from '../domain/ids.ts';
import type { Run } from '../domain/run.ts';
import { execute } from './statements.ts';
import { storableText } from './storable.ts';

/**
 * Lets only one transaction at a time open or resolve failures of this run's branch and workflow. Without it a failing run
 * whose analysis is still being stored would be missed by the green run that comes after it.
 */
export function lockFailures(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  run: Pick<Run, 'repository' | 'branch' | 'workflow'>,
): Promise<void> {
  return lock(em, [workspaceId, run.repository, run.branch, run.workflow]);
}

/** Lets only one transaction at a time decide what a channel has room for. */
export function lockChannel(em: SqlEntityManager, workspaceId: WorkspaceId, channelId: ChannelId): Promise<void> {
  return lock(em, [workspaceId, channelId]);
}

/** Lets only one transaction at a time merge or split failures of a repository, so that two make no circle. */
export function lockMerges(em: SqlEntityManager, workspaceId: WorkspaceId, repository: RepositoryName): Promise<void> {
  return lock(em, ['merge', workspaceId, repository]);
}

/** Lets only one transaction at a time decide what is new about a deployment or the like, by the hash of what makes it that. */
export function lockHappening(em: SqlEntityManager, workspaceId: WorkspaceId, subject: string): Promise<void> {
  return lock(em, ['happening', workspaceId, subject]);
}

/** Lets only one transaction at a time decide which workspace answers on GitHub in a repository. */
export function lockAnswers(em: SqlEntityManager, repository: RepositoryName): Promise<void> {
  return lock(em, ['answers', repository]);
}

/** Held until the transaction of `em` ends. */
async function lock(em: SqlEntityManager, key: readonly string[]): Promise<void> {
  const text = 'select pg_advisory_xact_lock(hashtextextended(?, 0))::text';
  await execute(em, z.unknown(), { text, parameters: [key.map(storableText).join('\n')] });
}
