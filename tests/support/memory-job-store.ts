import { randomUUID } from 'node:crypto';
import { JobId } from '../../src/domain/ids.ts';
import { type ClaimOutcome, isPrompt, type Lease, type NewJob } from '../../src/domain/jobs.ts';
import type { JobLimits, JobStore } from '../../src/domain/ports.ts';
import { LeaseLostError } from '../../src/errors.ts';

export interface JobRow {
  id: JobId;
  kind: string;
  payload: unknown;
  dedupeKey: string;
  isPrompt: boolean;
  status: 'queued' | 'done' | 'dead';
  attempt: number;
  crashes: number;
  dueAt: number;
  lease: { token: string; expiresAt: number } | null;
  wokenAt: number | null;
  finishedAt: number | null;
  lastError: string | null;
}

export interface MemoryJobStore extends JobStore {
  rows: Map<JobId, JobRow>;
  /** The row of a job; throws where there is none. */
  row(id: JobId): JobRow;
  /** Adds a job as another version of us could have written it. */
  add(kind: string, payload: unknown): JobId;
  /** Ends the lease of a job early, as a process that stood still would find it. */
  expire(id: JobId): void;
}

const HAND_OUT_MS = 10_000;
const DAY_MS = 24 * 60 * 60_000;

/** Jobs in memory, by the contract of the port: attempts, crashes, leases and fencing as the database has them. */
export function memoryJobStore(): MemoryJobStore {
  const rows = new Map<JobId, JobRow>();
  const row = (id: JobId): JobRow => {
    const found = rows.get(id);
    if (found === undefined) throw new Error(`There is no job ${id}`);
    return found;
  };
  const insert = ({ delayMs = 0, ...job }: Insertion): JobId[] => {
    const { payload, dedupeKey } = job;
    if ([...rows.values()].some((other) => other.dedupeKey === dedupeKey)) return [];
    const id = JobId.parse(randomUUID());
    rows.set(id, { ...EMPTY, ...job, id, payload: structuredClone(payload), dueAt: Date.now() + delayMs });
    return [id];
  };
  const insertNew = (job: NewJob): JobId[] => insert({ ...job, isPrompt: isPrompt(job) });
  const held = (lease: Lease): JobRow => {
    const found = rows.get(lease.jobId);
    if (found === undefined || !isHeld(found, lease)) throw new LeaseLostError('The lease is lost');
    return found;
  };

  return {
    rows,
    row,
    add(kind, payload) {
      const [id] = insert({ kind, payload, dedupeKey: randomUUID(), isPrompt: false });
      if (id === undefined) throw new Error('A random key was known');
      return id;
    },
    expire(id) {
      const { lease } = row(id);
      if (lease !== null) lease.expiresAt = Date.now() - 1;
    },
    enqueue: async (jobs) => jobs.flatMap(insertNew),
    claim: async (id, limits) => claim(rows.get(id), limits),
    async claimNext(handed, limits) {
      const due = [...rows.values()]
        .filter((each) => isFree(each, Date.now()))
        .toSorted((left, right) => left.dueAt - right.dueAt);
      const next = due.find((each) => each.isPrompt) ?? due.find(({ id }) => id === handed) ?? due[0];
      return claim(next, limits);
    },
    async renew(lease, leaseMs) {
      const found = rows.get(lease.jobId);
      if (found?.lease == null || !isHeld(found, lease)) return false;
      found.lease.expiresAt = Date.now() + leaseMs;
      return true;
    },
    async complete(lease, followUps) {
      Object.assign(held(lease), { status: 'done', lease: null, finishedAt: Date.now(), lastError: null });
      return followUps.flatMap(insertNew);
    },
    async retry(lease, { delayMs, error, isUncounted = false }) {
      const found = held(lease);
      found.attempt -= isUncounted ? 1 : 0;
      Object.assign(found, { lease: null, wokenAt: null, lastError: error, dueAt: Date.now() + delayMs });
    },
    async bury(lease, reason) {
      Object.assign(held(lease), { status: 'dead', lease: null, finishedAt: Date.now(), lastError: reason });
    },
    async takeDue(limit) {
      const now = Date.now();
      const due = [...rows.values()].filter(
        (found) => isFree(found, now) && (found.wokenAt === null || found.wokenAt <= now - HAND_OUT_MS),
      );
      const taken = due.sort((left, right) => left.dueAt - right.dueAt).slice(0, limit);
      for (const found of taken) found.wokenAt = now;
      return taken.map(({ id }) => id);
    },
    async counts() {
      const all = [...rows.values()];
      const isLeased = ({ status, lease }: JobRow) => status === 'queued' && (lease?.expiresAt ?? 0) > Date.now();
      const leased = all.filter(isLeased).length;
      const queued = all.filter(({ status }) => status === 'queued').length - leased;
      return { queued, leased, dead: all.filter(({ status }) => status === 'dead').length };
    },
    async prune(days) {
      const before = Date.now() - days * DAY_MS;
      const old = [...rows.values()].filter(({ finishedAt }) => finishedAt !== null && finishedAt < before);
      for (const { id } of old) rows.delete(id);
      return old.length;
    },
  };
}

type Insertion = Pick<JobRow, 'kind' | 'payload' | 'dedupeKey' | 'isPrompt'> & Pick<NewJob, 'delayMs'>;

const EMPTY = {
  status: 'queued',
  attempt: 0,
  crashes: 0,
  lease: null,
  wokenAt: null,
  finishedAt: null,
  lastError: null,
} as const;

function isFree({ status, dueAt, lease }: JobRow, now: number): boolean {
  return status === 'queued' && dueAt <= now && (lease === null || lease.expiresAt <= now);
}

function isHeld({ status, lease }: JobRow, { token }: Lease): boolean {
  return status === 'queued' && lease !== null && lease.token === token && lease.expiresAt > Date.now();
}

function claim(found: JobRow | undefined, { leaseMs, maxAttempts, maxCrashes }: JobLimits): ClaimOutcome {
  if (found === undefined || !isFree(found, Date.now())) return { kind: 'unavailable' };
  const hasCrashed = found.lease !== null;
  found.crashes += hasCrashed ? 1 : 0;
  const reason = verdictOn(found, { hasCrashed, maxAttempts, maxCrashes });
  if (reason !== null) {
    Object.assign(found, { status: 'dead', lease: null, finishedAt: Date.now(), lastError: reason });
    return { kind: 'buried', jobId: found.id, jobKind: found.kind, reason };
  }
  const token = randomUUID();
  found.attempt += 1;
  found.lease = { token, expiresAt: Date.now() + leaseMs };
  const { id, kind, payload, attempt, lastError } = found;
  const lease = { jobId: id, token };
  return { kind: 'claimed', job: { lease, kind, payload: structuredClone(payload), attempt, lastError } };
}

function verdictOn(
  { crashes, attempt, lastError }: JobRow,
  { hasCrashed, maxAttempts, maxCrashes }: { hasCrashed: boolean } & Omit<JobLimits, 'leaseMs'>,
): string | null {
  const verdict =
    hasCrashed && crashes >= maxCrashes
      ? `The process ended in the middle of it ${crashes} times`
      : attempt >= maxAttempts
        ? `Its ${maxAttempts} tries are used up`
        : null;
  return verdict === null || lastError === null ? verdict : `${verdict}. Last error: ${lastError}`;
}
