import type { JobPayload, NewJob } from '../../domain/jobs.ts';
import type { Run } from '../../domain/run.ts';
import { isFailing } from '../../domain/run.ts';
import { LogUnavailableError, MessageGoneError } from '../../errors.ts';
import { answer, openAnswer, type AnswerOutcome } from '../../notify/answer.ts';
import { findReused } from '../../notify/reused.ts';
import { type AnalysisSettings, diagnose } from '../diagnose.ts';
import { findTarget } from '../find-target.ts';
import type { JobContext, JobHandler } from '../job.ts';
import { createProgress, type Progress } from '../progress.ts';
import { tellFailure } from './tell-failure.ts';
import { tellLimit } from './tell-limit.ts';

type Payload = JobPayload<'answer-request'>;

/** A log that was not there so long after the run ended will not come any more. */
const LOG_COMES_WITHIN_MS = 5 * 60_000;

/** Answers a person who asked for a summary, with the stored one or a fresh one; a failure is an answer, too. */
export function createAnswerRequest(settings: AnalysisSettings): JobHandler<'answer-request'> {
  return async (context, payload) => {
    if (!(await context.workspaces.isActive(payload.workspaceId))) return [];
    const progress = createProgress(context, payload);
    try {
      if (isUnopened(payload)) return [await planShownAnswer(context, payload)];
      const outcome = await resolve(context, payload, { settings, progress });
      const reached = await progress.settle();
      if (outcome.kind === 'another-look') return [outcome.job];
      await answer({ ...context, reached }, payload, outcome);
    } catch (error) {
      await progress.settle();
      if (error instanceof MessageGoneError) {
        context.log.info({ workspaceId: payload.workspaceId }, 'Answer came too late, nobody waits for it');
        return [];
      }
      if (await tellLimit(context, payload, error)) return [];
      await tellFailure(context, payload, error);
      throw error;
    }
    return [];
  };
}

/** Whoever asked in the channel sees there that we are on it, and has no other place to see it. */
function isUnopened({ responseUrl, post }: Payload): boolean {
  return responseUrl === undefined && post !== undefined && post.ts === undefined;
}

/** The rest is a job that knows the message, so that however often it is tried, it edits this one. */
async function planShownAnswer(context: JobContext, payload: Payload): Promise<NewJob> {
  const opened = await openAnswer(context, payload, payload.target);
  return {
    kind: 'answer-request',
    payload: { ...payload, post: { ...payload.post, ...opened } },
    dedupeKey: `answer:${context.lease.jobId}:shown`,
  };
}

interface Means {
  settings: AnalysisSettings;
  progress: Progress;
}

type Resolved = AnswerOutcome | { kind: 'another-look'; job: NewJob };

async function resolve(context: JobContext, payload: Payload, means: Means): Promise<Resolved> {
  const found = await findTarget(context, payload);
  if (found.kind !== 'found') return found;
  const { run } = found;
  if (run.status !== 'completed' || !isFailing(run.conclusion)) return { kind: 'run-not-failing', run };
  const { isFresh = false, wants, revision } = payload;
  if ((isFresh || wants !== undefined) && revision === undefined) {
    return { kind: 'another-look', job: await planLook(context, payload, run) };
  }
  return await summarize(context, { payload, run }, means);
}

/** Which look it is stands in a job of its own, so that a second try is no further look. */
async function planLook({ summaries, lease }: JobContext, payload: Payload, run: Run): Promise<NewJob> {
  const { repository, runId, attempt } = run;
  const latest = await summaries.findLatest(payload.workspaceId, run);
  const revision = (latest?.revision ?? 0) + 1;
  const target = { kind: 'run', repository, runId, attempt } as const;
  return {
    kind: 'answer-request',
    payload: { ...payload, target, revision },
    dedupeKey: `answer:${lease.jobId}:${revision}`,
  };
}

async function summarize(
  context: JobContext,
  { payload, run }: { payload: Payload; run: Run },
  { settings, progress }: Means,
): Promise<AnswerOutcome> {
  const { workspaceId, revision, wants } = payload;
  await context.runs.record(workspaceId, run);
  const latest = revision === undefined ? await context.summaries.findLatest(workspaceId, run) : null;
  if (latest === null) progress.reach('fetching');
  const outcome =
    latest === null
      ? await diagnose(context, {
          workspaceId,
          run,
          revision: revision ?? 0,
          goOnWithoutLog: context.isLastAttempt || isOld(context, run),
          settings,
          onStage: (stage) => progress.reach(stage),
          ...(wants && { wants }),
        })
      : { kind: 'diagnosed' as const, summary: latest };
  if (outcome.kind === 'log-missing') throw new LogUnavailableError('GitHub does not have the log yet');
  const { summary } = outcome;
  const failure = await context.failures.find(workspaceId, summary.failureId);
  if (failure === null) throw new Error('A summary has no failure: the store broke its promise');
  return { kind: 'summary', summary, run, failure, ...(await findReused(context, workspaceId, summary)) };
}

function isOld({ clock }: JobContext, { updatedAt }: Run): boolean {
  return clock.now().getTime() - updatedAt.getTime() > LOG_COMES_WITHIN_MS;
}
