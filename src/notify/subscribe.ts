import type { ChannelId, RepositoryName } from '../domain/ids.ts';
import type { Asker } from '../domain/member.ts';
import type { Ports } from '../domain/ports.ts';
import type { ChannelObstacle, SubscribeOutcome } from '../messages/subscription.ts';

type Deps = Pick<Ports, 'runSource' | 'directory' | 'subscriptions'>;

export interface SubscribeRequest {
  asker: Asker;
  channelId: ChannelId;
  repository: RepositoryName;
}

/**
 * Lets a channel hear about a repository. Both must be within reach: the repository for this workspace's GitHub
 * installations, the channel for the app. A channel shared with another organization is refused, since log lines are not
 * meant for it.
 */
export async function subscribe(
  deps: Deps,
  { asker, channelId, repository }: SubscribeRequest,
): Promise<SubscribeOutcome> {
  const obstacle = await channelObstacle(deps, asker, channelId);
  if (obstacle !== null) return obstacle;
  if (!(await deps.runSource.canSee(asker.workspaceId, repository))) return { kind: 'not-visible', repository };
  const { kind } = await deps.subscriptions.create(asker, channelId, repository);
  return { kind: kind === 'created' ? 'subscribed' : 'already-subscribed', repository };
}

/** Why log lines may not be posted in this channel; null where they may. */
export async function channelObstacle(
  { directory }: Pick<Ports, 'directory'>,
  { workspaceId }: Asker,
  channelId: ChannelId,
): Promise<{ kind: ChannelObstacle } | null> {
  if (channelId.startsWith('D')) return { kind: 'not-a-channel' };
  const sight = await directory.channel(workspaceId, channelId);
  if (sight.kind === 'hidden') return { kind: 'not-invited' };
  if (sight.isArchived) return { kind: 'archived' };
  if (sight.isShared) return { kind: 'shared' };
  return sight.isMember ? null : { kind: 'not-invited' };
}
