import { createHash } from 'node:crypto';
import type { Summary } from '../domain/diagnosis.ts';
import type { ChannelId, SummaryId, UserId, WorkspaceId } from '../domain/ids.ts';
import type { AnalysisWants, JobPayload, NewJob } from '../domain/jobs.ts';
import type { Ports } from '../domain/ports.ts';
import type { RunRef } from '../domain/run.ts';

type RequestDeps = Pick<Ports, 'jobs' | 'queue'>;

/** A person's wish for a summary; `requestKey` is unique per command, so that Slack's retry of it asks once. */
export type SummaryRequest = Omit<JobPayload<'answer-request'>, 'revision'> & { requestKey: string };

/**
 * A person's click on "Re-analyze". The channels that subscribe are told anyway; with `answerTo`, a person who clicked
 * somewhere else is answered there as well.
 */
export interface AnalyzeAgainRequest {
  workspaceId: WorkspaceId;
  userId: UserId;
  summaryId: SummaryId;
  /** A larger model, or an eye on what the person notes. */
  wants: AnalysisWants;
  answerTo?: { channelId: ChannelId; responseUrl: string };
}

export type AnalyzeAgainOutcome = { kind: 'queued' } | { kind: 'already-queued' } | { kind: 'unknown-summary' };

/** After this time a click may start over what an earlier click asked for, should that have come to nothing. */
const REMEMBER_CLICK_MS = 10 * 60_000;

/** Queues the answer to a person's question. Throws DatabaseUnavailableError. */
export async function requestSummary({ jobs, queue }: RequestDeps, request: SummaryRequest): Promise<void> {
  const { requestKey, ...payload } = request;
  const ids = await jobs.enqueue([{ kind: 'answer-request', payload, dedupeKey: `answer:${requestKey}` }]);
  // The job is committed; a slow wake-up must not hold up the person who asked, and the sweep makes up for a lost one.
  void queue.wake(ids);
}

/** Queues the previews of a message's links; the same links of one message are shown once, whichever event tells of them. */
export async function requestUnfurl({ jobs, queue }: RequestDeps, request: JobPayload<'unfurl-links'>): Promise<void> {
  const { workspaceId, channelId, ts, links } = request;
  const addresses = createHash('sha256')
    .update(links.map(({ url }) => url).join('\n'))
    .digest('hex');
  const dedupeKey = ['unfurl', workspaceId, channelId, ts, addresses].join(':');
  const ids = await jobs.enqueue([{ kind: 'unfurl-links', payload: request, dedupeKey }]);
  void queue.wake(ids);
}

/** Queues a fresh analysis of the attempt behind a summary; two clicks are one job. Throws DatabaseUnavailableError. */
export async function analyzeAgain(
  deps: Pick<Ports, 'summaries' | 'failureActions' | 'queue' | 'clock'>,
  { workspaceId, userId, summaryId, wants, answerTo }: AnalyzeAgainRequest,
): Promise<AnalyzeAgainOutcome> {
  const summary = await deps.summaries.find(workspaceId, summaryId);
  if (summary === null) return { kind: 'unknown-summary' };
  const asked = { person: userId, ...(answerTo && { askedBy: { userId, ...answerTo } }) };
  const job = await planLook(deps, { workspaceId, summary, wants, asked });
  const { revision } = job.payload;
  const at = deps.clock.now();
  const { choice, tier = 'small', note } = wants;
  const model = choice === undefined || choice === 'offline' ? (choice ?? tier) : `${choice.provider}:${choice.model}`;
  const details = { revision, model, note: note !== undefined };
  const order = { jobs: [job], action: 'reanalyze', details, at } as const;
  const ids = await deps.failureActions.order({ workspaceId, userId }, summary.failureId, order);
  void deps.queue.wake(ids);
  return { kind: ids.length > 0 ? 'queued' : 'already-queued' };
}

/** Another look at the attempt behind a summary; two that are wanted within some minutes are one. */
export async function planLook(
  deps: Pick<Ports, 'summaries' | 'clock'>,
  {
    workspaceId,
    summary,
    wants,
    asked = {},
  }: {
    workspaceId: WorkspaceId;
    summary: Summary;
    wants: AnalysisWants;
    asked?: Pick<JobPayload<'analyze-run'>, 'person' | 'askedBy'>;
  },
): Promise<Extract<NewJob, { kind: 'analyze-run' }>> {
  const { run } = summary;
  const latest = await deps.summaries.findLatest(workspaceId, run);
  const revision = (latest ?? summary).revision + 1;
  const { repository, runId, attempt } = run;
  const window = Math.floor(deps.clock.now().getTime() / REMEMBER_CLICK_MS);
  return {
    kind: 'analyze-run',
    payload: { workspaceId, repository, runId, attempt, revision, logTries: 0, wants, ...asked },
    dedupeKey: `${analysisKey(workspaceId, run, { revision, logTries: 0 })}:${window}`,
  };
}

/** The name of one analysis: jobs that carry it are one job. */
export function analysisKey(
  workspaceId: WorkspaceId,
  { repository, runId, attempt }: RunRef,
  { revision, logTries }: { revision: number; logTries: number },
): string {
  return ['analyze', workspaceId, repository, runId, attempt, revision, logTries].join(':');
}
