import type { InputBlock } from '@slack/types';
import type { Modal } from '../domain/message.ts';
import { VIEW } from './action-ids.ts';
import { plainText, section } from './blocks.ts';

/** The fields of the windows about a failure, by the names of their blocks. */
export const FAILURE_FIELD = { assignee: 'assignee', snooze: 'snooze', days: 'days' } as const;

/** How long a thread can be told to stay silent. */
export const SNOOZES = { '1h': '1 hour', '4h': '4 hours', tomorrow: 'Until tomorrow at 09:00' } as const;

/** For how many days a mark can hold. */
export const FLAKY_DAYS = ['7', '14', '30'] as const;

/** Asks who takes a failure. */
export function assignModal(metadata: string): Modal {
  return windowOf(VIEW.assign, metadata, {
    title: 'Assign this failure',
    submit: 'Assign',
    words: 'The message names this person, and everybody sees who has it.',
    field: field(FAILURE_FIELD.assignee, 'Who takes it', {
      type: 'users_select',
      action_id: FAILURE_FIELD.assignee,
      placeholder: plainText('Choose a person'),
    }),
  });
}

/** Asks how long the thread stays silent. */
export function snoozeModal(metadata: string): Modal {
  const options = Object.entries(SNOOZES).map(([value, words]) => ({ value, text: plainText(words) }));
  return windowOf(VIEW.snooze, metadata, {
    title: 'Snooze this failure',
    submit: 'Snooze',
    words:
      'Its threads stay silent for this time. The message itself goes on counting, and turns green when it is fixed.',
    field: field(FAILURE_FIELD.snooze, 'For how long', {
      type: 'static_select',
      action_id: FAILURE_FIELD.snooze,
      options,
    }),
  });
}

/** Asks for how long a cause counts as flaky. */
export function markFlakyModal(metadata: string): Modal {
  const options = FLAKY_DAYS.map((value) => ({ value, text: plainText(`${value} days`) }));
  return windowOf(VIEW.markFlaky, metadata, {
    title: 'Mark as flaky',
    submit: 'Mark',
    words: 'For this time, every failure with this cause in this repository is judged flaky, on all branches.',
    field: field(FAILURE_FIELD.days, 'For how long', {
      type: 'static_select',
      action_id: FAILURE_FIELD.days,
      options,
    }),
  });
}

interface Parts {
  title: string;
  submit: string;
  words: string;
  field: InputBlock;
}

function windowOf(callbackId: string, metadata: string, { title, submit, words, field: input }: Parts): Modal {
  return {
    type: 'modal',
    callback_id: callbackId,
    private_metadata: metadata,
    title: plainText(title),
    submit: plainText(submit),
    close: plainText('Cancel'),
    blocks: [section(words), input],
  };
}

function field(name: string, label: string, element: InputBlock['element']): InputBlock {
  return { type: 'input', block_id: name, label: plainText(label), element };
}

/** Said at a field. */
export const FAILURE_PROBLEM = {
  'not-a-person': 'Choose a person of this workspace: not a bot, nobody who left, and nobody of another company.',
  'not-a-choice': 'Choose one of the lines of the menu.',
} as const;
