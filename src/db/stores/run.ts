import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import { RepositoryName, RunId, type WorkspaceId } from '../../domain/ids.ts';
import type { RepositoryStatus, RunStore } from '../../domain/ports.ts';
import type { Run as Value } from '../../domain/run.ts';
import { Run } from '../entities/run.ts';
import { rememberRepository, rememberRun } from '../run-rows.ts';
import { toRun } from '../values.ts';
import { execute } from '../statements.ts';

const Recent = z.object({
  repository: RepositoryName,
  runId: z.coerce.number().pipe(RunId).nullable(),
  attempt: z.number().nullable(),
  openFailures: z.number(),
});

export function createRunStore(orm: SqlEntityManager): RunStore {
  return {
    record: (workspaceId, run) =>
      orm.fork().transactional(async (em) => {
        // Locks the repository's row, so that states of one run are judged one after the other.
        await rememberRepository(em, workspaceId, run);
        return (await rememberRun(em, workspaceId, run)) ? 'applied' : 'late';
      }),
    async find(workspaceId, { repository, runId, attempt }) {
      const row = await orm.fork().findOne(Run, { workspaceId, repository, runId, attempt });
      return row && toRun(row);
    },
    statuses: (workspaceId, limit, of) => statuses(orm.fork(), workspaceId, { limit, of }),
  };
}

async function statuses(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  { limit, of }: { limit: number; of: readonly RepositoryName[] | undefined },
): Promise<RepositoryStatus[]> {
  const names = of === undefined ? null : JSON.stringify(of);
  const recent = await execute(em, Recent, { text: STATUSES, parameters: [workspaceId, names, names, limit] });
  const keys = recent.flatMap(({ repository, runId, attempt }) =>
    runId === null || attempt === null ? [] : [{ workspaceId, repository, runId, attempt }],
  );
  const rows = keys.length === 0 ? [] : await em.find(Run, { $or: keys });
  const latest = new Map<RepositoryName, Value>(rows.map((row) => [row.repository, toRun(row)]));
  return recent.map(({ repository, openFailures }) => ({
    repository,
    latest: latest.get(repository) ?? null,
    openFailures,
  }));
}

// The newest run is the one with the highest number, not the last to report: an old run that is run again does not speak for
// the branch. Numbers count per workflow, so the workflow that was active last is asked. A pull request's branch may bear
// the name of the default branch, when it comes from a fork.
const STATUSES = `
  select repos.name as repository, newest.run_id::text as "runId", newest.attempt,
    (select count(*)::int from failures
      where workspace_id = repos.workspace_id and repository = repos.name and status = 'open') as "openFailures"
  from repos
  left join lateral (
    select workflow from runs
    where workspace_id = repos.workspace_id and repository = repos.name and branch = repos.default_branch
      and status = 'completed' and event not in ('pull_request', 'pull_request_target')
    order by updated_at desc limit 1
  ) active on true
  left join lateral (
    select run_id, attempt from runs
    where workspace_id = repos.workspace_id and repository = repos.name and branch = repos.default_branch
      and workflow = active.workflow
      and status = 'completed' and event not in ('pull_request', 'pull_request_target')
    order by number desc, attempt desc limit 1
  ) newest on true
  where repos.workspace_id = ?
    and (?::jsonb is null or repos.name in (select jsonb_array_elements_text(?::jsonb)))
  order by repos.last_activity_at desc, repos.name limit ?`;
