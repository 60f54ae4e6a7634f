import type { EventId, WorkspaceId } from '../domain/ids.ts';
import type { NewJob } from '../domain/jobs.ts';
import type { RepositoryNews } from '../domain/run.ts';
import { changesSight } from '../domain/sight.ts';
import { followSight } from './follow-sight.ts';
import type { JobContext } from './job.ts';
import { planReadings, planSight } from './refreshes.ts';

/** What follows in a workspace from what a webhook says about no run. */
export async function processNews(
  context: JobContext,
  { workspaceId, eventId }: { workspaceId: WorkspaceId; eventId: EventId },
  news: RepositoryNews,
): Promise<readonly NewJob[]> {
  const { groups, ruleFiles } = context;
  const { jobId } = context.lease;
  switch (news.kind) {
    case 'topics-told':
      await groups.setTopics(workspaceId, news.repository, news.topics);
      return [];
    case 'rules-pushed': {
      const { repository } = news;
      const files = await ruleFiles.ofRepository(workspaceId, repository);
      return files.length === 0 ? [] : planReadings([{ workspaceId, repository }], jobId);
    }
    case 'sight-changed': {
      const { change } = news;
      if (change !== null) await followSight(context, workspaceId, { ...news, change, occasion: eventId });
      return change === null || changesSight(change) ? await planSight(context, workspaceId, jobId) : [];
    }
    default:
      return news satisfies never;
  }
}
