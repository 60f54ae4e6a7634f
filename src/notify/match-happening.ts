import { type Happening, isNews, type KeptHappening } from '../domain/happening.ts';
import type { ChannelId } from '../domain/ids.ts';
import { fitsGlob } from '../domain/rules/glob.ts';
import type { Condition, ConditionKey, Rule } from '../domain/rules/rule.ts';
import { isActive, type Subscription } from '../domain/subscription.ts';
import { channelsOf, fitsActor, fitsBranch, fitsEnvironments, holds, isTargeted } from './match.ts';

/** The channels that hear of this for the first time. */
export function happeningChannels(kept: KeptHappening, subscriptions: readonly Subscription[]): ChannelId[] {
  return channelsOf(subscriptions, ({ rule }) => fitsHappening(kept, rule));
}

/** The rules by which it is told, without those that are paused. */
export function happeningRules(kept: KeptHappening, subscriptions: readonly Subscription[]): Rule[] {
  return subscriptions.filter((each) => isActive(each) && fitsHappening(kept, each.rule)).map(({ rule }) => rule);
}

/** Whether a rule wants to hear of it as it stands now. */
function fitsHappening(kept: KeptHappening, { target, on, conditions }: Rule): boolean {
  const { happening } = kept;
  const { job, branch, actor, label, env } = conditions;
  const traits = traitsOf(happening);
  return (
    on.includes(happening.kind) &&
    isTargeted(happening, target) &&
    ONLY_OF_RUNS.every((key) => conditions[key].only.length === 0) &&
    holdsForAny(branch, traits.branches, (pattern, name) => fitsBranch(pattern, { ...happening, branch: name })) &&
    holdsForAny(actor, traits.actors, (pattern, name) => fitsActor(pattern, { ...happening, actor: name })) &&
    holdsForAny(job, traits.names, fitsName) &&
    holdsForAny(label, traits.labels, fitsName) &&
    fitsEnvironments(env, traits.environments) &&
    isStateWanted(kept, conditions.state)
  );
}

/** What nothing but a run has. */
const ONLY_OF_RUNS = ['workflow', 'event', 'path', 'verdict'] as const satisfies readonly ConditionKey[];

/** What conditions can be about; what it does not have is not there. */
interface Traits {
  branches: readonly string[];
  actors: readonly string[];
  names: readonly string[];
  labels: readonly string[];
  environments: readonly string[];
}

const NONE: Traits = { branches: [], actors: [], names: [], labels: [], environments: [] };

function traitsOf(happening: Happening): Traits {
  switch (happening.kind) {
    case 'deployment':
      return {
        ...NONE,
        branches: [happening.ref],
        actors: [happening.actor],
        environments: [happening.environment],
      };
    case 'check':
      // Who set off an app is not known, and that it is an app says nothing.
      return { ...NONE, branches: [happening.branch], names: [happening.name, happening.app ?? ''] };
    case 'pull_request':
      return { ...NONE, branches: [happening.branch], actors: [happening.actor], labels: happening.labels };
    case 'release':
      return { ...NONE, branches: [happening.target], actors: [happening.actor] };
    default:
      return happening satisfies never;
  }
}

function fitsName(pattern: string, name: string): boolean {
  return fitsGlob(pattern, name, { ignoreCase: true });
}

/** One of them has to be wanted, where anything is, and none may be excluded. */
function holdsForAny(
  condition: Condition,
  names: readonly string[],
  fits: (pattern: string, name: string) => boolean,
): boolean {
  return holds(condition, (pattern) => names.some((name) => fits(pattern, name)));
}

/** Only deployments have a state. Who asks for none wants to hear what goes wrong. */
function isStateWanted(kept: KeptHappening, state: Condition): boolean {
  const { happening } = kept;
  if (happening.kind !== 'deployment') return state.only.length === 0 && isNews(kept);
  if (state.only.length + state.not.length === 0) return isNews(kept);
  return kept.sequel === null && holds(state, (pattern) => pattern === happening.state);
}
