import type { Message } from '../domain/message.ts';
import type { SightChange } from '../domain/sight.ts';
import { sentence } from './blocks.ts';
import { count, oneLine } from './text.ts';

/** What a channel is told once about an installation, or about repositories that its rules name. */
export function sightMessage(change: SightChange): Message {
  return sentence(wordsOf(change));
}

const PAUSED = 'The rules of this channel about';

function wordsOf(change: SightChange): string {
  switch (change.kind) {
    case 'suspended':
    case 'unsuspended':
    case 'uninstalled':
    case 'reconnected':
      return accountWords(change.kind, oneLine(change.account, 120));
    case 'account-renamed':
      return `${oneLine(change.from, 120)} is called ${oneLine(change.account, 120)} on GitHub now. ${PAUSED} its repositories follow, and so do their open failures.`;
    case 'out-of-sight':
      return `The GitHub App does not see ${listOf(change)} any more. ${PAUSED} that are paused until GitHub shows it to the App again.`;
    case 'in-sight':
      return `The GitHub App sees ${listOf(change)} again. ${PAUSED} that are active.`;
    case 'renamed':
      return `${change.from} is called ${change.repository} now. ${PAUSED} it follow, and so do its open failures.`;
    case 'default-branch':
      return `The default branch of ${change.repository} is ${oneLine(change.to, 100)} now, and was ${oneLine(change.from, 100)}. Rules with branch:default mean the new one.`;
    case 'deleted':
    case 'archived':
    case 'unarchived':
    case 'privatized':
    case 'publicized':
      return repositoryWords(change.kind, change.repository);
    default:
      return change satisfies never;
  }
}

function accountWords(kind: 'suspended' | 'unsuspended' | 'uninstalled' | 'reconnected', account: string): string {
  switch (kind) {
    case 'suspended':
      return `The GitHub App is suspended on ${account}, so nothing is heard from there. ${PAUSED} its repositories are paused until an owner of ${account} lifts that.`;
    case 'unsuspended':
      return `The GitHub App is not suspended on ${account} any more. ${PAUSED} its repositories are active again.`;
    case 'uninstalled':
      return `The GitHub App was removed from ${account}. ${PAUSED} its repositories are paused until an admin connects ${account} again: /cortex connect`;
    case 'reconnected':
      return `${account} is connected again. ${PAUSED} its repositories are active.`;
    default:
      return kind satisfies never;
  }
}

type RepositoryKind = 'deleted' | 'archived' | 'unarchived' | 'privatized' | 'publicized';

function repositoryWords(kind: RepositoryKind, repository: string): string {
  switch (kind) {
    case 'deleted':
      return `${repository} was deleted on GitHub. ${PAUSED} it are paused.`;
    case 'archived':
      return `${repository} is archived on GitHub now, so no workflow runs there. ${PAUSED} it stay.`;
    case 'unarchived':
      return `${repository} is not archived on GitHub any more.`;
    case 'privatized':
      return `${repository} is private on GitHub now. This channel goes on hearing of it, and everybody in it reads that: unsubscribe where that is not meant.`;
    case 'publicized':
      return `${repository} is public on GitHub now.`;
    default:
      return kind satisfies never;
  }
}

const MOST_NAMED = 5;

function listOf({ repositories }: { repositories: readonly string[] }): string {
  const named = repositories.slice(0, MOST_NAMED).join(', ');
  const left = repositories.length - MOST_NAMED;
  return left > 0 ? `${named} and ${count(left, 'more repository', 'more repositories')}` : named;
}
