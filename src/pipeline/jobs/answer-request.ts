import type { JobPayload } from '../../domain/jobs.ts';
import type { Run } from '../../domain/run.ts';
import { isFailing } from '../../domain/run.ts';
import { GitHubNotFoundError, LogUnavailableError, MessageGoneError } from '../../errors.ts';
import { answer, type AnswerOutcome } from '../../notify/answer.ts';
import { type AnalysisSettings, diagnose } from '../diagnose.ts';
import type { JobContext, JobHandler } from '../job.ts';
import { tellFailure } from './tell-failure.ts';

type Payload = JobPayload<'answer-request'>;

/** A log that was not there so long after the run ended will not come any more. */
const LOG_COMES_WITHIN_MS = 5 * 60_000;

/** Answers a person who asked for a summary, with the stored one or a fresh one; a failure is an answer, too. */
export function createAnswerRequest(settings: AnalysisSettings): JobHandler<'answer-request'> {
  return async (context, payload) => {
    if (!(await context.workspaces.isActive(payload.workspaceId))) return [];
    try {
      const outcome = await resolve(context, payload, settings);
      await answer(context, payload.responseUrl, outcome);
    } catch (error) {
      if (error instanceof MessageGoneError) {
        context.log.info({ workspaceId: payload.workspaceId }, 'Answer came too late, nobody waits for it');
        return [];
      }
      await tellFailure(context, payload.responseUrl, error);
      throw error;
    }
    return [];
  };
}

async function resolve(context: JobContext, payload: Payload, settings: AnalysisSettings): Promise<AnswerOutcome> {
  const { workspaceId, target } = payload;
  const { repository } = target;
  try {
    const run = await findTarget(context, payload);
    if (run === null) return { kind: 'no-failing-run', repository };
    if (run.status !== 'completed' || !isFailing(run.conclusion)) return { kind: 'run-not-failing', run };
    return await summarize(context, { ...payload, run, settings });
  } catch (error) {
    if (!(error instanceof GitHubNotFoundError)) throw error;
    const isRunMissing = target.kind === 'run' && (await context.runSource.canSee(workspaceId, repository));
    return isRunMissing ? { kind: 'no-such-run', repository } : { kind: 'not-visible', repository };
  }
}

async function findTarget({ runSource, signal }: JobContext, { workspaceId, target }: Payload): Promise<Run | null> {
  switch (target.kind) {
    case 'latest':
      return await runSource.latestFailing(workspaceId, target.repository, signal);
    case 'run':
      return await runSource.find(workspaceId, target, signal);
    default:
      return target satisfies never;
  }
}

async function summarize(
  context: JobContext,
  { workspaceId, run, settings }: Pick<Payload, 'workspaceId'> & { run: Run; settings: AnalysisSettings },
): Promise<AnswerOutcome> {
  await context.runs.record(workspaceId, run);
  const latest = await context.summaries.findLatest(workspaceId, run);
  const goOnWithoutLog = context.isLastAttempt || isOld(context, run);
  const outcome =
    latest === null
      ? await diagnose(context, { workspaceId, run, revision: 0, goOnWithoutLog, settings })
      : { kind: 'diagnosed' as const, summary: latest, notices: [] };
  if (outcome.kind === 'log-missing') throw new LogUnavailableError('GitHub does not have the log yet');
  const { summary } = outcome;
  const failure = await context.failures.find(workspaceId, summary.failureId);
  if (failure === null) throw new Error('A summary has no failure: the store broke its promise');
  return { kind: 'summary', summary, run, failure };
}

function isOld({ clock }: JobContext, { updatedAt }: Run): boolean {
  return clock.now().getTime() - updatedAt.getTime() > LOG_COMES_WITHIN_MS;
}
