import type { WorkspaceId } from '../domain/ids.ts';
import type { Ports } from '../domain/ports.ts';
import type { Rule } from '../domain/rules/rule.ts';
import type { RulePreview } from '../messages/subscription.ts';
import { matchRule } from './match.ts';

const DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1_000;
/** How many runs are looked at; a busy owner has more, and then the answer says so. */
const LOOKED_AT = 300;
const EXAMPLES = 3;

/** What a rule would have brought to the channel in the last days, from what is stored. */
export async function previewRule(
  { runs, clock }: Pick<Ports, 'runs' | 'clock'>,
  workspaceId: WorkspaceId,
  rule: Rule,
): Promise<RulePreview> {
  const since = new Date(clock.now().getTime() - DAYS * DAY_MS);
  const failed = await runs.failed(workspaceId, rule.target, { since, limit: LOOKED_AT });
  const matched = failed.filter((each) => matchRule(each, rule) === 'yes');
  const open = failed.filter((each) => matchRule(each, rule) === 'depends');
  return {
    days: DAYS,
    failed: failed.length,
    isCut: failed.length === LOOKED_AT,
    matched: matched.length,
    undecided: open.length,
    examples: matched.slice(0, EXAMPLES).map(({ run }) => run),
  };
}
