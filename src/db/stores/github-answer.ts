import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import type { AnswerPlace } from '../../domain/github-answers.ts';
import { JobId, type WorkspaceId } from '../../domain/ids.ts';
import type { Lease } from '../../domain/jobs.ts';
import type { GitHubAnswerStore } from '../../domain/ports.ts';
import { targetsOf } from '../../domain/rules/rule.ts';
import { GitHubAnswer } from '../entities/github-answer.ts';
import { holdLease } from '../lease.ts';
import { lockAnswers } from '../locks.ts';
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
  await lockAnswers(em, repository);
  const [own, ofOwner] = targetsOf(repository);
  const wanted = [own, own, ofOwner, ofOwner];
  const parameters = [repository, workspaceId, ...wanted, workspaceId, repository];
  const others = await execute(em, z.unknown(), { text: TAKEN, parameters });
  if (others.length > 0) return { id: null, state: 'taken' };
  const inserted = await execute(em, z.unknown(), { text: INSERT, parameters: [workspaceId, repository, key, jobId] });
  if (inserted.length === 1) return { id: null, state: 'new' };
  const [row] = await execute(em, Row, { text: LOCK, parameters: [workspaceId, repository, key] });
  if (row === undefined) throw new Error(`Workspace ${workspaceId} has no answer ${key}`);
  const { id, ...held } = row;
  const state = judge({ ...held, isPosted: id !== null }, jobId);
  if (state === 'resumed') await em.nativeUpdate(GitHubAnswer, place, { reservedBy: jobId });
  return { id, state };
}

// Of those that still want to answer there, the one that did so first goes on. Which one it is, and what it says, leaves this statement by nothing.
const TAKEN = `
  select 1 from github_answers as other
  join settings on settings.workspace_id = other.workspace_id and settings.key = 'github-answers'
  join workspaces on workspaces.id = other.workspace_id and workspaces.revoked_reason is null and workspaces.sealed_install is not null
  where other.repository = ? and other.workspace_id <> ?
    and (
      settings.value -> 'check' @> to_jsonb(?::text) or settings.value -> 'comment' @> to_jsonb(?::text)
      or settings.value -> 'check' @> to_jsonb(?::text) or settings.value -> 'comment' @> to_jsonb(?::text)
    )
    and not exists (
      select 1 from github_answers as own
      where own.workspace_id = ? and own.repository = ? and (own.created_at, own.workspace_id) < (other.created_at, other.workspace_id)
    )
  limit 1`;

const INSERT = `
  insert into github_answers (workspace_id, repository, key, reserved_by) values (?, ?, ?, ?)
  on conflict do nothing returning 1`;

const LOCK = `
  select remote_id as id, reserved_by as "reservedBy", (select status from jobs where jobs.id = reserved_by) as holder
  from github_answers where workspace_id = ? and repository = ? and key = ? for update`;
