import type { Failure, Thread } from '../domain/failure.ts';
import type { ChannelId, EventId, HappeningId, HappeningListId, SummaryId, WorkspaceId } from '../domain/ids.ts';
import type { JobPayload, NewJob } from '../domain/jobs.ts';
import { type Run, type RunEvent, type RunTold, stateOf } from '../domain/run.ts';
import { analysisKey } from './request.ts';

/** A workspace that may see the run, and what stands there. */
export interface Listener {
  workspaceId: WorkspaceId;
  /** At least one channel may have to hear of the run. */
  subscribes: boolean;
}

/** GitHub shows a log some seconds after its job ended; these are the waits before we look again. */
const LOG_DELAYS_MS = [2_000, 5_000, 15_000, 60_000] as const;

/** What an event asks for: a failed run is analysed once for each workspace in which somebody will hear of it. */
export function planRun(event: RunEvent | RunTold, listeners: readonly Listener[]): NewJob[] {
  if (event.kind !== 'run-failed') return [];
  return listeners
    .filter(({ subscribes }) => subscribes)
    .map(({ workspaceId }) => planAnalysis(workspaceId, event.run));
}

function planAnalysis(workspaceId: WorkspaceId, run: Run): NewJob {
  const { repository, runId, attempt } = run;
  return {
    kind: 'analyze-run',
    payload: { workspaceId, repository, runId, attempt, revision: 0, logTries: 0 },
    dedupeKey: analysisKey(workspaceId, run, { revision: 0, logTries: 0 }),
  };
}

/** Each channel that was told of a failure is told of its end. */
export function planRecoveries(
  workspaceId: WorkspaceId,
  resolved: ReadonlyArray<{ failure: Failure; threads: readonly Thread[] }>,
): NewJob[] {
  return resolved.flatMap(({ failure, threads }) =>
    threads.map(({ channelId }): NewJob => ({
      kind: 'deliver-recovery',
      payload: { workspaceId, channelId, failureId: failure.id },
      dedupeKey: `recover:${failure.id}:${channelId}`,
    })),
  );
}

/** Each of these channels is told how an attempt stands that did not fail. A state is told once. */
export function planRunNotices(workspaceId: WorkspaceId, run: Run, channels: readonly ChannelId[]): NewJob[] {
  const { repository, runId, attempt } = run;
  return channels.map((channelId) => ({
    kind: 'tell-run',
    payload: { workspaceId, channelId, repository, runId, attempt },
    dedupeKey: `tell-run:${workspaceId}:${channelId}:${repository}:${runId}:${attempt}:${run.status}`,
  }));
}

/** Each of these channels is told what happened, or has its message edited; once for each delivery that says so. */
export function planHappening({
  workspaceId,
  id: happeningId,
  eventId,
  channels,
}: {
  workspaceId: WorkspaceId;
  id: HappeningId;
  eventId: EventId;
  channels: readonly ChannelId[];
}): NewJob[] {
  return channels.map((channelId) => ({
    kind: 'tell-happening',
    payload: { workspaceId, channelId, happeningId },
    dedupeKey: `tell-happening:${happeningId}:${channelId}:${eventId}`,
  }));
}

/** Each message that lists it is edited. */
export function planHappeningLists({
  workspaceId,
  eventId,
  lists,
}: {
  workspaceId: WorkspaceId;
  eventId: EventId;
  lists: ReadonlyArray<{ channelId: ChannelId; listId: HappeningListId }>;
}): NewJob[] {
  return lists.map(({ channelId, listId }) => ({
    kind: 'tell-happenings',
    payload: { workspaceId, channelId, listId },
    dedupeKey: `tell-happenings:${listId}:${eventId}`,
  }));
}

/** What is done again about a run of which we hear after its end that it deployed there: by then, everybody may have been asked. */
export function planLateEnvironment(
  workspaceId: WorkspaceId,
  run: Run,
  { late, channels }: { late: { name: string; summaryId: SummaryId | null }; channels: readonly ChannelId[] },
): NewJob[] {
  const again = (job: NewJob): NewJob => ({ ...job, dedupeKey: `${job.dedupeKey}:in:${late.name}` });
  if (channels.length === 0) return [];
  if (stateOf(run) !== 'failed') return planRunNotices(workspaceId, run, channels).map(again);
  if (late.summaryId !== null) return planDeliveries(workspaceId, late.summaryId, channels).map(again);
  return [planAnalysis(workspaceId, run)].map(again);
}

export function planDeliveries(
  workspaceId: WorkspaceId,
  summaryId: SummaryId,
  channels: readonly ChannelId[],
): NewJob[] {
  return channels.map((channelId) => ({
    kind: 'deliver-summary',
    payload: { workspaceId, channelId, summaryId },
    dedupeKey: `deliver:${summaryId}:${channelId}`,
  }));
}

/** Whether the analysis has waited long enough for its logs, and goes on without. */
export function isLastLook(logTries: number): boolean {
  return logTries >= LOG_DELAYS_MS.length;
}

/** The same analysis, later. */
export function planAnotherLook(payload: JobPayload<'analyze-run'>): NewJob {
  const { workspaceId, revision } = payload;
  const logTries = payload.logTries + 1;
  return {
    kind: 'analyze-run',
    payload: { ...payload, logTries },
    dedupeKey: analysisKey(workspaceId, payload, { revision, logTries }),
    delayMs: LOG_DELAYS_MS[payload.logTries] ?? 0,
  };
}
