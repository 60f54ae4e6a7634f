import type { HealthFinding } from '../../domain/health.ts';
import type { RepositoryName } from '../../domain/ids.ts';
import type { Mute } from '../../domain/ports.ts';
import { printRule } from '../../domain/rules/print.ts';
import { type ConditionKey, type Rule, RULE_EVENTS } from '../../domain/rules/rule.ts';
import type { Run } from '../../domain/run.ts';
import type { ChannelObstacle } from '../subscription.ts';
import { count, oneLine, utc } from '../text.ts';
import { conclusionWords, pauseWords } from '../words.ts';
import { problem, warning, well } from './finding.ts';

const OBSTACLES: Record<ChannelObstacle, [says: string, remedy: string]> = {
  'not-a-channel': ['This is no channel, so nothing is told here', 'Ask in a channel.'],
  'not-invited': ['I am not in this channel', 'Type /invite and choose me.'],
  archived: ['This channel is archived', 'Unarchive it, and subscribe again.'],
  shared: [
    'This channel is shared with another organization, so no log lines are posted',
    'Subscribe another channel.',
  ],
};

export function channelFinding(obstacle: ChannelObstacle | null): HealthFinding {
  return obstacle === null ? well('I am in this channel and may post') : problem(...OBSTACLES[obstacle]);
}

const RULE_MAX = 120;
const rule = (each: Rule): string => `"${oneLine(printRule(each), RULE_MAX)}"`;

export function rulesFinding(active: number): HealthFinding {
  return active === 0
    ? warning('This channel hears about nothing', 'To hear about a repository: /cortex subscribe owner/repo')
    : well(`This channel has ${count(active, 'active rule')}`);
}

export function pausedFinding(each: Rule, reason: string): HealthFinding {
  return problem(`The rule ${rule(each)} is paused`, `${pauseWords(reason)}.`);
}

export function hiddenFinding(repository: RepositoryName): HealthFinding {
  return problem(
    `I cannot see ${repository}`,
    'It was removed, renamed or taken from the GitHub App. Ask whoever manages GitHub, or unsubscribe.',
  );
}

export function muteFinding({ scope, until }: Mute): HealthFinding {
  const what = scope === '*' ? 'This channel is' : `In this channel ${scope} is`;
  return warning(`${what} muted until ${utc(until)}: what fails is told then`, 'To end it now: /cortex mute off');
}

export function quietFinding(each: Rule, dueAt: Date): HealthFinding {
  return well(`The rule ${rule(each)} holds back until ${utc(dueAt)}, and then tells`);
}

/** How a run fared with one rule; `because` is what it does not fit. */
export interface RuleVerdict {
  rule: Rule;
  match: 'yes' | 'no' | 'depends';
  because: ReadonlyArray<'target' | 'on' | ConditionKey>;
}

export function runFinding(run: Run, verdicts: readonly RuleVerdict[]): HealthFinding {
  const lead = `${oneLine(run.workflow, 40)} #${run.number} of ${run.repository} ${conclusionWords(run.conclusion)} on ${oneLine(run.branch, 40)}`;
  const fits = verdicts.find(({ match }) => match === 'yes');
  if (fits !== undefined) return well(`${lead}: fits ${rule(fits.rule)}`);
  const depends = verdicts.find(({ match }) => match === 'depends');
  if (depends !== undefined) return well(`${lead}: ${rule(depends.rule)} depends on what is not known of it`);
  const [nearest] = verdicts.toSorted((one, other) => one.because.length - other.because.length);
  if (nearest === undefined) return well(`${lead}: no active rule is about it`);
  const reasons = nearest.because.map((part) => misfitWords(part, run, nearest.rule)).join(', and ');
  return well(`${lead}: does not fit ${rule(nearest.rule)}, because ${reasons}`);
}

function misfitWords(part: RuleVerdict['because'][number], run: Run, { on }: Rule): string {
  switch (part) {
    case 'target':
      return `it is of ${run.repository}`;
    case 'on':
      return `it ${conclusionWords(run.conclusion)}, and the rule wants ${RULE_EVENTS.filter((event) => on.includes(event)).join(', ')}`;
    case 'workflow':
    case 'branch':
    case 'event':
    case 'actor':
      return `its ${part} is ${oneLine(run[part], 60)}`;
    case 'job':
      return 'no job of that name failed';
    case 'verdict':
      return 'the verdict is another';
    case 'label':
      return 'its labels are others';
    case 'path':
      return 'it changes other files';
    case 'env':
      return 'it deployed to other environments, or to none';
    case 'state':
      return 'only deployments have a state';
    default:
      return part satisfies never;
  }
}

export function noRunsFinding(days: number): HealthFinding {
  return well(`No run of these repositories ended in the last ${count(days, 'day')}`);
}
