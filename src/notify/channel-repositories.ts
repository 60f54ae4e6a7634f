import type { ChannelId, RepositoryName, WorkspaceId } from '../domain/ids.ts';
import type { Ports } from '../domain/ports.ts';

/** The repositories that a channel hears about, also while that is paused; each once. */
export async function channelRepositories(
  { subscriptions }: Pick<Ports, 'subscriptions'>,
  workspaceId: WorkspaceId,
  channelId: ChannelId,
): Promise<RepositoryName[]> {
  const all = await subscriptions.inChannel(workspaceId, channelId);
  return [...new Set(all.map(({ repository }) => repository))];
}
