import type { Happening, HappeningEvent, KeptHappening } from '../domain/happening.ts';
import type { EventId, RepositoryName, WorkspaceId } from '../domain/ids.ts';
import type { NewJob } from '../domain/jobs.ts';
import { asksForEnvironments } from '../domain/rules/rule.ts';
import { type Run, stateOf } from '../domain/run.ts';
import { happeningChannels } from '../notify/match-happening.ts';
import { openChannels } from '../notify/match.ts';
import { happeningKey } from '../notify/tell-happening.ts';
import type { JobContext } from './job.ts';
import { planHappening, planHappeningLists, planLateEnvironment } from './plan.ts';

/** Remembers what happened, and plans what follows from it in one workspace. */
export async function processHappening(
  context: JobContext,
  workspaceId: WorkspaceId,
  { eventId, event: { happening } }: { eventId: EventId; event: HappeningEvent },
): Promise<NewJob[]> {
  const placed = await placeRun(context, workspaceId, happening);
  const { story, ...news } = await context.happenings.record(workspaceId, happening);
  // The very state that is known may be the one that we were about to tell of before a crash.
  if (news.kind === 'late') return placed;
  const isTold = news.kind !== 'goes-on' || news.isTold;
  const stories = [...(isTold ? [story] : []), ...(await context.happenings.madeUpBy(workspaceId, story.happening))];
  const { kind, repository } = happening;
  if (kind === 'check') stories.push(...(await context.happenings.openPulls(workspaceId, happening)));
  return [...placed, ...(await planStories(context, { workspaceId, eventId, repository }, stories))];
}

/** A run came to another state, and with it the pull requests whose head it runs on. */
export async function processPulls(
  context: JobContext,
  workspaceId: WorkspaceId,
  { eventId, run: { repository, headSha: sha } }: { eventId: EventId; run: Run },
): Promise<NewJob[]> {
  const pulls = await context.happenings.openPulls(workspaceId, { repository, sha });
  return await planStories(context, { workspaceId, eventId, repository }, pulls);
}

/** Each is told to those who know of it, and to those who want to. */
async function planStories(
  context: JobContext,
  { workspaceId, eventId, repository }: { workspaceId: WorkspaceId; eventId: EventId; repository: RepositoryName },
  stories: readonly KeptHappening[],
): Promise<NewJob[]> {
  if (stories.length === 0) return [];
  const subscriptions = await context.subscriptions.ofRepository(workspaceId, repository);
  const jobs: NewJob[] = [];
  for (const story of stories) {
    const told = await context.posts.channelsOf(workspaceId, happeningKey(story));
    const channels = [...new Set([...told, ...happeningChannels(story, subscriptions)])];
    jobs.push(...planHappening({ workspaceId, id: story.id, eventId, channels }));
    const lists = await context.happenings.listsOf(workspaceId, story.id);
    jobs.push(...planHappeningLists({ workspaceId, eventId, lists }));
  }
  return jobs;
}

/** A run deploys to an environment; where it is over already, rules about environments may fit it only now. */
async function placeRun(context: JobContext, workspaceId: WorkspaceId, happening: Happening): Promise<NewJob[]> {
  if (happening.kind !== 'deployment' || happening.runId === null) return [];
  const { repository, runId, environment } = happening;
  const isNew = await context.runs.addEnvironment(workspaceId, { repository, runId }, environment);
  const run = isNew || context.isRepeat ? await context.runs.findNewest(workspaceId, { repository, runId }) : null;
  if (run === null || stateOf(run) === 'under-way') return [];
  const subscriptions = await context.subscriptions.ofRepository(workspaceId, repository);
  const asking = subscriptions.filter(({ rule }) => asksForEnvironments(rule));
  const summary = await context.summaries.findLatest(workspaceId, run);
  const late = { name: environment, summaryId: summary?.id ?? null };
  return planLateEnvironment(workspaceId, run, { late, channels: openChannels(run, asking) });
}
