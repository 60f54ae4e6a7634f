import { z } from 'zod';
import type { RepositoryAccess } from './client.ts';
import { fetchFile } from './contents.ts';
import { callGitHub, unlessRefused } from './errors.ts';

/** A workflow file with more than this is none that people write. */
const MOST_BYTES = 512 * 1024;
/** Nor one that nests deeper. */
export const WORKFLOW_DEPTH = 60;

const WorkflowPath = z
  .string()
  .max(500)
  // Behind an `@` may stand the branch.
  .transform((path) => path.replace(/@.*$/su, ''))
  .pipe(z.string().regex(/^\.github\/workflows\/[^/]+\.ya?ml$/u));

/** What made the run: docs.github.com, REST "get a workflow run". The path is null for what GitHub runs without a file of the repository. */
const WorkflowRunAnswer = z.object({
  event: z.string(),
  head_sha: z.string().regex(/^[\da-f]{40,64}$/u),
  path: WorkflowPath.nullable().catch(null),
  referenced_workflows: z.array(z.unknown()).nullish(),
});
export type WorkflowRunAnswer = z.infer<typeof WorkflowRunAnswer>;

/** Null for what cannot be read. Throws what GitHub throws. */
export async function fetchWorkflowRun(
  { octokit, owner, repo }: RepositoryAccess,
  runId: number,
  signal: AbortSignal,
): Promise<WorkflowRunAnswer | null> {
  const { data } = await callGitHub(signal, () =>
    octokit.rest.actions.getWorkflowRun({ owner, repo, run_id: runId, request: { signal } }),
  );
  return WorkflowRunAnswer.safeParse(data).data ?? null;
}

/** The file as it stands at a commit; null where it is not there, not for us, or larger than such files are. */
export async function fetchWorkflowText(
  access: RepositoryAccess,
  { path, ref }: { path: string; ref: string },
  signal: AbortSignal,
): Promise<string | null> {
  const file = await unlessRefused(fetchFile(access, { path, ref, maxBytes: MOST_BYTES }, signal));
  return file === null || file.isCut ? null : new TextDecoder().decode(file.bytes);
}
