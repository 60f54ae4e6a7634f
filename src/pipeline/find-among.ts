import type { RepositoryName, WorkspaceId } from '../domain/ids.ts';
import type { NamedTarget } from '../domain/jobs.ts';
import type { RunFilter } from '../domain/overview.ts';
import type { Run } from '../domain/run.ts';
import { GitHubNotFoundError } from '../errors.ts';
import type { JobContext } from './job.ts';

/** Where runs are looked for: in what we have met ourselves, and at GitHub. */
export type Sources = Pick<JobContext, 'runSource' | 'subscriptions' | 'runs' | 'overview' | 'signal'>;

/** The run that a person means, or why there is none. */
export type FoundTarget =
  | { kind: 'found'; run: Run }
  | { kind: 'no-failing-run'; target: NamedTarget }
  /** Not there, as far as this workspace may know. */
  | { kind: 'not-found'; target: NamedTarget }
  | { kind: 'not-visible'; repository: RepositoryName }
  | { kind: 'nothing-subscribed' }
  | { kind: 'no-failure-here'; branch?: string | undefined }
  /** Nothing that failed is called so. */
  | { kind: 'nothing-called'; name: string; repository?: RepositoryName | undefined };

export type Among = { repositories: readonly RepositoryName[] } & RunFilter;

/** How many repositories GitHub is asked about, where we have met no failure ourselves. */
const MOST_ASKED = 5;

/** The last failing run of these repositories. */
export async function findAmong(sources: Sources, workspaceId: WorkspaceId, where: Among): Promise<Run | null> {
  return (await findMet(sources, workspaceId, where)) ?? (await findAtGitHub(sources, workspaceId, where));
}

/** The run of the failure that we met last. */
export async function findMet(
  { overview, runSource, signal }: Sources,
  workspaceId: WorkspaceId,
  where: Among,
): Promise<Run | null> {
  const failure = await overview.latest(workspaceId, where);
  if (failure === null) return null;
  const { repository, last } = failure;
  // A repository may have been taken away from us since: then what is stored is not for this workspace any more.
  return await orNull(runSource.find(workspaceId, { repository, ...last }, signal));
}

export async function findAtGitHub(
  { runSource, signal }: Sources,
  workspaceId: WorkspaceId,
  { repositories, ...which }: Among,
): Promise<Run | null> {
  const runs = await Promise.all(
    repositories
      .slice(0, MOST_ASKED)
      .map((repository) => orNull(runSource.latestFailing(workspaceId, { repository, ...which }, signal))),
  );
  const [run] = runs.filter((each) => each !== null).toSorted((one, other) => +other.updatedAt - +one.updatedAt);
  return run ?? null;
}

async function orNull(found: Promise<Run | null>): Promise<Run | null> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof GitHubNotFoundError) return null;
    throw error;
  }
}
