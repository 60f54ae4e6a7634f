import { type FilterQuery, LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import { RepositoryName, type WorkspaceId } from '../domain/ids.ts';
import { parseRule } from '../domain/rules/parse.ts';
import { printRule } from '../domain/rules/print.ts';
import { type RuleTarget, targetName } from '../domain/rules/rule.ts';
import { Setting } from './entities/setting.ts';
import { Subscription } from './entities/subscription.ts';
import { execute } from './statements.ts';

interface Rename {
  from: RepositoryName;
  repository: RepositoryName;
}

interface Names {
  from: string;
  to: string;
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
export async function renameRepository(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  { from, repository: to }: Rename,
): Promise<void> {
  await renameRows(em, workspaceId, { from, to });
  await renameSettings(em, workspaceId, (target) => (target === from ? to : target));
  await renameRules(em, workspaceId, {
    meant: { $or: [{ target: from }, { target: null, line: from }] },
    rename: () => ({ kind: 'repository', repository: to }),
  });
}

/** Likewise for everything that an account owns; `owner/*` and its teams are meant, too. */
export async function renameOwner(em: SqlEntityManager, workspaceId: WorkspaceId, { from, to }: Names): Promise<void> {
  const below = `${from.replaceAll('_', String.raw`\_`)}/%`;
  const renamed = (name: string): string => nameBelow(name, { from, to });
  const parameters = NAMED.flatMap(() => [workspaceId, below]);
  for (const { name } of await execute(em, z.object({ name: z.string() }), { text: NAMES_BELOW, parameters })) {
    await renameRows(em, workspaceId, { from: name, to: renamed(name) });
  }
  await renameSettings(em, workspaceId, renamed);
  await renameRules(em, workspaceId, {
    meant: {
      $or: [
        { target: { $like: below } },
        { target: null, line: { $like: below } },
        { target: { $like: `team:${below}` } },
      ],
    },
    rename: (target) => renameTarget(target, { from, to }),
  });
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

/** Every name below an owner that anything is kept under. */
const NAMES_BELOW = `${NAMED.map(
  ({ table, column = 'repository' }) =>
    `select ${column} as name from ${table} where workspace_id = ? and ${column} like ?`,
).join(' union ')} order by 1`;

async function renameRows(em: SqlEntityManager, workspaceId: WorkspaceId, { from, to }: Names): Promise<void> {
  for (const named of NAMED)
    await execute(em, z.unknown(), { text: statementOf(named), parameters: [to, workspaceId, from, to] });
  await execute(em, z.unknown(), { text: QUEUED, parameters: [to, workspaceId, from] });
}

/** Work that is waiting is about the same repository. */
const QUEUED = `
  update jobs set payload = jsonb_set(payload, '{repository}', to_jsonb(?::text))
  where status = 'queued' and payload ->> 'workspaceId' = ? and payload ->> 'repository' = ?
  returning 1`;

function nameBelow(name: string, { from, to }: Names): string {
  return name.startsWith(`${from}/`) ? `${to}${name.slice(from.length)}` : name;
}

/** Where members may run failed jobs again, and where failures are answered on GitHub: lists of names, the second one by form. */
const NAMING_SETTINGS = ['reruns', 'github-answers'];
const NameList = z.array(z.string());
const NamingSetting = z.union([NameList, z.record(z.string(), NameList)]);

async function renameSettings(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  renamed: (name: string) => string,
): Promise<void> {
  const list = (names: readonly string[]): string[] => [...new Set(names.map(renamed))];
  const which = { workspaceId, key: { $in: NAMING_SETTINGS } };
  for (const { key, value } of await em.find(Setting, which, { lockMode: LockMode.PESSIMISTIC_WRITE })) {
    // What another version of us wrote, it has to read.
    const known = NamingSetting.safeParse(value).data;
    if (known === undefined) continue;
    const changed = Array.isArray(known)
      ? list(known)
      : Object.fromEntries(Object.entries(known).map(([form, names]) => [form, list(names)]));
    await em.nativeUpdate(Setting, { workspaceId, key }, { value: changed });
  }
}

/** A rule that the channel has under the new name already is one rule. */
async function renameRules(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  { meant, rename }: { meant: FilterQuery<Subscription>; rename: (target: RuleTarget) => RuleTarget },
): Promise<void> {
  for (const row of await em.find(Subscription, { $and: [{ workspaceId }, meant] })) {
    const parsed = parseRule(row.line);
    if (parsed.kind !== 'rule') continue;
    const target = rename(parsed.rule.target);
    const line = printRule({ ...parsed.rule, target });
    const { id, channelId } = row;
    if (line === row.line) continue;
    const isTaken = (await em.count(Subscription, { workspaceId, channelId, line })) > 0;
    if (isTaken) await em.nativeDelete(Subscription, { id });
    else await em.nativeUpdate(Subscription, { id }, { line, target: targetName(target) });
  }
}

function renameTarget(target: RuleTarget, { from, to }: Names): RuleTarget {
  switch (target.kind) {
    case 'repository': {
      const repository = RepositoryName.safeParse(nameBelow(target.repository, { from, to })).data;
      return repository === undefined ? target : { ...target, repository };
    }
    case 'owner':
      return target.owner === from ? { ...target, owner: to } : target;
    case 'team':
      return target.organization === from ? { ...target, organization: to } : target;
    case 'topic':
      return target;
    default:
      return target satisfies never;
  }
}
