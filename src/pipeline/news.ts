import type { WorkspaceId } from '../domain/ids.ts';
import type { NewJob } from '../domain/jobs.ts';
import type { RepositoryNews } from '../domain/run.ts';
import type { JobContext } from './job.ts';
import { planReadings, planRefreshes } from './refreshes.ts';

/** How many topics and teams of a workspace are asked for at once, and files read; the others follow by and by. */
const ALL_OF_THEM = { olderThanMs: 0, limit: 200 } as const;

/** What follows in a workspace from what a webhook says about no run. */
export async function processNews(
  context: JobContext,
  workspaceId: WorkspaceId,
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
    case 'sight-changed':
      return [
        ...planRefreshes(await groups.stale(workspaceId, ALL_OF_THEM), jobId),
        ...planReadings(await ruleFiles.stale(workspaceId, ALL_OF_THEM), jobId),
      ];
    default:
      return news satisfies never;
  }
}
