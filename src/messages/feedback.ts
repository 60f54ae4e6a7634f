import type { KnownBlock } from '@slack/types';
import type { SummaryId } from '../domain/ids.ts';
import type { Message } from '../domain/message.ts';
import type { Opinion } from '../domain/reasoning.ts';
import { ACTION } from './action-ids.ts';
import { plainText, sentence } from './blocks.ts';

/** Thumbs up and down, for one summary. Where Slack does not take them, `simplerForms` makes plain buttons of them. */
export function feedbackButtons(summaryId: SummaryId): KnownBlock {
  return {
    type: 'context_actions',
    elements: [
      {
        type: 'feedback_buttons',
        action_id: ACTION.feedback,
        positive_button: {
          text: plainText('Helpful'),
          accessibility_label: 'This explanation helps',
          value: `up:${summaryId}`,
        },
        negative_button: {
          text: plainText('Not helpful'),
          accessibility_label: 'This explanation does not help',
          value: `down:${summaryId}`,
        },
      },
    ],
  };
}

/** What came of a person's word on a summary. */
export type FeedbackOutcome = { kind: 'noted'; opinion: Opinion } | { kind: 'reason-noted' } | { kind: 'gone' };

/** Said privately to the person who clicked. */
export function feedbackReply(outcome: FeedbackOutcome): Message {
  switch (outcome.kind) {
    case 'noted':
      return sentence(
        outcome.opinion === 'up'
          ? 'Noted: this explanation helps. Your newest word counts, so you can change it.'
          : 'Noted: this explanation does not help. Your newest word counts, so you can change it. For another look, by the larger model, there is "Re-analyze".',
      );
    case 'reason-noted':
      return sentence('Noted, with your words. Whoever runs me can read them beside the explanation.');
    case 'gone':
      return sentence('This summary is not stored any more, so there is nothing to judge.');
    default:
      return outcome satisfies never;
  }
}
