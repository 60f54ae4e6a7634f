import type { JobPayload, NewJob } from '../domain/jobs.ts';
import type { Ports } from '../domain/ports.ts';
import { goneFileMessage, wrongFileMessage } from '../messages/rule-file.ts';
import type { DeliveryContext, Destination } from './context.ts';
import { findFile } from './rule-file.ts';
import { settle } from './settle.ts';
import { tellStanding } from './standing.ts';

/**
 * Job handler of `tell-rules`: says once for each text that a file of rules is wrong, and once that it is gone, as long as that is so. A
 * muted channel hears it afterwards.
 */
export async function tellRules(
  context: DeliveryContext & Pick<Ports, 'ruleFiles'>,
  payload: JobPayload<'tell-rules'>,
): Promise<readonly NewJob[]> {
  const { workspaceId, channelId, repository, news } = payload;
  if (!(await context.workspaces.isActive(workspaceId))) return [];
  const file = await findFile(context, workspaceId, { channelId, repository });
  if (file === null || file.pausedReason !== null) return [];
  const now = context.clock.now();
  const mutes = await context.mutes.current(workspaceId, channelId, now);
  const mute = mutes.find(({ scope }) => scope === '*' || scope === repository);
  if (mute !== undefined) {
    const delayMs = Math.max(mute.until.getTime() - now.getTime(), 0) + 1_000;
    const dedupeKey = `tell-rules:${workspaceId}:${channelId}:${repository}:${news}:${payload.key}:${mute.until.getTime()}`;
    return [{ kind: 'tell-rules', payload, dedupeKey, delayMs }];
  }
  const { problem, version } = file;
  const isWrong = news === 'wrong' && problem !== null && version === payload.key;
  const isGone = news === 'gone' && file.state === 'missing';
  if (!isWrong && !isGone) return [];
  const message = isWrong ? wrongFileMessage({ ...file, problem }) : goneFileMessage(file);
  const destination: Destination = { workspaceId, channelId };
  const key = { eventType: 'cortex_rules', key: `rules:${repository}:${news}:${payload.key}` } as const;
  await settle(context, destination, () => tellStanding(context, destination, { key, read: async () => message }));
  return [];
}
