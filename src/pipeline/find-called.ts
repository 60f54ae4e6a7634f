import { RepositoryName, type ChannelId, type WorkspaceId } from '../domain/ids.ts';
import { BranchName, type SummaryTarget } from '../domain/jobs.ts';
import type { Run } from '../domain/run.ts';
import { pathOf } from '../domain/servers.ts';
import { channelRepositories } from '../notify/channel-repositories.ts';
import { findAmong, findAtGitHub, findMet, type Among, type FoundTarget, type Sources } from './find-among.ts';

type Called = Extract<SummaryTarget, { kind: 'called' }>;

/**
 * Finds what a person calls by a name: a repository first, then a branch, then a workflow; what we have met ourselves before what
 * GitHub has to be asked for.
 */
export async function findCalled(
  sources: Sources,
  { workspaceId, channelId }: { workspaceId: WorkspaceId; channelId: ChannelId },
  called: Called,
): Promise<FoundTarget> {
  const { name, repository, branch } = called;
  if (repository !== undefined && !(await sources.runSource.canSee(workspaceId, repository))) {
    return { kind: 'not-visible', repository };
  }
  const here = repository === undefined ? await channelRepositories(sources, workspaceId, channelId) : [repository];
  const meant = repository === undefined ? await repositoriesCalled(sources, workspaceId, { name, here }) : [];
  if (meant.length === 0 && here.length === 0) return { kind: 'nothing-subscribed' };
  const run =
    meant.length > 0
      ? await findAmong(sources, workspaceId, { repositories: meant, branch })
      : await findByName(sources, workspaceId, { called, repositories: here });
  return run === null ? { kind: 'nothing-called', name, repository } : { kind: 'found', run };
}

/** By the whole name or the part behind the owner; one that the channel does not hear about by its whole name only. */
async function repositoriesCalled(
  { runSource }: Sources,
  workspaceId: WorkspaceId,
  { name, here }: { name: string; here: readonly RepositoryName[] },
): Promise<RepositoryName[]> {
  const typed = name.toLowerCase();
  const known = here.filter((repository) => repository === typed || pathOf(repository).name === typed);
  if (known.length > 0) return known;
  const other = RepositoryName.safeParse(typed);
  return other.success && (await runSource.canSee(workspaceId, other.data)) ? [other.data] : [];
}

async function findByName(
  sources: Sources,
  workspaceId: WorkspaceId,
  { called, repositories }: { called: Called; repositories: readonly RepositoryName[] },
): Promise<Run | null> {
  const { name, branch, isVague } = called;
  const asBranch: Among | null =
    branch === undefined && BranchName.safeParse(name).success ? { repositories, branch: name } : null;
  const asWorkflow: Among = { repositories, workflow: name, branch };
  const ways = asBranch === null ? [asWorkflow] : [asBranch, asWorkflow];
  for (const find of [findMet, findAtGitHub]) {
    for (const way of ways) {
      const run = await find(sources, workspaceId, way);
      if (run !== null) return run;
    }
  }
  return isVague === true ? await findAmong(sources, workspaceId, { repositories, branch }) : null;
}
