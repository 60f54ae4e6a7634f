import { z } from 'zod';
import type { ModelCallId, WorkspaceId } from '../domain/ids.ts';
import type { CallSettlement } from '../domain/reasoning.ts';
import type { Statements } from './statements.ts';
import { storableJson, storableText } from './storable.ts';

/** The end of a reserved call; nothing where it ended already. */
export async function settle(
  statements: Statements,
  { workspaceId, id, settlement }: { workspaceId: WorkspaceId; id: ModelCallId; settlement: CallSettlement },
): Promise<void> {
  const { outcome, usage, costMicroUsd, firstTokenMs, totalMs, model, problem, reply, prompt } = settlement;
  await statements.query(z.unknown(), { name: 'settle-model-call', text: SETTLE }, [
    workspaceId,
    id,
    outcome,
    Math.round(costMicroUsd),
    usage.inputTokens,
    usage.outputTokens,
    usage.cachedTokens,
    firstTokenMs === null ? null : Math.round(firstTokenMs),
    Math.round(totalMs),
    storableText(model),
    problem === null ? null : storableText(problem),
    reply === null ? null : storableJson(reply),
    prompt === null ? null : storableText(prompt.text),
    prompt?.keepDays ?? null,
  ]);
}

const Count = z.object({ count: z.number() });

/** Lets every reservation past its time count as spent, in one workspace or in all; returns how many. */
export async function abandonLate(statements: Statements, workspaceId: WorkspaceId | null): Promise<number> {
  const [row] = await statements.query(Count, ABANDON, [workspaceId]);
  return row?.count ?? 0;
}

// Month before call, as a reservation locks them: in the other order two could wait for each other. The plan is kept for long, so
// there is one way only to each row: by its key. `settled_at` tells the reserved ones without an index that holds all of them.
const SETTLE = `
  with call as materialized (
    select workspace_id, month from model_calls where id = $2
  ), budget as (
    select month from model_budgets join call using (workspace_id, month)
    where workspace_id = $1
    for update of model_budgets
  ), settled as (
    update model_calls set outcome = $3::text, cost_micro_usd = $4::bigint,
      input_tokens = $5::int, output_tokens = $6::int, cached_tokens = $7::int,
      first_token_ms = $8::int, total_ms = $9::int, answered_by = $10::text, problem = $11::text,
      reply = $12::jsonb, prompt = $13::text, prompt_delete_after = now() + make_interval(days => $14::int),
      settled_at = now()
    from budget
    where model_calls.id = $2 and settled_at is null
    returning model_calls.month, estimate_micro_usd, cost_micro_usd
  )
  update model_budgets set
    reserved_micro_usd = reserved_micro_usd - settled.estimate_micro_usd,
    spent_micro_usd = spent_micro_usd + settled.cost_micro_usd
  from settled where model_budgets.workspace_id = $1 and model_budgets.month = settled.month`;

const ABANDON = `
  with late as (
    select distinct workspace_id, month from model_calls
    where outcome = 'reserved' and expires_at <= now() and ($1::text is null or workspace_id = $1::text)
  ), budgets as (
    select workspace_id, month from model_budgets join late using (workspace_id, month)
    order by workspace_id, month
    for update of model_budgets
  ), abandoned as (
    update model_calls set outcome = 'abandoned', cost_micro_usd = estimate_micro_usd, settled_at = now()
    from budgets
    where model_calls.workspace_id = budgets.workspace_id and model_calls.month = budgets.month
      and outcome = 'reserved' and expires_at <= now()
    returning model_calls.workspace_id, model_calls.month, estimate_micro_usd
  ), sums as (
    select workspace_id, month, sum(estimate_micro_usd)::bigint as estimate, count(*)::int as count
    from abandoned group by workspace_id, month
  ), booked as (
    update model_budgets set
      reserved_micro_usd = reserved_micro_usd - sums.estimate, spent_micro_usd = spent_micro_usd + sums.estimate
    from sums where model_budgets.workspace_id = sums.workspace_id and model_budgets.month = sums.month
  )
  select coalesce(sum(count), 0)::int as count from sums`;
