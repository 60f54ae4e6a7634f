import { randomUUID } from 'node:crypto';
import type { Failure } from '../../src/domain/failure.ts';
import {
  detailsOf,
  handle,
  LAST_RERUNNABLE_ATTEMPT,
  type AuditEntry,
  type FailureAction,
  type FlakyMark,
} from '../../src/domain/handling.ts';
import { JobId, type FailureId, type UserId, type WorkspaceId } from '../../src/domain/ids.ts';
import type { NewJob } from '../../src/domain/jobs.ts';
import type {
  AuditStore,
  DueSummary,
  FailureActionStore,
  HeldSummary,
  Issue,
  IssueStore,
  MergeStore,
  Mute,
  MuteStore,
  RerunStore,
} from '../../src/domain/ports.ts';
import type { RunRef } from '../../src/domain/run.ts';

interface Parts {
  failures: (workspaceId: WorkspaceId) => Failure[];
  /** The failures whose message stands in one channel each. */
  jobs?: NewJob[];
}

type Entry = AuditEntry & { workspaceId: WorkspaceId };
type Row = RunRef & {
  workspaceId: WorkspaceId;
  failureId: FailureId;
  by: UserId;
  at: Date;
  state: 'reserved' | 'started';
};

/** What people do about failures, in memory, as the database keeps it. Jobs that edit messages are not made: nothing has a thread. */
export function memoryActions({ failures, jobs = [] }: Parts) {
  const entries: Entry[] = [];
  const marks = new Map<string, FlakyMark>();
  const keyOf = (...parts: string[]): string => parts.join('\n');
  const store = (added: readonly NewJob[]): JobId[] => {
    jobs.push(...added);
    return added.map(() => JobId.parse(randomUUID()));
  };
  const find = (workspaceId: WorkspaceId, id: FailureId) =>
    failures(workspaceId).find((failure) => failure.id === id) ?? null;

  function changeMark(key: string, action: FailureAction, { by, at }: { by: UserId; at: Date }): boolean {
    if (action.kind === 'unmark-flaky') return marks.delete(key);
    if (action.kind === 'mark-flaky') marks.set(key, { by, at, until: action.until });
    return true;
  }

  const failureActions: FailureActionStore = {
    async apply({ workspaceId, userId: actor }, failureId, { action, at }) {
      const failure = find(workspaceId, failureId);
      if (failure === null) return { kind: 'gone' };
      if (failure.status !== 'open') return { kind: failure.status, failure: structuredClone(failure) };
      const handling = handle(failure.handling, action, { by: actor, at });
      const key = keyOf(workspaceId, failure.repository, failure.fingerprint);
      if (handling === null || !changeMark(key, action, { by: actor, at })) {
        return { kind: 'unchanged', failure: structuredClone(failure) };
      }
      failure.handling = handling;
      const subject = { kind: 'failure', id: failureId } as const;
      entries.push({ workspaceId, actor, action: action.kind, subject, details: detailsOf(action), at });
      return { kind: 'done', failure: structuredClone(failure), jobIds: [] };
    },
    async order({ workspaceId, userId: actor }, failureId, { jobs: wanted, action, details, at }) {
      const fresh = wanted.filter(({ dedupeKey }) => jobs.every((known) => known.dedupeKey !== dedupeKey));
      const subject = { kind: 'failure', id: failureId } as const;
      if (fresh.length > 0) entries.push({ workspaceId, actor, action, subject, details, at });
      return store(fresh);
    },
    async findFlakyMark(workspaceId, { repository, fingerprint, at }) {
      const mark = marks.get(keyOf(workspaceId, repository, fingerprint)) ?? null;
      return mark !== null && mark.until > at ? { ...mark } : null;
    },
  };

  const audit: AuditStore = {
    about: async (workspaceId, { kind, id }) =>
      entries
        .filter((each) => each.workspaceId === workspaceId && each.subject.kind === kind && each.subject.id === id)
        .map(({ workspaceId: _workspaceId, ...entry }) => structuredClone(entry)),
  };

  return {
    failureActions,
    audit,
    merges: memoryMerges({ find, entries, all: failures }),
    issues: memoryIssues({ find, entries }),
    reruns: memoryReruns({ find, entries }),
    mutes: memoryMutes({ find, entries, store }),
  };
}

function memoryMerges({ find, entries, all }: Shared & { all: Parts['failures'] }): MergeStore {
  const endOf = (workspaceId: WorkspaceId, failure: Failure | null): Failure | null =>
    failure?.merge ? endOf(workspaceId, find(workspaceId, failure.merge.into)) : failure;
  const isSameCause = (one: Failure, other: Failure): boolean =>
    one.repository === other.repository &&
    one.branch === other.branch &&
    one.workflow === other.workflow &&
    one.fingerprint === other.fingerprint;
  return {
    async merge({ workspaceId, userId: actor }, failureId, { into, at }) {
      const failure = find(workspaceId, failureId);
      if (failure === null) return { kind: 'gone' };
      if (failure.status !== 'open') return { kind: failure.status, failure: structuredClone(failure) };
      const end = endOf(workspaceId, find(workspaceId, into));
      if (end?.id === failure.id) return { kind: 'itself' };
      if (end?.status !== 'open' || end.repository !== failure.repository) return { kind: 'other-over' };
      Object.assign(failure, { status: 'merged', merge: { into: end.id, by: actor, at } });
      const subject = { kind: 'failure', id: failureId } as const;
      entries.push({ workspaceId, actor, action: 'merge', subject, details: { into: end.id }, at });
      return { kind: 'done', into: structuredClone(end), jobIds: [] };
    },
    async split({ workspaceId, userId: actor }, failureId, at) {
      const failure = find(workspaceId, failureId);
      if (failure === null) return { kind: 'gone' };
      if (failure.merge === null) return { kind: 'not-merged', failure: structuredClone(failure) };
      const isTaken = all(workspaceId).some((other) => other.status === 'open' && isSameCause(other, failure));
      if (isTaken) return { kind: 'taken' };
      const subject = { kind: 'failure', id: failureId } as const;
      entries.push({ workspaceId, actor, action: 'split', subject, details: { from: failure.merge.into }, at });
      Object.assign(failure, { status: 'open', merge: null });
      return { kind: 'done', failure: structuredClone(failure), jobIds: [] };
    },
    async end(workspaceId, failureId) {
      const end = endOf(workspaceId, find(workspaceId, failureId));
      return end && { failure: structuredClone(end), headline: 'adds.test.js fails' };
    },
    async mergedInto(workspaceId, failureId) {
      const merges = all(workspaceId).flatMap(({ merge }) => (merge?.into === failureId ? [merge] : []));
      const [last] = merges.toSorted((one, other) => other.at.getTime() - one.at.getTime());
      return last === undefined ? null : { count: merges.length, by: last.by, at: last.at };
    },
  };
}

function memoryIssues({ find, entries }: Shared): IssueStore {
  const rows = new Map<string, { by: UserId; at: Date; issue: Issue | null }>();
  const keyOf = (workspaceId: string, failureId: string): string => `${workspaceId} ${failureId}`;
  return {
    async reserve({ workspaceId, userId: by }, failureId, at) {
      const failure = find(workspaceId, failureId);
      const known = rows.get(keyOf(workspaceId, failureId));
      if (failure === null) return { kind: 'gone' };
      if (known?.issue) return { kind: 'existing', issue: known.issue };
      if (failure.status !== 'open') return { kind: failure.status };
      if (known && at.getTime() - known.at.getTime() <= 60_000) return { kind: 'taken', by: known.by };
      rows.set(keyOf(workspaceId, failureId), { by, at, issue: null });
      return { kind: 'reserved', failure: structuredClone(failure), mayExist: known !== undefined };
    },
    async confirm({ workspaceId, userId: actor }, failureId, issue) {
      const { number, at } = issue;
      rows.set(keyOf(workspaceId, failureId), { by: actor, at, issue });
      const subject = { kind: 'failure', id: failureId } as const;
      const repository = find(workspaceId, failureId)?.repository ?? '';
      entries.push({ workspaceId, actor, action: 'create-issue', subject, details: { repository, number }, at });
      return [];
    },
    async release({ workspaceId, userId }, failureId, { isUnsure }) {
      const row = rows.get(keyOf(workspaceId, failureId));
      if (row?.by !== userId || row.issue !== null) return;
      if (isUnsure) row.at = new Date(0);
      else rows.delete(keyOf(workspaceId, failureId));
    },
    find: async (workspaceId, failureId) => rows.get(keyOf(workspaceId, failureId))?.issue ?? null,
  };
}

interface Shared {
  find: (workspaceId: WorkspaceId, id: FailureId) => Failure | null;
  entries: Entry[];
}

function memoryReruns({ find, entries }: Shared): RerunStore {
  const rows: Row[] = [];
  const isSame = (row: Row, workspaceId: WorkspaceId, run: RunRef) =>
    row.workspaceId === workspaceId && row.repository === run.repository && row.runId === run.runId;
  return {
    async reserve({ workspaceId, userId: by }, failureId, at) {
      const failure = find(workspaceId, failureId);
      if (failure === null) return { kind: 'gone' };
      if (failure.status !== 'open') return { kind: failure.status, failure: structuredClone(failure) };
      const { repository, last } = failure;
      const run = { repository, runId: last.runId, attempt: last.attempt };
      if (run.attempt > LAST_RERUNNABLE_ATTEMPT) return { kind: 'too-often' };
      const index = rows.findIndex((row) => isSame(row, workspaceId, run) && row.attempt === run.attempt);
      const known = rows[index];
      const isLapsed = known?.state === 'reserved' && at.getTime() - known.at.getTime() > 60_000;
      if (known !== undefined && !isLapsed) return { kind: 'taken', by: known.by };
      if (known !== undefined) rows.splice(index, 1);
      rows.push({ ...run, workspaceId, failureId, by, at, state: 'reserved' });
      return { kind: 'reserved', failure: structuredClone(failure), run };
    },
    async confirm({ workspaceId, userId: actor }, failureId, { run, debug, at }) {
      for (const row of rows) {
        if (isSame(row, workspaceId, run) && row.attempt === run.attempt) row.state = 'started';
      }
      const { repository, runId, attempt } = run;
      const subject = { kind: 'failure', id: failureId } as const;
      entries.push({
        workspaceId,
        actor,
        action: 'rerun',
        subject,
        details: { repository, runId, attempt, debug },
        at,
      });
      const failure = find(workspaceId, failureId);
      if (failure?.status === 'open') failure.handling = { ...failure.handling, rerun: { by: actor, at } };
      return [];
    },
    async release({ workspaceId, userId }, run) {
      const index = rows.findIndex(
        (row) =>
          isSame(row, workspaceId, run) && row.attempt === run.attempt && row.by === userId && row.state === 'reserved',
      );
      if (index >= 0) rows.splice(index, 1);
    },
    async end(workspaceId, _lease, run) {
      for (const row of rows.filter((each) => isSame(each, workspaceId, run) && each.attempt < run.attempt)) {
        const failure = find(workspaceId, row.failureId);
        if (failure) failure.handling = { ...failure.handling, rerun: null };
      }
      return [];
    },
  };
}

function memoryMutes({ find, entries, store }: Shared & { store: (jobs: readonly NewJob[]) => JobId[] }): MuteStore {
  const rows = new Map<string, Mute[]>();
  const heldBack = new Map<string, HeldSummary[]>();
  const place = (workspaceId: string, channelId: string): string => `${workspaceId} ${channelId}`;
  const currentAt = (key: string, at: Date): Mute[] =>
    (rows.get(key) ?? []).filter(({ until }) => until > at).toSorted((a, b) => b.until.getTime() - a.until.getTime());
  const due = (workspaceId: WorkspaceId, key: string, at: Date): DueSummary[] => {
    const scopes = currentAt(key, at).map(({ scope }) => scope);
    return (heldBack.get(key) ?? []).flatMap((held) => {
      const failure = find(workspaceId, held.failureId);
      const isCovered = scopes.some((scope) => scope === '*' || scope === failure?.repository);
      if (failure === null || isCovered || (held.dueAt !== null && held.dueAt > at)) return [];
      return [{ ...held, repository: failure.repository, isOpen: failure.status === 'open' }];
    });
  };
  return {
    async mute({ workspaceId, userId: actor }, channelId, { scope, until, at }) {
      const key = place(workspaceId, channelId);
      const others = (rows.get(key) ?? []).filter((each) => each.scope !== scope);
      rows.set(key, [...others, { scope, by: actor, until }]);
      const subject = { kind: 'channel', id: channelId } as const;
      const details = { scope, until: until.toISOString() };
      entries.push({ workspaceId, actor, action: 'mute', subject, details, at });
      const delayMs = until.getTime() - at.getTime() + 1_000;
      const payload = { workspaceId, channelId };
      store([{ kind: 'end-mute', payload, dedupeKey: `end-mute:${randomUUID()}`, delayMs }]);
    },
    async unmute({ workspaceId, userId: actor }, channelId, at) {
      const key = place(workspaceId, channelId);
      const ended = (rows.get(key) ?? []).length;
      rows.delete(key);
      const held = due(workspaceId, key, at).filter(({ isOpen }) => isOpen).length;
      const subject = { kind: 'channel', id: channelId } as const;
      entries.push({ workspaceId, actor, action: 'unmute', subject, details: { ended }, at });
      const payload = { workspaceId, channelId };
      const jobIds = store([{ kind: 'end-mute', payload, dedupeKey: `end-mute:${randomUUID()}` }]);
      // Happenings are kept elsewhere.
      return { ended, held, others: 0, jobIds };
    },
    current: async (workspaceId, channelId, at) => structuredClone(currentAt(place(workspaceId, channelId), at)),
    async hold(workspaceId, channelId, held) {
      const key = place(workspaceId, channelId);
      const others = (heldBack.get(key) ?? []).filter(({ failureId }) => failureId !== held.failureId);
      heldBack.set(key, [...others, { ...held }]);
    },
    async due(workspaceId, channelId, { at, limit }) {
      const key = place(workspaceId, channelId);
      rows.set(key, currentAt(key, at));
      return due(workspaceId, key, at).slice(0, limit);
    },
    async letGo(workspaceId, channelId, { failureId, summaryId }) {
      const key = place(workspaceId, channelId);
      const isTold = (held: HeldSummary) => held.failureId === failureId && held.summaryId === summaryId;
      heldBack.set(
        key,
        (heldBack.get(key) ?? []).filter((held) => !isTold(held)),
      );
    },
  };
}
