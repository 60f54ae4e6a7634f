import { answerFormOf } from '../../domain/github-answers.ts';
import type { HappeningEvent } from '../../domain/happening.ts';
import type { EventId, WorkspaceId } from '../../domain/ids.ts';
import type { NewJob } from '../../domain/jobs.ts';
import { type Run, type RunEvent, type RunTold, isFailing, stateOf } from '../../domain/run.ts';
import { advance } from '../../domain/run-state.ts';
import { planAnswer } from '../../notify/answer-on-github.ts';
import { mayMatch, openChannels } from '../../notify/match.ts';
import { runKey } from '../../notify/tell-run.ts';
import { processHappening, processPulls } from '../happenings.ts';
import type { JobContext, JobHandler } from '../job.ts';
import { processNews } from '../news.ts';
import { planRecoveries, planRun, planRunNotices } from '../plan.ts';

/** Reads a stored delivery, remembers the run, and plans what follows from it in each workspace that may see it. */
export const processEvent: JobHandler<'process-event'> = async (context, { eventId }) => {
  const stored = await context.events.find(eventId);
  if (stored === null) {
    context.log.warn({ eventId }, 'Delivery is gone, there is nothing to process');
    return [];
  }
  const event = await context.eventReader.read(stored);
  const { deliveryId, name } = stored;
  if (event.kind === 'ignored') {
    context.log.info({ deliveryId, event: name, reason: event.reason }, 'Delivery asks for nothing');
    return [];
  }
  if (event.kind === 'reported') return await processReport(context, eventId, event);
  const workspaces = await context.installations.workspacesOf(event.installationId);
  const jobs: NewJob[] = [];
  if (event.kind === 'happened') return await processHappenings(context, workspaces, { eventId, deliveryId, event });
  if (!('run' in event)) {
    for (const workspaceId of workspaces) jobs.push(...(await processNews(context, workspaceId, event)));
    context.log.info({ deliveryId, event: event.kind, workspaces: workspaces.length }, 'Delivery processed');
    return jobs;
  }
  for (const workspaceId of workspaces) {
    if (!(await context.workspaces.isActive(workspaceId))) continue;
    jobs.push(...(await processFor(context, workspaceId, event)));
    jobs.push(...(await processPulls(context, workspaceId, { eventId, run: event.run })));
  }
  const { repository, runId, attempt } = event.run;
  const fields = { deliveryId, event: event.kind, repository, runId, attempt };
  context.log.info({ ...fields, workspaces: workspaces.length, jobs: jobs.length }, 'Delivery processed');
  return jobs;
};

/** The sender is another CI system, and proved to which workspace it belongs. */
async function processReport(
  context: JobContext,
  eventId: EventId,
  { workspaceId, run, jobs: failed }: Extract<RunEvent, { kind: 'reported' }>,
): Promise<NewJob[]> {
  if (!(await context.workspaces.isActive(workspaceId))) return [];
  await context.ciReports.save(workspaceId, eventId, { run, jobs: failed });
  const kind = isFailing(run.conclusion) ? 'run-failed' : 'run-passed';
  const jobs = await processFor(context, workspaceId, { kind, run });
  const { repository, runId, attempt } = run;
  context.log.info({ eventId, event: kind, repository, runId, attempt, jobs: jobs.length }, 'Event processed');
  return jobs;
}

async function processHappenings(
  context: JobContext,
  workspaces: readonly WorkspaceId[],
  { eventId, deliveryId, event }: { eventId: EventId; deliveryId: string; event: HappeningEvent },
): Promise<NewJob[]> {
  const jobs: NewJob[] = [];
  for (const workspaceId of workspaces) {
    if (!(await context.workspaces.isActive(workspaceId))) continue;
    jobs.push(...(await processHappening(context, workspaceId, { eventId, event })));
  }
  const { repository, kind } = event.happening;
  const fields = { deliveryId, event: event.kind, repository, happening: kind };
  context.log.info({ ...fields, workspaces: workspaces.length, jobs: jobs.length }, 'Delivery processed');
  return jobs;
}

async function processFor(context: JobContext, workspaceId: WorkspaceId, event: RunTold): Promise<NewJob[]> {
  const { run } = event;
  const knowledge = await context.runs.record(workspaceId, run);
  if (knowledge === 'late' && !(await wasKnown(context, workspaceId, run))) return [];
  // Before rules are looked for: the delivery itself says which topics they may be about.
  if (event.topics !== undefined && stateOf(run) !== 'under-way') {
    await context.groups.setTopics(workspaceId, run.repository, event.topics);
  }
  // Whatever came of it, a re-run that a person started is over; what it means follows.
  if (run.status === 'completed' && run.attempt > 1) {
    await context.queue.wake(await context.reruns.end(workspaceId, context.lease, run));
  }
  switch (event.kind) {
    case 'run-changed':
      return await planNotices(context, workspaceId, run);
    case 'run-failed': {
      const subscriptions = await context.subscriptions.ofRepository(workspaceId, run.repository);
      const analyses = planRun(event, [{ workspaceId, subscribes: mayMatch(run, subscriptions) }]);
      return [...analyses, ...(await planNotices(context, workspaceId, run))];
    }
    case 'run-passed': {
      // Stored in the transaction that resolves, so a crash after it cannot forget to tell.
      const { lease } = context;
      const form = answerFormOf(await context.settings.githubAnswers(workspaceId), run.repository);
      const occasion = `passed:${run.runId}:${run.attempt}`;
      const ids = await context.failures.resolve(workspaceId, lease, run, (resolved) => [
        ...planRecoveries(workspaceId, resolved),
        ...resolved.flatMap(({ failure }) => planAnswer(workspaceId, failure, { form, occasion })),
      ]);
      await context.queue.wake(ids);
      return await planNotices(context, workspaceId, run);
    }
    default:
      return event satisfies never;
  }
}

/** Who hears how a run stands that did not fail: by a rule, or because they were told that it waits. */
async function planNotices(context: JobContext, workspaceId: WorkspaceId, run: Run): Promise<NewJob[]> {
  const told = await context.posts.channelsOf(workspaceId, runKey(run));
  const subscriptions = ['ended', 'waiting'].includes(stateOf(run))
    ? await context.subscriptions.ofRepository(workspaceId, run.repository)
    : [];
  const wanting = openChannels(run, subscriptions);
  return planRunNotices(workspaceId, run, [...new Set([...told, ...wanting])]);
}

/**
 * A state that is no news may be the very one we were about to act on before a crash: then we act now, and keys keep it
 * from being done twice. An attempt that we only hear of after its re-run was never known, and is not told any more.
 */
async function wasKnown({ runs }: JobContext, workspaceId: WorkspaceId, run: Run): Promise<boolean> {
  const known = await runs.find(workspaceId, run);
  return known !== null && advance(known, run) === 'repeated';
}
