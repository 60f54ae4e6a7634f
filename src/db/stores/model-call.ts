import { z } from 'zod';
import type { ModelCallStore } from '../../domain/ports.ts';
import { reserve } from '../reservations.ts';
import { findReusable } from '../reusable.ts';
import { abandonLate, settle } from '../settlements.ts';
import type { Statements } from '../statements.ts';
import { readUsage } from '../usage.ts';

/** Each step is one statement, so it is all or nothing without a transaction to hold open while others wait for the budget. */
export function createModelCallStore(statements: Statements): ModelCallStore {
  return {
    reserve: (workspaceId, call, limits) => reserve(statements, { workspaceId, call, limits }),
    settle: (workspaceId, id, settlement) => settle(statements, { workspaceId, id, settlement }),
    async attach(workspaceId, ids, summaryId) {
      await statements.query(z.unknown(), ATTACH, [workspaceId, JSON.stringify(ids), summaryId]);
    },
    usage: (workspaceId, at) => readUsage(statements, workspaceId, at),
    findReusable: (workspaceId, key) => findReusable(statements, workspaceId, key),
    async tidy() {
      const abandoned = await abandonLate(statements, null);
      const deleted = await statements.query(z.unknown(), DELETE_PROMPTS, []);
      return { abandoned, promptsDeleted: deleted.length };
    },
    async prune(days) {
      const removed = await statements.query(z.unknown(), PRUNE, [days]);
      return removed.length;
    },
  };
}

const ATTACH = `
  update model_calls set summary_id = summaries.id
  from summaries
  where summaries.workspace_id = $1 and summaries.id = $3
    and model_calls.workspace_id = $1 and model_calls.id in (select jsonb_array_elements_text($2::jsonb)::uuid)`;

const DELETE_PROMPTS = `
  update model_calls set prompt = null, prompt_delete_after = null
  where prompt_delete_after <= now()
  returning 1`;

/** A reserved one is on its way to the sums, however old. */
const PRUNE = `
  delete from model_calls
  where created_at < now() - make_interval(days => $1) and outcome <> 'reserved'
  returning 1`;
