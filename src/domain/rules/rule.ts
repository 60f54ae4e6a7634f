import { VERDICTS } from '../diagnosis.ts';
import type { RepositoryName } from '../ids.ts';
import { type Schedule, SCHEDULE_KEYS } from './schedule.ts';

/** What of a run a channel can hear about, in the order in which a rule is written down. */
export const RULE_EVENTS = [
  'failure',
  'timed_out',
  'startup_failure',
  'action_required',
  'recovered',
  'flaky',
  'always',
] as const;
export type RuleEvent = (typeof RULE_EVENTS)[number];

/** What a rule without `on:` means. A flaky failure is a failure, so it is among these. */
export const USUAL_EVENTS: readonly RuleEvent[] = ['failure', 'timed_out', 'startup_failure', 'recovered'];

/** Whether a rule asks for what only GitHub can tell of a run. */
export function asksForTraits({ conditions: { label, path } }: Pick<Rule, 'conditions'>): boolean {
  return [label, path].some(({ only, not }) => only.length + not.length > 0);
}

/** Whether a rule wants to hear of this; `always` is everything. */
export function wants({ on }: Pick<Rule, 'on'>, event: RuleEvent): boolean {
  return on.includes(event) || on.includes('always');
}

/** The conditions of a rule, in the order in which they are written down. */
export const CONDITIONS = ['workflow', 'job', 'branch', 'event', 'actor', 'label', 'path', 'verdict'] as const;
export type ConditionKey = (typeof CONDITIONS)[number];

/** Every word that may stand before a colon. */
export const RULE_KEYS = ['on', ...CONDITIONS, ...SCHEDULE_KEYS] as const;
export type RuleKey = (typeof RULE_KEYS)[number];

export const RULE_VERDICTS = VERDICTS;

/** Longest rule in writing, and how many patterns it may hold. */
export const RULE_LIMITS = { line: 500, patterns: 40, pattern: 200 } as const;

export type RuleTarget =
  | { kind: 'repository'; repository: RepositoryName }
  /** Every repository of this owner that the workspace can see; in lower case. */
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

/** A wish to hear about runs. */
export interface Rule {
  target: RuleTarget;
  on: readonly RuleEvent[];
  conditions: Readonly<Record<ConditionKey, Condition>>;
  /** When it is told; null for at once. */
  schedule: Schedule | null;
}

/** Everything that is told about a repository, as it was before there were rules. */
export function usualRule(repository: RepositoryName): Rule {
  return { target: { kind: 'repository', repository }, on: USUAL_EVENTS, conditions: noConditions(), schedule: null };
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

/** Whether only GitHub can tell which repositories the target means. */
export function isGroup(target: RuleTarget): target is GroupTarget {
  return target.kind === 'topic' || target.kind === 'team';
}

/** The two targets under which a repository is heard of by its name; groups beside them are known to their store. */
export function targetsOf(repository: RepositoryName): [string, string] {
  return [repository, `${repository.split('/', 1)[0] ?? ''}/*`];
}
