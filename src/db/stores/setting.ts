import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { AuditAction } from '../../domain/handling.ts';
import type { SettingStore } from '../../domain/ports.ts';
import { ReasoningSettings, USUAL_REASONING } from '../../domain/reasoning.ts';
import { RerunTarget } from '../../domain/reruns.ts';
import type { Statements } from '../statements.ts';
import { storableJson } from '../storable.ts';

const REASONING = 'reasoning';
const RERUNS = 'reruns';

const { routes, reuseHours, monthlyBudgetUsd, callsPerHour, keepPromptsDays } = ReasoningSettings.shape;

/** A part that is missing, or that another version of us wrote, is the usual one; the others stand. */
const StoredReasoning = z
  .object({
    routes: routes.catch(USUAL_REASONING.routes),
    reuseHours: reuseHours.catch(USUAL_REASONING.reuseHours),
    monthlyBudgetUsd: monthlyBudgetUsd.catch(USUAL_REASONING.monthlyBudgetUsd),
    callsPerHour: callsPerHour.catch(USUAL_REASONING.callsPerHour),
    keepPromptsDays: keepPromptsDays.catch(USUAL_REASONING.keepPromptsDays),
  })
  .catch(USUAL_REASONING);

export function createSettingStore(statements: Statements): SettingStore {
  return {
    async reasoning(workspaceId) {
      const [row] = await statements.query(z.object({ value: StoredReasoning }), FIND, [workspaceId, REASONING]);
      return row?.value ?? { ...USUAL_REASONING };
    },
    async saveReasoning(workspaceId, settings) {
      await statements.query(z.unknown(), SAVE, [workspaceId, REASONING, storableJson(settings)]);
    },
    async openReruns(workspaceId) {
      const [row] = await statements.query(z.object({ value: StoredReruns }), FIND, [workspaceId, RERUNS]);
      return row?.value ?? [];
    },
    async saveOpenReruns({ workspaceId, userId }, open, at) {
      const action: AuditAction = 'open-reruns';
      const details = storableJson({ open: open.join(' ') });
      const audit = [randomUUID(), userId, action, workspaceId, details, at.toISOString()];
      await statements.query(z.unknown(), SAVE_AUDITED, [workspaceId, RERUNS, storableJson(open), ...audit]);
    },
  };
}

/** What another version of us wrote and we cannot read opens nothing. */
const StoredReruns = z
  .array(z.unknown())
  .transform((stored) => stored.flatMap((each) => RerunTarget.safeParse(each).data ?? []))
  .catch([]);

const FIND = `select value from settings where workspace_id = $1 and key = $2`;

const SAVE = `
  insert into settings (workspace_id, key, value) values ($1, $2, $3::jsonb)
  on conflict (workspace_id, key) do update set value = excluded.value, updated_at = now()`;

/** One statement, and so one transaction. */
const SAVE_AUDITED = `
  with saved as (
    insert into settings (workspace_id, key, value) values ($1, $2, $3::jsonb)
    on conflict (workspace_id, key) do update set value = excluded.value, updated_at = now()
  )
  insert into audit_entries (id, workspace_id, actor, action, subject_kind, subject_id, details, at)
  values ($4, $1, $5, $6, 'workspace', $7, $8::jsonb, $9)`;
