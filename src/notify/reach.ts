import { GroupName } from '../domain/groups.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import type { Ports } from '../domain/ports.ts';
import { type GroupTarget, isGroup, type Rule, targetName } from '../domain/rules/rule.ts';
import { suggest } from '../domain/suggest.ts';
import type { SubscribeObstacle } from '../messages/subscription.ts';
import type { GroupNote } from '../messages/target.ts';

type Deps = Pick<Ports, 'runSource' | 'groupSource' | 'groups'>;

export type Reached = { kind: 'reached'; rule: Rule; group: GroupNote | null } | SubscribeObstacle;

/** A busy organization has ten pages of repositories. */
const LOOK_WITHIN_MS = 30_000;

/**
 * Whether this workspace's installations of the GitHub App show what the rule is about; the rule then knows the repositories of its
 * topic or team. Of an owner's repositories only those are ever heard of that an installation shows us, so there is nothing to ask.
 */
export async function reachTarget(deps: Deps, workspaceId: WorkspaceId, rule: Rule): Promise<Reached> {
  const { target } = rule;
  if (target.kind === 'owner') return { kind: 'reached', rule, group: null };
  if (isGroup(target)) return await reachGroup(deps, workspaceId, { rule, target });
  const { repository } = target;
  const isVisible = await deps.runSource.canSee(workspaceId, repository);
  return isVisible ? { kind: 'reached', rule, group: null } : { kind: 'not-visible', repository };
}

async function reachGroup(
  { groupSource, groups }: Deps,
  workspaceId: WorkspaceId,
  { rule, target }: { rule: Rule; target: GroupTarget },
): Promise<Reached> {
  const asked = await askForGroup(groupSource, workspaceId, target);
  if (asked.kind !== 'group') return asked;
  const { repositories, isCut } = asked;
  const reached = { ...asked.target, repositories };
  // Before the rule is kept: from then on it has to know whom it is about.
  await groups.save(workspaceId, GroupName.parse(targetName(reached)), { repositories, isCut });
  const group = { repositories: repositories.length, isCut, meant: asked.meant };
  return { kind: 'reached', rule: { ...rule, target: reached }, group };
}

async function askForGroup(source: Deps['groupSource'], workspaceId: WorkspaceId, target: GroupTarget) {
  const signal = AbortSignal.timeout(LOOK_WITHIN_MS);
  if (target.kind === 'topic') {
    const { topics, ...members } = await source.topic(workspaceId, target.topic, signal);
    const meant = members.repositories.length === 0 ? suggest(target.topic, topics) : null;
    return { kind: 'group' as const, target, meant, ...members };
  }
  const { organization, team } = target;
  const answer = await source.team(workspaceId, { organization, team }, signal);
  if (answer.kind !== 'team') return { ...answer, team };
  const { repositories, isCut } = answer;
  const found = { ...target, organization: answer.organization };
  return { kind: 'group' as const, target: found, meant: null, repositories, isCut };
}
