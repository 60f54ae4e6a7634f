import type { Summary } from '../domain/diagnosis.ts';
import type { Failure, SimilarFailure } from '../domain/failure.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import type { Ports } from '../domain/ports.ts';

/** Failures that ended before, of the same cause or in the same step of the first job that failed. */
export async function findSimilar(
  { failures }: Pick<Ports, 'failures'>,
  workspaceId: WorkspaceId,
  { failure, summary }: { failure: Failure; summary: Pick<Summary, 'diagnosis'> },
): Promise<SimilarFailure[]> {
  const [job = null] = summary.diagnosis.jobs;
  return failures.similar(workspaceId, failure, job && { job: job.name, step: job.failedStep });
}
