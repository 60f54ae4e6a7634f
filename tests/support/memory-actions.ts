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
  FailureActionStore,
  HeldSummary,
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
      if (failure.status === 'resolved') return { kind: 'resolved', failure: structuredClone(failure) };
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
    reruns: memoryReruns({ find, entries }),
    mutes: memoryMutes({ find, entries, store }),
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
      if (failure.status === 'resolved') return { kind: 'resolved', failure: structuredClone(failure) };
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
  const take = (workspaceId: WorkspaceId, key: string, at: Date): HeldSummary[] => {
    const scopes = currentAt(key, at).map(({ scope }) => scope);
    const isFree = ({ failureId }: HeldSummary): boolean =>
      scopes.every((scope) => scope !== '*' && scope !== find(workspaceId, failureId)?.repository);
    const all = heldBack.get(key) ?? [];
    heldBack.set(
      key,
      all.filter((held) => !isFree(held)),
    );
    return all.filter((held) => isFree(held) && find(workspaceId, held.failureId)?.status === 'open');
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
    async unmute({ workspaceId, userId: actor }, channelId, { at, followUps }) {
      const key = place(workspaceId, channelId);
      const ended = (rows.get(key) ?? []).length;
      rows.delete(key);
      const held = take(workspaceId, key, at);
      const subject = { kind: 'channel', id: channelId } as const;
      entries.push({ workspaceId, actor, action: 'unmute', subject, details: { ended }, at });
      return { ended, held: held.length, jobIds: store(followUps(held)) };
    },
    current: async (workspaceId, channelId, at) => structuredClone(currentAt(place(workspaceId, channelId), at)),
    async hold(workspaceId, channelId, held) {
      const key = place(workspaceId, channelId);
      const others = (heldBack.get(key) ?? []).filter(({ failureId }) => failureId !== held.failureId);
      heldBack.set(key, [...others, { ...held }]);
    },
    async release(workspaceId, channelId, { at, followUps }) {
      const key = place(workspaceId, channelId);
      rows.set(key, currentAt(key, at));
      return store(followUps(take(workspaceId, key, at)));
    },
  };
}
