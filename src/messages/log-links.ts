import { isReported } from '../domain/ci.ts';
import type { LogLine } from '../domain/diagnosis.ts';
import type { Run } from '../domain/run.ts';

/** The line's place in GitHub's log viewer, which counts lines per step, or the page of a build elsewhere; null where the job is not known. */
export function logLineUrl(run: Pick<Run, 'url' | 'repository'>, { jobId, step, stepLine }: LogLine): string | null {
  if (jobId === null) return null;
  if (isReported(run.repository)) return run.url;
  const page = `${run.url}/job/${jobId}`;
  return step === null || stepLine === null ? page : `${page}#step:${step}:${stepLine}`;
}
