import type { KnownBlock } from '@slack/types';
import type { Summary } from '../domain/diagnosis.ts';
import type { Failure, Merge } from '../domain/failure.ts';
import type { Message, Modal } from '../domain/message.ts';
import type { MergeOutcome, Merged, OpenFailure, SplitOutcome } from '../domain/ports.ts';
import type { Run } from '../domain/run.ts';
import { ACTION, VIEW } from './action-ids.ts';
import { actions, button, header, linkButton, message, note, plainText, section, sentence } from './blocks.ts';
import { failedSince } from './failed-since.ts';
import { fullAnalysisButton } from './full-analysis-button.ts';
import { bold, link, mono, moment, paragraph, person, text } from './rich-text.ts';
import { count, oneLine } from './text.ts';
import { attemptUrl } from './words.ts';

/** A failure that goes on as another one. */
export interface MergeReport {
  failure: Failure;
  merge: Merge;
  /** Its newest, and the run of that. */
  shown: { summary: Summary; run: Run } | null;
  /** Where it goes on, and its message in this channel where one stands; null where that is not known any more. */
  end: { failure: Failure; headline: string; url: string | null } | null;
}

/** The parent message of a merged failure. */
export function mergedMessage({ failure, merge, shown, end }: MergeReport): Message {
  const { repository, branch, workflow } = failure;
  const headline = shown?.summary.diagnosis.headline ?? `${workflow} on ${branch}`;
  const other = oneLine(end === null || end.headline === '' ? 'another failure' : end.headline, 150);
  const where = end === null || end.failure.branch === branch ? [] : [text(' on '), mono(end.failure.branch, 100)];
  return message(`${repository}: ${oneLine(headline, 150)} (merged into: ${other})`, [
    header(`⚪ Merged: ${headline}`),
    paragraph(
      text('The same as '),
      link(end?.url ?? null, other, { bold: true }),
      ...where,
      text(', says '),
      person(merge.by),
      text(' at '),
      moment(merge.at),
      text('. What happens from now on stands there.'),
    ),
    paragraph(...failedSince(failure), text(' before it was merged')),
    ...actions(
      button('Split again', { actionId: ACTION.split, value: failure.id }),
      shown && fullAnalysisButton(shown.summary.id),
      shown && linkButton('View run', { actionId: ACTION.viewRun, url: attemptUrl(shown.run) }),
    ),
    note('Runs that fail for this cause on this branch count on the other failure.'),
  ]);
}

/** Says in the message of the other failure what people merged into it. */
export function mergedHereWords(merged: Merged) {
  const others = merged.count === 1 ? 'another failure' : count(merged.count, 'other failure');
  return [text(`Stands for ${others}, too: merged by `), person(merged.by), text(' at '), moment(merged.at)];
}

/** The field of the window. */
export const MERGE_FIELD = 'into';

/** Asks which other failure it is the same as. */
export function mergeModal(others: readonly OpenFailure[], metadata: string): Modal {
  const options = others.map(({ failure, headline }) => ({
    value: failure.id,
    text: plainText(choiceWords(failure, headline)),
  }));
  const field: KnownBlock = {
    type: 'input',
    block_id: MERGE_FIELD,
    label: plainText('The same as'),
    element: { type: 'static_select', action_id: MERGE_FIELD, options, placeholder: plainText('Choose a failure') },
  };
  return {
    type: 'modal',
    callback_id: VIEW.merge,
    private_metadata: metadata,
    title: plainText('Merge this failure'),
    submit: plainText('Merge'),
    close: plainText('Cancel'),
    blocks: [
      section(
        'This failure is closed in favour of the other one, in every channel. Runs that fail for its cause on its branch count there from then on. "Split again" takes it back.',
      ),
      field,
    ],
  };
}

/** Slack shows 75 characters of a choice: the branch matters as much as what broke. */
function choiceWords({ branch }: Failure, headline: string): string {
  const where = oneLine(branch, 24);
  return `${oneLine(headline === '' ? 'A failure' : headline, 75 - where.length - 3)} (${where})`;
}

/** Said at the field. */
export const MERGE_PROBLEM = {
  itself: 'That one was merged into this one. Choose another, or split it again first.',
  'other-over': 'That failure is over by now, or not there any more. Choose another.',
  'not-a-choice': 'Choose one of the lines of the menu.',
} as const;

/** Said where a window would have nothing to offer. */
export function nothingToMergeReply(): Message {
  return sentence('No other failure of this repository is open, so there is nothing to merge this one with.');
}

/** Said privately to the person who merges. */
export function mergeReply(outcome: Exclude<MergeOutcome, { kind: 'itself' | 'other-over' }>): Message {
  switch (outcome.kind) {
    case 'done':
      return sentence(
        'Merged. The message says so to everybody, and what happens from now on stands at the other one.',
      );
    case 'merged':
      return takenReply(outcome.failure.merge);
    case 'resolved':
      return sentence('This failure is over: the workflow passes again. So nothing was merged.');
    case 'gone':
      return sentence('I do not know this failure any more, so nothing was merged.');
    default:
      return outcome satisfies never;
  }
}

function takenReply(merge: Merge | null): Message {
  if (merge === null) return sentence('Somebody has merged it already, so nothing was done twice.');
  return message('Somebody has merged it already.', [
    paragraph(person(merge.by), text(' has merged it already, so nothing was done twice.')),
  ]);
}

/** Said privately to the person who splits. */
export function splitReply(outcome: SplitOutcome): Message {
  switch (outcome.kind) {
    case 'done':
      return outcome.failure.status === 'open'
        ? message('Split again: it is open.', [
            paragraph(bold('Split again. '), text('It is open, and its cause counts here from now on.')),
          ])
        : sentence('Split again. The workflow has passed since, so it is over.');
    case 'not-merged':
      return sentence('This failure is not merged any more, so nothing was done.');
    case 'taken':
      return sentence(
        'The other failure ended, and this cause came back since: it has a message of its own by now. So nothing was done.',
      );
    case 'gone':
      return sentence('I do not know this failure any more, so nothing was done.');
    default:
      return outcome satisfies never;
  }
}
