import type { InputBlock } from '@slack/types';
import { NOTE_MAX } from '../domain/jobs.ts';
import type { Message, Modal } from '../domain/message.ts';
import type { ModelChoice } from '../domain/reasoning.ts';
import { VIEW } from './action-ids.ts';
import { plainText, section, sentence } from './blocks.ts';
import { oneLine } from './text.ts';

/** The fields of the window, by the names of their blocks. */
export const LOOK_FIELD = { who: 'who', note: 'note' } as const;

/** Who is to look again. */
export const LOOK = { same: 'same', larger: 'larger' } as const;

/** Asks who looks again, and what they are to look at. */
export function reanalyzeModal(
  { same, larger }: { same: ModelChoice | 'offline'; larger: ModelChoice | null },
  metadata: string,
): Modal {
  const options = [
    ...(larger === null ? [] : [choice(LOOK.larger, `The larger model: ${nameOf(larger)}`)]),
    choice(
      LOOK.same,
      same === 'offline' ? 'The same again: rules, without a model' : `The same again: ${nameOf(same)}`,
    ),
  ];
  const [first] = options;
  const who: InputBlock = {
    type: 'input',
    block_id: LOOK_FIELD.who,
    label: plainText('Who looks again'),
    element: {
      type: 'radio_buttons',
      action_id: LOOK_FIELD.who,
      options,
      ...(first && { initial_option: first }),
    },
  };
  const hint = `At most ${NOTE_MAX} characters. The thread shows it under your name; a model reads it, rules do not.`;
  const note: InputBlock = {
    type: 'input',
    block_id: LOOK_FIELD.note,
    label: plainText('What to look at'),
    hint: plainText(hint),
    optional: true,
    element: { type: 'plain_text_input', action_id: LOOK_FIELD.note, multiline: true, max_length: NOTE_MAX },
  };
  return {
    type: 'modal',
    callback_id: VIEW.reanalyze,
    private_metadata: metadata,
    title: plainText('Look again'),
    submit: plainText('Look again'),
    close: plainText('Cancel'),
    blocks: [section('The message changes when it is done, and its thread says who asked for it.'), who, note],
  };
}

function choice(value: string, words: string) {
  return { value, text: plainText(oneLine(words, 75)) };
}

function nameOf({ model }: ModelChoice): string {
  return oneLine(model, 50);
}

/** Said at the field of the note, or of the choice. */
export const LOOK_PROBLEM = {
  tooLong: `Write at most ${NOTE_MAX} characters.`,
  notAChoice: 'Choose one of the lines.',
} as const;

/** What came of a person's wish for another look. */
export type LookOutcome =
  { kind: 'queued' } | { kind: 'already-queued'; hasNote: boolean } | { kind: 'unknown-summary' };

/** Said privately to the person who wants another look. */
export function reanalyzeReply(outcome: LookOutcome): Message {
  switch (outcome.kind) {
    case 'queued':
      return sentence('I am looking again. The message changes when I am done, usually within a minute.');
    case 'already-queued':
      return sentence(
        outcome.hasNote
          ? 'Somebody asked for that a moment ago; I am on it, without your note. Once the message has changed, ask again with it.'
          : 'Somebody asked for that a moment ago; I am on it. The message changes when I am done.',
      );
    case 'unknown-summary':
      return sentence('This summary is not stored any more, so there is nothing to look at again.');
    default:
      return outcome satisfies never;
  }
}
