import { randomUUID } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import { JobId } from '../domain/ids.ts';
import type { NewJob } from '../domain/jobs.ts';
import type { Failure } from './entities/failure.ts';
import { Thread } from './entities/thread.ts';
import { insertJobs, newJobs } from './job-rows.ts';
import { execute } from './statements.ts';

const Id = z.object({ id: JobId });

interface RefreshOptions {
  /** The messages of every open failure with the same cause. */
  isOfCause?: boolean;
  /** Once more, later. */
  againInMs?: number;
}

/** Stores a job for each message that shows what was changed just now, in the transaction of `em`. */
export async function enqueueRefresh(
  em: SqlEntityManager,
  { workspaceId, id, repository, fingerprint }: Failure,
  { isOfCause = false, againInMs }: RefreshOptions = {},
): Promise<JobId[]> {
  const failure = isOfCause ? { repository, fingerprint, status: 'open' as const } : { id };
  const threads = await em.find(Thread, { workspaceId, failure });
  const change = randomUUID();
  const jobs = threads.flatMap((thread): NewJob[] => {
    const payload = { workspaceId, channelId: thread.channelId, failureId: thread.failure.id };
    const dedupeKey = `refresh:${thread.id}:${change}`;
    const now: NewJob = { kind: 'refresh-failure', payload, dedupeKey };
    return againInMs === undefined
      ? [now]
      : [now, { ...now, dedupeKey: `${dedupeKey}:again`, delayMs: Math.max(againInMs, 0) + 1_000 }];
  });
  return await enqueueIn(em, jobs);
}

/** Stores jobs in the transaction of `em`. */
export async function enqueueIn(em: SqlEntityManager, jobs: readonly NewJob[]): Promise<JobId[]> {
  if (jobs.length === 0) return [];
  const rows = await execute(em, Id, { text: insertJobs('?::jsonb'), parameters: [newJobs(jobs)] });
  return rows.map(({ id }) => id);
}
