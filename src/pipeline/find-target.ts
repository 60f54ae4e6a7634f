import type { JobPayload, NamedTarget } from '../domain/jobs.ts';
import type { Run } from '../domain/run.ts';
import { GitHubNotFoundError } from '../errors.ts';
import { channelRepositories } from '../notify/channel-repositories.ts';
import { findCalled } from './find-called.ts';
import { findAmong, type FoundTarget, type Sources } from './find-among.ts';

type Payload = Pick<JobPayload<'answer-request'>, 'workspaceId' | 'channelId' | 'target'>;

/** Finds the run. Throws what GitHub throws, but GitHubNotFoundError. */
export async function findTarget(context: Sources, payload: Payload): Promise<FoundTarget> {
  const { workspaceId, channelId, target } = payload;
  if (target.kind === 'called') return await findCalled(context, { workspaceId, channelId }, target);
  if (target.kind === 'channel') return await findInChannel(context, payload, target.branch);
  const { repository } = target;
  try {
    const run = await findNamed(context, payload, target);
    return run === null ? { kind: 'no-failing-run', target } : { kind: 'found', run };
  } catch (error) {
    if (!(error instanceof GitHubNotFoundError)) throw error;
    const isThere = target.kind !== 'latest' && (await context.runSource.canSee(workspaceId, repository));
    return isThere ? { kind: 'not-found', target } : { kind: 'not-visible', repository };
  }
}

async function findNamed(
  { runSource, signal }: Sources,
  { workspaceId }: Payload,
  target: NamedTarget,
): Promise<Run | null> {
  switch (target.kind) {
    case 'latest':
      return await runSource.latestFailing(workspaceId, target, signal);
    case 'run':
      return await runSource.find(workspaceId, target, signal);
    case 'pull-request':
      return await runSource.failingOfPullRequest(workspaceId, target, signal);
    default:
      return target satisfies never;
  }
}

async function findInChannel(
  context: Sources,
  { workspaceId, channelId }: Payload,
  branch: string | undefined,
): Promise<FoundTarget> {
  const repositories = await channelRepositories(context, workspaceId, channelId);
  if (repositories.length === 0) return { kind: 'nothing-subscribed' };
  const run = await findAmong(context, workspaceId, { repositories, branch });
  return run === null ? { kind: 'no-failure-here', branch } : { kind: 'found', run };
}
