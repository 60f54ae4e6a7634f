import type { Summary } from '../domain/diagnosis.ts';
import type { Failure } from '../domain/failure.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import type { Ports } from '../domain/ports.ts';
import type { Run } from '../domain/run.ts';

/** What a message about a failure shows. */
export interface Shown {
  summary: Summary;
  run: Run;
}

/** The newest summary of the attempt that met a failure last; null where that one belongs to another failure, or is not there. */
export async function findShown(
  { summaries, runs }: Pick<Ports, 'summaries' | 'runs'>,
  workspaceId: WorkspaceId,
  { id, repository, last }: Failure,
): Promise<Shown | null> {
  const ref = { repository, runId: last.runId, attempt: last.attempt };
  const summary = await summaries.findLatest(workspaceId, ref);
  const run = await runs.find(workspaceId, ref);
  // One run can meet several failures over its attempts: only a summary of this failure may stand in its message.
  return summary !== null && summary.failureId === id && run !== null ? { summary, run } : null;
}
