import type { RepositoryName } from '../domain/ids.ts';
import type { Message } from '../domain/message.ts';
import { notVisibleAnswer } from '../messages/answer.ts';
import { unreadableTargetMessage } from '../messages/help.ts';
import { nothingToShowHere } from '../messages/status.ts';
import { channelRepositories } from '../notify/channel-repositories.ts';
import type { Question } from './command.ts';
import { isAllowed } from './listener.ts';
import { readRepository } from './target.ts';

/** The repositories that a list is about, or the answer to whoever may not have it; null where that was given. */
export type Scope =
  | { kind: 'channel'; repositories: readonly RepositoryName[] }
  | { kind: 'repository'; repositories: readonly [RepositoryName] }
  | { kind: 'answer'; message: Message | null };

/**
 * Those of the channel, or the one that was named. A repository that the channel does not hear about is for full members, and must
 * be in sight of the workspace.
 */
export async function readScope(question: Question, word: string | undefined): Promise<Scope> {
  const { ports, asker, channelId, options, say } = question;
  const here = await channelRepositories(ports, asker.workspaceId, channelId);
  if (word === undefined) {
    return here.length === 0
      ? { kind: 'answer', message: nothingToShowHere() }
      : { kind: 'channel', repositories: here };
  }
  const outcome = readRepository(word, options.githubSites());
  if (outcome.kind !== 'repository') return { kind: 'answer', message: unreadableTargetMessage(outcome) };
  const { repository } = outcome;
  if (!here.includes(repository) && !(await isAllowed(question, { asker, action: 'home.read', refuse: say }))) {
    return { kind: 'answer', message: null };
  }
  if (!(await ports.runSource.canSee(asker.workspaceId, repository))) {
    return { kind: 'answer', message: notVisibleAnswer(repository) };
  }
  return { kind: 'repository', repositories: [repository] };
}
