import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import type { RepositoryName, WorkspaceId } from '../domain/ids.ts';
import { parseRule } from '../domain/rules/parse.ts';
import { printRule } from '../domain/rules/print.ts';
import { Subscription } from './entities/subscription.ts';
import { execute } from './statements.ts';

interface Rename {
  from: RepositoryName;
  repository: RepositoryName;
}

/**
 * Every table that names a repository, with the columns that make a row that row within it. A row that the new name has already (its runs
 * came before the news) stays as it is, under the old name.
 */
const NAMED: ReadonlyArray<{ table: string; column?: string; within: readonly string[]; only?: string }> = [
  { table: 'repos', column: 'name', within: [] },
  { table: 'runs', within: ['run_id', 'attempt'] },
  { table: 'run_environments', within: ['run_id', 'environment'] },
  { table: 'reruns', within: ['run_id', 'attempt'] },
  { table: 'summaries', within: ['run_id', 'attempt', 'revision'] },
  { table: 'failures', within: ['branch', 'workflow', 'fingerprint'], only: "status = 'open'" },
  { table: 'flaky_marks', within: ['fingerprint'] },
  { table: 'mutes', column: 'scope', within: ['channel_id'] },
  { table: 'happenings', within: ['id'] },
  { table: 'model_calls', within: ['id'] },
  { table: 'rule_files', within: ['channel_id'] },
  { table: 'github_answers', within: ['key'] },
];

/** What is kept under the old name goes on under the new one, in the transaction of `em`. */
export async function renameRepository(em: SqlEntityManager, workspaceId: WorkspaceId, rename: Rename): Promise<void> {
  const { from, repository: to } = rename;
  for (const named of NAMED)
    await execute(em, z.unknown(), { text: statementOf(named), parameters: [to, workspaceId, from, to] });
  await execute(em, z.unknown(), { text: QUEUED, parameters: [to, workspaceId, from] });
  await execute(em, z.unknown(), { text: OPEN_RERUNS, parameters: [from, to, workspaceId, from] });
  await renameRules(em, workspaceId, rename);
}

function statementOf({ table, column = 'repository', within, only }: (typeof NAMED)[number]): string {
  const isSame = [`other.workspace_id = ${table}.workspace_id`, `other.${column} = ?`]
    .concat(within.map((name) => `other.${name} = ${table}.${name}`))
    .concat(only === undefined ? [] : [`other.${only}`, `${table}.${only}`])
    .join(' and ');
  return `
    update ${table} set ${column} = ? where workspace_id = ? and ${column} = ?
      and not exists (select 1 from ${table} as other where ${isSame})
    returning 1`;
}

/** Work that is waiting is about the same repository. */
const QUEUED = `
  update jobs set payload = jsonb_set(payload, '{repository}', to_jsonb(?::text))
  where status = 'queued' and payload ->> 'workspaceId' = ? and payload ->> 'repository' = ?
  returning 1`;

/** Where members may run failed jobs again: a list of names. */
const OPEN_RERUNS = `
  update settings set value = (
    select jsonb_agg(case when name = to_jsonb(?::text) then to_jsonb(?::text) else name end) from jsonb_array_elements(value) as name
  )
  where workspace_id = ? and key = 'reruns' and jsonb_typeof(value) = 'array' and value @> to_jsonb(?::text)
  returning 1`;

/** A rule that the channel has under the new name already is one rule. */
async function renameRules(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  { from, repository }: Rename,
): Promise<void> {
  const isMeant = { $or: [{ target: from }, { target: null, line: from }] };
  for (const row of await em.find(Subscription, { workspaceId, ...isMeant })) {
    const parsed = parseRule(row.line);
    if (parsed.kind !== 'rule') continue;
    const line = printRule({ ...parsed.rule, target: { kind: 'repository', repository } });
    const { id, channelId } = row;
    const isTaken = (await em.count(Subscription, { workspaceId, channelId, line })) > 0;
    if (isTaken) await em.nativeDelete(Subscription, { id });
    else await em.nativeUpdate(Subscription, { id }, { line, target: repository });
  }
}
