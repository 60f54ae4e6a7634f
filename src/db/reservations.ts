import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ModelCallId, type WorkspaceId } from '../domain/ids.ts';
import type { NewModelCall, ReserveOutcome, SpendingLimits } from '../domain/reasoning.ts';
import { ModelReply } from './model-reply.ts';
import { abandonLate } from './settlements.ts';
import type { Statements } from './statements.ts';
import { storableText } from './storable.ts';

const Judged = z.object({
  kind: z.enum([
    'reserved',
    'answered',
    'in-flight',
    'budget-exhausted',
    'too-many-calls',
    // These are put right, then it is asked again.
    'no-month',
    'late',
  ]),
  id: ModelCallId.nullable(),
  reply: z.unknown(),
  crossed: z.enum(['none', 'warning', 'exhausted']).nullable(),
});
type Judged = z.infer<typeof Judged>;

export interface Reservation {
  workspaceId: WorkspaceId;
  call: NewModelCall;
  limits: SpendingLimits;
}

/** The month is opened, then a late call abandoned, then an unreadable reply dropped: more than that means others do so too. */
const MAX_LOOKS = 5;

/** One statement, but for the first call of a month and after a call that nobody settled. */
export async function reserve(statements: Statements, reservation: Reservation): Promise<ReserveOutcome> {
  const { workspaceId, limits } = reservation;
  if (limits.monthlyBudgetUsd <= 0) return { kind: 'budget-exhausted', crossed: 'none' };
  const parameters = parametersOf(reservation);
  for (let look = 0; look < MAX_LOOKS; look += 1) {
    const [judged] = await statements.query(Judged, { name: 'reserve-model-call', text: RESERVE }, parameters);
    const outcome = judged && outcomeOf(judged);
    if (outcome !== undefined) return outcome;
    if (judged?.kind === 'no-month') await statements.query(z.unknown(), OPEN_MONTH, [workspaceId]);
    if (judged?.kind === 'late') await abandonLate(statements, workspaceId);
    if (judged?.kind === 'answered') await statements.query(z.unknown(), DROP_REPLY, [workspaceId, judged.id]);
  }
  return { kind: 'in-flight' };
}

function parametersOf({ workspaceId, call, limits }: Reservation) {
  return [
    workspaceId,
    call.requestKey,
    Math.ceil(call.estimateMicroUsd),
    Math.round(limits.monthlyBudgetUsd * 1_000_000),
    limits.callsPerHour,
    randomUUID(),
    call.repository,
    call.runId,
    call.attempt,
    storableText(call.fingerprint),
    call.provider,
    storableText(call.model),
    call.promptVersion,
    call.fallbackReason === null ? null : storableText(call.fallbackReason),
    call.expiresInMs,
  ];
}

/** Undefined where something has to be put right first. */
function outcomeOf({ kind, id, reply, crossed }: Judged): ReserveOutcome | undefined {
  switch (kind) {
    case 'reserved':
      return id === null ? undefined : { kind, callId: id, crossed: crossed ?? 'none' };
    case 'answered': {
      const readable = ModelReply.safeParse(reply);
      return id !== null && readable.success ? { kind, callId: id, reply: readable.data } : undefined;
    }
    case 'budget-exhausted':
      return { kind, crossed: crossed ?? 'none' };
    case 'in-flight':
    case 'too-many-calls':
      return { kind };
    case 'no-month':
    case 'late':
      return undefined;
    default:
      return kind satisfies never;
  }
}

const THIS_MONTH = `date_trunc('month', now() at time zone 'utc')::date`;
/** What keeps its key to itself, as the unique index says it. */
const HOLDS_KEY = `(outcome = 'reserved' or outcome = 'answered')`;

// Behind the lock on the month's row only that row is the newest: the rest of the statement sees
// the calls as they were when it began. So the key is left to the unique index, and the hour to the count that the row keeps:
// the call that is `callsPerHour` back tells by its time, and one too new to be seen is of this hour.
const RESERVE = `
  with known as (
    select id, outcome, reply, expires_at <= now() as late from model_calls
    where workspace_id = $1 and request_key = $2 and ${HOLDS_KEY}
  ), seen as (
    select calls from model_budgets where workspace_id = $1 and month = ${THIS_MONTH}
  ), budget as (
    select month, calls, warned_at, exhausted_at, spent_micro_usd + reserved_micro_usd as total from model_budgets
    where workspace_id = $1 and month = ${THIS_MONTH} and not exists (select 1 from known)
    for update
  ), judged as (
    select *, case
        when $3::bigint > 0 and total + $3::bigint > $4::bigint then 'budget-exhausted'
        when $5::int = 0 then 'too-many-calls'
        when coalesce(
          (select created_at > now() - interval '1 hour' from model_calls
            where workspace_id = $1 and number = budget.calls - $5::int + 1 order by created_at desc limit 1),
          budget.calls - $5::int + 1 > (select calls from seen)
        ) then 'too-many-calls'
        else 'reserved'
      end as kind
    from budget
  ), added as (
    insert into model_calls (id, workspace_id, number, month, request_key, repository, run_id, attempt, fingerprint,
      provider, model, prompt_version, estimate_micro_usd, outcome, fallback_reason, expires_at)
    select $6::uuid, $1::text, calls + 1, month, $2::text, $7::text, $8::bigint, $9::int, $10::text,
      $11::text, $12::text, $13::text, $3::bigint, 'reserved', $14::text, now() + make_interval(secs => $15::float8 / 1000)
    from judged where kind = 'reserved'
    on conflict (workspace_id, request_key) where ${HOLDS_KEY} do nothing
    returning id
  ), told as (
    select judged.*, added.id, case
        when kind = 'budget-exhausted' and exhausted_at is null then 'exhausted'
        when added.id is not null and warned_at is null and (total + $3::bigint) * 10 >= $4::bigint * 8 then 'warning'
        else 'none'
      end as crossed
    from judged left join added on true
  ), booked as (
    update model_budgets as month set
      reserved_micro_usd = reserved_micro_usd + case when told.id is null then 0 else $3::bigint end,
      calls = month.calls + (told.id is not null)::int,
      warned_at = case when told.crossed = 'warning' then now() else month.warned_at end,
      exhausted_at = case when told.crossed = 'exhausted' then now() else month.exhausted_at end
    from told
    where month.workspace_id = $1 and month.month = told.month and (told.id is not null or told.crossed = 'exhausted')
  )
  select coalesce(known.id, told.id) as id, known.reply, told.crossed, case
      when known.outcome = 'answered' then 'answered'
      when known.late then 'late'
      when known.id is not null then 'in-flight'
      when told.kind is null then 'no-month'
      when told.kind = 'reserved' and told.id is null then 'in-flight'
      else told.kind
    end as kind
  from (select 1) as always left join known on true left join told on true`;

const OPEN_MONTH = `
  insert into model_budgets (workspace_id, month, calls)
  select $1::text, ${THIS_MONTH}, coalesce((
    select calls from model_budgets where workspace_id = $1 order by month desc limit 1
  ), 0)
  on conflict do nothing`;

const DROP_REPLY = `
  update model_calls set outcome = 'unsound', problem = 'Its reply cannot be read any more', reply = null
  where workspace_id = $1 and id = $2 and outcome = 'answered'`;
