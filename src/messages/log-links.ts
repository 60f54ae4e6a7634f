import type { LogLine } from '../domain/diagnosis.ts';
import type { Run } from '../domain/run.ts';

/** The line's place in GitHub's log viewer, which counts lines per step; null where the job is not known. */
export function logLineUrl(run: Pick<Run, 'url'>, { jobId, step, stepLine }: LogLine): string | null {
  if (jobId === null) return null;
  const page = `${run.url}/job/${jobId}`;
  return step === null || stepLine === null ? page : `${page}#step:${step}:${stepLine}`;
}
