import type { HealthFinding } from '../../domain/health.ts';
import type { GapGroup } from '../../domain/reconciling.ts';
import { count, duration, oneLine } from '../text.ts';
import { problem, warning, well } from './finding.ts';

/** What was not looked at for so long is not looked at any more. */
const LAG_MS = { deliveries: 15 * 60_000, runs: 2 * 60 * 60_000 } as const;
const REMEDY = 'Is a worker running, and does GitHub take our key? See "A delivery was missed" in docs/operations.md.';

interface Lag {
  deliveries: number | null;
  runs: number | null;
}

/** How far GitHub has been asked, in seconds. */
export function lagFindings({ deliveries, runs }: Lag): HealthFinding[] {
  if (deliveries === null) return [warning('Nobody has looked yet for deliveries that failed', REMEDY)];
  const late = [
    ...(deliveries * 1_000 > LAG_MS.deliveries
      ? [problem(`Deliveries that failed were last looked for ${duration(deliveries * 1_000)} ago`, REMEDY)]
      : []),
    ...(runs !== null && runs * 1_000 > LAG_MS.runs
      ? [problem(`Runs without a delivery were last looked for ${duration(runs * 1_000)} ago`, REMEDY)]
      : []),
  ];
  return late.length > 0 ? late : [well('Deliveries that failed, and runs without one, are looked for')];
}

/** GitHub does not show what it delivered. */
export function deliveriesHiddenFinding(host: string): HealthFinding {
  return problem(
    `GitHub (${oneLine(host, 100)}) does not show us what it delivered, so what failed cannot be got back`,
    'Check that the webhook of the GitHub App is active, and the address and the key of the App.',
  );
}

/** What failed, when, what was done about it, and what cannot be got back. */
export function gapFinding(group: GapGroup, now: Date): HealthFinding {
  const { kind, state, to, from } = group;
  if (kind === 'period') {
    return warning(
      `Deliveries between ${duration(now.getTime() - from.getTime())} and ${duration(now.getTime() - to.getTime())} ago are forgotten: ${oneLine(group.answer, 80)}`,
      'Runs of that time are found by asking for them, as far as they ended in the last 7 days. Deployments, pull requests and the like are not.',
    );
  }
  if (kind === 'run') {
    const where = group.repository === null ? '' : ` in ${oneLine(group.repository, 60)}`;
    return well(
      `${count(group.amount, 'run')}${where} found by asking, ${when(group, now)}: ${oneLine(group.answer, 80)}`,
    );
  }
  const what = `${count(group.amount, 'delivery', 'deliveries')}${eventWords(group.events)} failed ${when(group, now)} (${oneLine(group.answer, 80)})`;
  switch (state) {
    case 'recovered':
      return well(`${what}: all of them came later`);
    case 'open':
      return group.asks === 0
        ? warning(`${what}: GitHub is asked for them next`, 'Nothing to do, unless it stays so.')
        : warning(
            `${what}: GitHub was asked ${count(group.asks, 'time')}, and they did not come yet`,
            'They are asked for again. Should they fail again: is our webhook address reachable, and its secret right?',
          );
    case 'lost':
      return warning(
        `${what}: they cannot be got back`,
        'Runs among them are found by asking for them. Deployments, pull requests and the like are not.',
      );
    default:
      return state satisfies never;
  }
}

function when({ from, to }: Pick<GapGroup, 'from' | 'to'>, now: Date): string {
  const [first, last] = [from, to].map((at) => duration(now.getTime() - at.getTime()));
  return first === last ? `${last} ago` : `between ${first} and ${last} ago`;
}

function eventWords(events: readonly string[]): string {
  if (events.length === 0) return '';
  return ` of ${oneLine(events.join(', '), 100)}`;
}
