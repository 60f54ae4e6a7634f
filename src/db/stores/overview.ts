import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import { FailureId, MessageTs } from '../../domain/ids.ts';
import type { OverviewStore } from '../../domain/overview.ts';
import { Failure } from '../entities/failure.ts';
import { execute } from '../statements.ts';
import { storableText } from '../storable.ts';
import { toFailure } from '../values.ts';

const Open = z.object({ id: FailureId, headline: z.string(), threadTs: MessageTs.nullable(), total: z.number() });
const Flaky = z.object({ id: FailureId, headline: z.string(), times: z.number() });

export function createOverviewStore(orm: SqlEntityManager): OverviewStore {
  return {
    async latest(workspaceId, { repositories, branch, workflow }) {
      const where = {
        workspaceId,
        repository: { $in: [...repositories] },
        ...(branch !== undefined && { branch: storableText(branch) }),
        ...(workflow !== undefined && { workflow: { $ilike: literally(storableText(workflow)) } }),
      };
      const newestFirst = { orderBy: { lastAt: 'desc', id: 'asc' } } as const;
      const row = await orm.fork().findOne(Failure, where, newestFirst);
      return row && toFailure(row);
    },
    async open(workspaceId, { repositories, channelId, limit }) {
      const em = orm.fork();
      const parameters = [channelId, workspaceId, JSON.stringify(repositories), limit];
      const rows = await execute(em, Open, { text: OPEN, parameters });
      const failures = await failuresOf(em, rows);
      return {
        total: rows[0]?.total ?? 0,
        failures: rows.flatMap(({ id, headline, threadTs }) => {
          const row = failures.get(id);
          return row === undefined ? [] : [{ failure: toFailure(row), headline, threadTs }];
        }),
      };
    },
    async flaky(workspaceId, { repositories, since, limit }) {
      const em = orm.fork();
      const parameters = [workspaceId, JSON.stringify(repositories), since, limit];
      const rows = await execute(em, Flaky, { text: FLAKY, parameters });
      const failures = await failuresOf(em, rows);
      return rows.flatMap(({ id, headline, times }) => {
        const row = failures.get(id);
        if (row === undefined || row.resolvedAt === null) return [];
        return [{ failure: toFailure(row), headline, times, lastAt: row.resolvedAt }];
      });
    },
  };
}

/** The text as a pattern that fits nothing else. */
function literally(text: string): string {
  return text.replaceAll(/[\\%_]/gu, String.raw`\$&`);
}

async function failuresOf(
  em: SqlEntityManager,
  rows: ReadonlyArray<{ id: FailureId }>,
): Promise<Map<FailureId, Failure>> {
  const found = rows.length === 0 ? [] : await em.find(Failure, { id: { $in: rows.map(({ id }) => id) } });
  return new Map(found.map((row) => [row.id, row]));
}

/** Of several looks at one failure, the newest speaks. */
const HEADLINE = `coalesce((
    select diagnosis->>'headline' from summaries
    where summaries.failure_id = found.id order by created_at desc, summaries.id limit 1), '')`;

const OPEN = `
  select found.id, ${HEADLINE} as headline, found.total,
    (select ts from threads where threads.failure_id = found.id and channel_id = ?) as "threadTs"
  from (
    select id, last_at, (count(*) over ())::int as total from failures
    where workspace_id = ? and status = 'open' and repository in (select jsonb_array_elements_text(?::jsonb))
    order by last_at desc, id limit ?
  ) as found
  order by found.last_at desc, found.id`;

// The same cause on two branches is one flaky thing.
const FLAKY = `
  select found.id, ${HEADLINE} as headline, found.times
  from (
    select id, resolved_at, (count(*) over (partition by repository, fingerprint))::int as times,
      row_number() over (partition by repository, fingerprint order by resolved_at desc, id) as place
    from failures
    where workspace_id = ? and resolution_kind = 'passed-on-rerun'
      and repository in (select jsonb_array_elements_text(?::jsonb)) and resolved_at >= ?
  ) as found
  where found.place = 1
  order by found.times desc, found.resolved_at desc, found.id limit ?`;
