import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { JobId } from '../../domain/ids.ts';
import type { ClaimOutcome, Lease } from '../../domain/jobs.ts';
import type { JobLimits, JobStore } from '../../domain/ports.ts';
import { insertJobs, newJobs } from '../job-rows.ts';
import { leaseLost } from '../lease.ts';
import type { Statements } from '../statements.ts';
import { storableText } from '../storable.ts';

const Id = z.object({ id: JobId });
const Ids = z.object({ held: z.boolean(), ids: z.array(JobId) });
const Claimed = z.object({
  id: JobId,
  status: z.enum(['queued', 'dead']),
  kind: z.string(),
  payload: z.unknown(),
  attempt: z.number(),
  lastError: z.string().nullable(),
});
const Counts = z.object({ queued: z.number(), leased: z.number(), dead: z.number() });

/** Each method is one statement, so it is all or nothing without a transaction to hold open. */
export function createJobStore(statements: Statements): JobStore {
  return {
    async enqueue(jobs) {
      const rows = await statements.query(Id, ENQUEUE, [newJobs(jobs)]);
      return rows.map(({ id }) => id);
    },
    claim: (id, limits) => claim(statements, CLAIM, { id, limits }),
    claimNext: (id, limits) => claim(statements, CLAIM_NEXT, { id, limits }),
    async renew(lease, leaseMs) {
      const rows = await statements.query(z.unknown(), RENEW, [lease.jobId, lease.token, leaseMs]);
      return rows.length === 1;
    },
    async complete(lease, followUps) {
      const [row] = await statements.query(Ids, COMPLETE, [lease.jobId, lease.token, newJobs(followUps)]);
      if (row?.held !== true) throw leaseLost(lease);
      return row.ids;
    },
    async retry(lease, { delayMs, error, isUncounted = false }) {
      const parameters = [lease.jobId, lease.token, delayMs, storableText(error), isUncounted];
      const rows = await statements.query(z.unknown(), RETRY, parameters);
      assertHeld(rows, lease);
    },
    async bury(lease, reason) {
      const rows = await statements.query(z.unknown(), BURY, [lease.jobId, lease.token, storableText(reason)]);
      assertHeld(rows, lease);
    },
    async takeDue(limit) {
      const rows = await statements.query(Id, TAKE_DUE, [limit]);
      return rows.map(({ id }) => id);
    },
    async counts() {
      const [row] = await statements.query(Counts, COUNTS, []);
      return row ?? { queued: 0, leased: 0, dead: 0 };
    },
    async prune(days) {
      const rows = await statements.query(z.unknown(), PRUNE, [days]);
      return rows.length;
    },
  };
}

async function claim(
  statements: Statements,
  statement: string,
  { id, limits }: { id: JobId; limits: JobLimits },
): Promise<ClaimOutcome> {
  const token = randomUUID();
  const { leaseMs, maxAttempts, maxCrashes } = limits;
  const [row] = await statements.query(Claimed, statement, [id, token, leaseMs, maxAttempts, maxCrashes]);
  if (row === undefined) return { kind: 'unavailable' };
  const { id: jobId, status, kind, payload, attempt, lastError } = row;
  if (status === 'dead') return { kind: 'buried', jobId, jobKind: kind, reason: lastError ?? '' };
  return { kind: 'claimed', job: { lease: { jobId, token }, kind, payload, attempt, lastError } };
}

function assertHeld(rows: readonly unknown[], lease: Lease): void {
  if (rows.length === 0) throw leaseLost(lease);
}

const ENQUEUE = insertJobs('$1::jsonb');

const LIVE_LEASE = `id = $1 and lease_token = $2 and status = 'queued' and lease_expires_at > now()`;

const OPEN = `status = 'queued' and due_at <= now() and (lease_token is null or lease_expires_at <= now())`;
const FIRST_DUE = 'order by due_at limit 1 for update skip locked';

// An expired lease that was not given back means that its holder ended without a word. The count comes before the work, so
// that a job that kills its process is parked in the end.
const claimOf = (chosen: string): string => `
  with ${chosen}, found as (
    select id,
      attempt >= $4::int as out_of_attempts,
      lease_token is not null as crashed,
      crashes + (lease_token is not null)::int as crashes
    from chosen
  ), judged as (
    select id, crashes, case
        when crashed and crashes >= $5::int then 'The process ended in the middle of it ' || crashes || ' times'
        when out_of_attempts then 'Its ' || $4::int || ' tries are used up'
      end as verdict
    from found
  )
  update jobs set
    crashes = judged.crashes,
    status = case when verdict is null then 'queued' else 'dead' end,
    attempt = attempt + (verdict is null)::int,
    lease_token = case when verdict is null then $2::uuid end,
    lease_expires_at = case when verdict is null then now() + make_interval(secs => $3::float8 / 1000) end,
    finished_at = case when verdict is null then null else now() end,
    last_error = case
        when verdict is null then last_error
        when last_error is null then verdict
        else verdict || '. Last error: ' || last_error
      end
  from judged where jobs.id = judged.id
  returning jobs.id, jobs.status, jobs.kind, jobs.payload, jobs.attempt, jobs.last_error as "lastError"`;

const CLAIM = claimOf(`
  chosen as (
    select id, attempt, lease_token, crashes from jobs where id = $1 and ${OPEN} for update skip locked
  )`);

// Every look is kept from the database where the one before found something.
const CLAIM_NEXT = claimOf(`
  prompt as (
    select id, attempt, lease_token, crashes from jobs where is_prompt and ${OPEN} ${FIRST_DUE}
  ), handed as (
    select id, attempt, lease_token, crashes from jobs
    where id = $1 and ${OPEN} and not exists (select from prompt) for update skip locked
  ), oldest as (
    select id, attempt, lease_token, crashes from jobs
    where ${OPEN} and not exists (select from prompt) and not exists (select from handed) ${FIRST_DUE}
  ), chosen as (
    select * from prompt union all select * from handed union all select * from oldest
  )`);

const RENEW = `
  update jobs set lease_expires_at = now() + make_interval(secs => $3::float8 / 1000)
  where ${LIVE_LEASE} returning 1`;

const COMPLETE = `
  with held as (
    update jobs set status = 'done', lease_token = null, lease_expires_at = null, finished_at = now(), last_error = null
    where ${LIVE_LEASE} returning id
  ), added as (${insertJobs('(select $3::jsonb from held)')})
  select exists (select 1 from held) as held,
    (select coalesce(jsonb_agg(id), '[]') from added) as ids`;

const RETRY = `
  update jobs set lease_token = null, lease_expires_at = null, woken_at = null, last_error = $4,
    due_at = now() + make_interval(secs => $3::float8 / 1000),
    attempt = attempt - ($5::boolean and created_at > now() - interval '1 day')::int
  where ${LIVE_LEASE} returning 1`;

const BURY = `
  update jobs set status = 'dead', lease_token = null, lease_expires_at = null, finished_at = now(), last_error = $3
  where ${LIVE_LEASE} returning 1`;

const TAKE_DUE = `
  update jobs set woken_at = now()
  where id in (
    select id from jobs
    where ${OPEN}
      and (woken_at is null or woken_at <= now() - interval '10 seconds')
    order by due_at limit $1 for update skip locked
  )
  returning id`;

const COUNTS = `
  select
    (select count(*)::int from jobs
      where status = 'queued' and (lease_token is null or lease_expires_at <= now())) as queued,
    (select count(*)::int from jobs where status = 'queued' and lease_expires_at > now()) as leased,
    (select count(*)::int from jobs where status = 'dead') as dead`;

const PRUNE = `
  delete from jobs where status <> 'queued' and finished_at < now() - make_interval(days => $1) returning 1`;
