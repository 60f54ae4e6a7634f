import { randomUUID } from 'node:crypto';
import {
  SubscriptionId,
  ThreadId,
  type ChannelId,
  type JobId,
  type MessageTs,
  type WorkspaceId,
} from '../../src/domain/ids.ts';
import type { Summary } from '../../src/domain/diagnosis.ts';
import type { Failure, Thread } from '../../src/domain/failure.ts';
import type { MemberRole } from '../../src/domain/member.ts';
import type {
  Clock,
  FailureStore,
  PostStore,
  RateLimits,
  Receipts,
  RepositoryStatus,
  Reservation,
  RunStore,
  SlackInstall,
  PostPlace,
  SubscriptionPlace,
  SubscriptionStore,
  SummaryStore,
  ThreadStore,
  UserStore,
  WorkspaceStore,
} from '../../src/domain/ports.ts';
import { printRule } from '../../src/domain/rules/print.ts';
import { type Rule, targetName, targetsOf } from '../../src/domain/rules/rule.ts';
import { type Run, type RunRef, stateOf } from '../../src/domain/run.ts';
import { isAbout } from '../../src/notify/match.ts';
import { isActive, type Subscription } from '../../src/domain/subscription.ts';

// Stores in memory, for one workspace after another. They keep the promises of ports.ts that delivery and listeners rely on.

/** A port of which the test uses only these methods; any other is not there, and using it fails the test. */
export function only<Port extends object>(methods: Partial<Port>): Port {
  return Object.assign(Object.create(null), methods);
}

/** A clock that stands still until it is moved. */
export function aClock(start: Date): Clock & { move(ms: number): void } {
  let at = start.getTime();
  return { now: () => new Date(at), move: (ms) => void (at += ms) };
}

export function memoryReceipts(clock: Clock): Receipts {
  const until = new Map<string, number>();
  return {
    async isFirst(key, ttlMs) {
      const now = clock.now().getTime();
      const isFirst = (until.get(key) ?? 0) <= now;
      if (isFirst) until.set(key, now + ttlMs);
      return isFirst;
    },
  };
}

export const unlimited: RateLimits = { take: async () => 0 };

export function memoryWorkspaces(): WorkspaceStore & {
  installs: Map<WorkspaceId, SlackInstall>;
  revoked: Map<WorkspaceId, string>;
} {
  const installs = new Map<WorkspaceId, SlackInstall>();
  const revoked = new Map<WorkspaceId, string>();
  return {
    installs,
    revoked,
    async saveInstall(id, install) {
      // Through JSON, as the database does: `undefined` does not survive.
      installs.set(id, JSON.parse(JSON.stringify(install)));
      revoked.delete(id);
    },
    findInstall: async (id) => installs.get(id) ?? null,
    async removeInstall(id) {
      installs.delete(id);
    },
    async markRevoked(id, reason) {
      revoked.set(id, reason);
      installs.delete(id);
    },
    isActive: async (id) => installs.has(id) && !revoked.has(id),
  };
}

const sameRun = (one: RunRef, other: RunRef) =>
  one.repository === other.repository && one.runId === other.runId && one.attempt === other.attempt;

export function memoryRuns(
  runs: Run[] = [],
  statuses: RepositoryStatus[] = [],
): RunStore & { runs: Run[]; listed: RepositoryStatus[] } {
  return {
    runs,
    listed: statuses,
    async record(_workspaceId, run) {
      runs.push(run);
      return 'applied';
    },
    find: async (_workspaceId, ref) => runs.find((run) => sameRun(run, ref)) ?? null,
    statuses: async (_workspaceId, limit, of) =>
      statuses.filter(({ repository }) => of?.includes(repository) ?? true).slice(0, limit),
    async saveTraits(_workspaceId, { repository, runId }, traits) {
      const isMeant = (run: Run) => run.repository === repository && run.runId === runId;
      runs.splice(0, runs.length, ...runs.map((run) => (isMeant(run) ? { ...run, traits } : run)));
    },
    addEnvironment: () => Promise.reject(new Error('Nothing here deploys')),
    findNewest: async (_workspaceId, ref) => runs.findLast((run) => run.runId === ref.runId) ?? null,
    recent: async (_workspaceId, target, { since, limit, states }) =>
      runs
        .filter((run) => isAbout(run.repository, { target }))
        .filter((run) => states.includes(stateOf(run)) && run.updatedAt >= since)
        .toSorted((one, other) => other.updatedAt.getTime() - one.updatedAt.getTime())
        .slice(0, limit)
        .map((run) => ({ run, finding: null })),
  };
}

export function memorySummaries(
  summaries: Summary[],
  { runs, failures }: { runs: Run[]; failures: Failure[] },
): SummaryStore & { summaries: Summary[] } {
  const newestFirst = () => [...summaries].sort((one, other) => other.revision - one.revision);
  return {
    summaries,
    find: async (_workspaceId, id) => summaries.find((summary) => summary.id === id) ?? null,
    findByRun: async (_workspaceId, run, revision) =>
      summaries.find((summary) => sameRun(summary.run, run) && summary.revision === revision) ?? null,
    findLatest: async (_workspaceId, run) => newestFirst().find((summary) => sameRun(summary.run, run)) ?? null,
    recent: async (_workspaceId, limit) =>
      summaries.slice(0, limit).flatMap((summary) => {
        const run = runs.find((each) => sameRun(each, summary.run));
        const failure = failures.find(({ id }) => id === summary.failureId);
        return run && failure ? [{ summary, failure, run }] : [];
      }),
    save: () => Promise.reject(new Error('Nothing here saves summaries')),
  };
}

export function memoryFailures(failures: Failure[]): FailureStore {
  return {
    find: async (_workspaceId, id) => structuredClone(failures.find((failure) => failure.id === id) ?? null),
    history: () => Promise.reject(new Error('Nothing here asks for history')),
    similar: async () => [],
    successor: async () => null,
    beginning: async (_workspaceId, run) => ({ firstBad: run, lastGood: null, otherBranches: [] }),
    ofBranch: async () => [],
    succeeded: async () => [],
    resolve: () => Promise.reject(new Error('Nothing here resolves')),
  };
}

export function memorySubscriptions(): SubscriptionStore & { all: Subscription[] } {
  const all: Subscription[] = [];
  const withRule = (channelId: ChannelId, rule: Rule) =>
    all.find((each) => each.channelId === channelId && printRule(each.rule) === printRule(rule));
  const at = ({ channelId, id }: SubscriptionPlace) =>
    all.findIndex((each) => each.channelId === channelId && each.id === id);
  return {
    all,
    async create({ userId }, channelId, rule) {
      const known = withRule(channelId, rule);
      if (known) known.rule = rule;
      if (known && isActive(known)) return { kind: 'existing', subscription: known };
      if (known) return { kind: 'created', subscription: Object.assign(known, { pausedReason: null }) };
      const id = SubscriptionId.parse(randomUUID());
      const createdAt = new Date('2026-11-01T12:00:00Z');
      const subscription = { id, channelId, rule, createdBy: userId, createdAt, pausedReason: null };
      all.push(subscription);
      return { kind: 'created', subscription };
    },
    async change(_asker, place, rule) {
      const known = all[at(place)];
      if (known === undefined) return 'gone';
      const other = withRule(place.channelId, rule);
      if (other !== undefined && other !== known) return 'taken';
      all.splice(at(place), 1, { ...known, rule, pausedReason: null });
      return 'changed';
    },
    async remove(_workspaceId, place) {
      const index = at(place);
      if (index >= 0) all.splice(index, 1);
      return index >= 0;
    },
    inChannel: async (_workspaceId, channelId) =>
      all
        .filter((each) => each.channelId === channelId)
        .toSorted((one, other) => (printRule(one.rule) < printRule(other.rule) ? -1 : 1)),
    ofRepository: async (_workspaceId, repository) =>
      all.filter(({ rule }) => targetsOf(repository).includes(targetName(rule.target))),
    async pause(_workspaceId, channelId, { reason }) {
      const hit = all.filter((each) => each.channelId === channelId && isActive(each));
      for (const each of hit) each.pausedReason = reason;
      return { paused: hit.map(({ id }) => id), jobIds: [] };
    },
  };
}

interface Row {
  ts: MessageTs | null;
  reservedBy: JobId;
}

function judge(row: Row, { jobId, live }: { jobId: JobId; live: ReadonlySet<JobId> }): Reservation {
  if (row.ts !== null) return 'posted';
  if (row.reservedBy !== jobId && live.has(row.reservedBy)) return 'busy';
  row.reservedBy = jobId;
  return 'resumed';
}

/** `live` are the jobs that still run: what they reserved is busy for others. */
export function memoryThreads(
  live = new Set<JobId>(),
): ThreadStore & { threads: Thread[]; live: Set<JobId>; replies: Map<string, Row> } {
  const threads: Array<Thread & { reservedBy: JobId }> = [];
  const replies = new Map<string, Row>();
  const find = (channelId: ChannelId, failureId: string) =>
    threads.find((thread) => thread.channelId === channelId && thread.failureId === failureId);
  return {
    threads,
    live,
    replies,
    async reserve(_workspaceId, { jobId }, channelId, failureId) {
      const known = find(channelId, failureId);
      if (known) return { state: judge(known, { jobId, live }), thread: { ...known } };
      const thread = {
        id: ThreadId.parse(randomUUID()),
        channelId,
        failureId,
        ts: null,
        shown: null,
        called: null,
        reservedBy: jobId,
      };
      threads.push(thread);
      return { state: 'new', thread: { ...thread } };
    },
    async reserveIfRoom(workspaceId, lease, { channelId, failureId, room }) {
      const inChannel = threads.filter((thread) => thread.channelId === channelId);
      if (find(channelId, failureId) === undefined && inChannel.length >= room.messages) return null;
      return await this.reserve(workspaceId, lease, channelId, failureId);
    },
    find: async (_workspaceId, channelId, failureId) => find(channelId, failureId) ?? null,
    findByMessage: async (_workspaceId, channelId, ts) =>
      threads.find((thread) => thread.channelId === channelId && thread.ts === ts) ?? null,
    async setTs(_workspaceId, _lease, id, ts) {
      for (const thread of threads) if (thread.id === id) thread.ts = ts;
    },
    async setShown(_workspaceId, _lease, id, shown) {
      for (const thread of threads) if (thread.id === id) thread.shown = shown;
    },
    async setCalled(_workspaceId, _lease, id, called) {
      for (const thread of threads) if (thread.id === id) thread.called = called;
    },
    async reserveReply(_workspaceId, { jobId }, id, key) {
      const row = replies.get(`${id} ${key}`);
      if (row) return judge(row, { jobId, live });
      replies.set(`${id} ${key}`, { ts: null, reservedBy: jobId });
      return 'new';
    },
    async setReplyTs(_workspaceId, _lease, id, key, ts) {
      const row = replies.get(`${id} ${key}`);
      if (row) row.ts = ts;
    },
  };
}

/** `live` as for threads. */
export function memoryPosts(live = new Set<JobId>()): PostStore & { live: Set<JobId> } {
  const rows = new Map<string, Row & PostPlace & { workspaceId: WorkspaceId; shown: string | null }>();
  const nameOf = (workspaceId: WorkspaceId, { channelId, key }: PostPlace) => `${workspaceId} ${channelId} ${key}`;
  return {
    live,
    async reserve(workspaceId, { jobId }, post) {
      const known = rows.get(nameOf(workspaceId, post));
      if (known) return { state: judge(known, { jobId, live }), ts: known.ts, shown: known.shown };
      rows.set(nameOf(workspaceId, post), { ...post, workspaceId, ts: null, shown: null, reservedBy: jobId });
      return { state: 'new', ts: null, shown: null };
    },
    async setTs(workspaceId, _lease, { ts, shown, ...post }) {
      const known = rows.get(nameOf(workspaceId, post));
      if (known) Object.assign(known, { ts, shown });
    },
    async setShown(workspaceId, _lease, { shown, ...post }) {
      const known = rows.get(nameOf(workspaceId, post));
      if (known) known.shown = shown;
    },
    channelsOf: async (workspaceId, key) =>
      [...rows.values()]
        .filter((row) => row.workspaceId === workspaceId && row.key === key)
        .map(({ channelId }) => channelId)
        .toSorted(),
  };
}

export function memoryUsers(): UserStore & { roles: Map<string, { role: MemberRole; checkedAt: Date }> } {
  const roles = new Map<string, { role: MemberRole; checkedAt: Date }>();
  const key = ({ workspaceId, userId }: { workspaceId: string; userId: string }) => `${workspaceId} ${userId}`;
  return {
    roles,
    findRole: async (asker) => roles.get(key(asker)) ?? null,
    async saveRole(asker, role, checkedAt) {
      roles.set(key(asker), { role, checkedAt });
    },
    async forgetRole(asker) {
      roles.delete(key(asker));
    },
  };
}
