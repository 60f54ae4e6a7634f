import { randomUUID } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import { ChannelId, FailureId, JobId, MessageTs, RoundupId, SummaryId, type WorkspaceId } from '../../domain/ids.ts';
import { ROUNDUP_MOST, ROUNDUP_OCCASIONS, ROUNDUP_PAUSE_MS, type RoundupStore } from '../../domain/roundup.ts';
import { Failure } from '../entities/failure.ts';
import { Roundup } from '../entities/roundup.ts';
import { holdLease } from '../lease.ts';
import { lockChannel } from '../locks.ts';
import { judge, Reserved, RESERVED } from '../reserved.ts';
import { touchRoundups } from '../touch-roundups.ts';
import { execute } from '../statements.ts';
import { toFailure } from '../values.ts';

const Id = z.object({ id: RoundupId });
const Summary = z.object({ summaryId: SummaryId });
/** Nobody has reserved what no job has looked at yet. */
const Locked = Reserved.extend({
  channelId: ChannelId,
  occasion: z.enum(ROUNDUP_OCCASIONS),
  reservedBy: JobId.nullable(),
});
const Entry = z.object({
  id: FailureId,
  summaryId: SummaryId,
  headline: z.string(),
  url: z.string(),
  threadTs: MessageTs.nullable(),
});

type Listing = Parameters<RoundupStore['list']>[2] & { workspaceId: WorkspaceId };

export function createRoundupStore(orm: SqlEntityManager): RoundupStore {
  return {
    list: (workspaceId, lease, entry) =>
      orm.fork().transactional(async (em) => {
        await holdLease(em, lease);
        return await list(em, { workspaceId, ...entry });
      }),
    async findListed(workspaceId, channelId, failureId) {
      const parameters = [workspaceId, channelId, failureId];
      const [row] = await execute(orm.fork(), Summary, { text: FIND_LISTED, parameters });
      return row?.summaryId ?? null;
    },
    reserve: (workspaceId, lease, id) =>
      orm.fork().transactional(async (em) => {
        await holdLease(em, lease);
        const [row] = await execute(em, Locked, { text: LOCK, parameters: [workspaceId, id] });
        if (row === undefined) return null;
        const { channelId, occasion, ts } = row;
        const { reservedBy } = row;
        const state = reservedBy === null ? 'new' : judge({ ...row, reservedBy }, lease.jobId);
        const isOurs = state === 'new' || state === 'resumed';
        if (isOurs) await em.nativeUpdate(Roundup, { workspaceId, id }, { reservedBy: lease.jobId });
        return { roundup: { id, channelId, occasion, ts }, state };
      }),
    setTs: (workspaceId, lease, id, ts) =>
      orm.fork().transactional(async (em) => {
        await holdLease(em, lease);
        await em.nativeUpdate(Roundup, { workspaceId, id }, { ts });
      }),
    async entries(workspaceId, id) {
      const em = orm.fork();
      const rows = await execute(em, Entry, { text: ENTRIES, parameters: [workspaceId, id] });
      const found = await em.find(Failure, { workspaceId, id: { $in: rows.map((row) => row.id) } });
      const failures = new Map(found.map((row) => [row.id, row]));
      return rows.flatMap(({ id: failureId, ...entry }) => {
        const failure = failures.get(failureId);
        return failure === undefined ? [] : [{ failure: toFailure(failure), ...entry }];
      });
    },
  };
}

async function list(
  em: SqlEntityManager,
  { workspaceId, channelId, failureId, summaryId, occasion }: Listing,
): ReturnType<RoundupStore['list']> {
  await lockChannel(em, workspaceId, channelId);
  const renewal = { text: RENEW, parameters: [summaryId, workspaceId, channelId, failureId] };
  const [renewed] = await execute(em, Id, renewal);
  if (renewed !== undefined) return await touchRoundups(em, workspaceId, [renewed.id]);
  const place = [workspaceId, channelId, occasion];
  const growth = { text: GROW, parameters: [...place, ROUNDUP_PAUSE_MS / 1_000, ROUNDUP_MOST] };
  const [growing] = await execute(em, Id, growth);
  const id = growing?.id ?? RoundupId.parse(randomUUID());
  if (growing === undefined) await execute(em, z.unknown(), { text: BEGIN, parameters: [id, ...place] });
  await execute(em, z.unknown(), { text: ADD, parameters: [channelId, id, summaryId, workspaceId, failureId] });
  return await touchRoundups(em, workspaceId, [id]);
}

const FIND_LISTED = `
  select summary_id as "summaryId" from roundup_entries where workspace_id = ? and channel_id = ? and failure_id = ?`;

const RENEW = `
  update roundup_entries set summary_id = ? where workspace_id = ? and channel_id = ? and failure_id = ?
  returning roundup_id as id`;

const GROW = `
  update roundups set grown_at = now()
  where id = (
    select id from roundups
    where workspace_id = ? and channel_id = ? and occasion = ? and grown_at > now() - make_interval(secs => ?)
    order by grown_at desc, id limit 1
  ) and (select count(*) from roundup_entries where roundup_id = roundups.id) < ?
  returning id`;

const BEGIN = 'insert into roundups (id, workspace_id, channel_id, occasion) values (?, ?, ?, ?)';

// Made from the failure's row, so that nobody can list what is another workspace's.
const ADD = `
  insert into roundup_entries (workspace_id, channel_id, failure_id, roundup_id, summary_id)
  select workspace_id, ?, id, ?, ? from failures where workspace_id = ? and id = ?`;

const LOCK = `
  select channel_id as "channelId", occasion, ${RESERVED}
  from roundups where workspace_id = ? and id = ? for update`;

const ENTRIES = `
  select entry.failure_id as id, entry.summary_id as "summaryId", coalesce(summaries.diagnosis->>'headline', '') as headline,
    coalesce(runs.url, '') as url, threads.ts as "threadTs"
  from roundup_entries entry
  join summaries on summaries.id = entry.summary_id
  left join runs on runs.workspace_id = entry.workspace_id and runs.repository = summaries.repository
    and runs.run_id = summaries.run_id and runs.attempt = summaries.attempt
  left join threads on threads.workspace_id = entry.workspace_id and threads.channel_id = entry.channel_id
    and threads.failure_id = entry.failure_id
  where entry.workspace_id = ? and entry.roundup_id = ?
  order by entry.listed_at, entry.failure_id`;
