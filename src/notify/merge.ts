import type { FailureId } from '../domain/ids.ts';
import type { Asker } from '../domain/member.ts';
import type { MergeOutcome, OpenFailure, Ports, SplitOutcome } from '../domain/ports.ts';
import type { Failure } from '../domain/failure.ts';
import type { Destination } from './context.ts';

type Deps = Pick<Ports, 'merges' | 'queue' | 'clock' | 'log'>;

/** How many a menu of Slack's offers. */
const MOST_OFFERED = 100;

/** What a failure can be merged into: the other open ones of its repository, the one that was met last first. */
export async function mergeChoices(
  { overview }: Pick<Ports, 'overview'>,
  { workspaceId, channelId }: Destination,
  { id, repository }: Failure,
): Promise<OpenFailure[]> {
  const where = { repositories: [repository], channelId, limit: MOST_OFFERED + 1 };
  const { failures } = await overview.open(workspaceId, where);
  return failures.filter(({ failure }) => failure.id !== id).slice(0, MOST_OFFERED);
}

/** Merges one failure into another; the messages of both follow. Throws DatabaseUnavailableError. */
export async function mergeFailures(
  { merges, queue, clock, log }: Deps,
  { asker, failureId, into }: { asker: Asker; failureId: FailureId; into: FailureId },
): Promise<MergeOutcome> {
  const outcome = await merges.merge(asker, failureId, { into, at: clock.now() });
  if (outcome.kind === 'done') void queue.wake(outcome.jobIds);
  log.info({ ...asker, failureId, into, outcome: outcome.kind }, 'Person merged a failure');
  return outcome;
}

/** Takes that back. Throws DatabaseUnavailableError. */
export async function splitFailure(
  { merges, queue, clock, log }: Deps,
  { asker, failureId }: { asker: Asker; failureId: FailureId },
): Promise<SplitOutcome> {
  const outcome = await merges.split(asker, failureId, clock.now());
  if (outcome.kind === 'done') void queue.wake(outcome.jobIds);
  log.info({ ...asker, failureId, outcome: outcome.kind }, 'Person split a failure again');
  return outcome;
}
