import type { InstallationId, WorkspaceId } from '../domain/ids.ts';
import type { Ports } from '../domain/ports.ts';
import type { AffectedChannel, SightChange } from '../domain/sight.ts';

/** Rules and everything else that is kept follow, and each channel that this concerns is told once for each occasion. */
export async function followSight(
  { sights, queue, log }: Pick<Ports, 'sights' | 'queue' | 'log'>,
  workspaceId: WorkspaceId,
  { installationId, change, occasion }: { installationId: InstallationId; change: SightChange; occasion: string },
): Promise<void> {
  const ids = await sights.follow(workspaceId, installationId, change, (affected) =>
    affected.map((channel) => ({
      kind: 'tell-sight',
      payload: { workspaceId, channelId: channel.channelId, change: asSeenBy(change, channel), occasion },
      dedupeKey: `sight:${workspaceId}:${channel.channelId}:${occasion}`,
    })),
  );
  await queue.wake(ids);
  const fields = { workspaceId, installationId, change: change.kind, channels: ids.length };
  log.info(fields, 'What GitHub changed was followed');
}

/** A channel hears of the repositories that its own rules name. */
function asSeenBy(change: SightChange, { repositories }: AffectedChannel): SightChange {
  return 'repositories' in change ? { ...change, repositories: [...repositories] } : change;
}
