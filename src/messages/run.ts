import type { Message } from '../domain/message.ts';
import { type Run, type RunState, stateOf } from '../domain/run.ts';
import { ACTION } from './action-ids.ts';
import { actions, linkButton, message } from './blocks.ts';
import { link, mono, paragraph, plain, text, type Span } from './rich-text.ts';
import { oneLine } from './text.ts';
import { attemptUrl, conclusionWords } from './words.ts';

const SIGNS: Record<RunState, string> = { failed: '🔴', ended: '🟢', waiting: '🟡', 'under-way': '🔵' };

/** One line about an attempt that ended without failing, or waits for an approval; and what it says once it has gone on. */
export function runMessage(run: Run): Message {
  const state = stateOf(run);
  const words = state === 'under-way' ? 'was approved and is under way' : conclusionWords(run.conclusion);
  const review = linkButton('Review on GitHub', { actionId: ACTION.viewRun, url: attemptUrl(run) });
  return message(runSentence(run, words), [
    paragraph(text(`${runSign(run)} `), ...runSpans(run, words)),
    ...(state === 'waiting' ? actions(review) : []),
  ]);
}

/** Green for what passed only: a run can end without passing or failing. */
export function runSign(run: Run): string {
  const state = stateOf(run);
  return state === 'ended' && run.conclusion !== 'success' ? '⚪' : SIGNS[state];
}

/** The run and how it stands, for the fallback text. */
export function runSentence(run: Run, words: string): string {
  return `${run.repository}: ${oneLine(run.workflow, 80)} #${run.number} ${words} on ${oneLine(run.branch, 100)}: ${run.title}`;
}

/** The run and how it stands, linked. */
export function runSpans(run: Run, words: string): Span[] {
  return [
    link(attemptUrl(run), `${run.repository}: ${oneLine(run.workflow, 80)} #${run.number}`),
    text(` ${words} on `),
    mono(run.branch, 100),
    text(': '),
    plain(run.title, 150),
    text(', by '),
    plain(run.actor, 60),
  ];
}
