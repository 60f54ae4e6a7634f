import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import type { AnswerPlace } from '../../domain/github-answers.ts';
import { JobId, type WorkspaceId } from '../../domain/ids.ts';
import type { Lease } from '../../domain/jobs.ts';
import type { GitHubAnswerStore } from '../../domain/ports.ts';
import { GitHubAnswer } from '../entities/github-answer.ts';
import { holdLease } from '../lease.ts';
import { judge } from '../reserved.ts';
import { execute } from '../statements.ts';

const Row = z.object({
  id: z.coerce.number().nullable(),
  reservedBy: JobId,
  holder: z.enum(['queued', 'done', 'dead']).nullable(),
});

export function createGitHubAnswerStore(orm: SqlEntityManager): GitHubAnswerStore {
  const holding = <T>(lease: Lease, work: (em: SqlEntityManager) => Promise<T>): Promise<T> =>
    orm.fork().transactional(async (em) => {
      await holdLease(em, lease);
      return await work(em);
    });
  return {
    reserve: (workspaceId, lease, place) => holding(lease, (em) => reserve(em, lease, { workspaceId, ...place })),
    async isThere(workspaceId, place) {
      return (await orm.fork().count(GitHubAnswer, { workspaceId, ...place })) > 0;
    },
    setId: (workspaceId, lease, { id, ...place }) =>
      holding(lease, async (em) => {
        await em.nativeUpdate(GitHubAnswer, { workspaceId, ...place }, { remoteId: id });
      }),
    release: (workspaceId, lease, place) =>
      holding(lease, async (em) => {
        await em.nativeDelete(GitHubAnswer, { workspaceId, ...place, remoteId: null });
      }),
  };
}

async function reserve(
  em: SqlEntityManager,
  { jobId }: Lease,
  place: AnswerPlace & { workspaceId: WorkspaceId },
): ReturnType<GitHubAnswerStore['reserve']> {
  const { workspaceId, repository, key } = place;
  const inserted = await execute(em, z.unknown(), { text: INSERT, parameters: [workspaceId, repository, key, jobId] });
  if (inserted.length === 1) return { id: null, state: 'new' };
  const [row] = await execute(em, Row, { text: LOCK, parameters: [workspaceId, repository, key] });
  if (row === undefined) throw new Error(`Workspace ${workspaceId} has no answer ${key}`);
  const { id, ...held } = row;
  const state = judge({ ...held, isPosted: id !== null }, jobId);
  if (state === 'resumed') await em.nativeUpdate(GitHubAnswer, place, { reservedBy: jobId });
  return { id, state };
}

const INSERT = `
  insert into github_answers (workspace_id, repository, key, reserved_by) values (?, ?, ?, ?)
  on conflict do nothing returning 1`;

const LOCK = `
  select remote_id as id, reserved_by as "reservedBy", (select status from jobs where jobs.id = reserved_by) as holder
  from github_answers where workspace_id = ? and repository = ? and key = ? for update`;
