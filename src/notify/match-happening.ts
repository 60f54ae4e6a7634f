import { type Happening, isTrouble } from '../domain/happening.ts';
import type { ChannelId } from '../domain/ids.ts';
import type { ConditionKey, Rule } from '../domain/rules/rule.ts';
import { isActive, type Subscription } from '../domain/subscription.ts';
import { channelsOf, fitsActor, fitsBranch, fitsEnvironments, holds, isTargeted } from './match.ts';

/** The channels that hear of this for the first time. */
export function happeningChannels(happening: Happening, subscriptions: readonly Subscription[]): ChannelId[] {
  return channelsOf(subscriptions, ({ rule }) => fitsHappening(happening, rule));
}

/** The rules by which it is told, without those that are paused. */
export function happeningRules(happening: Happening, subscriptions: readonly Subscription[]): Rule[] {
  return subscriptions.filter((each) => isActive(each) && fitsHappening(happening, each.rule)).map(({ rule }) => rule);
}

/** Whether a rule wants to hear of it as it stands now. */
function fitsHappening(happening: Happening, { target, on, conditions }: Rule): boolean {
  const isAsked = (key: ConditionKey): boolean => conditions[key].only.length > 0;
  return (
    on.includes(happening.kind) &&
    isTargeted(happening, target) &&
    !ONLY_OF_RUNS.some(isAsked) &&
    holds(conditions.branch, (pattern) => fitsBranch(pattern, { ...happening, branch: happening.ref })) &&
    holds(conditions.actor, (pattern) => fitsActor(pattern, happening)) &&
    fitsEnvironments(conditions.env, [happening.environment]) &&
    isStateWanted(happening, conditions.state)
  );
}

/** What nothing but a run has. */
const ONLY_OF_RUNS = [
  'workflow',
  'job',
  'event',
  'label',
  'path',
  'verdict',
] as const satisfies readonly ConditionKey[];

/** Who asks for no state wants to hear what goes wrong. */
function isStateWanted(happening: Happening, state: Rule['conditions']['state']): boolean {
  if (state.only.length + state.not.length === 0) return isTrouble(happening);
  return holds(state, (pattern) => pattern === happening.state);
}
