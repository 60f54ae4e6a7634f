import { randomUUID } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import { ChannelId, type FailureId, type JobId, RoundupId, type WorkspaceId } from '../domain/ids.ts';
import { Roundup } from './entities/roundup.ts';
import { enqueueIn } from './refresh.ts';
import { execute } from './statements.ts';

/** What changes within this time is one edit. */
const GATHER_MS = 2_000;

const Id = z.object({ id: RoundupId });
const Place = z.object({ id: RoundupId, channelId: ChannelId });

/**
 * Stores a job for each of these roundups that edits its message, where none waits already, in the transaction of `em`. The rows stay locked
 * until that ends, and the job locks them before it reads: so a job that waits will see what is changed here, and of one that has
 * begun we cannot know, so that another one follows it.
 */
export async function touchRoundups(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  ids: readonly RoundupId[],
): Promise<JobId[]> {
  if (ids.length === 0) return [];
  const parameters = [workspaceId, JSON.stringify(ids)];
  await execute(em, z.unknown(), { text: LOCK, parameters: [...parameters] });
  // A statement of its own: only one that starts after the locks are held sees what jobs have begun by then.
  const quiet = await execute(em, Place, { text: WITHOUT_JOB, parameters });
  const stored: JobId[] = [];
  for (const { id, channelId } of quiet) {
    const payload = { workspaceId, channelId, roundupId: id };
    const dedupeKey = `roundup:${id}:${randomUUID()}`;
    const [jobId] = await enqueueIn(em, [{ kind: 'deliver-roundup', payload, dedupeKey, delayMs: GATHER_MS }]);
    if (jobId === undefined) continue;
    await em.nativeUpdate(Roundup, { workspaceId, id }, { jobId });
    stored.push(jobId);
  }
  return stored;
}

/** The same for every roundup that lists one of these failures. */
export async function touchRoundupsOf(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  failures: readonly FailureId[],
): Promise<JobId[]> {
  if (failures.length === 0) return [];
  const rows = await execute(em, Id, { text: LISTING, parameters: [workspaceId, JSON.stringify(failures)] });
  return await touchRoundups(
    em,
    workspaceId,
    rows.map(({ id }) => id),
  );
}

const CHOSEN = `workspace_id = ? and id in (select jsonb_array_elements_text(?::jsonb)::uuid)`;

const LOCK = `select 1 from roundups where ${CHOSEN} order by id for update`;

const WITHOUT_JOB = `
  select id, channel_id as "channelId" from roundups
  where ${CHOSEN} and not exists (
    select 1 from jobs where jobs.id = roundups.job_id and jobs.status = 'queued' and jobs.lease_token is null
  )
  order by id`;

const LISTING = `
  select distinct roundup_id as id from roundup_entries
  where workspace_id = ? and failure_id in (select jsonb_array_elements_text(?::jsonb)::uuid)`;
