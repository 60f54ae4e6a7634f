import { z } from 'zod';
import { RepositoryName, RunId, WorkspaceId } from '../../domain/ids.ts';
import type { GapStore } from '../../domain/ports.ts';
import type { Statements } from '../statements.ts';
import { storableJson, storableText } from '../storable.ts';
import { WATCHED } from '../watched.ts';

const Due = z.object({ workspaceId: WorkspaceId, repository: z.unknown() });
const Look = z.object({ since: z.coerce.date(), mark: z.string().nullable() });
const Known = z.object({ runId: z.coerce.number().pipe(RunId), attempt: z.number() });
const Open = z.object({ runId: z.coerce.number().pipe(RunId) });
const Lag = z.object({
  deliveries: z.number().nullable(),
  runs: z.number().nullable(),
  open: z.number(),
  lost: z.number(),
});

/** When the runs of watched repositories were last asked for, and which of them are known. */
export function createLookStore(
  statements: Statements,
): Pick<GapStore, 'dueLooks' | 'findLook' | 'saveLook' | 'unknownRuns' | 'openRuns' | 'lag'> {
  return {
    async dueLooks({ olderThanMs, limit }) {
      const rows = await statements.query(Due, DUE, [olderThanMs / 1_000, limit]);
      return rows.flatMap(({ workspaceId, repository }) => {
        const named = RepositoryName.safeParse(repository);
        return named.success ? [{ workspaceId, repository: named.data }] : [];
      });
    },
    async findLook({ workspaceId, repository }) {
      const [row] = await statements.query(Look, FIND, [workspaceId, repository]);
      return row ?? null;
    },
    async saveLook({ workspaceId, repository }, { until, mark }) {
      const seen = [until.toISOString(), mark === null ? null : storableText(mark)];
      await statements.query(z.unknown(), SAVE, [workspaceId, repository, ...seen]);
    },
    async unknownRuns({ workspaceId, repository }, runs) {
      if (runs.length === 0) return [];
      const asked = storableJson(runs.map(({ runId, attempt }) => ({ run_id: runId, attempt })));
      const known = await statements.query(Known, KNOWN, [workspaceId, repository, asked]);
      return runs.filter((run) => !known.some(({ runId, attempt }) => runId === run.runId && attempt === run.attempt));
    },
    async openRuns({ workspaceId, repository }, { quietSince, limit }) {
      const rows = await statements.query(Open, OPEN, [workspaceId, repository, quietSince.toISOString(), limit]);
      return rows.map(({ runId }) => runId);
    },
    async lag() {
      const [row] = await statements.query(Lag, LAG, []);
      return row ?? { deliveries: null, runs: null, open: 0, lost: 0 };
    },
  };
}

const DUE = `
  with ${WATCHED}
  select workspace_id as "workspaceId", repository from watched
  where looked_at is null or looked_at <= now() - $1 * interval '1 second'
  order by looked_at nulls first, workspace_id, repository limit $2`;

const FIND = `
  with ${WATCHED} select since, mark from watched where workspace_id = $1 and repository = $2`;

const SAVE = `
  insert into run_looks (workspace_id, repository, seen_until, looked_at, mark) values ($1, $2, $3, now(), $4)
  on conflict (workspace_id, repository) do update
    set seen_until = greatest(run_looks.seen_until, excluded.seen_until), looked_at = now(), mark = excluded.mark`;

// A later attempt that is known speaks for those before it.
const KNOWN = `
  select asked.run_id::text as "runId", asked.attempt
  from jsonb_to_recordset($3::jsonb) as asked (run_id bigint, attempt int)
  where exists (
    select 1 from runs
    where workspace_id = $1 and repository = $2 and runs.run_id = asked.run_id
      and (runs.attempt > asked.attempt or (runs.attempt = asked.attempt and status = 'completed'))
  )`;

// GitHub ends a run after 35 days (docs.github.com, "Actions limits"). A run that is stuck must not keep others from their turn.
const OPEN = `
  select run_id::text as "runId" from runs
  where workspace_id = $1 and repository = $2 and status <> 'completed' and updated_at <= $3
    and started_at > now() - interval '36 days'
    and not exists (
      select 1 from runs later
      where later.workspace_id = runs.workspace_id and later.repository = runs.repository
        and later.run_id = runs.run_id and later.attempt > runs.attempt
    )
  order by random() limit $4`;

const LAG = `
  with ${WATCHED}
  select
    (select extract(epoch from now() - min(seen_until))::float8 from delivery_walks) as deliveries,
    (select extract(epoch from now() - min(since))::float8 from watched) as runs,
    (select count(*)::int from gaps where state = 'open') as open,
    (select count(*)::int from gaps where state = 'lost') as lost`;
