import type { WorkspaceId } from '../domain/ids.ts';
import type { Ports } from '../domain/ports.ts';
import { isAboutRuns, type Rule, wants } from '../domain/rules/rule.ts';
import { heldUntil } from '../domain/rules/schedule.ts';
import { RUN_STATES, type RunState } from '../domain/run.ts';
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
  const states = statesOf(rule);
  const which = { since, limit: LOOKED_AT, states };
  const found = states.length === 0 ? [] : await runs.recent(workspaceId, rule.target, which);
  // By now it is known where they deployed to.
  const seen = found.map(({ run, ...rest }) => ({ run: { environments: [], ...run }, ...rest }));
  const matched = seen.filter((each) => matchRule(each, rule) === 'yes');
  const open = seen.filter((each) => matchRule(each, rule) === 'depends');
  return {
    days: DAYS,
    seen: seen.length,
    states,
    isCut: seen.length === LOOKED_AT,
    matched: matched.length,
    undecided: open.length,
    held: matched.filter(({ run }) => heldUntil(rule.schedule, run.updatedAt) !== null).length,
    examples: matched.slice(0, EXAMPLES).map(({ run }) => run),
  };
}

/** What a rule can be about at all. */
function statesOf(rule: Rule): RunState[] {
  return RUN_STATES.filter((state) => {
    if (state === 'waiting') return wants(rule, 'action_required');
    if (state === 'failed') return isAboutRuns(rule);
    return state === 'ended' && rule.on.includes('always');
  });
}
