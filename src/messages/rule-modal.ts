import type { InputBlock } from '@slack/types';
import type { Modal } from '../domain/message.ts';
import { RULE_FIELDS, type RuleField, type RuleForm } from '../domain/rules/fields.ts';
import { CONDITIONS, RULE_EVENTS, RULE_LIMITS, type RuleEvent } from '../domain/rules/rule.ts';
import { VIEW } from './action-ids.ts';
import { note, plainText } from './blocks.ts';
import { type UnsavedRule, unsavedBlocks } from './subscription.ts';

/** The window of a rule that is new or is changed. */
interface RuleWindow {
  title: 'Add a rule' | 'Edit a rule';
  form: RuleForm;
  /** Comes back with the window. */
  metadata: string;
}

/** The window writes the same line that can be typed: `/cortex subscribe owner/repo branch:main`. */
export function ruleModal({ title, form, metadata }: RuleWindow): Modal {
  return {
    type: 'modal',
    callback_id: VIEW.rule,
    private_metadata: metadata,
    title: plainText(title),
    submit: plainText('Save'),
    close: plainText('Cancel'),
    blocks: [
      ...RULE_FIELDS.map((field) => input(field, form[field])),
      note('What is left empty asks for nothing. All fields have to fit; of the values in one field, one.'),
    ],
  };
}

/** Laid over the window before it counts: what the rule would have brought. Closing it leads back to the fields. */
export function ruleCheckModal(unsaved: UnsavedRule, metadata: string): Modal {
  return {
    type: 'modal',
    callback_id: VIEW.ruleCheck,
    private_metadata: metadata,
    title: plainText('Save this rule?'),
    submit: plainText('Save'),
    close: plainText('Back'),
    blocks: [...unsavedBlocks(unsaved), note('Nothing is saved yet.')],
  };
}

const LABELS: Record<RuleField, { label: string; hint: string }> = {
  target: { label: 'Repositories', hint: 'owner/repo, owner/* for all of an owner, topic:NAME or team:NAME' },
  on: { label: 'What to tell', hint: 'Nothing chosen: failures of all kinds, and when they are over.' },
  workflow: { label: 'Workflows', hint: 'Between commas, with * for a part: CI, Deploy*. A minus excludes: -Nightly' },
  branch: { label: 'Branches', hint: 'main, release/*, or default. A minus excludes: -dependabot/**' },
  more: {
    label: 'Other conditions',
    hint: `${CONDITIONS.filter((key) => key !== 'workflow' && key !== 'branch')
      .map((key) => `${key}:`)
      .join(' ')} For example: -actor:*[bot] path:services/cart/** verdict:new`,
  },
  mention: { label: 'Whom a new failure calls', hint: 'author, codeowners, or the handle of a user group: @oncall' },
  when: {
    label: 'When it is told, if not at once',
    hint: 'quiet:22:00-07:00 holds it back, digest:daily@09:00 or digest:weekly@mon@09:00 sums it up. A time zone may follow.',
  },
};

const EVENT_LABELS: Record<RuleEvent, string> = {
  failure: 'A run fails',
  timed_out: 'A run times out',
  startup_failure: 'A run cannot start',
  action_required: 'A run waits for an approval',
  recovered: 'What failed passes again',
  flaky: 'A run fails that is flaky',
  always: 'Every run, however it ends',
  deployment: 'A deployment changes its state',
  check: 'A check of another app fails',
  pull_request: 'A pull request waits on failing checks',
  release: 'A release is published',
};

function input(field: RuleField, value: string): InputBlock {
  const { label, hint } = LABELS[field];
  return {
    type: 'input',
    block_id: field,
    label: plainText(label),
    hint: plainText(hint),
    optional: field !== 'target',
    element: field === 'on' ? eventMenu(value) : textField(field, value),
  };
}

function textField(field: RuleField, value: string): InputBlock['element'] {
  return {
    type: 'plain_text_input',
    action_id: field,
    max_length: RULE_LIMITS.line,
    ...(value !== '' && { initial_value: value }),
    ...(field === 'target' && { placeholder: plainText('acme/web') }),
  };
}

function eventMenu(value: string): InputBlock['element'] {
  const options = RULE_EVENTS.map((event) => ({ value: event, text: plainText(EVENT_LABELS[event]) }));
  const chosen = value.split(',');
  const initial = options.filter((option) => chosen.includes(option.value));
  return {
    type: 'multi_static_select',
    action_id: 'on',
    placeholder: plainText('Failures and when they are over'),
    options,
    ...(initial.length > 0 && { initial_options: initial }),
  };
}
