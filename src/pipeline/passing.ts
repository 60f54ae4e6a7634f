import type { Readable } from 'node:stream';
import { untilAborted } from '../analysis/until-aborted.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import type { Run, WorkflowJob } from '../domain/run.ts';
import type { JobContext } from './job.ts';

/** For the search and the download together: it helps, and nobody waits for it much longer than for the failed log. */
const WITHIN_MS = 5_000;

type Deps = Pick<JobContext, 'runSource' | 'logs' | 'log' | 'metrics' | 'signal'>;

/**
 * The log of the same job in the last run of its workflow that passed; null where there is none at hand. It breaks off after a few
 * seconds, and never rejects.
 */
export async function openPassing(
  deps: Deps,
  { workspaceId, run, job }: { workspaceId: WorkspaceId; run: Run; job: WorkflowJob },
  withinMs = WITHIN_MS,
): Promise<Readable | null> {
  const within = AbortSignal.any([deps.signal, AbortSignal.timeout(withinMs)]);
  try {
    const log = await untilAborted(findPassing(deps, { workspaceId, run, job }, within), within);
    deps.metrics.comparisons.add(1, { outcome: log === null ? 'none' : 'found' });
    return log;
  } catch (error) {
    deps.log.debug({ error }, 'No passing log to compare with');
    deps.metrics.comparisons.add(1, { outcome: 'failed' });
    return null;
  }
}

async function findPassing(
  { runSource, logs }: Deps,
  { workspaceId, run, job }: { workspaceId: WorkspaceId; run: Run; job: WorkflowJob },
  within: AbortSignal,
): Promise<Readable | null> {
  const passed = await runSource.lastPassing(workspaceId, run, within);
  if (passed === null) return null;
  const jobs = await runSource.jobs(workspaceId, passed, within);
  const same = jobs.find(({ name, conclusion }) => name === job.name && conclusion === 'success');
  if (same === undefined) return null;
  return logs.open(workspaceId, { repository: run.repository, jobId: same.id }, within);
}
