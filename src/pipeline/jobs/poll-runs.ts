import { createHash } from 'node:crypto';
import type { NewJob } from '../../domain/jobs.ts';
import type { EndedRun, EndedRuns, RunLook } from '../../domain/reconciling.ts';
import { GitHubForbiddenError, GitHubNotFoundError } from '../../errors.ts';
import { accept } from '../accept.ts';
import type { JobContext, JobHandler } from '../job.ts';

export interface PollSettings {
  /** How often the runs of a repository are asked for; a delivery that has not come by then is taken for missed. */
  pollIntervalMs: number;
}

/** Of the runs of one repository that are asked for by their number at one look. */
const MOST_OPEN = 20;

const NO_DELIVERY = 'no delivery came that told of it';

/** Asks GitHub for the runs of a repository that ended, and takes in those of which no delivery told. */
export function createPollRuns({ pollIntervalMs }: PollSettings): JobHandler<'poll-runs'> {
  return async (context, { workspaceId, repository }) => {
    const { gaps, workspaces, clock, metrics, log } = context;
    if (!(await workspaces.isActive(workspaceId))) return [];
    const look = { workspaceId, repository };
    const known = await gaps.findLook(look);
    if (known === null) return [];
    const until = new Date(clock.now().getTime() - pollIntervalMs);
    const answer = await listEnded(context, look, known);
    if (answer === null) return [];
    const runs = answer.kind === 'unchanged' ? [] : answer.runs;
    const ripe = runs.filter(({ updatedAt }) => updatedAt <= until);
    const late = await endedOpenRuns(context, look, { until, listed: ripe });
    const missed = await gaps.unknownRuns(look, [...ripe, ...late]);
    // The oldest first, as their deliveries would have come.
    for (const run of missed.toSorted(byEnd)) await takeIn(context, look, run);
    metrics.reconciled.add(ripe.length + late.length, { of: 'runs', outcome: 'examined' });
    if (missed.length > 0)
      log.warn({ workspaceId, repository, runs: missed.length }, 'Runs found that no delivery told of');
    // An answer that holds what is too fresh to judge has to be looked at again.
    const mark = answer.kind === 'unchanged' ? known.mark : ripe.length === runs.length ? answer.mark : null;
    await gaps.saveLook(look, { until, mark });
    return [];
  };
}

/** Null where they cannot be seen. What is hidden has no runs that could be missed; a refusal may pass, and its time stays open. */
async function listEnded(
  { endedRuns, gaps, clock, signal, log }: JobContext,
  look: RunLook,
  known: { since: Date; mark: string | null },
): Promise<EndedRuns | null> {
  const { workspaceId, repository } = look;
  try {
    return await endedRuns.ended(workspaceId, { repository, ...known }, signal);
  } catch (error) {
    const isHidden = error instanceof GitHubNotFoundError;
    if (!isHidden && !(error instanceof GitHubForbiddenError)) throw error;
    log.info({ workspaceId, repository, isHidden }, 'Runs of a repository cannot be looked for');
    await gaps.saveLook(look, isHidden ? { until: clock.now(), mark: null } : { until: known.since, mark: known.mark });
    return null;
  }
}

/**
 * What is known to be open is asked for by its number: the list goes by the beginning of runs, so one that ran for days, or was run
 * again after days, stands where nobody looks.
 */
async function endedOpenRuns(
  { gaps, endedRuns, signal }: JobContext,
  look: RunLook,
  { until, listed }: { until: Date; listed: readonly EndedRun[] },
): Promise<EndedRun[]> {
  const { workspaceId, repository } = look;
  const open = await gaps.openRuns(look, { quietSince: until, limit: MOST_OPEN });
  const unlisted = open.filter((runId) => !listed.some((run) => run.runId === runId));
  const ended: EndedRun[] = [];
  for (const runId of unlisted) {
    const run = await endedRuns.endOf(workspaceId, { repository, runId }, signal);
    if (run !== null && run.updatedAt <= until) ended.push(run);
  }
  return ended;
}

const byEnd = (one: EndedRun, other: EndedRun): number => one.updatedAt.getTime() - other.updatedAt.getTime();

export function planPolls(looks: readonly RunLook[], slot: number): NewJob[] {
  return looks.map(({ workspaceId, repository }) => ({
    kind: 'poll-runs',
    payload: { workspaceId, repository },
    dedupeKey: `poll-runs:${workspaceId}:${repository}:${slot}`,
  }));
}

/** As if its delivery had come: the same table, the same job, and a key by which a second look adds nothing. */
async function takeIn(context: JobContext, { workspaceId, repository }: RunLook, run: EndedRun): Promise<void> {
  const { endedRuns, gaps, metrics, signal } = context;
  const ref = { repository, runId: run.runId, attempt: run.attempt };
  const found = await endedRuns.body(workspaceId, ref, signal).catch((error: unknown) => {
    if (error instanceof GitHubNotFoundError) return null; // deleted since
    throw error;
  });
  if (found === null) return;
  const { installationId, body } = found;
  const name = `reconciled ${repository} ${run.runId} ${run.attempt}`;
  const outcome = await accept(context, {
    deliveryId: name,
    name: 'workflow_run',
    action: 'completed',
    installationId,
    repository,
    body,
    // Not of the body: that has times in it which GitHub may change.
    bodyHash: createHash('sha256').update(name).digest(),
  });
  // Also where it was stored before: we may have been cut off right after it.
  await gaps.addRun({ ...ref, installationId, endedAt: run.updatedAt, reason: NO_DELIVERY });
  if (outcome.kind === 'stored') metrics.reconciled.add(1, { of: 'runs', outcome: 'found' });
}
