import { z } from 'zod';
import type { RunProtectionSource } from '../domain/ports.ts';
import type { RunProtection, Untold } from '../domain/reruns.ts';
import type { GitHubClient, RepositoryAccess } from './client.ts';
import { callGitHub, unlessRefused } from './errors.ts';
import { fetchWorkflowRun, fetchWorkflowText, WORKFLOW_DEPTH, type WorkflowRunAnswer } from './workflow-run.ts';
import { composeYaml } from './yaml-text.ts';

/** docs.github.com, REST "deployment environments". A rule may be a reviewer, a wait, or which branches may deploy. */
const Environment = z
  .object({
    name: z.string().min(1).max(255),
    protection_rules: z.array(z.unknown()).nullish(),
    deployment_branch_policy: z.unknown().nullish(),
  })
  .transform(({ name, protection_rules: rules, deployment_branch_policy: policy }) => ({
    name: name.toLowerCase(),
    isProtected: (rules ?? []).length > 0 || (policy ?? null) !== null,
  }));
const Environments = z.object({ total_count: z.number(), environments: z.array(Environment) });
const PAGE = 100;

/**
 * What starts a run whose workflow file is that of the run's own commit. A pull request runs a merge of two branches that nobody can ask for
 * afterwards, and other events run the file of the default branch as it was then: docs.github.com, "Events that trigger workflows".
 */
export const AT_ITS_COMMIT: ReadonlySet<string> = new Set([
  'push',
  'schedule',
  'workflow_dispatch',
  'repository_dispatch',
  'merge_group',
]);

const MOST_ALIASES = 50;

const WorkflowFile = z.object({ jobs: z.record(z.string(), z.record(z.string(), z.unknown())) });
const EnvironmentName = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);

/**
 * Whether a run can reach a protected environment, by the environments of its repository and by its workflow file, since the job that
 * deploys may not have begun. What cannot be told for sure is said to be so. Throws GitHubUnavailableError.
 */
export function createRunProtectionSource(client: GitHubClient): RunProtectionSource {
  return {
    async ofRun(workspaceId, { repository, runId }, signal) {
      const access = await unlessRefused(client.open(workspaceId, repository, signal));
      const environments = access && (await unlessRefused(fetchProtected(access, signal)));
      if (access === null || environments === null) return untold('hidden');
      if (environments.size === 0) return { kind: 'free' };
      const run = await unlessRefused(fetchWorkflowRun(access, runId, signal));
      if (run === null) return untold('hidden');
      return await judge(access, { run, environments }, signal);
    },
  };
}

/** The names of protected environments; null where they cannot all be read. */
async function fetchProtected(
  { octokit, owner, repo }: RepositoryAccess,
  signal: AbortSignal,
): Promise<Set<string> | null> {
  const { data } = await callGitHub(signal, () =>
    octokit.rest.repos.getAllEnvironments({ owner, repo, per_page: PAGE, request: { signal } }),
  );
  const parsed = Environments.safeParse(data);
  if (!parsed.success || parsed.data.total_count > parsed.data.environments.length) return null;
  return new Set(parsed.data.environments.flatMap(({ name, isProtected }) => (isProtected ? [name] : [])));
}

async function judge(
  access: RepositoryAccess,
  { run, environments }: { run: WorkflowRunAnswer; environments: ReadonlySet<string> },
  signal: AbortSignal,
): Promise<RunProtection> {
  if (!AT_ITS_COMMIT.has(run.event)) return untold('merged-file');
  if ((run.referenced_workflows ?? []).length > 0) return untold('called-workflow');
  const text = run.path && (await fetchWorkflowText(access, { path: run.path, ref: run.head_sha }, signal));
  if (text === null) return untold('unreadable-file');
  const named = environmentsIn(text);
  if (typeof named === 'string') return untold(named);
  const reached = named.filter((name) => environments.has(name.toLowerCase()));
  return reached.length === 0 ? { kind: 'free' } : { kind: 'protected', environments: reached };
}

/** The environments that the jobs of a workflow name, or why that cannot be told. */
function environmentsIn(text: string): string[] | Untold {
  const parsed = WorkflowFile.safeParse(readYaml(text));
  if (!parsed.success) return 'unreadable-file';
  const jobs = Object.values(parsed.data.jobs);
  if (jobs.length === 0) return 'unreadable-file';
  const names = new Set<string>();
  for (const job of jobs) {
    // A workflow that is called has jobs of its own, in another file.
    if (job['uses'] !== undefined) return 'called-workflow';
    const { environment } = job;
    if (environment === undefined || environment === null) continue;
    const name = EnvironmentName.safeParse(environment);
    if (!name.success || name.data.includes('${{')) return 'computed-name';
    names.add(name.data);
  }
  return [...names];
}

/** Null for what is no YAML, or is made to be endless. */
function readYaml(text: string): unknown {
  try {
    const composed = composeYaml(text, { depth: WORKFLOW_DEPTH, merge: true });
    if (composed.kind === 'deep' || composed.yaml.second !== null) return null;
    const { document } = composed.yaml;
    if (document === null || document.errors.length > 0) return null;
    const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    return value;
  } catch {
    return null;
  }
}

function untold(why: Untold): RunProtection {
  return { kind: 'untold', why };
}
