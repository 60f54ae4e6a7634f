import { z } from 'zod';
import type { Problem } from './diagnosis.ts';
import type { WorkspaceId } from './ids.ts';
import type { Run } from './run.ts';

// What the file of a workflow says of what failed.

export const WORKFLOW_LIMITS = { lines: 40, characters: 300, problems: 5 } as const;

/** The part of a workflow's file that is about a failure, as it stands at the commit of the run. */
export const WorkflowPart = z.object({
  path: z.string(),
  /** The page that shows these lines. */
  url: z.string(),
  /** The key of the job, and the step as GitHub calls it; null where all of the file, or all of the job, is meant. */
  job: z.string().nullable(),
  step: z.string().nullable(),
  /** In the order of the file; what is of no use to understand the step is left out. */
  lines: z
    .array(z.object({ line: z.number().int().positive(), text: z.string().max(WORKFLOW_LIMITS.characters) }))
    .max(WORKFLOW_LIMITS.lines),
});
export type WorkflowPart = z.infer<typeof WorkflowPart>;

/** Problems are what keeps GitHub from starting the workflow, and are looked for only where no job began. Foreign text, not redacted yet. */
export interface WorkflowFinding {
  part: WorkflowPart;
  problems: Problem[];
}

/** The job that failed, with the name that GitHub shows for it, and its steps in order. */
export interface FailedJob {
  name: string;
  steps: ReadonlyArray<{ name: string; hasFailed: boolean }>;
}

export interface WorkflowFileSource {
  /**
   * What the file says of the job, or of the whole workflow where no job began. Null where the file cannot be had, or is not the one that
   * the run was made of. Throws what GitHub throws.
   */
  find(
    workspaceId: WorkspaceId,
    which: { run: Run; job: FailedJob | null },
    signal: AbortSignal,
  ): Promise<WorkflowFinding | null>;
}
