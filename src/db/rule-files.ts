import type { SqlEntityManager } from '@mikro-orm/sql';
import type { WorkspaceId } from '../domain/ids.ts';
import type { RuleFile as Value, RuleFilePlace } from '../domain/rule-files.ts';
import { parseRule } from '../domain/rules/parse.ts';
import type { Subscription } from '../domain/subscription.ts';
import { RuleFile } from './entities/rule-file.ts';

/** The rules that channels take from files, one subscription each. */
export async function subscriptionsFromFiles(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  which: Partial<RuleFilePlace>,
): Promise<Subscription[]> {
  const rows = await em.find(RuleFile, { workspaceId, ...which }, { orderBy: { channelId: 'asc', repository: 'asc' } });
  return rows
    .map(toRuleFile)
    .flatMap(({ id, channelId, repository, rules, createdBy, createdAt, pausedReason }) =>
      rules.map((rule) => ({ id, channelId, rule, createdBy, createdAt, pausedReason, fromFileOf: repository })),
    );
}

/** What a later version wrote, and this one cannot read, is left out. */
export function toRuleFile({ lines, ...row }: RuleFile): Value {
  const { id, channelId, repository, createdBy, createdAt, pausedReason, state, version, problem } = row;
  const rules = lines.flatMap((line) => {
    const parsed = parseRule(line);
    return parsed.kind === 'rule' ? [parsed.rule] : [];
  });
  return { id, channelId, repository, createdBy, createdAt, pausedReason, state, version, problem, rules };
}
