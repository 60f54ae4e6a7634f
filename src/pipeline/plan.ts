import type { Failure, Thread } from '../domain/failure.ts';
import type { ChannelId, SummaryId, WorkspaceId } from '../domain/ids.ts';
import type { JobPayload, NewJob } from '../domain/jobs.ts';
import type { Run, RunEvent } from '../domain/run.ts';
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
export function planRun(event: RunEvent, listeners: readonly Listener[]): NewJob[] {
  if (event.kind !== 'run-failed') return [];
  const { repository, runId, attempt } = event.run;
  return listeners
    .filter(({ subscribes }) => subscribes)
    .map(({ workspaceId }) => ({
      kind: 'analyze-run',
      payload: { workspaceId, repository, runId, attempt, revision: 0, logTries: 0 },
      dedupeKey: analysisKey(workspaceId, event.run, { revision: 0, logTries: 0 }),
    }));
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

/** Each message about what the branch failed for before says what it fails for by now. */
export function planSuccession(workspaceId: WorkspaceId, summaryId: SummaryId, threads: readonly Thread[]): NewJob[] {
  return threads.map(({ id, channelId, failureId }) => ({
    kind: 'refresh-failure',
    payload: { workspaceId, channelId, failureId },
    dedupeKey: `refresh:${id}:${summaryId}`,
  }));
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
