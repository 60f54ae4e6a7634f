import { answerFormOf } from '../../domain/github-answers.ts';
import { findingOf, type Summary } from '../../domain/diagnosis.ts';
import type { JobPayload, NewJob } from '../../domain/jobs.ts';
import { asksForEnvironments } from '../../domain/rules/rule.ts';
import type { Run } from '../../domain/run.ts';
import { GitHubNotFoundError } from '../../errors.ts';
import { planAnswer } from '../../notify/answer-on-github.ts';
import { listeningChannels, matchChannels, mayMatch } from '../../notify/match.ts';
import { planSuccession } from '../../notify/succession.ts';
import { type AnalysisSettings, diagnose } from '../diagnose.ts';
import type { JobContext, JobHandler } from '../job.ts';
import { isLastLook, planAnotherLook, planDeliveries } from '../plan.ts';
import { withTraits } from '../traits.ts';
import { tellFailure } from './tell-failure.ts';
import { tellLimit } from './tell-limit.ts';

type Payload = JobPayload<'analyze-run'>;

/** Analyses one attempt of a run, waits for logs that are not there yet, and has every subscribed channel told. */
export function createAnalyzeRun(settings: AnalysisSettings): JobHandler<'analyze-run'> {
  return async (context, payload) => {
    const { workspaceId, revision, logTries, askedBy, wants, person } = payload;
    if (!(await context.workspaces.isActive(workspaceId))) return [];
    try {
      const found = await findRun(context, payload);
      if (found === null) return [];
      const subscriptions = await context.subscriptions.ofRepository(workspaceId, found.repository);
      const run = await withTraits(context, workspaceId, { run: found, subscriptions });
      // By then it may be known that no rule fits, and an analysis costs something. Where it deploys to has been told by its deployments.
      const isKnown = run !== found || subscriptions.some(({ rule }) => asksForEnvironments(rule));
      if (revision === 0 && !askedBy && isKnown && !mayMatch({ environments: [], ...run }, subscriptions)) return [];
      const goOnWithoutLog = isLastLook(logTries);
      const wasLimited = context.wasLimited || payload.wasLimited === true;
      const wish = { ...(wants && { wants }), ...(person && { person }), wasLimited };
      const outcome = await diagnose(context, { workspaceId, run, revision, goOnWithoutLog, settings, ...wish });
      if (outcome.kind === 'log-missing') return [planAnotherLook(wasLimited ? { ...payload, wasLimited } : payload)];
      return await planTelling(context, payload, { run, summary: outcome.summary });
    } catch (error) {
      if (askedBy && (await tellLimit(context, { workspaceId, ...askedBy }, error))) return [];
      if (askedBy) await tellFailure(context, { workspaceId, ...askedBy }, error);
      throw error;
    }
  };
}

async function findRun({ runs, runSource, log, signal }: JobContext, payload: Payload): Promise<Run | null> {
  const { workspaceId, repository, runId, attempt } = payload;
  const known = await runs.find(workspaceId, { repository, runId, attempt });
  if (known !== null) return known;
  try {
    const run = await runSource.find(workspaceId, { repository, runId, attempt }, signal);
    await runs.record(workspaceId, run);
    return run;
  } catch (error) {
    if (!(error instanceof GitHubNotFoundError)) throw error;
    log.info({ workspaceId, repository, runId }, 'Run is gone, there is nothing to analyse');
    return null;
  }
}

async function planTelling(
  context: JobContext,
  payload: Payload,
  { run, summary }: { run: Run; summary: Summary },
): Promise<NewJob[]> {
  const { workspaceId, repository, askedBy } = payload;
  const { id } = summary;
  const subscriptions = await context.subscriptions.ofRepository(workspaceId, repository);
  const listening = listeningChannels(run, subscriptions);
  // A channel whose rules do not fit this run may have a message about its failure: the delivery finds out.
  const succeeded = await context.failures.succeeded(workspaceId, run, summary.failureId);
  const form = answerFormOf(await context.settings.githubAnswers(workspaceId), repository);
  const deliveries = [
    ...planDeliveries(workspaceId, id, listening),
    ...planSuccession(workspaceId, succeeded, id),
    ...planAnswer(workspaceId, { id: summary.failureId }, { form, occasion: id }),
  ];
  const told = matchChannels({ run, finding: findingOf(summary.diagnosis) }, subscriptions);
  if (!askedBy || told.includes(askedBy.channelId)) return deliveries;
  // The channel may have a message about this failure from a time when it subscribed; the person is answered in any case.
  return [
    ...deliveries,
    ...(listening.includes(askedBy.channelId) ? [] : planDeliveries(workspaceId, id, [askedBy.channelId])),
    {
      kind: 'answer-request',
      payload: {
        workspaceId,
        ...askedBy,
        target: { kind: 'run', repository, runId: payload.runId, attempt: payload.attempt },
      },
      dedupeKey: `answer:${id}:${askedBy.userId}`,
    },
  ];
}
