import { randomUUID } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import { Happening, type KeptHappening } from '../domain/happening.ts';
import { type ChannelId, HappeningId, HappeningListId, type WorkspaceId } from '../domain/ids.ts';
import type { HappeningStore } from '../domain/ports.ts';
import { HOLD_OCCASIONS } from '../domain/roundup.ts';
import { HeldHappening } from './entities/held-happening.ts';
import { holdLease } from './lease.ts';
import { enqueueIn } from './refresh.ts';
import { execute } from './statements.ts';

type Held = Pick<HappeningStore, 'hold' | 'due' | 'letGo' | 'list' | 'findList' | 'listsOf'>;

const Due = z.object({ id: HappeningId, facts: Happening, occasion: z.enum(HOLD_OCCASIONS) });

interface Row {
  id: HappeningId;
  facts: Happening;
}

/** What channels hear of later. `complete` adds what is looked up beside a row. */
export function createHeldHappenings(
  orm: SqlEntityManager,
  complete: (em: SqlEntityManager, workspaceId: WorkspaceId, row: Row) => Promise<KeptHappening>,
): Held {
  return {
    async hold(workspaceId, channelId, { happeningId, occasion, dueAt }) {
      const parameters = [workspaceId, happeningId, channelId, occasion, dueAt];
      await execute(orm.fork(), z.unknown(), { text: HOLD, parameters });
    },
    async due(workspaceId, channelId, { at, limit }) {
      const em = orm.fork();
      const parameters = [workspaceId, channelId, at, at, limit];
      const rows = await execute(em, Due, { text: DUE, parameters });
      return await Promise.all(
        rows.map(async ({ occasion, ...row }) => ({ ...(await complete(em, workspaceId, row)), occasion })),
      );
    },
    async letGo(workspaceId, channelId, ids) {
      const where = { workspaceId, channelId, happening: { $in: [...ids] }, listId: null };
      await orm.fork().nativeDelete(HeldHappening, where);
    },
    list: (workspaceId, lease, { channelId, ids }) =>
      orm.fork().transactional(async (em) => {
        await holdLease(em, lease);
        const listId = HappeningListId.parse(randomUUID());
        const where = { workspaceId, channelId, happening: { $in: [...ids] }, listId: null };
        await em.nativeUpdate(HeldHappening, where, { listId });
        const payload = { workspaceId, channelId, listId };
        return await enqueueIn(em, [{ kind: 'tell-happenings', payload, dedupeKey: `tell-happenings:${listId}` }]);
      }),
    async findList(workspaceId, listId) {
      const em = orm.fork();
      const rows = await execute(em, Due, { text: LIST, parameters: [workspaceId, listId] });
      const [first] = rows;
      if (first === undefined) return null;
      const entries = await Promise.all(rows.map((row) => complete(em, workspaceId, row)));
      return { occasion: first.occasion, entries };
    },
    async listsOf(workspaceId, id) {
      const where = { workspaceId, happening: id, listId: { $ne: null } };
      const rows = await orm.fork().find(HeldHappening, where, { orderBy: { channelId: 'asc' } });
      return rows.flatMap(({ channelId, listId }) => (listId === null ? [] : [{ channelId, listId }]));
    },
  };
}

/** How many a channel may hear of by then. */
export async function countDueHappenings(
  em: SqlEntityManager,
  { workspaceId, channelId, at }: { workspaceId: WorkspaceId; channelId: ChannelId; at: Date },
): Promise<number> {
  const parameters = [workspaceId, channelId, at, at, null];
  const [row] = await execute(em, Count, { text: `select count(*)::int as total from (${DUE}) due`, parameters });
  return row?.total ?? 0;
}

const Count = z.object({ total: z.number() });

const HOLD = `
  insert into held_happenings (workspace_id, happening_id, channel_id, occasion, due_at) values (?, ?, ?, ?, ?)
  on conflict (workspace_id, happening_id, channel_id) do update
    set occasion = excluded.occasion, due_at = excluded.due_at where held_happenings.list_id is null
  returning 1`;

const DUE = `
  select happenings.id, happenings.facts, held.occasion
  from held_happenings held join happenings on happenings.id = held.happening_id
  where held.workspace_id = ? and held.channel_id = ? and held.list_id is null
    and (held.due_at is null or held.due_at <= ?)
    and not exists (
      select 1 from mutes
      where mutes.workspace_id = held.workspace_id and mutes.channel_id = held.channel_id
        and mutes.scope in ('*', happenings.repository) and mutes.expires_at > ?
    )
  order by happenings.updated_at, happenings.id limit ?`;

const LIST = `
  select happenings.id, happenings.facts, held.occasion
  from held_happenings held join happenings on happenings.id = held.happening_id
  where held.workspace_id = ? and held.list_id = ?
  order by happenings.repository, happenings.kind, happenings.id`;
