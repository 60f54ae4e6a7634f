import { redactText } from '../analysis/given.ts';
import type { Redactor } from '../analysis/redact.ts';
import { untilAborted } from '../analysis/until-aborted.ts';
import { isReported } from '../domain/ci.ts';
import type { Category } from '../domain/diagnosis.ts';
import type { JobDigest } from '../domain/digest.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import { isFailing, type Run } from '../domain/run.ts';
import type { WorkflowFinding } from '../domain/workflow-file.ts';
import type { JobContext } from './job.ts';

/** It helps, and nobody waits for it much longer than for the log. */
const WITHIN_MS = 5_000;
/** Here the log says what is wrong, and it is not in how the job was set up. */
const OF_THE_CODE: ReadonlySet<Category> = new Set(['test', 'compile', 'lint']);

type Deps = Pick<JobContext, 'workflowFiles' | 'log' | 'signal'>;

interface Search {
  workspaceId: WorkspaceId;
  run: Run;
  digest: JobDigest;
  redactor: Redactor;
}

/**
 * What the workflow's file says of the job that failed, or why none began, redacted; null where that helps nobody, or is not to be had
 * within a few seconds.
 */
export async function findWorkflow(
  { workflowFiles, log, signal }: Deps,
  { workspaceId, run, digest, redactor }: Search,
  withinMs = WITHIN_MS,
): Promise<WorkflowFinding | null> {
  if (isReported(run.repository) || !isUseful(digest)) return null;
  const within = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
  const job = digest.job && {
    name: digest.job.name,
    steps: digest.job.steps.map(({ name, conclusion }) => ({ name, hasFailed: isFailing(conclusion) })),
  };
  try {
    const found = await untilAborted(workflowFiles.find(workspaceId, { run, job }, within), within);
    return found && (await redactFinding(found, redactor));
  } catch (error) {
    log.debug({ error }, 'Nothing is known of the file of this workflow');
    return null;
  }
}

function isUseful({ job, category, signals }: JobDigest): boolean {
  if (job === null) return true;
  if (job.conclusion === 'cancelled' || signals.cancelled !== null || signals.superseded !== null) return false;
  return !OF_THE_CODE.has(category);
}

async function redactFinding({ part, problems }: WorkflowFinding, redactor: Redactor): Promise<WorkflowFinding> {
  const words = (text: string | null): string | null => text && redactor.text(text);
  const texts = (await redactText(part.lines.map(({ text }) => text).join('\n'), redactor)).split('\n');
  const lines = part.lines.map(({ line }, index) => ({ line, text: texts[index] ?? '' }));
  return {
    part: { ...part, path: redactor.text(part.path), job: words(part.job), step: words(part.step), lines },
    problems: problems.map((problem) => ({
      ...problem,
      file: redactor.text(problem.file),
      message: redactor.text(problem.message),
    })),
  };
}
