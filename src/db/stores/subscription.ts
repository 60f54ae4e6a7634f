import { randomUUID } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import { SubscriptionId } from '../../domain/ids.ts';
import type { SubscriptionStore } from '../../domain/ports.ts';
import type { Subscription as Value } from '../../domain/subscription.ts';
import { Subscription } from '../entities/subscription.ts';
import { execute } from '../statements.ts';
import { storableText } from '../storable.ts';

const Id = z.object({ id: SubscriptionId });

export function createSubscriptionStore(orm: SqlEntityManager): SubscriptionStore {
  return {
    async create({ workspaceId, userId }, channelId, repository) {
      const em = orm.fork();
      const parameters = [randomUUID(), workspaceId, channelId, repository, userId];
      const created = await execute(em, Id, { text: CREATE, parameters });
      const row = await em.findOneOrFail(Subscription, { workspaceId, channelId, repository });
      return { kind: created.length === 1 ? 'created' : 'existing', subscription: toSubscription(row) };
    },
    async remove(workspaceId, channelId, repository) {
      return (await orm.fork().nativeDelete(Subscription, { workspaceId, channelId, repository })) === 1;
    },
    async inChannel(workspaceId, channelId) {
      const rows = await orm.fork().find(Subscription, { workspaceId, channelId }, { orderBy: { repository: 'asc' } });
      return rows.map(toSubscription);
    },
    async ofRepository(workspaceId, repository) {
      const rows = await orm.fork().find(Subscription, { workspaceId, repository }, { orderBy: { channelId: 'asc' } });
      return rows.map(toSubscription);
    },
    async pause(workspaceId, channelId, reason) {
      const parameters = [storableText(reason), workspaceId, channelId];
      const paused = await execute(orm.fork(), Id, { text: PAUSE, parameters });
      return paused.map(({ id }) => id);
    },
  };
}

function toSubscription({ id, channelId, repository, createdBy, createdAt, pausedReason }: Subscription): Value {
  return { id, channelId, repository, createdBy, createdAt, pausedReason };
}

/** Returns a row when it is new, or was paused. */
const CREATE = `
  insert into subscriptions (id, workspace_id, channel_id, repository, created_by) values (?, ?, ?, ?, ?)
  on conflict (workspace_id, channel_id, repository) do update
    set paused_reason = null, created_by = excluded.created_by
    where subscriptions.paused_reason is not null
  returning id`;

const PAUSE = `
  update subscriptions set paused_reason = ?
  where workspace_id = ? and channel_id = ? and paused_reason is null
  returning id`;
