import type { Happening, HappeningEvent } from '../domain/happening.ts';
import type { EventId, WorkspaceId } from '../domain/ids.ts';
import type { NewJob } from '../domain/jobs.ts';
import { asksForEnvironments } from '../domain/rules/rule.ts';
import { stateOf } from '../domain/run.ts';
import { happeningChannels } from '../notify/match-happening.ts';
import { openChannels } from '../notify/match.ts';
import { happeningKey } from '../notify/tell-happening.ts';
import type { JobContext } from './job.ts';
import { planHappening, planLateEnvironment } from './plan.ts';

/** Remembers what happened, and plans what follows from it in one workspace. */
export async function processHappening(
  context: JobContext,
  workspaceId: WorkspaceId,
  { eventId, event: { happening } }: { eventId: EventId; event: HappeningEvent },
): Promise<NewJob[]> {
  const placed = await placeRun(context, workspaceId, happening);
  const { id, happening: kept, news } = await context.happenings.record(workspaceId, happening);
  // The very state that is known may be the one that we were about to tell of before a crash.
  if (news === 'late') return placed;
  const subscriptions = await context.subscriptions.ofRepository(workspaceId, kept.repository);
  const wanting = happeningChannels(kept, subscriptions);
  const changed = [{ id, happening: kept }, ...(await context.happenings.madeUpBy(workspaceId, kept))];
  const jobs: NewJob[] = [];
  for (const each of changed) {
    const told = await context.posts.channelsOf(workspaceId, happeningKey(each));
    const channels = [...new Set([...told, ...(each.id === id ? wanting : [])])];
    jobs.push(...planHappening({ workspaceId, id: each.id, eventId, channels }));
  }
  return [...placed, ...jobs];
}

/** A run deploys to an environment; where it is over already, rules about environments may fit it only now. */
async function placeRun(context: JobContext, workspaceId: WorkspaceId, happening: Happening): Promise<NewJob[]> {
  const { repository, runId, environment } = happening;
  if (runId === null) return [];
  const isNew = await context.runs.addEnvironment(workspaceId, { repository, runId }, environment);
  const run = isNew || context.isRepeat ? await context.runs.findNewest(workspaceId, { repository, runId }) : null;
  if (run === null || stateOf(run) === 'under-way') return [];
  const subscriptions = await context.subscriptions.ofRepository(workspaceId, repository);
  const asking = subscriptions.filter(({ rule }) => asksForEnvironments(rule));
  const summary = await context.summaries.findLatest(workspaceId, run);
  const late = { name: environment, summaryId: summary?.id ?? null };
  return planLateEnvironment(workspaceId, run, { late, channels: openChannels(run, asking) });
}
