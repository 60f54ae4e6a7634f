import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import { GroupName } from '../../domain/groups.ts';
import { WorkspaceId } from '../../domain/ids.ts';
import type { GroupStore } from '../../domain/ports.ts';
import { execute } from '../statements.ts';

const Stale = z.object({ workspaceId: WorkspaceId, name: GroupName.nullable().catch(null) });

export function createGroupStore(orm: SqlEntityManager): GroupStore {
  return {
    async save(workspaceId, name, { repositories, isCut }) {
      const parameters = [workspaceId, name, JSON.stringify(repositories), isCut];
      await execute(orm.fork(), z.unknown(), { text: SAVE, parameters });
    },
    async saveProblem(workspaceId, name, problem) {
      await execute(orm.fork(), z.unknown(), { text: SAVE_PROBLEM, parameters: [problem, workspaceId, name] });
    },
    async setTopics(workspaceId, repository, topics) {
      const names = JSON.stringify(topics.map((topic) => `topic:${topic}`));
      const parameters = [names, repository, repository, workspaceId, repository, names];
      await execute(orm.fork(), z.unknown(), { text: SET_TOPICS, parameters });
    },
    async stale(workspaceId, { olderThanMs, limit }) {
      const parameters = [workspaceId, workspaceId, olderThanMs / 1_000, limit];
      const rows = await execute(orm.fork(), Stale, { text: STALE, parameters });
      return rows.flatMap(({ workspaceId, name }) => (name === null ? [] : [{ workspaceId, name }]));
    },
    prune: async () => (await execute(orm.fork(), z.unknown(), { text: PRUNE, parameters: [] })).length,
  };
}

const SAVE = `
  insert into repository_groups (workspace_id, name, repositories, is_cut, told_at, asked_at)
  values (?, ?, ?::jsonb, ?, now(), now())
  on conflict (workspace_id, name) do update set
    repositories = excluded.repositories, is_cut = excluded.is_cut, told_at = now(), asked_at = now(), problem = null
  returning 1`;

const SAVE_PROBLEM = `
  update repository_groups set problem = ?, asked_at = now() where workspace_id = ? and name = ? returning 1`;

// Touches only groups in which the repository stands wrongly, so that nearly every delivery writes nothing.
const SET_TOPICS = `
  update repository_groups set repositories = case
      when ?::jsonb @> to_jsonb(name) then repositories || to_jsonb(?::text)
      else repositories - ?::text
    end
  where workspace_id = ? and name like 'topic:%'
    and (repositories @> to_jsonb(?::text)) <> (?::jsonb @> to_jsonb(name))
  returning 1`;

const STALE = `
  select distinct subscriptions.workspace_id as "workspaceId", subscriptions.target as name
  from subscriptions
  left join repository_groups known
    on known.workspace_id = subscriptions.workspace_id and known.name = subscriptions.target
  where (subscriptions.target like 'topic:%' or subscriptions.target like 'team:%')
    and (?::text is null or subscriptions.workspace_id = ?)
    and (known.asked_at is null or known.asked_at <= now() - ? * interval '1 second')
  order by 1, 2 limit ?`;

// A day's grace, since a group is stored before the rule that asked for it.
const PRUNE = `
  delete from repository_groups where asked_at < now() - interval '1 day' and not exists (
    select 1 from subscriptions
    where subscriptions.workspace_id = repository_groups.workspace_id and subscriptions.target = repository_groups.name
  ) returning 1`;
