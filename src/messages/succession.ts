import type { Successor } from '../domain/failure.ts';
import type { Message } from '../domain/message.ts';
import { message } from './blocks.ts';
import { bold, link, paragraph, plain, text, type Span } from './rich-text.ts';
import { oneLine, shortSha } from './text.ts';
import { attemptUrl } from './words.ts';

/** A successor, with the address of its message in the same channel; null where none stands there. */
export interface SuccessorReport extends Successor {
  url: string | null;
}

/** Says in the message of an open failure what its branch fails for by now. */
export function supersededSpans(successor: SuccessorReport): Span[] {
  return [bold('Superseded: '), ...laterSpans(successor)];
}

/** The reply in its thread. */
export function supersededReply(successor: SuccessorReport): Message {
  const { run } = successor;
  return message(`${shortSha(run.headSha)} failed for another cause: ${headlineOf(successor)}`, [
    paragraph(...laterSpans(successor), text(', by '), plain(run.actor, 60)),
  ]);
}

function laterSpans({ run, url, ...successor }: SuccessorReport): Span[] {
  return [
    link(attemptUrl(run), shortSha(run.headSha), { code: true }),
    ...(run.attempt === 1 ? [] : [text(`, attempt ${run.attempt},`)]),
    text(' failed for another cause: '),
    link(url, headlineOf(successor)),
  ];
}

function headlineOf({ headline, failure }: Pick<Successor, 'headline' | 'failure'>): string {
  return oneLine(headline === '' ? `${failure.workflow} on ${failure.branch}` : headline, 150);
}
