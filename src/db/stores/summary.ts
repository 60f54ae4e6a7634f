import { randomUUID } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import { SummaryId, type WorkspaceId } from '../../domain/ids.ts';
import type { SummaryStore } from '../../domain/ports.ts';
import { Run } from '../entities/run.ts';
import { Summary } from '../entities/summary.ts';
import { holdLease } from '../lease.ts';
import { lockFailures } from '../locks.ts';
import { ensureRun } from '../run-rows.ts';
import { sight } from '../sightings.ts';
import { execute } from '../statements.ts';
import { storableCopy, storableText } from '../storable.ts';
import { toFailure, toRun, toSummary } from '../values.ts';

const Id = z.object({ id: SummaryId });

export function createSummaryStore(orm: SqlEntityManager): SummaryStore {
  return {
    async find(workspaceId, id) {
      const row = await orm.fork().findOne(Summary, { workspaceId, id });
      return row && toSummary(row);
    },
    async findByRun(workspaceId, { repository, runId, attempt }, revision) {
      const row = await orm.fork().findOne(Summary, { workspaceId, repository, runId, attempt, revision });
      return row && toSummary(row);
    },
    async findLatest(workspaceId, { repository, runId, attempt }) {
      const key = { workspaceId, repository, runId, attempt };
      const row = await orm.fork().findOne(Summary, key, { orderBy: { revision: 'desc' } });
      return row && toSummary(row);
    },
    recent: (workspaceId, limit) => recent(orm.fork(), workspaceId, limit),
    save: (workspaceId, lease, entry) =>
      orm.fork().transactional(async (em) => {
        await holdLease(em, lease);
        await lockFailures(em, workspaceId, entry.run);
        return toSummary(await findOrInsert(em, workspaceId, entry));
      }),
  };
}

async function findOrInsert(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  { run, revision, diagnosis }: Parameters<SummaryStore['save']>[2],
): Promise<Summary> {
  const { repository, runId, attempt } = run;
  const key = { workspaceId, repository, runId, attempt, revision };
  const first = await em.findOne(Summary, key);
  if (first !== null) return first;
  await ensureRun(em, workspaceId, run);
  const failure = await sight(em, workspaceId, { run, fingerprint: storableText(diagnosis.fingerprint) });
  const id = SummaryId.parse(randomUUID());
  const row = em.create(Summary, { id, ...key, failure, diagnosis: storableCopy(diagnosis) });
  await em.flush(); // fills in the database's time
  return row;
}

async function recent(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  limit: number,
): ReturnType<SummaryStore['recent']> {
  const ids = await execute(em, Id, { text: RECENT, parameters: [workspaceId, limit] });
  const summaries = await em.find(
    Summary,
    { workspaceId, id: { $in: ids.map(({ id }) => id) } },
    { populate: ['failure'], orderBy: { createdAt: 'desc', id: 'desc' } },
  );
  if (summaries.length === 0) return [];
  const keys = summaries.map(({ repository, runId, attempt }) => ({ workspaceId, repository, runId, attempt }));
  const runs = new Map((await em.find(Run, { $or: keys })).map((run) => [keyOf(run), run]));
  return summaries.flatMap((row) => {
    const run = runs.get(keyOf(row));
    return run === undefined ? [] : [{ summary: toSummary(row), failure: toFailure(row.failure), run: toRun(run) }];
  });
}

function keyOf({ repository, runId, attempt }: Pick<Run, 'repository' | 'runId' | 'attempt'>): string {
  return `${repository} ${runId} ${attempt}`;
}

/** Of several looks at one attempt only the newest counts. */
const RECENT = `
  select id from summaries
  where workspace_id = ? and not exists (
    select 1 from summaries as newer
    where newer.workspace_id = summaries.workspace_id and newer.repository = summaries.repository
      and newer.run_id = summaries.run_id and newer.attempt = summaries.attempt and newer.revision > summaries.revision
  )
  order by created_at desc, id desc limit ?`;
