import type { Fields } from '../fields.ts';
import { LIMITS } from './limits.ts';
import { anyText, colorScheme, confirmation, imageElement, option, optionGroup, plainText } from './objects.ts';
import {
  anyOf,
  anything,
  fail,
  flag,
  integer,
  listOf,
  matching,
  oneOf,
  shape,
  text,
  url,
  type Report,
  type Rule,
  type Shape,
} from './rule.ts';

// One row for each interactive element of @slack/types 3.2.0.

const placeholder = { placeholder: plainText(LIMITS.placeholder) };
const confirmable = { confirm: confirmation };
const focusable = { focus_on_load: flag };
const dispatchable = {
  dispatch_action_config: shape({
    optional: { trigger_actions_on: listOf(oneOf('on_enter_pressed', 'on_character_entered'), { max: 2 }) },
  }),
};
const accessibility = { accessibility_label: text(LIMITS.accessibilityLabel) };
const several = { max_selected_items: integer(1, LIMITS.options) };
const id = text(255);
const ids = listOf(id, { max: LIMITS.options });

const date = matching(/^\d{4}-\d{2}-\d{2}$/u, 'must be a date in the format YYYY-MM-DD');
const time = matching(/^([01]\d|2[0-3]):[0-5]\d$/u, 'must be a time in the format HH:mm');

function element({ required = {}, optional = {}, also }: Shape): Rule {
  return shape({
    required: { type: anything, ...required },
    optional: { action_id: text(LIMITS.actionId), ...optional },
    ...(also ? { also } : {}),
  });
}

const menu = { ...confirmable, ...focusable, ...placeholder };
const menuOption = option(plainText);
const markupOption = option(anyText);
const options = listOf(menuOption, { max: LIMITS.options });
const optionGroups = listOf(optionGroup, { max: LIMITS.options });

function eitherOptions(value: Fields, report: Report): void {
  anyOf('options', 'option_groups')(value, report);
  if (value['options'] !== undefined && value['option_groups'] !== undefined) {
    fail(report, 'must provide only one of: options, option_groups');
  }
}

const conversationFilter = shape({
  optional: {
    include: listOf(oneOf('im', 'mpim', 'private', 'public'), { max: 4 }),
    exclude_external_shared_channels: flag,
    exclude_bot_users: flag,
  },
  also: anyOf('include', 'exclude_external_shared_channels', 'exclude_bot_users'),
});
const conversations = { default_to_current_conversation: flag, filter: conversationFilter };
const respondable = { response_url_enabled: flag };
const queryLength = { min_query_length: integer(0, 255) };

const feedbackButton = shape({
  required: { text: plainText(LIMITS.buttonText), value: text(LIMITS.buttonValue) },
  optional: accessibility,
});

const workflow = shape({
  required: {
    trigger: shape({
      required: { url: url(LIMITS.url) },
      optional: {
        customizable_input_parameters: listOf(shape({ required: { name: text(255), value: text(LIMITS.text) } }), {
          max: LIMITS.options,
        }),
      },
    }),
  },
});

const inputLimits = { min_length: integer(0, LIMITS.inputLength), max_length: integer(1, LIMITS.inputLength) };
const textInput = { initial_value: text(LIMITS.inputLength, 0), ...dispatchable, ...focusable, ...placeholder };
const number = matching(/^-?\d+(\.\d+)?$/u, 'must be a number');

export const ELEMENTS: Readonly<Record<string, Rule>> = {
  button: element({
    required: { text: plainText(LIMITS.buttonText) },
    optional: {
      value: text(LIMITS.buttonValue, 0),
      url: url(LIMITS.url),
      style: colorScheme,
      ...confirmable,
      ...accessibility,
    },
  }),
  checkboxes: element({
    required: { options: listOf(markupOption, { max: LIMITS.choices }) },
    optional: { initial_options: listOf(markupOption, { max: LIMITS.choices }), ...confirmable, ...focusable },
  }),
  radio_buttons: element({
    required: { options: listOf(markupOption, { max: LIMITS.choices }) },
    optional: { initial_option: markupOption, ...confirmable, ...focusable },
  }),
  overflow: element({
    required: { options: listOf(menuOption, { max: LIMITS.overflowOptions }) },
    optional: confirmable,
  }),
  datepicker: element({ optional: { initial_date: date, ...menu } }),
  timepicker: element({ optional: { initial_time: time, timezone: text(255), ...menu } }),
  datetimepicker: element({
    optional: { initial_date_time: integer(1_000_000_000, 9_999_999_999), ...confirmable, ...focusable },
  }),
  static_select: element({
    optional: { options, option_groups: optionGroups, initial_option: menuOption, ...menu },
    also: eitherOptions,
  }),
  multi_static_select: element({
    optional: { options, option_groups: optionGroups, initial_options: options, ...several, ...menu },
    also: eitherOptions,
  }),
  external_select: element({ optional: { initial_option: menuOption, ...queryLength, ...menu } }),
  multi_external_select: element({ optional: { initial_options: options, ...queryLength, ...several, ...menu } }),
  users_select: element({ optional: { initial_user: id, ...menu } }),
  multi_users_select: element({ optional: { initial_users: ids, ...several, ...menu } }),
  conversations_select: element({
    optional: { initial_conversation: id, ...conversations, ...respondable, ...menu },
  }),
  multi_conversations_select: element({
    optional: { initial_conversations: ids, ...conversations, ...several, ...menu },
  }),
  channels_select: element({ optional: { initial_channel: id, ...respondable, ...menu } }),
  multi_channels_select: element({ optional: { initial_channels: ids, ...several, ...menu } }),
  plain_text_input: element({ optional: { multiline: flag, ...inputLimits, ...textInput } }),
  email_text_input: element({ optional: textInput }),
  url_text_input: element({ optional: textInput }),
  number_input: element({
    required: { is_decimal_allowed: flag },
    optional: {
      ...textInput,
      initial_value: number,
      min_value: number,
      max_value: number,
    },
  }),
  rich_text_input: element({
    optional: {
      initial_value: anything,
      min_lines: integer(1, 100),
      max_lines: integer(1, 100),
      ...dispatchable,
      ...focusable,
      ...placeholder,
    },
  }),
  file_input: element({
    optional: { filetypes: listOf(text(255), { max: LIMITS.options }), max_files: integer(1, 10) },
  }),
  feedback_buttons: element({ required: { positive_button: feedbackButton, negative_button: feedbackButton } }),
  icon_button: element({
    required: { icon: oneOf('trash'), text: plainText(LIMITS.buttonText) },
    optional: { value: text(LIMITS.buttonValue, 0), visible_to_user_ids: ids, ...confirmable, ...accessibility },
  }),
  workflow_button: element({
    required: { text: plainText(LIMITS.buttonText), workflow },
    optional: { style: colorScheme, ...accessibility, ...confirmable },
  }),
  image: imageElement,
};

const choosers = [
  'checkboxes',
  'datepicker',
  'timepicker',
  'radio_buttons',
  'static_select',
  'external_select',
  'users_select',
  'conversations_select',
  'channels_select',
  'multi_static_select',
  'multi_external_select',
  'multi_users_select',
  'multi_conversations_select',
  'multi_channels_select',
];

/** Which elements a block may hold. */
export const ALLOWED_ELEMENTS = {
  actions: ['button', 'overflow', 'datetimepicker', 'workflow_button', 'rich_text_input', ...choosers],
  accessory: ['button', 'overflow', 'image', 'workflow_button', ...choosers],
  input: [
    'datetimepicker',
    'plain_text_input',
    'email_text_input',
    'url_text_input',
    'number_input',
    'rich_text_input',
    'file_input',
    ...choosers,
  ],
  contextActions: ['feedback_buttons', 'icon_button'],
} as const;
