import type { ChannelId, RepositoryName, WorkspaceId } from '../domain/ids.ts';
import type { Ports } from '../domain/ports.ts';
import { targetName, targetsOf } from '../domain/rules/rule.ts';

/** How many of an owner's repositories are looked at, the most active first. */
const MOST = 200;

/**
 * The repositories that a channel hears about, also while that is paused; each once. Of an owner's repositories those that a run was
 * seen of.
 */
export async function channelRepositories(
  { subscriptions, runs }: Pick<Ports, 'subscriptions' | 'runs'>,
  workspaceId: WorkspaceId,
  channelId: ChannelId,
): Promise<RepositoryName[]> {
  const targets = (await subscriptions.inChannel(workspaceId, channelId)).map(({ rule }) => rule.target);
  const named = targets.flatMap((target) => (target.kind === 'repository' ? [target.repository] : []));
  const owners = new Set(targets.filter(({ kind }) => kind === 'owner').map(targetName));
  const known = owners.size === 0 ? [] : await runs.statuses(workspaceId, MOST);
  const owned = known.flatMap(({ repository }) =>
    targetsOf(repository).some((name) => owners.has(name)) ? [repository] : [],
  );
  return [...new Set([...named, ...owned])];
}
