import type { Finding } from '../domain/diagnosis.ts';
import type { ChannelId, RepositoryName } from '../domain/ids.ts';
import { fitsGlob } from '../domain/rules/glob.ts';
import { type Condition, isAboutRuns, type Rule, type RuleTarget, wants } from '../domain/rules/rule.ts';
import { type Run, stateOf } from '../domain/run.ts';
import { ownerOf } from '../domain/servers.ts';
import { isActive, type Subscription } from '../domain/subscription.ts';

/** A run, and what was found in it; null where nobody has looked yet. */
export interface Subject {
  run: Run;
  finding: Finding | null;
}

/** `depends`: on what the analysis will find, or on what GitHub will tell. */
export type Match = 'yes' | 'no' | 'depends';

/** The channels with a rule that this run fits, each once, in the order in which they subscribed. */
export function matchChannels(subject: Subject, subscriptions: readonly Subscription[]): ChannelId[] {
  return channelsOf(subscriptions, ({ rule }) => matchRule(subject, rule) === 'yes');
}

/** The rules that this run fits, without those that are paused. */
export function fittingRules(subject: Subject, subscriptions: readonly Subscription[]): Rule[] {
  return subscriptions
    .filter((each) => isActive(each) && matchRule(subject, each.rule) === 'yes')
    .map(({ rule }) => rule);
}

/** Whether some channel may have to hear of this run, so that it is worth a look. */
export function mayMatch(run: Run, subscriptions: readonly Subscription[]): boolean {
  return openChannels(run, subscriptions).length > 0;
}

/** The channels that hear of this run, or may do so once more is known of it. */
export function openChannels(run: Run, subscriptions: readonly Subscription[]): ChannelId[] {
  return channelsOf(subscriptions, ({ rule }) => matchRule({ run, finding: null }, rule) !== 'no');
}

/**
 * The channels that have a rule about the repository, whatever its conditions: one of them may have a message about the same failure from
 * a run that did fit, which has to stay true.
 */
export function listeningChannels(run: Run, subscriptions: readonly Subscription[]): ChannelId[] {
  return channelsOf(subscriptions, ({ rule }) => isTargeted(run, rule.target));
}

/**
 * Whether a channel that was told of a failure is told of its end, by a reply. One without a rule for such runs is, since it was told before.
 * What was found does not count: a failure that was new when it was told is not new at its end.
 */
export function hearsOfRecovery(run: Run, subscriptions: readonly Subscription[]): boolean {
  const rules = rulesAbout(run, subscriptions);
  return rules.length === 0 || rules.some((rule) => wants(rule, 'recovered'));
}

/** The rules that may be about this run, whatever they want to hear of it. */
export function rulesAbout(run: Run, subscriptions: readonly Subscription[]): Rule[] {
  const subject = { run, finding: null };
  const rules = subscriptions.map(({ rule }) => rule);
  return rules.filter((rule) => isAboutRuns(rule) && meetsConditions(subject, rule) !== 'no');
}

/** Whether a rule is about this repository at all. */
export function isAbout(repository: RepositoryName, { target }: Pick<Rule, 'target'>): boolean {
  return isTargeted({ repository }, target);
}

/** Each channel once, in the order in which they subscribed, without what is paused. */
export function channelsOf(
  subscriptions: readonly Subscription[],
  isMeant: (each: Subscription) => boolean,
): ChannelId[] {
  const meant = subscriptions.filter((each) => isActive(each) && isMeant(each));
  return [...new Set(meant.map(({ channelId }) => channelId))];
}

/** Whether a run fits a rule. */
export function matchRule(subject: Subject, rule: Rule): Match {
  const conditions = meetsConditions(subject, rule);
  const event = isEventWanted(subject, rule);
  if (conditions === 'no' || event === 'no') return 'no';
  return conditions === 'yes' && event === 'yes' ? 'yes' : 'depends';
}

function isEventWanted({ run, finding }: Subject, { on }: Rule): Match {
  if (stateOf(run) === 'under-way') return 'no';
  if (on.some((event) => event === run.conclusion || event === 'always')) return 'yes';
  if (stateOf(run) !== 'failed' || !on.includes('flaky')) return 'no';
  if (finding === null) return 'depends';
  return finding.verdict === 'flaky' ? 'yes' : 'no';
}

function meetsConditions({ run, finding }: Subject, { target, conditions }: Rule): Match {
  const { workflow, branch, event, actor, job, verdict } = conditions;
  const isMet =
    isTargeted(run, target) &&
    holds(workflow, (pattern) => fitsGlob(pattern, run.workflow, { ignoreCase: true })) &&
    holds(branch, (pattern) => fitsBranch(pattern, run)) &&
    holds(event, (pattern) => fitsGlob(pattern, run.event)) &&
    holds(actor, (pattern) => fitsActor(pattern, run));
  const known = [
    hasWantedTraits(run, { label: conditions.label, path: conditions.path }),
    hasWantedEnvironment(run, conditions.env),
    hasWantedFinding({ run, finding }, { job, verdict }),
  ];
  // Only a deployment has a state.
  if (!isMet || conditions.state.only.length > 0 || known.includes('no')) return 'no';
  return known.includes('depends') ? 'depends' : 'yes';
}

/** Of where it deploys, nothing may be excluded; a deployment that we do not know of yet may make it fit. */
function hasWantedEnvironment({ environments }: Run, env: Condition): Match {
  if (environments === undefined) return env.only.length === 0 ? 'yes' : 'depends';
  return fitsEnvironments(env, environments) ? 'yes' : 'no';
}

export function fitsEnvironments(env: Condition, environments: readonly string[]): boolean {
  return holds(env, (pattern) => environments.some((name) => fitsGlob(pattern, name, { ignoreCase: true })));
}

/** Of labels none may be excluded, while a file that is excluded only does not count. */
function hasWantedTraits({ traits }: Run, { label, path }: Record<'label' | 'path', Condition>): Match {
  if (isAny(label) && isAny(path)) return 'yes';
  if (traits === undefined) return 'depends';
  const { labels, paths } = traits;
  const fitsLabel = (pattern: string): boolean => labels.some((name) => fitsGlob(pattern, name, { ignoreCase: true }));
  const fitsPath = (pattern: string, name: string): boolean => fitsGlob(pattern, name, { separator: '/' });
  return holds(label, fitsLabel) && (isAny(path) || holdsForSome(path, paths, fitsPath)) ? 'yes' : 'no';
}

function hasWantedFinding({ run, finding }: Subject, { job, verdict }: Record<'job' | 'verdict', Condition>): Match {
  // Nobody looks into a run that did not fail, so nothing can be asked of what was found.
  if (stateOf(run) !== 'failed') return job.only.length + verdict.only.length === 0 ? 'yes' : 'no';
  if (finding === null) return isAny(job) && isAny(verdict) ? 'yes' : 'depends';
  const isFound =
    holds(verdict, (pattern) => pattern === finding.verdict) &&
    (isAny(job) || holdsForSome(job, finding.jobs, (pattern, name) => fitsGlob(pattern, name, { ignoreCase: true })));
  return isFound ? 'yes' : 'no';
}

export function isTargeted({ repository }: { repository: RepositoryName }, target: RuleTarget): boolean {
  switch (target.kind) {
    case 'repository':
      return repository === target.repository;
    case 'owner':
      return ownerOf(repository) === target.owner;
    case 'topic':
    case 'team':
      return target.repositories.includes(repository);
    default:
      return target satisfies never;
  }
}

function isAny({ only, not }: Condition): boolean {
  return only.length === 0 && not.length === 0;
}

export function holds({ only, not }: Condition, fits: (pattern: string) => boolean): boolean {
  return (only.length === 0 || only.some(fits)) && !not.some(fits);
}

/** One failed job, or changed file, has to fit; a run without any only fits where none is asked for by name. */
function holdsForSome(
  condition: Condition,
  names: readonly string[],
  fits: (pattern: string, name: string) => boolean,
): boolean {
  if (names.length === 0) return condition.only.length === 0;
  return names.some((name) => holds(condition, (pattern) => fits(pattern, name)));
}

export function fitsBranch(pattern: string, { branch, defaultBranch }: Pick<Run, 'branch' | 'defaultBranch'>): boolean {
  return pattern === 'default' ? branch === defaultBranch : fitsGlob(pattern, branch, { separator: '/' });
}

const BOT = '[bot]';

/** `name[bot]` is an app's account by GitHub's word for it; what stands before it is compared without the mark, which not all have. */
export function fitsActor(pattern: string, { actor, actorType }: Pick<Run, 'actor' | 'actorType'>): boolean {
  const login = actor.toLowerCase();
  if (!pattern.endsWith(BOT)) return fitsGlob(pattern, login);
  const name = login.endsWith(BOT) ? login.slice(0, -BOT.length) : login;
  return actorType === 'bot' && fitsGlob(pattern.slice(0, -BOT.length), name);
}
