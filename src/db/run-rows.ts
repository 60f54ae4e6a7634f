import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import type { WorkspaceId } from '../domain/ids.ts';
import { RUN_STATUSES, type Run } from '../domain/run.ts';
import { execute, type Parameter } from './statements.ts';
import { storableText } from './storable.ts';

export async function rememberRepository(em: SqlEntityManager, workspaceId: WorkspaceId, run: Run): Promise<void> {
  const parameters = [workspaceId, run.repository, storableText(run.defaultBranch), run.updatedAt];
  await execute(em, z.unknown(), { text: REPOSITORY, parameters });
}

const REPOSITORY = `
  insert into repos (workspace_id, name, default_branch, last_activity_at) values (?, ?, ?, ?)
  on conflict (workspace_id, name) do update set
    default_branch = case
        when excluded.last_activity_at >= repos.last_activity_at then excluded.default_branch
        else repos.default_branch
      end,
    last_activity_at = greatest(repos.last_activity_at, excluded.last_activity_at)
  returning 1`;

/** The same rule as `advance`, where the database can apply it in one step; false when this is late or repeated. */
export async function rememberRun(em: SqlEntityManager, workspaceId: WorkspaceId, run: Run): Promise<boolean> {
  const columns = toColumns(workspaceId, run);
  const names = Object.keys(columns);
  const text = `
    insert into runs (${names.join(', ')})
    select ${names.map(() => '?').join(', ')}
    where not exists (
      select 1 from runs where workspace_id = ? and repository = ? and run_id = ? and attempt > ?
    )
    on conflict (workspace_id, repository, run_id, attempt) do update
      set ${names.map((name) => `${name} = excluded.${name}`).join(', ')}
      where (array_position(string_to_array(?, ','), excluded.status), excluded.conclusion is not null)
        > (array_position(string_to_array(?, ','), runs.status), runs.conclusion is not null)
    returning 1`;
  const ranks = RUN_STATUSES.join(',');
  const key = [workspaceId, run.repository, run.runId, run.attempt];
  const parameters = [...Object.values(columns), ...key, ranks, ranks];
  return (await execute(em, z.unknown(), { text, parameters })).length === 1;
}

/** Stores a run that nobody told us about before, such as one that a person asked for. */
export async function ensureRun(em: SqlEntityManager, workspaceId: WorkspaceId, run: Run): Promise<void> {
  const columns = toColumns(workspaceId, run);
  const names = Object.keys(columns);
  const text = `
    insert into runs (${names.join(', ')}) values (${names.map(() => '?').join(', ')})
    on conflict (workspace_id, repository, run_id, attempt) do nothing returning 1`;
  await execute(em, z.unknown(), { text, parameters: Object.values(columns) });
}

function toColumns(workspaceId: WorkspaceId, run: Run): Record<string, Parameter | Date> {
  return {
    workspace_id: workspaceId,
    repository: run.repository,
    run_id: run.runId,
    attempt: run.attempt,
    number: run.number,
    workflow: storableText(run.workflow),
    branch: storableText(run.branch),
    default_branch: storableText(run.defaultBranch),
    event: storableText(run.event),
    head_sha: storableText(run.headSha),
    status: run.status,
    conclusion: run.conclusion,
    url: storableText(run.url),
    actor: storableText(run.actor),
    actor_id: run.actorId,
    actor_type: run.actorType,
    title: storableText(run.title),
    pull_request: run.pullRequest,
    started_at: run.startedAt,
    updated_at: run.updatedAt,
  };
}
