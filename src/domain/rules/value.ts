import { suggest } from '../suggest.ts';
import type { RuleProblem } from './problem.ts';
import { type ConditionKey, RULE_EVENTS, RULE_LIMITS, RULE_STATES, RULE_VERDICTS } from './rule.ts';
import type { Value } from './words.ts';

type Key = ConditionKey | 'on';

/** Reads one value of a condition as it is kept. */
export function readValue(key: Key, value: Value): { value: string } | { problem: RuleProblem } {
  const text = value.text.trim();
  const { at } = value;
  if (text.length > RULE_LIMITS.pattern) {
    return { problem: { kind: 'pattern-too-long', key, most: RULE_LIMITS.pattern, at } };
  }
  switch (key) {
    case 'on':
      return known(key, value, RULE_EVENTS);
    case 'verdict':
      return known(key, value, RULE_VERDICTS);
    case 'state':
      return known(key, value, RULE_STATES);
    case 'event':
      return event(text, at);
    case 'actor':
      return pattern(key, { text: text.toLowerCase(), at, allowed: /^[\w*-]+(?:\[bot\])?$/u });
    case 'branch':
      return pattern(key, { text, at, allowed: /^[^\s\\^~?]+$/u });
    case 'path':
      return pattern(key, { text, at, allowed: /^(?![/\\]|\.\.?\/).+$/u });
    case 'workflow':
    case 'label':
    case 'env':
    case 'job':
      return { value: text };
    default:
      return key satisfies never;
  }
}

function known(key: Key, { text, at }: Value, names: readonly string[]) {
  const word = text.trim().toLowerCase();
  const meant = suggest(word, names);
  if (names.includes(word)) return { value: word };
  return { problem: { kind: 'unknown-value', key, word: text, meant, known: names, at } } as const;
}

function pattern(key: Key, { text, at, allowed }: { text: string; at: Value['at']; allowed: RegExp }) {
  return allowed.test(text) ? { value: text } : ({ problem: { kind: 'bad-pattern', key, word: text, at } } as const);
}

/** GitHub may add events, so an unknown one is taken, unless it is nearly a known one. */
function event(text: string, at: Value['at']) {
  const word = text.toLowerCase();
  const meant = EVENTS.includes(word) ? null : suggest(word, EVENTS);
  if (meant !== null && !word.includes('*')) {
    return { problem: { kind: 'unknown-value', key: 'event', word: text, meant, known: USUAL, at } } as const;
  }
  return pattern('event', { text: word, at, allowed: /^[a-z_*]+$/u });
}

const USUAL = ['push', 'pull_request', 'schedule', 'workflow_dispatch', 'merge_group', 'release'];

/** docs.github.com, "Events that trigger workflows". */
const EVENTS: readonly string[] = [
  ...USUAL,
  'branch_protection_rule',
  'check_run',
  'check_suite',
  'create',
  'delete',
  'deployment',
  'deployment_status',
  'discussion',
  'discussion_comment',
  'dynamic',
  'fork',
  'gollum',
  'issue_comment',
  'issues',
  'label',
  'milestone',
  'page_build',
  'public',
  'pull_request_review',
  'pull_request_review_comment',
  'pull_request_target',
  'registry_package',
  'repository_dispatch',
  'status',
  'watch',
  'workflow_call',
  'workflow_run',
];
