import type { ChannelId, RepositoryName, WorkspaceId } from '../domain/ids.ts';
import type { Ports } from '../domain/ports.ts';
import { isAbout } from './match.ts';

/** How many repositories are looked at for those of an owner, a topic or a team, the most active first. */
const MOST = 200;

/**
 * The repositories that a channel hears about, also while that is paused; each once. Of the repositories of an owner, a topic or a team those
 * that a run was seen of.
 */
export async function channelRepositories(
  { subscriptions, runs }: Pick<Ports, 'subscriptions' | 'runs'>,
  workspaceId: WorkspaceId,
  channelId: ChannelId,
): Promise<RepositoryName[]> {
  const targets = (await subscriptions.inChannel(workspaceId, channelId)).map(({ rule }) => rule.target);
  const named = targets.flatMap((target) => (target.kind === 'repository' ? [target.repository] : []));
  const wide = targets.filter(({ kind }) => kind !== 'repository');
  const known = wide.length === 0 ? [] : await runs.statuses(workspaceId, MOST);
  const met = known.flatMap(({ repository }) =>
    wide.some((target) => isAbout(repository, { target })) ? [repository] : [],
  );
  return [...new Set([...named, ...met])];
}
