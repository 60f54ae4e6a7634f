import type { Message } from '../domain/message.ts';
import type { RepositoryName } from '../domain/ids.ts';
import { isActive, type Subscription } from '../domain/subscription.ts';
import { message, note, sentence } from './blocks.ts';
import { bold, bullets, mono, moment, text } from './rich-text.ts';
import { count } from './text.ts';

/** What came of a wish to hear about a repository. */
export type SubscribeOutcome =
  | { kind: 'subscribed'; repository: RepositoryName }
  | { kind: 'already-subscribed'; repository: RepositoryName }
  | { kind: 'not-visible'; repository: RepositoryName }
  | { kind: ChannelObstacle };

/** Why nothing of ours may be posted in a channel. */
export type ChannelObstacle = 'not-a-channel' | 'not-invited' | 'archived' | 'shared';

export type UnsubscribeOutcome =
  { kind: 'unsubscribed'; repository: RepositoryName } | { kind: 'not-subscribed'; repository: RepositoryName };

/** How many subscriptions one answer lists. */
const LISTED = 30;

export function subscribeReply(outcome: SubscribeOutcome): Message {
  return sentence(subscribeWords(outcome));
}

function subscribeWords(outcome: SubscribeOutcome): string {
  switch (outcome.kind) {
    case 'subscribed':
      return `This channel now hears when a workflow of ${outcome.repository} fails, and when it passes again. To stop: /cortex unsubscribe ${outcome.repository}`;
    case 'already-subscribed':
      return `This channel already hears about ${outcome.repository}. Nothing changed.`;
    case 'not-visible':
      return `I cannot see ${outcome.repository}. Either it does not exist, or the GitHub App is not installed there for this workspace. Check the spelling, or ask whoever manages GitHub to add the repository to the app.`;
    case 'not-a-channel':
      return 'I post to channels, not to direct messages. Go to the channel that should hear about the repository and type the command there.';
    case 'not-invited':
      return 'I am not in this channel, so I could not post here. Type /invite and choose me, then subscribe again.';
    case 'archived':
      return 'This channel is archived, so nobody can post here. Unarchive it, or subscribe another channel.';
    case 'shared':
      return 'This channel is shared with another organization, which would read your log lines too. Subscribe a channel that only your own workspace sees.';
    default:
      return outcome satisfies never;
  }
}

export function unsubscribeReply(outcome: UnsubscribeOutcome): Message {
  return sentence(
    outcome.kind === 'unsubscribed'
      ? `This channel does not hear about ${outcome.repository} any more. Messages that stand here stay.`
      : `This channel did not hear about ${outcome.repository}. To see what it hears about: /cortex subscriptions`,
  );
}

/** What this channel hears about. */
export function subscriptionList(subscriptions: readonly Subscription[]): Message {
  if (subscriptions.length === 0) {
    return sentence('This channel hears about no repository yet. To change that: /cortex subscribe owner/repo');
  }
  const shown = subscriptions.slice(0, LISTED);
  const left = subscriptions.length - shown.length;
  const items = shown.map((subscription) => [
    mono(subscription.repository, 140),
    text(' since '),
    moment(subscription.createdAt),
    ...(isActive(subscription) ? [] : [text(`, paused: ${pauseWords(subscription.pausedReason ?? '')}`)]),
  ]);
  return message(`This channel hears about ${shown.map(({ repository }) => repository).join(', ')}`, [
    bullets([bold(`This channel hears about ${count(subscriptions.length, 'repository', 'repositories')}`)], items),
    ...(left > 0 ? [note(`and ${left} more`)] : []),
    note('Failures, and the run that passes again. To stop: /cortex unsubscribe owner/repo'),
  ]);
}

/** Slack's own code for why we cannot post, in words; unknown ones as they are. */
function pauseWords(reason: string): string {
  const words: Record<string, string> = {
    is_archived: 'the channel is archived; unarchive it and subscribe again',
    not_in_channel: 'I was removed from the channel; invite me and subscribe again',
    channel_not_found: 'the channel is gone, or private without me; invite me and subscribe again',
    app_uninstalled: 'the app was removed from this workspace',
    token_revoked: 'the app was disconnected from this workspace; an admin can install it again',
  };
  return words[reason] ?? `Slack said "${reason}"; subscribe again when that is solved`;
}
