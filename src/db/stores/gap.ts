import { z } from 'zod';
import { RepositoryName } from '../../domain/ids.ts';
import type { GapStore } from '../../domain/ports.ts';
import { GAP_KINDS, GAP_STATES } from '../../domain/reconciling.ts';
import { leaseLost } from '../lease.ts';
import type { Statements } from '../statements.ts';
import { storableJson, storableText } from '../storable.ts';
import { createLookStore } from './run-look.ts';

const Moment = z.coerce.date();
const WalkRow = z.object({ seenUntil: Moment.nullable(), cursor: z.string().nullable(), startedAt: Moment.nullable() });
const Counts = z.object({ missed: z.number(), recovered: z.number() });
const OpenRow = z.object({
  key: z.string(),
  tryId: z.string(),
  failedAt: Moment,
  lastFailedAt: Moment,
  asks: z.number(),
  askedAt: Moment.nullable(),
});
const GroupRow = z.object({
  kind: z.enum(GAP_KINDS),
  state: z.enum(GAP_STATES),
  answer: z.string(),
  amount: z.number(),
  events: z.array(z.string()),
  from: Moment,
  to: Moment,
  asks: z.number(),
  repository: RepositoryName.nullable().catch(null),
});
const LastRow = z.object({ at: Moment.nullable() });
/** What comes back is for an operator's eyes, and hostile at worst. */
const ANSWER_MAX = 200;

/** What GitHub told and we did not hear. */
export function createGapStore(statements: Statements): GapStore {
  const change = async (text: string, parameters: Parameters<Statements['query']>[2]): Promise<number> =>
    (await statements.query(z.unknown(), text, parameters)).length;
  return {
    ...createLookStore(statements),
    async beginWalk(lease, name) {
      const [row] = await statements.query(WalkRow, BEGIN, [name, lease.jobId]);
      if (row === undefined) return null;
      const { seenUntil, cursor, startedAt } = row;
      return { seenUntil, open: cursor === null || startedAt === null ? null : { cursor, startedAt } };
    },
    async saveWalk(lease, name, { seenUntil, open }) {
      const place = [seenUntil?.toISOString() ?? null, open?.cursor ?? null, open?.startedAt.toISOString() ?? null];
      if ((await change(SAVE, [...place, name, lease.jobId, lease.token])) === 0) throw leaseLost(lease);
    },
    async observe(name, tries) {
      const rows = tries.map(({ answer, action, event, ...each }) => ({
        ...each,
        event: storableText(event),
        action: action === null ? null : storableText(action),
        answer: storableText(answer).slice(0, ANSWER_MAX),
      }));
      const [counts] = await statements.query(Counts, OBSERVE, [storableJson(rows), name]);
      return counts ?? { missed: 0, recovered: 0 };
    },
    settleHeld: () => change(SETTLE_HELD, []),
    async open(name, limit) {
      const [gaps, [last]] = await Promise.all([
        statements.query(OpenRow, OPEN, [limit, name]),
        statements.query(LastRow, 'select max(received_at) as at from events', []),
      ]);
      return { gaps, lastReceivedAt: last?.at ?? null };
    },
    countAsk: async ({ key, asks }) => (await change(COUNT_ASK, [key, asks])) === 1,
    async takeBackAsk({ key, asks, askedAt }) {
      await change(TAKE_BACK, [asks, askedAt?.toISOString() ?? null, key, asks + 1]);
    },
    async lose(keys, reason) {
      if (keys.length > 0) await change(LOSE, [storableText(reason).slice(0, ANSWER_MAX), storableJson(keys)]);
    },
    async addPeriod(name, { from, to, reason }) {
      const key = `period:${name}:${from.toISOString()}`;
      await change(ADD_SETTLED, [
        key,
        'period',
        'lost',
        null,
        null,
        null,
        reason,
        from.toISOString(),
        to.toISOString(),
      ]);
    },
    async addRun({ repository, runId, attempt, installationId, endedAt, reason }) {
      const at = endedAt.toISOString();
      const key = `run:${repository}:${runId}:${attempt}`;
      const about = [installationId, repository, 'workflow_run'];
      await change(ADD_SETTLED, [key, 'run', 'recovered', ...about, reason, at, at]);
    },
    report: ({ since, installations }) =>
      statements.query(GroupRow, REPORT, [since.toISOString(), installations && JSON.stringify(installations)]),
    async prune(days) {
      await change(PRUNE_WALKS, [days]);
      return await change(PRUNE, [days]);
    },
  };
}

const BEGIN = `
  insert into delivery_walks (name, holder) values ($1, $2)
  on conflict (name) do update set holder = excluded.holder
    where delivery_walks.holder is null or delivery_walks.holder = excluded.holder or not exists (
      select 1 from jobs where id = delivery_walks.holder and status = 'queued' and lease_expires_at > now()
    )
  returning seen_until as "seenUntil", cursor, started_at as "startedAt"`;

const SAVE = `
  update delivery_walks set seen_until = $1, cursor = $2, started_at = $3
  where name = $4 and holder = $5
    and exists (select 1 from jobs where id = $5 and lease_token = $6 and status = 'queued' and lease_expires_at > now())
  returning 1`;

// A delivery that we hold came, whatever GitHub made of our answer: it may have waited for it a moment too short.
const HELD = `
  select delivery_id from events
  where received_at > (select min(failed_at) from gaps where state = 'open' and kind = 'delivery') - interval '1 minute'`;

const OBSERVE = `
  with tries as (
    select * from jsonb_to_recordset($1::jsonb) as try (
      id text, guid text, event text, action text, "installationId" bigint, at timestamptz, "isSuccess" boolean, answer text
    )
  ), good as (
    select distinct guid from tries where "isSuccess"
  ), failed as (
    select distinct on (guid) guid, id, event, action, "installationId", answer, at as last_at,
      min(at) over (partition by guid) as first_at
    from tries where not "isSuccess" and guid not in (select guid from good)
    order by guid, at desc
  ), kept as (
    insert into gaps (key, kind, list, state, installation_id, event, action, try_id, answer, failed_at, last_failed_at)
    select 'delivery:' || guid, 'delivery', $2, 'open', "installationId", event, action, id, answer, first_at, last_at
    from failed where not exists (
      select 1 from events
      where delivery_id = failed.guid and received_at > (select min(at) from tries) - interval '1 minute'
    )
    on conflict (key) do update set try_id = excluded.try_id, answer = excluded.answer,
      failed_at = least(gaps.failed_at, excluded.failed_at), last_failed_at = excluded.last_failed_at
      where gaps.state = 'open' and gaps.last_failed_at < excluded.last_failed_at
    returning (xmax = 0) as is_new
  ), settled as (
    update gaps set state = 'recovered', settled_at = now()
    where state <> 'recovered' and key in (select 'delivery:' || guid from good)
    returning 1
  )
  select (select count(*)::int from kept where is_new) as missed, (select count(*)::int from settled) as recovered`;

const SETTLE_HELD = `
  update gaps set state = 'recovered', settled_at = now()
  where state = 'open' and kind = 'delivery' and key in (select 'delivery:' || delivery_id from (${HELD}) held)
  returning 1`;

const OPEN = `
  select key, try_id as "tryId", failed_at as "failedAt", last_failed_at as "lastFailedAt", asks, asked_at as "askedAt"
  from gaps where state = 'open' and kind = 'delivery' and list = $2 order by failed_at, key limit $1`;

const COUNT_ASK = `
  update gaps set asks = asks + 1, asked_at = now() where key = $1 and asks = $2 and state = 'open' returning 1`;

const TAKE_BACK = `
  update gaps set asks = $1, asked_at = $2 where key = $3 and asks = $4 and state = 'open' returning 1`;

const LOSE = `
  update gaps set state = 'lost', settled_at = now(), answer = $1
  where state = 'open' and key in (select jsonb_array_elements_text($2::jsonb))
  returning 1`;

const ADD_SETTLED = `
  insert into gaps (
    key, kind, state, installation_id, repository, event, answer, failed_at, last_failed_at, settled_at
  ) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now())
  on conflict (key) do nothing returning 1`;

const REPORT = `
  with named as (
    select kind, state, answer, coalesce(event, '') as event, count(*) as amount, min(failed_at) as "from",
      max(last_failed_at) as "to", sum(asks) as asks, min(repository) as first, max(repository) as last
    from gaps
    where last_failed_at >= $1 and ($2::jsonb is null or kind = 'period'
      or installation_id in (select value::bigint from jsonb_array_elements_text($2::jsonb)))
    group by 1, 2, 3, 4
  )
  select kind, state, answer, sum(amount)::int as amount, min("from") as "from", max("to") as "to", sum(asks)::int as asks,
    (array_agg(event order by amount desc, event) filter (where event <> ''))[1:5] as events,
    case when min(first) = max(last) then min(first) end as repository
  from named group by kind, state, answer order by max("to") desc limit 30`;

// Of a server that is not ours any more.
const PRUNE_WALKS = `
  delete from delivery_walks where seen_until < now() - make_interval(days => $1) returning 1`;

const PRUNE = `
  delete from gaps where state <> 'open' and last_failed_at < now() - make_interval(days => $1) returning 1`;
