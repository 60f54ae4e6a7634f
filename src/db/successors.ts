import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import type { Failure as FailureValue, Successor, Thread as ThreadValue } from '../domain/failure.ts';
import { FailureId, RunId, type WorkspaceId } from '../domain/ids.ts';
import type { Run as RunValue } from '../domain/run.ts';
import { Failure } from './entities/failure.ts';
import { Run } from './entities/run.ts';
import { Thread } from './entities/thread.ts';
import { execute } from './statements.ts';
import { storableText } from './storable.ts';
import { toFailure, toRun, toThread } from './values.ts';

const Found = z.object({ failureId: FailureId, runId: RunId, attempt: z.number(), headline: z.string() });

/** What a later attempt of the failure's branch and workflow failed for; the rule stands in `FailureStore`. */
export async function findSuccessor(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  { id, status, repository, branch, workflow, last }: FailureValue,
): Promise<Successor | null> {
  if (status !== 'open') return null;
  const place = [workspaceId, repository, storableText(branch), storableText(workflow)];
  const parameters = [...place, last.runNumber, last.attempt, id];
  const [found] = await execute(em, Found, { text: SUCCESSOR, parameters });
  if (found === undefined) return null;
  const { failureId, runId, attempt, headline } = found;
  const failure = await em.findOne(Failure, { workspaceId, id: failureId });
  const run = await em.findOne(Run, { workspaceId, repository, runId, attempt });
  return failure && run && { failure: toFailure(failure), headline, run: toRun(run) };
}

/** The threads of what is open on the run's branch and workflow, and was met before this attempt only. */
export async function findSucceeded(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  { run, by }: { run: RunValue; by: FailureId },
): Promise<ThreadValue[]> {
  const threads = await em.find(Thread, {
    workspaceId,
    failure: {
      id: { $ne: by },
      repository: run.repository,
      branch: storableText(run.branch),
      workflow: storableText(run.workflow),
      status: 'open',
      $or: [{ lastRunNumber: { $lt: run.number } }, { lastRunNumber: run.number, lastAttempt: { $lt: run.attempt } }],
    },
  });
  return threads.map(toThread);
}

// What was merged goes on as another failure, and has no word of its own.
const SUCCESSOR = `
  select summaries.failure_id as "failureId", runs.run_id::float8 as "runId", runs.attempt,
    coalesce(summaries.diagnosis->>'headline', '') as headline
  from runs
  join summaries using (workspace_id, repository, run_id, attempt)
  join failures on failures.id = summaries.failure_id and failures.status <> 'merged'
  where runs.workspace_id = ? and runs.repository = ? and runs.branch = ? and runs.workflow = ?
    and runs.status = 'completed' and (runs.number, runs.attempt) > (?, ?) and failures.id <> ?
  order by runs.number desc, runs.attempt desc, summaries.revision desc limit 1`;
