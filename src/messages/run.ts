import type { Message } from '../domain/message.ts';
import { type Run, type RunState, stateOf } from '../domain/run.ts';
import { ACTION } from './action-ids.ts';
import { actions, linkButton, message } from './blocks.ts';
import { link, mono, paragraph, plain, text } from './rich-text.ts';
import { oneLine } from './text.ts';
import { attemptUrl, conclusionWords } from './words.ts';

const SIGNS: Record<RunState, string> = { failed: '🔴', ended: '🟢', waiting: '🟡', 'under-way': '🔵' };

/** One line about an attempt that ended without failing, or waits for an approval; and what it says once it has gone on. */
export function runMessage(run: Run): Message {
  const state = stateOf(run);
  const words = state === 'under-way' ? 'was approved and is under way' : conclusionWords(run.conclusion);
  const sign = state === 'ended' && run.conclusion !== 'success' ? '⚪' : SIGNS[state];
  const address = attemptUrl(run);
  const fallback = `${run.repository}: ${oneLine(run.workflow, 80)} #${run.number} ${words} on ${oneLine(run.branch, 100)}: ${run.title}`;
  return message(fallback, [
    paragraph(
      text(`${sign} `),
      link(address, `${run.repository}: ${oneLine(run.workflow, 80)} #${run.number}`),
      text(` ${words} on `),
      mono(run.branch, 100),
      text(': '),
      plain(run.title, 150),
      text(', by '),
      plain(run.actor, 60),
    ),
    ...(state === 'waiting' ? actions(linkButton('Review on GitHub', { actionId: ACTION.viewRun, url: address })) : []),
  ]);
}
