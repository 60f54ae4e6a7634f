import type { Ports } from '../domain/ports.ts';
import { printRule } from '../domain/rules/print.ts';
import { type Rule, targetName } from '../domain/rules/rule.ts';
import type { Subscription } from '../domain/subscription.ts';
import type { UnsubscribeOutcome } from '../messages/subscription.ts';
import { isAbout } from './match.ts';
import type { RuleRequest } from './subscribe.ts';

/**
 * Ends what a channel hears: the rule that is the same line, or every rule of a repository where only that is named. Messages that stand
 * stay, and are still edited.
 */
export async function unsubscribe(
  { subscriptions, ruleFiles }: Pick<Ports, 'subscriptions' | 'ruleFiles'>,
  { asker, channelId, rule }: RuleRequest,
): Promise<UnsubscribeOutcome> {
  const { workspaceId } = asker;
  const known = await subscriptions.inChannel(workspaceId, channelId);
  const removed: Rule[] = [];
  const fromFile = known.find((each) => each.fromFileOf !== undefined && printRule(each.rule) === printRule(rule));
  const isBare = printRule(rule) === targetName(rule.target);
  if (fromFile?.fromFileOf !== undefined && !isBare) return { kind: 'from-file', repository: fromFile.fromFileOf };
  const typed = known.filter((each) => each.fromFileOf === undefined);
  for (const each of typed.filter((subscription) => isMeant(subscription, rule))) {
    if (await subscriptions.remove(workspaceId, { channelId, id: each.id })) removed.push(each.rule);
  }
  const file =
    isBare && rule.target.kind === 'repository'
      ? await ruleFiles.withdraw(workspaceId, { channelId, repository: rule.target.repository })
      : null;
  removed.push(...(file?.rules ?? []));
  const left = (await subscriptions.inChannel(workspaceId, channelId)).map((each) => each.rule);
  const about = left.filter(({ target }) => mayConcern(target, rule));
  const isEnded = removed.length > 0 || file !== null;
  return isEnded ? { kind: 'unsubscribed', rule, removed, about } : { kind: 'not-subscribed', rule, about };
}

function isMeant({ rule }: Pick<Subscription, 'rule'>, meant: Rule): boolean {
  if (isSameTeam(rule.target, meant.target)) return isMeant({ rule: { ...rule, target: meant.target } }, meant);
  const line = printRule(meant);
  if (line === targetName(meant.target)) return targetName(rule.target) === line;
  // Whose clock a rule goes by was added when it was kept.
  const { schedule } = rule;
  const isAnyClock = meant.schedule !== null && meant.schedule.timeZone === null;
  return printRule({ ...rule, schedule: schedule && isAnyClock ? { ...schedule, timeZone: null } : schedule }) === line;
}

/** Whose organization was added when the rule was kept, so that it need not be said again. */
function isSameTeam(kept: Rule['target'], meant: Rule['target']): boolean {
  if (kept.kind !== 'team' || meant.kind !== 'team') return false;
  return meant.organization === null && kept.organization !== null && kept.team === meant.team;
}

/** Whether a rule that stays still tells something about the same repositories. */
function mayConcern(target: Rule['target'], meant: Rule): boolean {
  if (targetName(target) === targetName(meant.target)) return true;
  return meant.target.kind === 'repository' && isAbout(meant.target.repository, { target });
}
