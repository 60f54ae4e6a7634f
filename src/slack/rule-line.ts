import type { GitHubSite } from '../domain/github-apps.ts';
import type { RepositoryName } from '../domain/ids.ts';
import type { Message } from '../domain/message.ts';
import { parseRule } from '../domain/rules/parse.ts';
import { isAsCode } from '../domain/rules/target.ts';
import type { Rule } from '../domain/rules/rule.ts';
import { unreadableTargetMessage } from '../messages/help.ts';
import { ruleProblemMessage } from '../messages/rules.ts';
import { readRepository } from './target.ts';

export type TypedRule = { kind: 'rule'; rule: Rule } | { kind: 'unreadable'; answer: Message };

/** Reads a rule as people type it: its repository may be an address. */
export function readRuleLine([first = '', ...rest]: readonly string[], sites: readonly GitHubSite[]): TypedRule {
  const target = readTargetWord(first, sites);
  if (typeof target !== 'string') return { kind: 'unreadable', answer: target };
  const line = [target, ...rest].join(' ');
  const parsed = parseRule(line);
  if (parsed.kind === 'rule') return parsed;
  return { kind: 'unreadable', answer: ruleProblemMessage(line, parsed.problem) };
}

/** The repository of `owner/repo as-code`; null for any other line. */
export function readAsCode(words: readonly string[], sites: readonly GitHubSite[]): RepositoryName | null {
  const [first = '', second = '', ...rest] = words;
  if (!isAsCode(second) || rest.length > 0) return null;
  const outcome = readRepository(first, sites);
  return outcome.kind === 'repository' ? outcome.repository : null;
}

/** What a rule is about, of which an address is one way of writing; else what is wrong with it. */
export function readTargetWord(word: string, sites: readonly GitHubSite[]): string | Message {
  // A star or a colon is not of an address of ours: the rule's own reader says what is wrong with it, and where.
  if (/^(?!https?:).*[*:]/iu.test(word)) return withoutHome(word, sites);
  const outcome = readRepository(word, sites);
  return outcome.kind === 'repository' ? outcome.repository : unreadableTargetMessage(outcome);
}

/** The server at home needs no host in front, and its repositories are known without it. */
function withoutHome(word: string, sites: readonly GitHubSite[]): string {
  const home = sites.find(({ host }) => host === null);
  const prefix = home === undefined ? null : `${new URL(home.webUrl).host}/`;
  return prefix !== null && word.toLowerCase().startsWith(prefix) ? word.slice(prefix.length) : word;
}
