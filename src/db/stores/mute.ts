import { randomUUID } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import { type ChannelId, FailureId, RepositoryName, SummaryId, type WorkspaceId } from '../../domain/ids.ts';
import type { HeldSummary as Held, Mute as Value, MuteStore } from '../../domain/ports.ts';
import { HeldSummary } from '../entities/held-summary.ts';
import { Mute } from '../entities/mute.ts';
import { addAuditEntry } from '../handling.ts';
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
    unmute: ({ workspaceId, userId }, channelId, { at, followUps }) =>
      orm.fork().transactional(async (em) => {
        const ended = await em.nativeDelete(Mute, { workspaceId, channelId });
        const held = await takeHeld(em, { workspaceId, channelId, at });
        const subject = { kind: 'channel', id: channelId } as const;
        addAuditEntry(em, workspaceId, { actor: userId, action: 'unmute', subject, details: { ended }, at });
        await em.flush();
        return { ended, held: held.length, jobIds: await enqueueIn(em, followUps(held)) };
      }),
    async current(workspaceId, channelId, at) {
      const key = { workspaceId, channelId, expiresAt: { $gt: at } };
      const rows = await orm.fork().find(Mute, key, { orderBy: { expiresAt: 'desc', scope: 'asc' } });
      return rows.map(toMute);
    },
    async hold(workspaceId, channelId, { failureId, summaryId }) {
      await orm.fork().upsert(HeldSummary, { workspaceId, channelId, failure: failureId, summary: summaryId });
    },
    release: (workspaceId, channelId, { at, followUps }) =>
      orm.fork().transactional(async (em) => {
        await em.nativeDelete(Mute, { workspaceId, channelId, expiresAt: { $lte: at } });
        return await enqueueIn(em, followUps(await takeHeld(em, { workspaceId, channelId, at })));
      }),
  };
}

function toMute({ scope, mutedBy, expiresAt }: Mute): Value {
  return { scope: scope === '*' ? '*' : RepositoryName.parse(scope), by: mutedBy, until: expiresAt };
}

const Taken = z.object({ failureId: FailureId, summaryId: SummaryId, isOpen: z.boolean() });

/** Takes what no mute covers; what was fixed meanwhile is let go of without a word. */
async function takeHeld(
  em: SqlEntityManager,
  { workspaceId, channelId, at }: { workspaceId: WorkspaceId; channelId: ChannelId; at: Date },
): Promise<Held[]> {
  const rows = await execute(em, Taken, { text: TAKE_HELD, parameters: [workspaceId, channelId, at.toISOString()] });
  return rows.filter(({ isOpen }) => isOpen).map(({ failureId, summaryId }) => ({ failureId, summaryId }));
}

const TAKE_HELD = `
  delete from held_summaries using failures
  where held_summaries.failure_id = failures.id
    and held_summaries.workspace_id = ? and held_summaries.channel_id = ?
    and not exists (
      select 1 from mutes
      where mutes.workspace_id = held_summaries.workspace_id and mutes.channel_id = held_summaries.channel_id
        and mutes.scope in ('*', failures.repository) and mutes.expires_at > ?::timestamptz
    )
  returning failure_id as "failureId", summary_id as "summaryId", failures.status = 'open' as "isOpen"`;
