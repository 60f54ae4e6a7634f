import type { WorkspaceId } from '../domain/ids.ts';
import type { NewJob } from '../domain/jobs.ts';
import type { RepositoryNews } from '../domain/run.ts';
import type { JobContext } from './job.ts';
import { planReadings, planSight } from './refreshes.ts';

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
      return planSight(context, workspaceId, jobId);
    default:
      return news satisfies never;
  }
}
