import type { WorkspaceId } from '../domain/ids.ts';
import type { NewJob } from '../domain/jobs.ts';
import type { RepositoryNews } from '../domain/run.ts';
import type { JobContext } from './job.ts';
import { planRefreshes } from './refreshes.ts';

/** How many topics and teams of a workspace are asked for at once; the others follow by and by. */
const MOST_GROUPS = 200;

/** What follows in a workspace from what a webhook says about no run. */
export async function processNews(
  context: JobContext,
  workspaceId: WorkspaceId,
  news: RepositoryNews,
): Promise<readonly NewJob[]> {
  const { groups, lease } = context;
  switch (news.kind) {
    case 'topics-told':
      await groups.setTopics(workspaceId, news.repository, news.topics);
      return [];
    case 'sight-changed':
      return planRefreshes(await groups.stale(workspaceId, { olderThanMs: 0, limit: MOST_GROUPS }), lease.jobId);
    default:
      return news satisfies never;
  }
}
