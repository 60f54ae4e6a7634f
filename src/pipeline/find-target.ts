import type { RepositoryName } from '../domain/ids.ts';
import type { JobPayload, NamedTarget, SummaryTarget } from '../domain/jobs.ts';
import type { Run } from '../domain/run.ts';
import { GitHubNotFoundError } from '../errors.ts';
import { channelRepositories } from '../notify/channel-repositories.ts';
import type { JobContext } from './job.ts';

/** The run that a person means, or why there is none. */
export type FoundTarget =
  | { kind: 'found'; run: Run }
  | { kind: 'no-failing-run'; target: NamedTarget }
  /** Not there, as far as this workspace may know. */
  | { kind: 'not-found'; target: NamedTarget }
  | { kind: 'not-visible'; repository: RepositoryName }
  | { kind: 'nothing-subscribed' }
  | { kind: 'no-failure-here'; branch?: string | undefined };

type Payload = Pick<JobPayload<'answer-request'>, 'workspaceId' | 'channelId' | 'target'>;
type Deps = Pick<JobContext, 'runSource' | 'subscriptions' | 'runs' | 'overview' | 'signal'>;

/** How many repositories of a channel GitHub is asked about, where we have met no failure ourselves. */
const MOST_ASKED = 5;

/** Finds the run. Throws what GitHub throws, but GitHubNotFoundError. */
export async function findTarget(context: Deps, payload: Payload): Promise<FoundTarget> {
  const { target } = payload;
  if (target.kind === 'channel') return await findInChannel(context, payload, target);
  const { repository } = target;
  try {
    const run = await findNamed(context, payload, target);
    return run === null ? { kind: 'no-failing-run', target } : { kind: 'found', run };
  } catch (error) {
    if (!(error instanceof GitHubNotFoundError)) throw error;
    const isThere = target.kind !== 'latest' && (await context.runSource.canSee(payload.workspaceId, repository));
    return isThere ? { kind: 'not-found', target } : { kind: 'not-visible', repository };
  }
}

async function findNamed(
  { runSource, signal }: Deps,
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
  context: Deps,
  { workspaceId, channelId }: Payload,
  { branch }: Extract<SummaryTarget, { kind: 'channel' }>,
): Promise<FoundTarget> {
  const { overview, runSource, signal } = context;
  const repositories = await channelRepositories(context, workspaceId, channelId);
  if (repositories.length === 0) return { kind: 'nothing-subscribed' };
  const failure = await overview.latest(workspaceId, { repositories, branch });
  if (failure !== null) {
    const { repository, last } = failure;
    const run = await orNull(runSource.find(workspaceId, { repository, ...last }, signal));
    // A repository may have been taken away from us since: then what is stored is not for this workspace any more.
    if (run !== null) return { kind: 'found', run };
  }
  const runs = await Promise.all(
    repositories
      .slice(0, MOST_ASKED)
      .map((repository) => orNull(runSource.latestFailing(workspaceId, { repository, branch }, signal))),
  );
  const [run] = runs.filter((each) => each !== null).toSorted((one, other) => +other.updatedAt - +one.updatedAt);
  return run === undefined ? { kind: 'no-failure-here', branch } : { kind: 'found', run };
}

async function orNull(found: Promise<Run | null>): Promise<Run | null> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof GitHubNotFoundError) return null;
    throw error;
  }
}
