import { z } from 'zod';
import type { SettingStore } from '../../domain/ports.ts';
import { ReasoningSettings, USUAL_REASONING } from '../../domain/reasoning.ts';
import type { Statements } from '../statements.ts';
import { storableJson } from '../storable.ts';

const REASONING = 'reasoning';

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
  };
}

const FIND = `select value from settings where workspace_id = $1 and key = $2`;

const SAVE = `
  insert into settings (workspace_id, key, value) values ($1, $2, $3::jsonb)
  on conflict (workspace_id, key) do update set value = excluded.value, updated_at = now()`;
