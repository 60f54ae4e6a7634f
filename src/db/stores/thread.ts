import { randomUUID } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import { type ChannelId, type FailureId, type JobId, ThreadId, type WorkspaceId } from '../../domain/ids.ts';
import type { Lease } from '../../domain/jobs.ts';
import type { Reservation, ThreadStore } from '../../domain/ports.ts';
import { Called } from '../../domain/people.ts';
import type { Room } from '../../domain/roundup.ts';
import { Thread } from '../entities/thread.ts';
import { ThreadReply } from '../entities/thread-reply.ts';
import { holdLease } from '../lease.ts';
import { lockChannel } from '../locks.ts';
import { judge, Reserved, RESERVED } from '../reserved.ts';
import { execute } from '../statements.ts';
import { storableCopy, storableText } from '../storable.ts';
import { toThread } from '../values.ts';

export function createThreadStore(orm: SqlEntityManager): ThreadStore {
  const withLease = <Result>(lease: Lease, work: (em: SqlEntityManager) => Promise<Result>): Promise<Result> =>
    orm.fork().transactional(async (em) => {
      await holdLease(em, lease);
      return await work(em);
    });
  return {
    reserve: (workspaceId, lease, channelId, failureId) =>
      withLease(lease, (em) => reserve(em, lease.jobId, { workspaceId, channelId, failureId })),
    reserveIfRoom: (workspaceId, lease, { channelId, failureId, room }) =>
      withLease(lease, async (em) => {
        await lockChannel(em, workspaceId, channelId);
        const place = { workspaceId, channelId, failureId };
        return (await hasRoom(em, place, room)) ? await reserve(em, lease.jobId, place) : null;
      }),
    async find(workspaceId, channelId, failureId) {
      const row = await orm.fork().findOne(Thread, { workspaceId, channelId, failure: failureId });
      return row && toThread(row);
    },
    async findByMessage(workspaceId, channelId, ts) {
      const row = await orm.fork().findOne(Thread, { workspaceId, channelId, ts });
      return row && toThread(row);
    },
    setTs: (workspaceId, lease, id, ts) =>
      withLease(lease, async (em) => {
        await em.nativeUpdate(Thread, { workspaceId, id }, { ts });
      }),
    setShown: (workspaceId, lease, id, shown) =>
      withLease(lease, async (em) => {
        await em.nativeUpdate(Thread, { workspaceId, id }, { shown });
      }),
    setCalled: (workspaceId, lease, id, called) =>
      withLease(lease, async (em) => {
        await em.nativeUpdate(Thread, { workspaceId, id }, { called: storableCopy(called) });
      }),
    reserveReply: (workspaceId, lease, id, key) =>
      withLease(lease, (em) => reserveReply(em, lease.jobId, { workspaceId, id, key: storableText(key) })),
    setReplyTs: (workspaceId, lease, id, key, ts) =>
      withLease(lease, async (em) => {
        await em.nativeUpdate(ThreadReply, { workspaceId, thread: id, key: storableText(key) }, { ts });
      }),
  };
}

const ReservedThread = Reserved.extend({
  id: ThreadId,
  shown: z.string().nullable(),
  called: Called.nullable().catch(null),
});

interface MessagePlace {
  workspaceId: WorkspaceId;
  channelId: ChannelId;
  failureId: FailureId;
}

async function hasRoom(
  em: SqlEntityManager,
  { workspaceId, channelId, failureId }: MessagePlace,
  { messages, withinMs }: Room,
): Promise<boolean> {
  const key = [workspaceId, channelId, failureId];
  const parameters = [...key, ...key, workspaceId, channelId, withinMs / 1_000];
  const [found] = await execute(em, Standing, { text: STANDING, parameters });
  return found !== undefined && (found.isThere || (!found.isListed && found.recent < messages));
}

const Standing = z.object({ isThere: z.boolean(), isListed: z.boolean(), recent: z.number() });

const STANDING = `
  select
    exists (select 1 from threads where workspace_id = ? and channel_id = ? and failure_id = ?) as "isThere",
    exists (select 1 from roundup_entries where workspace_id = ? and channel_id = ? and failure_id = ?) as "isListed",
    (
      select count(*)::int from threads
      where workspace_id = ? and channel_id = ? and created_at > now() - make_interval(secs => ?)
    ) as recent`;

async function reserve(
  em: SqlEntityManager,
  jobId: JobId,
  { workspaceId, channelId, failureId }: MessagePlace,
): ReturnType<ThreadStore['reserve']> {
  const id = ThreadId.parse(randomUUID());
  const parameters = [id, channelId, jobId, workspaceId, failureId];
  const inserted = await execute(em, z.unknown(), { text: INSERT_THREAD, parameters });
  if (inserted.length === 1)
    return { thread: { id, channelId, failureId, ts: null, shown: null, called: null }, state: 'new' };
  const key = [workspaceId, channelId, failureId];
  const [row] = await execute(em, ReservedThread, { text: LOCK_THREAD, parameters: key });
  if (row === undefined) throw new Error(`Workspace ${workspaceId} has no failure ${failureId}`);
  const state = judge(row, jobId);
  if (state === 'resumed') await em.nativeUpdate(Thread, { workspaceId, id: row.id }, { reservedBy: jobId });
  return { thread: { id: row.id, channelId, failureId, ts: row.ts, shown: row.shown, called: row.called }, state };
}

async function reserveReply(
  em: SqlEntityManager,
  jobId: JobId,
  { workspaceId, id, key }: { workspaceId: WorkspaceId; id: ThreadId; key: string },
): Promise<Reservation> {
  const inserted = await execute(em, z.unknown(), { text: INSERT_REPLY, parameters: [key, jobId, workspaceId, id] });
  if (inserted.length === 1) return 'new';
  const [row] = await execute(em, Reserved, { text: LOCK_REPLY, parameters: [workspaceId, id, key] });
  if (row === undefined) throw new Error(`Workspace ${workspaceId} has no thread ${id}`);
  const state = judge(row, jobId);
  if (state === 'resumed') await em.nativeUpdate(ThreadReply, { workspaceId, thread: id, key }, { reservedBy: jobId });
  return state;
}

// Made from the row that it hangs on, so that nobody can hang something on another workspace's row.
const INSERT_THREAD = `
  insert into threads (id, workspace_id, channel_id, failure_id, reserved_by)
  select ?, workspace_id, ?, id, ? from failures where workspace_id = ? and id = ?
  on conflict (workspace_id, channel_id, failure_id) do nothing
  returning 1`;

const LOCK_THREAD = `
  select id, shown, called, ${RESERVED} from threads where workspace_id = ? and channel_id = ? and failure_id = ? for update`;

const INSERT_REPLY = `
  insert into thread_replies (thread_id, key, workspace_id, reserved_by)
  select id, ?, workspace_id, ? from threads where workspace_id = ? and id = ?
  on conflict (thread_id, key) do nothing
  returning 1`;

const LOCK_REPLY = `
  select ${RESERVED} from thread_replies where workspace_id = ? and thread_id = ? and key = ? for update`;
