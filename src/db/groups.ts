import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import { GroupName, type GroupKnowledge } from '../domain/groups.ts';
import type { RepositoryName, WorkspaceId } from '../domain/ids.ts';
import { isGroup, type Rule, targetName } from '../domain/rules/rule.ts';
import { RepositoryGroup } from './entities/repository-group.ts';
import { execute } from './statements.ts';

const Name = z.object({ name: GroupName });

/** The groups that a repository belongs to, as far as a rule is about them. */
export async function groupsOf(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  repository: RepositoryName,
): Promise<GroupName[]> {
  const text = `select name from repository_groups where workspace_id = ? and repositories @> to_jsonb(?::text)`;
  const rows = await execute(em, Name, { text, parameters: [workspaceId, repository] });
  return rows.map(({ name }) => name);
}

/** What is known of the groups that these rules are about, by their names. */
export async function knownGroups(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  rules: readonly Rule[],
): Promise<ReadonlyMap<string, GroupKnowledge>> {
  const wanted = rules.flatMap(({ target }) => (isGroup(target) ? [GroupName.parse(targetName(target))] : []));
  if (wanted.length === 0) return new Map();
  const rows = await em.find(RepositoryGroup, { workspaceId, name: { $in: [...new Set(wanted)] } });
  return new Map(
    rows.map(({ name, repositories, isCut, toldAt, problem }) => [name, { repositories, isCut, toldAt, problem }]),
  );
}

/** The rule with the repositories of its group. */
export function withMembers(rule: Rule, repositories: readonly RepositoryName[]): Rule {
  const { target } = rule;
  return isGroup(target) ? { ...rule, target: { ...target, repositories } } : rule;
}
