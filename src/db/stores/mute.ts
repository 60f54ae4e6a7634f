import { randomUUID } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import { type ChannelId, FailureId, RepositoryName, SummaryId, type WorkspaceId } from '../../domain/ids.ts';
import type { DueSummary, Mute as Value, MuteStore } from '../../domain/ports.ts';
import { HOLD_OCCASIONS } from '../../domain/roundup.ts';
import { HeldSummary } from '../entities/held-summary.ts';
import { Mute } from '../entities/mute.ts';
import { addAuditEntry } from '../handling.ts';
import { countDueHappenings } from '../held-happenings.ts';
import { enqueueIn } from '../refresh.ts';
import { execute } from '../statements.ts';

export function createMuteStore(orm: SqlEntityManager): MuteStore {
  return {
    mute: ({ workspaceId, userId }, channelId, { scope, until, at }) =>
      orm.fork().transactional(async (em) => {
        await em.upsert(Mute, { workspaceId, channelId, scope, mutedBy: userId, expiresAt: until });
        const subject = { kind: 'channel', id: channelId } as const;
        const details = { scope, until: until.toISOString() };
        addAuditEntry(em, workspaceId, { actor: userId, action: 'mute', subject, details, at });
        await em.flush();
        const delayMs = Math.max(until.getTime() - at.getTime(), 0) + 1_000;
        const dedupeKey = `end-mute:${randomUUID()}`;
        await enqueueIn(em, [{ kind: 'end-mute', payload: { workspaceId, channelId }, dedupeKey, delayMs }]);
      }),
    unmute: ({ workspaceId, userId }, channelId, at) =>
      orm.fork().transactional(async (em) => {
        const ended = await em.nativeDelete(Mute, { workspaceId, channelId });
        const due = await findDue(em, { workspaceId, channelId, at, limit: null });
        const others = await countDueHappenings(em, { workspaceId, channelId, at });
        const subject = { kind: 'channel', id: channelId } as const;
        addAuditEntry(em, workspaceId, { actor: userId, action: 'unmute', subject, details: { ended }, at });
        await em.flush();
        const payload = { workspaceId, channelId };
        const jobIds = await enqueueIn(em, [{ kind: 'end-mute', payload, dedupeKey: `end-mute:${randomUUID()}` }]);
        return { ended, held: due.filter(({ isOpen }) => isOpen).length, others, jobIds };
      }),
    async current(workspaceId, channelId, at) {
      const key = { workspaceId, channelId, expiresAt: { $gt: at } };
      const rows = await orm.fork().find(Mute, key, { orderBy: { expiresAt: 'desc', scope: 'asc' } });
      return rows.map(toMute);
    },
    async hold(workspaceId, channelId, { failureId, summaryId, occasion, dueAt }) {
      const held = { failure: failureId, summary: summaryId, occasion, dueAt };
      await orm.fork().upsert(HeldSummary, { workspaceId, channelId, ...held });
    },
    async due(workspaceId, channelId, { at, limit }) {
      const em = orm.fork();
      await em.nativeDelete(Mute, { workspaceId, channelId, expiresAt: { $lte: at } });
      return await findDue(em, { workspaceId, channelId, at, limit });
    },
    async letGo(workspaceId, channelId, { failureId, summaryId }) {
      await orm.fork().nativeDelete(HeldSummary, { workspaceId, channelId, failure: failureId, summary: summaryId });
    },
  };
}

function toMute({ scope, mutedBy, expiresAt }: Mute): Value {
  return { scope: scope === '*' ? '*' : RepositoryName.parse(scope), by: mutedBy, until: expiresAt };
}

const Due = z.object({
  failureId: FailureId,
  summaryId: SummaryId,
  occasion: z.enum(HOLD_OCCASIONS),
  dueAt: z.coerce.date().nullable(),
  repository: RepositoryName,
  isOpen: z.boolean(),
});

interface Which {
  workspaceId: WorkspaceId;
  channelId: ChannelId;
  at: Date;
  /** Null for all. */
  limit: number | null;
}

function findDue(em: SqlEntityManager, { workspaceId, channelId, at, limit }: Which): Promise<DueSummary[]> {
  const now = at.toISOString();
  return execute(em, Due, { text: DUE, parameters: [workspaceId, channelId, now, now, limit] });
}

const DUE = `
  select failure_id as "failureId", summary_id as "summaryId", occasion, due_at as "dueAt", failures.repository,
    failures.status = 'open' as "isOpen"
  from held_summaries join failures on failures.id = held_summaries.failure_id
  where held_summaries.workspace_id = ? and held_summaries.channel_id = ?
    and (held_summaries.due_at is null or held_summaries.due_at <= ?::timestamptz)
    and not exists (
      select 1 from mutes
      where mutes.workspace_id = held_summaries.workspace_id and mutes.channel_id = held_summaries.channel_id
        and mutes.scope in ('*', failures.repository) and mutes.expires_at > ?::timestamptz
    )
  order by failures.first_at, failures.id limit ?`;
