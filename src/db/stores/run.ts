import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import { RepositoryName, RunId, type WorkspaceId } from '../../domain/ids.ts';
import type { RepositoryStatus, RunStore } from '../../domain/ports.ts';
import { type Finding as FindingValue, VERDICTS } from '../../domain/diagnosis.ts';
import { isGroup, type RuleTarget } from '../../domain/rules/rule.ts';
import { FAILING_CONCLUSIONS, type Run as Value, type RunRef, type RunState } from '../../domain/run.ts';
import { Run } from '../entities/run.ts';
import { rememberRepository, rememberRun } from '../run-rows.ts';
import { toRun } from '../values.ts';
import { execute } from '../statements.ts';
import { storableText } from '../storable.ts';

const Recent = z.object({
  repository: RepositoryName,
  runId: z.coerce.number().pipe(RunId).nullable(),
  attempt: z.number().nullable(),
  openFailures: z.number(),
});

const Found = z.object({
  repository: RepositoryName,
  runId: z.coerce.number().pipe(RunId),
  attempt: z.number(),
  verdict: z.enum(VERDICTS),
  jobs: z.array(z.string()),
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
    async saveTraits(workspaceId, { repository, runId }, { labels, paths }) {
      const traits = { labels: labels.map(storableText), paths: paths.map(storableText) };
      await orm.fork().nativeUpdate(Run, { workspaceId, repository, runId }, { traits });
    },
    statuses: (workspaceId, limit, of) => statuses(orm.fork(), workspaceId, { limit, of }),
    async recent(workspaceId, target, { since, limit, states }) {
      const em = orm.fork();
      const rows = await em.find(
        Run,
        { workspaceId, $and: [isMeant(target), { $or: states.map(inState) }], updatedAt: { $gte: since } },
        { orderBy: { updatedAt: 'desc', runId: 'desc', attempt: 'desc' }, limit },
      );
      const findings = await findingsOf(em, workspaceId, rows);
      return rows.map((row) => ({ run: toRun(row), finding: findings.get(keyOf(row)) ?? null }));
    },
  };
}

function isMeant(target: RuleTarget) {
  if (target.kind === 'repository') return { repository: target.repository };
  if (isGroup(target)) return { repository: { $in: [...target.repositories] } };
  return { repository: { $like: `${target.owner.replaceAll('_', String.raw`\_`)}/%` } };
}

/** The rows of which `stateOf` says this. */
function inState(state: RunState): object {
  switch (state) {
    case 'failed':
      return { status: 'completed', conclusion: { $in: [...FAILING_CONCLUSIONS] } };
    case 'ended':
      return { status: 'completed', $or: [{ conclusion: null }, { conclusion: { $nin: [...FAILING_CONCLUSIONS] } }] };
    case 'waiting':
      return { status: { $ne: 'completed' }, conclusion: 'action_required' };
    case 'under-way':
      return { status: { $ne: 'completed' }, $or: [{ conclusion: null }, { conclusion: { $ne: 'action_required' } }] };
    default:
      return state satisfies never;
  }
}

/** What the newest look at each of these attempts found; a diagnosis is large, and most of it is not asked for. */
async function findingsOf(em: SqlEntityManager, workspaceId: WorkspaceId, rows: readonly Run[]) {
  if (rows.length === 0) return new Map<string, FindingValue>();
  const text = `
    select distinct on (repository, run_id, attempt) repository, run_id::text as "runId", attempt,
      diagnosis->'verdict'->>'kind' as verdict, jsonb_path_query_array(diagnosis, '$.jobs[*].name') as jobs
    from summaries where workspace_id = ? and run_id in (${rows.map(() => '?').join(', ')})
    order by repository, run_id, attempt, revision desc`;
  const found = await execute(em, Found, { text, parameters: [workspaceId, ...rows.map(({ runId }) => runId)] });
  return new Map(found.map(({ verdict, jobs, ...ref }) => [keyOf(ref), { verdict, jobs }]));
}

function keyOf({ repository, runId, attempt }: RunRef): string {
  return `${repository} ${runId} ${attempt}`;
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
