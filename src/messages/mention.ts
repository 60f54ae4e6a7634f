import type { Message } from '../domain/message.ts';
import { message, note, sentence } from './blocks.ts';
import { bold, bullets, mono, paragraph, text } from './rich-text.ts';
import type { ChannelObstacle } from './subscription.ts';

/** What can be said to us in a channel, with what comes of it. */
const SAYINGS: ReadonlyArray<readonly [string, string]> = [
  ['why did main fail?', 'the last failure of a branch, a workflow or a repository'],
  ['why?', 'in the thread of a failure, that one; else the last failure of this channel'],
  ['why did Deploy fail on main in acme/web?', 'all of it, in a repository that this channel does not hear about'],
  ['https://github.com/acme/web/actions/runs/17234567890', 'a run, a job or a pull request by its address'],
  ['status', 'how the repositories of this channel stand'],
  ['flaky', 'what failed, and passed when the same commit ran again'],
];

/** Everything that can be said to us. */
export function mentionHelpMessage(): Message {
  return message('Ask me why something failed, or for the status. For everything else: /cortex help', [
    paragraph(bold('Mention me in a channel, and I answer in a thread that all can read:')),
    bullets(
      [],
      SAYINGS.map(([words, meaning]) => [mono(words, 100), text(`  ${meaning}`)]),
    ),
    note('To be answered alone, and for everything else: /cortex help'),
  ]);
}

/** For the person whose words we did not understand. */
export function unclearMentionMessage(): Message {
  return sentence(
    'I did not understand that. Ask me "why did main fail?", give me the address of a run or a pull request, or say "status", "flaky" or "help". Only you see this.',
  );
}

/** Why a question in this channel is not answered in it. */
export function cannotAnswerHereMessage(obstacle: ChannelObstacle): Message {
  const reasons: Record<ChannelObstacle, string> = {
    'not-a-channel': 'This is no channel, so there is nobody else to answer to.',
    'not-invited': 'I am not in this channel, so I cannot answer in it. Type /invite and choose me.',
    archived: 'This channel is archived, so nobody can post here.',
    shared: 'This channel is shared with another organization, which would read your log lines too.',
  };
  return sentence(`${reasons[obstacle]} To be answered alone: /cortex summarize`);
}

/** For the person who wanted the run explained that a message links to, where it links to none. */
export function noLinkMessage(githubHost: string): Message {
  return sentence(
    `I found no link to a run, a job or a pull request of ${githubHost} in that message. To name one: /cortex summarize, with its address`,
  );
}
