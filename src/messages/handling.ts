import type { KnownBlock, Overflow } from '@slack/types';
import { isReported } from '../domain/ci.ts';
import type { Failure } from '../domain/failure.ts';
import { LAST_RERUNNABLE_ATTEMPT, type FlakyMark } from '../domain/handling.ts';
import type { Issue, Merged } from '../domain/ports.ts';
import { ACTION, MENU_CHOICE } from './action-ids.ts';
import { button, plainText } from './blocks.ts';
import { issueSpans } from './issue.ts';
import { mergedHereWords } from './merging.ts';
import { moment, paragraph, person, text, type Span } from './rich-text.ts';
import { type SuccessorReport, supersededSpans } from './succession.ts';

/** What is true about the handling of a failure at the moment its message is made. */
export interface Marks {
  flaky: FlakyMark | null;
  isSnoozed: boolean;
  /** What people merged into it. */
  merged: Merged | null;
  issue: Issue | null;
  /** What the branch fails for by now. */
  successor: SuccessorReport | null;
}

export const NO_MARKS: Marks = { flaky: null, isSnoozed: false, merged: null, issue: null, successor: null };

/** The sign in front of an open failure's headline. */
export function signOf({ status, handling }: Failure): string {
  if (status === 'merged') return '⚪';
  if (handling.rerun !== null) return '🔄';
  return handling.acknowledgement === null ? '🔴' : '🟡';
}

/** The same in words, for the fallback text; empty where nobody did anything yet. */
export function stateWords({ handling }: Failure): string {
  if (handling.rerun !== null) return ', re-running';
  return handling.acknowledgement === null ? '' : ', acknowledged';
}

/** What came after it, and who did what; no block where there is nothing of that. People are named by ids that Slack gave us itself. */
export function handlingLines(
  { handling }: Failure,
  { flaky, isSnoozed, merged, issue, successor }: Marks,
): KnownBlock[] {
  const { rerun, acknowledgement, assignee, snooze } = handling;
  const lines: Span[][] = successor === null ? [] : [supersededSpans(successor)];
  if (rerun !== null) {
    lines.push([text('Re-running, started by '), person(rerun.by), text(' at '), moment(rerun.at)]);
  }
  if (acknowledgement !== null) {
    const { by, at } = acknowledgement;
    const given = assignee === null ? [] : [text(', assigned to '), person(assignee)];
    lines.push([text('Acknowledged by '), person(by), text(' at '), moment(at), ...given]);
  }
  if (isSnoozed && snooze !== null) {
    lines.push([text('Snoozed by '), person(snooze.by), text(' until '), moment(snooze.until)]);
  }
  if (flaky !== null) {
    lines.push([text('Marked flaky by '), person(flaky.by), text(' until '), moment(flaky.until)]);
  }
  if (issue !== null) lines.push(issueSpans(issue));
  if (merged !== null) lines.push(mergedHereWords(merged));
  const spans = lines.flatMap((line, index) => (index === 0 ? line : [text('\n'), ...line]));
  return spans.length === 0 ? [] : [paragraph(...spans)];
}

/** The buttons that come before those of every message; none where the failure is over. */
export function handlingButtons(failure: Failure) {
  const { id, status, handling } = failure;
  if (status !== 'open') return [];
  return [
    handling.acknowledgement === null ? button('Acknowledge', { actionId: ACTION.acknowledge, value: id }) : null,
    canRerun(failure) ? button('Re-run failed jobs', { actionId: ACTION.rerun, value: id }) : null,
  ];
}

/** Everything else that can be done; null where the failure is over. */
export function handlingMenu(failure: Failure, { flaky }: Marks): Overflow | null {
  const { id, status } = failure;
  if (status !== 'open') return null;
  const choices = [
    { choice: MENU_CHOICE.assign, words: 'Assign…' },
    { choice: MENU_CHOICE.snooze, words: 'Snooze…' },
    flaky === null
      ? { choice: MENU_CHOICE.markFlaky, words: 'Mark flaky…' }
      : { choice: MENU_CHOICE.unmarkFlaky, words: 'Unmark flaky' },
    { choice: MENU_CHOICE.merge, words: 'Merge…' },
    ...(canRerun(failure) ? [{ choice: MENU_CHOICE.rerunWithDebug, words: 'Re-run with debug logging' }] : []),
  ];
  return {
    type: 'overflow',
    action_id: ACTION.failureMenu,
    options: choices.map(({ choice, words }) => ({ text: plainText(words), value: `${choice}:${id}` })),
  };
}

/** Only GitHub runs jobs again. */
function canRerun({ repository, handling, last }: Failure): boolean {
  return !isReported(repository) && handling.rerun === null && last.attempt <= LAST_RERUNNABLE_ATTEMPT;
}
