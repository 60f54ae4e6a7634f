import { untilAborted } from '../analysis/until-aborted.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import { NO_CONTEXT, type RunContext } from '../domain/reasoning.ts';
import type { Run } from '../domain/run.ts';
import type { JobContext } from './job.ts';

/** It helps a model, and nobody waits for it much longer than for the log. */
const WITHIN_MS = 5_000;

type Deps = Pick<JobContext, 'runContext' | 'log' | 'signal'>;

/** What GitHub knows around a run, or nothing: it breaks off after a few seconds, and never rejects. Foreign text, not redacted yet. */
export async function findSurroundings(
  { runContext, log, signal }: Deps,
  { workspaceId, run }: { workspaceId: WorkspaceId; run: Run },
  withinMs = WITHIN_MS,
): Promise<RunContext> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
  try {
    return await untilAborted(runContext.context(workspaceId, run, within), within);
  } catch (error) {
    log.debug({ error }, 'Nothing is known around this run');
    return NO_CONTEXT;
  }
}
