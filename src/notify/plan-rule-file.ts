import type { FileChannel, RuleFile, RuleFileContent, RuleFileRead } from '../domain/rule-files.ts';
import { printRule } from '../domain/rules/print.ts';
import type { Rule } from '../domain/rules/rule.ts';

/** What a channel takes from a file, and what it is told of it. */
export type RuleFilePlan = RuleFileContent & { news: { kind: 'wrong' | 'gone'; version: string } | null };

/**
 * What a channel makes of what its file says now. What is wrong, or cannot be seen, changes no rule. `name` is the channel's own; null where
 * Slack does not tell, so that nobody knows whether the file means it.
 */
export function planRuleFile(known: RuleFile, read: RuleFileRead, name: string | null): RuleFilePlan {
  const { state, version, rules, problem } = known;
  const kept = { state, version, rules, problem, news: null };
  switch (read.kind) {
    case 'hidden':
      return { ...kept, state: 'hidden' };
    case 'missing':
      return {
        state: 'missing',
        version: null,
        rules: [],
        problem: null,
        news: version === null ? null : { kind: 'gone', version },
      };
    case 'wrong': {
      const isTold = problem !== null && version === read.version;
      const news = isTold ? null : { kind: 'wrong' as const, version: read.version };
      return { state: 'wrong', version: read.version, rules, problem: read.problem, news };
    }
    case 'rules':
      if (name === null) return kept;
      return { ...rulesFor(known, read.channels, name), version: read.version, problem: null, news: null };
    default:
      return read satisfies never;
  }
}

function rulesFor(
  { channelId }: RuleFile,
  channels: readonly FileChannel[],
  name: string,
): Pick<RuleFileContent, 'state' | 'rules'> {
  const own = channels.filter(({ channel }) => channel === name.toLowerCase() || channel === channelId.toLowerCase());
  const rules = new Map<string, Rule>(own.flatMap((each) => each.rules.map((rule) => [printRule(rule), rule])));
  return { state: own.length === 0 ? 'unnamed' : 'applied', rules: [...rules.values()] };
}
