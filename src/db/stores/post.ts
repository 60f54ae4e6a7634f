import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import type { JobId, WorkspaceId } from '../../domain/ids.ts';
import type { PostPlace, PostStore } from '../../domain/ports.ts';
import { Post } from '../entities/post.ts';
import { holdLease } from '../lease.ts';
import { judge, Reserved, RESERVED } from '../reserved.ts';
import { execute } from '../statements.ts';

export function createPostStore(orm: SqlEntityManager): PostStore {
  return {
    reserve: (workspaceId, lease, post) =>
      orm.fork().transactional(async (em) => {
        await holdLease(em, lease);
        return await reserve(em, lease.jobId, { workspaceId, ...post });
      }),
    setTs: (workspaceId, lease, { channelId, key, ts, shown }) =>
      orm.fork().transactional(async (em) => {
        await holdLease(em, lease);
        await em.nativeUpdate(Post, { workspaceId, channelId, key }, { ts, shown });
      }),
    setShown: (workspaceId, lease, { channelId, key, shown }) =>
      orm.fork().transactional(async (em) => {
        await holdLease(em, lease);
        await em.nativeUpdate(Post, { workspaceId, channelId, key }, { shown });
      }),
    async channelsOf(workspaceId, key) {
      const rows = await orm.fork().find(Post, { workspaceId, key }, { orderBy: { channelId: 'asc' } });
      return rows.map(({ channelId }) => channelId);
    },
  };
}

const Shown = Reserved.extend({ shown: z.string().nullable() });

async function reserve(
  em: SqlEntityManager,
  jobId: JobId,
  { workspaceId, channelId, key }: PostPlace & { workspaceId: WorkspaceId },
): ReturnType<PostStore['reserve']> {
  const inserted = await execute(em, z.unknown(), { text: INSERT, parameters: [workspaceId, channelId, key, jobId] });
  if (inserted.length === 1) return { ts: null, shown: null, state: 'new' };
  const [row] = await execute(em, Shown, { text: LOCK, parameters: [workspaceId, channelId, key] });
  if (row === undefined) throw new Error(`Workspace ${workspaceId} has no message ${key}`);
  const state = judge(row, jobId);
  if (state === 'resumed') await em.nativeUpdate(Post, { workspaceId, channelId, key }, { reservedBy: jobId });
  return { ts: row.ts, shown: row.shown, state };
}

const INSERT = `
  insert into posts (workspace_id, channel_id, key, reserved_by) values (?, ?, ?, ?)
  on conflict (workspace_id, key, channel_id) do nothing
  returning 1`;

const LOCK = `select ${RESERVED}, shown from posts where workspace_id = ? and channel_id = ? and key = ? for update`;
