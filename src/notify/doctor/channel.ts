import type { ChannelId, WorkspaceId } from '../../domain/ids.ts';
import type { SeenRun } from '../../domain/ports.ts';
import { heldUntil } from '../../domain/rules/schedule.ts';
import { targetName } from '../../domain/rules/rule.ts';
import { isActive, type Subscription } from '../../domain/subscription.ts';
import {
  channelFinding,
  hiddenFinding,
  muteFinding,
  noRunsFinding,
  pausedFinding,
  quietFinding,
  rulesFinding,
  runFinding,
} from '../../messages/doctor/channel-words.ts';
import { misfits } from '../explain-match.ts';
import { isAbout, matchRule } from '../match.ts';
import { channelObstacle } from '../subscribe.ts';
import type { Check, DoctorDeps } from './check.ts';

export interface ChannelPlace {
  workspaceId: WorkspaceId;
  channelId: ChannelId;
}

/** How many repositories GitHub is asked about. */
const MOST_REPOSITORIES = 10;
/** How many rules runs are looked for by. */
const MOST_TARGETS = 20;
const SHOWN_RUNS = 5;
const DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** Of what keeps news from one channel. */
export const CHANNEL_CHECKS: ReadonlyArray<Check<ChannelPlace>> = [
  {
    name: 'This channel',
    needsDatabase: true,
    async run({ directory }, { workspaceId, channelId }) {
      return [channelFinding((await channelObstacle({ directory }, { workspaceId }, channelId))?.kind ?? null)];
    },
  },
  {
    name: 'Rules of this channel',
    needsDatabase: true,
    async run({ subscriptions, clock }, { workspaceId, channelId }) {
      const all = await subscriptions.inChannel(workspaceId, channelId);
      const active = all.filter(isActive);
      return [
        rulesFinding(active.length),
        ...all.flatMap(({ rule, pausedReason }) => (pausedReason === null ? [] : [pausedFinding(rule, pausedReason)])),
        ...active.flatMap(({ rule }) => {
          const dueAt = heldUntil(rule.schedule, clock.now());
          return dueAt === null ? [] : [quietFinding(rule, dueAt)];
        }),
      ];
    },
  },
  {
    name: 'Repositories of this channel',
    needsDatabase: true,
    async run({ subscriptions, runSource }, { workspaceId, channelId }) {
      const targets = (await subscriptions.inChannel(workspaceId, channelId)).map(({ rule }) => rule.target);
      const named = targets.flatMap((target) => (target.kind === 'repository' ? [target.repository] : []));
      const asked = [...new Set(named)].slice(0, MOST_REPOSITORIES);
      const visible = await Promise.all(asked.map((repository) => runSource.canSee(workspaceId, repository)));
      return asked.filter((_, index) => visible[index] !== true).map(hiddenFinding);
    },
  },
  {
    name: 'Mutes of this channel',
    needsDatabase: true,
    async run({ mutes, clock }, { workspaceId, channelId }) {
      return (await mutes.current(workspaceId, channelId, clock.now())).map(muteFinding);
    },
  },
  {
    name: 'Last runs',
    needsDatabase: true,
    async run(deps, { workspaceId, channelId }) {
      const all = await deps.subscriptions.inChannel(workspaceId, channelId);
      if (all.length === 0) return [];
      const seen = await lastRuns(deps, workspaceId, all);
      if (seen.length === 0) return [noRunsFinding(DAYS)];
      return seen.map((each) => runFinding(each.run, verdictsOn(each, all.filter(isActive))));
    },
  },
];

/** The newest runs of everything that the channel has a rule about, whatever the rules want of them. */
async function lastRuns(
  { runs, clock }: DoctorDeps,
  workspaceId: WorkspaceId,
  all: readonly Subscription[],
): Promise<SeenRun[]> {
  const targets = [...new Map(all.map(({ rule }) => [targetName(rule.target), rule.target])).values()];
  const which = {
    since: new Date(clock.now().getTime() - DAYS * DAY_MS),
    limit: SHOWN_RUNS,
    states: ['failed', 'ended', 'waiting'],
  } as const;
  const found = await Promise.all(
    targets.slice(0, MOST_TARGETS).map((target) => runs.recent(workspaceId, target, which)),
  );
  const each = new Map(
    found.flat().map((seen) => [`${seen.run.repository}:${seen.run.runId}:${seen.run.attempt}`, seen]),
  );
  return [...each.values()]
    .toSorted((one, other) => other.run.updatedAt.getTime() - one.run.updatedAt.getTime())
    .slice(0, SHOWN_RUNS);
}

/** By the very rules that decide about a message. */
function verdictsOn(seen: SeenRun, active: readonly Subscription[]) {
  return active
    .filter(({ rule }) => isAbout(seen.run.repository, rule))
    .map(({ rule }) => ({ rule, match: matchRule(seen, rule), because: misfits(seen, rule) }));
}
