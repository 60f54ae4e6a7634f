import { VERDICTS } from '../diagnosis.ts';
import { DEPLOYMENT_STATES, HAPPENING_KINDS } from '../happening.ts';
import type { RepositoryName } from '../ids.ts';
import { ownerOf } from '../servers.ts';
import { type Mention, MENTION_KEY } from './mention.ts';
import { type Schedule, SCHEDULE_KEYS } from './schedule.ts';

/** What of a run a channel can hear about. */
export const RUN_EVENTS = [
  'failure',
  'timed_out',
  'startup_failure',
  'action_required',
  'recovered',
  'flaky',
  'always',
] as const;

/** What a channel can hear about, in the order in which a rule is written down. */
export const RULE_EVENTS = [...RUN_EVENTS, ...HAPPENING_KINDS] as const;
export type RuleEvent = (typeof RULE_EVENTS)[number];

/** Whether a rule wants to hear of runs at all. */
export function isAboutRuns({ on }: Pick<Rule, 'on'>): boolean {
  return RUN_EVENTS.some((event) => on.includes(event));
}

/** What a rule without `on:` means. A flaky failure is a failure, so it is among these. */
export const USUAL_EVENTS: readonly RuleEvent[] = ['failure', 'timed_out', 'startup_failure', 'recovered'];

/** Whether a rule asks for what only GitHub can tell of a run. */
export function asksForTraits({ conditions: { label, path } }: Pick<Rule, 'conditions'>): boolean {
  return [label, path].some(({ only, not }) => only.length + not.length > 0);
}

/** Whether a rule asks where a run deployed to. */
export function asksForEnvironments({ conditions: { env } }: Pick<Rule, 'conditions'>): boolean {
  return env.only.length + env.not.length > 0;
}

/** Whether a rule wants to hear of this about a run; `always` is everything about runs. */
export function wants({ on }: Pick<Rule, 'on'>, event: RuleEvent): boolean {
  return on.includes(event) || on.includes('always');
}

/** The conditions of a rule, in the order in which they are written down. */
export const CONDITIONS = [
  'workflow',
  'job',
  'branch',
  'event',
  'actor',
  'label',
  'path',
  'env',
  'state',
  'verdict',
] as const;
export type ConditionKey = (typeof CONDITIONS)[number];

/** Every word that may stand before a colon. */
export const RULE_KEYS = ['on', ...CONDITIONS, MENTION_KEY, ...SCHEDULE_KEYS] as const;
export type RuleKey = (typeof RULE_KEYS)[number];

export const RULE_VERDICTS = VERDICTS;
export const RULE_STATES = DEPLOYMENT_STATES;

/** Longest rule in writing, and how many patterns it may hold. */
export const RULE_LIMITS = { line: 500, patterns: 40, pattern: 200 } as const;

export type RuleTarget =
  | { kind: 'repository'; repository: RepositoryName }
  /** Every repository of this owner that the workspace can see; in lower case, with the host of another server in front. */
  | { kind: 'owner'; owner: string }
  | GroupTarget;

/**
 * Repositories that GitHub counts together, in lower case. `repositories` are those of which we were told that they belong to it, as far
 * as a store gave the rule: a rule that was only typed knows of none, and so fits no run.
 */
export type GroupTarget =
  | { kind: 'topic'; topic: string; repositories: readonly RepositoryName[] }
  /** The organization is null only in what a person typed: a rule is kept with it. */
  | { kind: 'team'; organization: string | null; team: string; repositories: readonly RepositoryName[] };

/** One of `only` has to fit, where there are any, and none of `not` may. */
export interface Condition {
  only: readonly string[];
  not: readonly string[];
}

/** A wish to hear about runs, and about what else happens in a repository. */
export interface Rule {
  target: RuleTarget;
  on: readonly RuleEvent[];
  conditions: Readonly<Record<ConditionKey, Condition>>;
  /** Whom a new message about a failure calls, beside the author, whom it names in any case. */
  mentions: readonly Mention[];
  /** When it is told; null for at once. */
  schedule: Schedule | null;
}

/** Everything that is told about a repository, as it was before there were rules. */
export function usualRule(repository: RepositoryName): Rule {
  const target = { kind: 'repository', repository } as const;
  return { target, on: USUAL_EVENTS, conditions: noConditions(), mentions: [], schedule: null };
}

export function noConditions(): Record<ConditionKey, Condition> {
  return {
    workflow: ANY,
    job: ANY,
    branch: ANY,
    event: ANY,
    actor: ANY,
    label: ANY,
    path: ANY,
    env: ANY,
    state: ANY,
    verdict: ANY,
  };
}

const ANY: Condition = { only: [], not: [] };

/** `owner/repo`, `owner/*`, `topic:payments` or `team:acme/payments`. */
export function targetName(target: RuleTarget): string {
  switch (target.kind) {
    case 'repository':
      return target.repository;
    case 'owner':
      return `${target.owner}/*`;
    case 'topic':
      return `topic:${target.topic}`;
    case 'team':
      return `team:${target.organization === null ? '' : `${target.organization}/`}${target.team}`;
    default:
      return target satisfies never;
  }
}

/** `owner/*`, on another server `host/owner/*`, of another CI system `ci:source/*`. */
export const OWNER_TARGET = /^((?:ci:|(?=[^/]*[.:])[a-z\d][a-z\d.-]{0,63}(?::\d{1,5})?\/)?[\w-]{1,39})\/\*$/iu;

/** Whether only GitHub can tell which repositories the target means. */
export function isGroup(target: RuleTarget): target is GroupTarget {
  return target.kind === 'topic' || target.kind === 'team';
}

/** The two targets under which a repository is heard of by its name; groups beside them are known to their store. */
export function targetsOf(repository: RepositoryName): [string, string] {
  return [repository, `${ownerOf(repository)}/*`];
}
