import { z } from 'zod';
import { RepositoryName, type WorkspaceId } from '../domain/ids.ts';
import type { UsageReport } from '../domain/reasoning.ts';
import type { Statements } from './statements.ts';

const Count = z.number();
const Row = z.object({
  spentMicroUsd: Count,
  reservedMicroUsd: Count,
  calls: Count,
  reused: Count,
  byModel: z.array(
    z.object({
      provider: z.string(),
      model: z.string(),
      calls: Count,
      failed: Count,
      costMicroUsd: Count,
      usage: z.object({ inputTokens: Count, outputTokens: Count, cachedTokens: Count }),
    }),
  ),
  byRepository: z.array(z.object({ repository: RepositoryName, calls: Count, costMicroUsd: Count })),
  byDay: z.array(z.object({ day: z.string(), calls: Count, costMicroUsd: Count })),
  feedback: z.object({ up: Count, down: Count }),
});

/** What a workspace spent in the calendar month (UTC) of `at`; the dearest first, days in their order. */
export async function readUsage(statements: Statements, workspaceId: WorkspaceId, at: Date): Promise<UsageReport> {
  const month = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1));
  const [row] = await statements.query(z.object({ report: Row }), USAGE, [workspaceId, month.toISOString()]);
  if (row === undefined) throw new Error('The usage came without a row');
  return { month, ...row.report };
}

const COSTS = `'calls', count(*), 'costMicroUsd', sum(cost_micro_usd)::bigint`;
const DEAREST_FIRST = `order by sum(cost_micro_usd) desc, count(*) desc`;
const inMonth = (column: string): string =>
  `${column} >= $2::timestamptz and ${column} < ($2::timestamptz at time zone 'utc' + interval '1 month') at time zone 'utc'`;

// A reservation costs nothing yet, so the parts add up to what is spent.
const USAGE = `
  with calls as (
    select * from model_calls
    where workspace_id = $1 and month = ($2::timestamptz at time zone 'utc')::date
  ), budget as (
    select * from model_budgets where workspace_id = $1 and month = ($2::timestamptz at time zone 'utc')::date
  ), models as (
    select row_number() over (${DEAREST_FIRST}, provider, model) as place, jsonb_build_object(
      'provider', provider, 'model', model, ${COSTS},
      'failed', count(*) filter (where outcome in ('unsound', 'failed', 'abandoned')),
      'usage', jsonb_build_object('inputTokens', sum(input_tokens), 'outputTokens', sum(output_tokens),
        'cachedTokens', sum(cached_tokens))
    ) as entry from calls group by provider, model
  ), repositories as (
    select row_number() over (${DEAREST_FIRST}, repository) as place,
      jsonb_build_object('repository', repository, ${COSTS}) as entry
    from calls group by repository
  ), days as (
    select (created_at at time zone 'utc')::date as place,
      jsonb_build_object('day', to_char(created_at at time zone 'utc', 'YYYY-MM-DD'), ${COSTS}) as entry
    from calls group by 1, to_char(created_at at time zone 'utc', 'YYYY-MM-DD')
  )
  select jsonb_build_object(
    'spentMicroUsd', coalesce((select spent_micro_usd from budget), 0),
    'reservedMicroUsd', coalesce((select reserved_micro_usd from budget), 0),
    'calls', (select count(*) from calls),
    'reused', (select count(*) from summaries
      where workspace_id = $1 and ${inMonth('created_at')} and diagnosis->'authorship'->>'reusedFrom' is not null),
    'byModel', (select coalesce(jsonb_agg(entry order by place), '[]') from models),
    'byRepository', (select coalesce(jsonb_agg(entry order by place), '[]') from repositories),
    'byDay', (select coalesce(jsonb_agg(entry order by place), '[]') from days),
    'feedback', (select jsonb_build_object('up', count(*) filter (where opinion = 'up'),
        'down', count(*) filter (where opinion = 'down'))
      from feedback where workspace_id = $1 and ${inMonth('given_at')})
  ) as report`;
