import type { ChannelId, FailureId } from '../domain/ids.ts';
import type { Asker } from '../domain/member.ts';
import type { Ports } from '../domain/ports.ts';

type Deps = Pick<Ports, 'roundups' | 'failures' | 'jobs' | 'queue' | 'log'>;

/** `shown`: its message follows, or stands there already. */
export type ShowOutcome = 'shown' | 'over' | 'gone';

/** Has a failure that a roundup lists told of in a message of its own. Two who ask for it get one. */
export async function showListed(
  { roundups, failures, jobs, queue, log }: Deps,
  { asker, channelId, failureId }: { asker: Asker; channelId: ChannelId; failureId: FailureId },
): Promise<ShowOutcome> {
  const { workspaceId } = asker;
  const failure = await failures.find(workspaceId, failureId);
  const summaryId = await roundups.findListed(workspaceId, channelId, failureId);
  if (failure === null || summaryId === null) return 'gone';
  if (failure.status !== 'open') return 'over';
  const dedupeKey = `deliver:${summaryId}:${channelId}:asked`;
  const payload = { workspaceId, channelId, summaryId, isAsked: true };
  void queue.wake(await jobs.enqueue([{ kind: 'deliver-summary', payload, dedupeKey }]));
  log.info({ ...asker, channelId, failureId }, 'Listed failure gets a message of its own');
  return 'shown';
}
