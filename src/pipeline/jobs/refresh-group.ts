import type { GroupMembers, GroupProblem } from '../../domain/groups.ts';
import { readGroup } from '../../domain/groups.ts';
import type { JobPayload } from '../../domain/jobs.ts';
import { AppError } from '../../errors.ts';
import type { JobContext, JobHandler } from '../job.ts';

/** Asks GitHub which repositories belong to a topic or a team now. What is known stays where it does not say, with the reason. */
export const refreshGroup: JobHandler<'refresh-group'> = async (context, payload) => {
  const { workspaceId, name } = payload;
  if (!(await context.workspaces.isActive(workspaceId))) return [];
  const answer = await ask(context, payload).catch(async (error: unknown) => {
    if (context.signal.aborted || !(error instanceof AppError)) throw error;
    await context.groups.saveProblem(workspaceId, name, 'unavailable');
    throw error;
  });
  if (typeof answer === 'string') {
    await context.groups.saveProblem(workspaceId, name, answer);
    context.log.warn({ workspaceId, group: name, problem: answer }, 'Group of repositories is as it was known before');
  } else {
    await context.groups.save(workspaceId, name, answer);
    context.log.info({ workspaceId, group: name, repositories: answer.repositories.length }, 'Group is known anew');
  }
  return [];
};

async function ask(
  { groupSource, signal }: JobContext,
  { workspaceId, name }: JobPayload<'refresh-group'>,
): Promise<GroupMembers | GroupProblem> {
  const group = readGroup(name);
  if (group.kind === 'topic') return await groupSource.topic(workspaceId, group.topic, signal);
  const answer = await groupSource.team(workspaceId, group, signal);
  if (answer.kind === 'team') return answer;
  return answer.kind === 'teams-hidden' ? 'hidden' : 'gone';
}
