import type { WorkspaceId } from '../domain/ids.ts';
import type { NewJob } from '../domain/jobs.ts';
import type { RepositoryNews } from '../domain/run.ts';
import type { JobContext } from './job.ts';
import { planReadings, planSight } from './refreshes.ts';
import { analyzeAgain, planLook } from './request.ts';
import { answerFormOf } from '../domain/github-answers.ts';
import { findShown } from '../notify/shown.ts';

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
    case 'look-wanted':
      return await planWantedLook(context, workspaceId, news);
    case 'sight-changed':
      return planSight(context, workspaceId, jobId);
    default:
      return news satisfies never;
  }
}

/**
 * Another look at a failure, wanted by somebody who may write to its repository. Who is known in Slack asks as that person, with an entry
 * that says so; of others the log has the name.
 */
async function planWantedLook(
  context: JobContext,
  workspaceId: WorkspaceId,
  { repository, failureId, by }: Extract<RepositoryNews, { kind: 'look-wanted' }>,
): Promise<readonly NewJob[]> {
  const failure = await context.failures.find(workspaceId, failureId);
  if (failure?.status !== 'open' || failure.repository !== repository) return [];
  if (answerFormOf(await context.settings.githubAnswers(workspaceId), repository) !== 'check') return [];
  const shown = await findShown(context, workspaceId, failure);
  if (shown === null) return [];
  context.log.info({ workspaceId, failureId, account: by.id }, 'Person asked for another look on GitHub');
  const account = by.id === null ? null : await context.accounts.find(workspaceId, by.id);
  const userId = account?.person?.userId;
  const { summary } = shown;
  if (userId === undefined) return [await planLook(context, { workspaceId, summary, wants: {} })];
  await analyzeAgain(context, { workspaceId, userId, summaryId: summary.id, wants: {} });
  return [];
}
