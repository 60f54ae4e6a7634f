import type { MuteScope } from '../domain/ports.ts';
import type { Message } from '../domain/message.ts';
import { message, sentence } from './blocks.ts';
import { moment, paragraph, plain, text } from './rich-text.ts';
import { count } from './text.ts';

/** How long a channel can be muted. */
export const MUTE_MOST_DAYS = 14;

/** What is done with what comes in the meantime, in the words of both answers. */
const AFTERWARDS =
  'Messages that stand here are still edited. Failures that come meanwhile are held back; at the end, one message says which came and which are still open.';

export function mutedReply(scope: MuteScope, until: Date): Message {
  const what =
    scope === '*'
      ? [text('Muted: this channel hears of nothing new until ')]
      : [text('Muted: this channel hears of nothing new in '), plain(scope, 140), text(' until ')];
  return message('Muted for a while.', [
    paragraph(...what, moment(until), text(`. ${AFTERWARDS} To end it earlier: /cortex mute off`)),
  ]);
}

/** `held` are open failures, `others` deployments and the like; of these, what is no news any more is not told. */
export function unmutedReply({ ended, held, others }: { ended: number; held: number; others: number }): Message {
  if (ended + held + others === 0) return sentence('This channel is not muted, so nothing was changed.');
  const failures =
    held > 0 &&
    `${count(held, 'open failure')} that came meanwhile now ${held === 1 ? 'follows' : 'follow, in one message'}.`;
  const events =
    others > 0 &&
    `${count(others, 'event')} of other kinds now ${others === 1 ? 'follows, if it is' : 'follow, as far as they are'} still news.`;
  const nothing = held + others === 0 && 'Nothing was held back that is still open.';
  return sentence(['This channel is not muted any more.', failures, events, nothing].filter(Boolean).join(' '));
}

/** What is wrong with the words of `mute`. */
export type MuteProblem = 'unreadable' | 'too-long' | 'past';

export function muteProblemReply(problem: MuteProblem): Message {
  const words = {
    unreadable:
      'I take a time and a repository, both optional. The time is 30m, 4h, 2d, tomorrow (at 09:00), or a time of day such as 18:30 in your time zone. For example: /cortex mute 4h acme/web',
    'too-long': `A channel can be muted for at most ${MUTE_MOST_DAYS} days. For longer, /cortex unsubscribe is the right way.`,
    past: 'That moment is over already, so nothing was muted.',
  } as const;
  return sentence(words[problem]);
}
