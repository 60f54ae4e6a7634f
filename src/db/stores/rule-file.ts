import { randomUUID } from 'node:crypto';
import { LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import { RepositoryName, WorkspaceId } from '../../domain/ids.ts';
import type { RuleFileStore } from '../../domain/ports.ts';
import { printRule } from '../../domain/rules/print.ts';
import { RuleFile } from '../entities/rule-file.ts';
import { enqueueIn } from '../refresh.ts';
import { toRuleFile } from '../rule-files.ts';
import { execute } from '../statements.ts';
import { storableJson, storableText } from '../storable.ts';

const Stale = z.object({ workspaceId: WorkspaceId, repository: RepositoryName });

export function createRuleFileStore(orm: SqlEntityManager): RuleFileStore {
  return {
    async agree({ workspaceId, userId }, { channelId, repository }) {
      const parameters = [workspaceId, channelId, repository, randomUUID(), userId];
      const rows = await execute(orm.fork(), z.unknown(), { text: AGREE, parameters });
      return rows.length === 1 ? 'created' : 'existing';
    },
    withdraw: (workspaceId, place) =>
      orm.fork().transactional(async (em) => {
        const row = await em.findOne(RuleFile, { workspaceId, ...place }, { lockMode: LockMode.PESSIMISTIC_WRITE });
        if (row === null) return null;
        await em.nativeDelete(RuleFile, { workspaceId, ...place });
        return toRuleFile(row);
      }),
    async inChannel(workspaceId, channelId) {
      const rows = await orm.fork().find(RuleFile, { workspaceId, channelId }, { orderBy: { repository: 'asc' } });
      return rows.map(toRuleFile);
    },
    async ofRepository(workspaceId, repository) {
      const rows = await orm.fork().find(RuleFile, { workspaceId, repository }, { orderBy: { channelId: 'asc' } });
      return rows.map(toRuleFile);
    },
    save: (workspaceId, place, { state, version, rules, problem, readAt, followUps }) =>
      orm.fork().transactional(async (em) => {
        const lines = rules.map((rule) => storableText(printRule(rule)));
        const stored = problem === null ? null : storableJson(problem);
        const key = [workspaceId, place.channelId, place.repository];
        const parameters = [state, version, JSON.stringify(lines), stored, readAt, ...key, readAt];
        const saved = await execute(em, z.unknown(), { text: SAVE, parameters });
        return saved.length === 0 ? null : await enqueueIn(em, followUps);
      }),
    async stale(workspaceId, { olderThanMs, limit }) {
      const parameters = [workspaceId, workspaceId, olderThanMs / 1_000, limit];
      return await execute(orm.fork(), Stale, { text: STALE, parameters });
    },
  };
}

/** Returns a row when it is new, or was paused. */
const AGREE = `
  insert into rule_files (workspace_id, channel_id, repository, id, created_by, state, lines)
  values (?, ?, ?, ?, ?, 'unread', '[]'::jsonb)
  on conflict (workspace_id, channel_id, repository) do update
    set paused_reason = null, created_by = excluded.created_by
    where rule_files.paused_reason is not null
  returning 1`;

// Two that read at the same time may be stored in any order: what was read later stays.
const SAVE = `
  update rule_files set state = ?, version = ?, lines = ?::jsonb, problem = ?::jsonb, read_at = ?
  where workspace_id = ? and channel_id = ? and repository = ? and (read_at is null or read_at <= ?)
  returning 1`;

const STALE = `
  select workspace_id as "workspaceId", repository from rule_files
  where (?::text is null or workspace_id = ?) and (read_at is null or read_at <= now() - ? * interval '1 second')
  group by workspace_id, repository order by min(read_at) nulls first, 1, 2 limit ?`;
