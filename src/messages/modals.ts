import type { InputBlock, KnownBlock, PlainTextOption } from '@slack/types';
import type { Modal } from '../domain/message.ts';
import type { ModelChoice, ModelProvider, ModelTier } from '../domain/reasoning.ts';
import { MODEL_PROVIDERS } from '../domain/reasoning.ts';
import { VIEW } from './action-ids.ts';
import { plainText, section } from './blocks.ts';
import { wholeDollars } from './money.ts';
import { choiceName, choiceWords, isSameRoute, routesOf, type SettingsState } from './settings.ts';
import { clip, oneLine } from './text.ts';

/** Slack's limits of a window: docs.slack.dev/reference/views, and of a choice. */
const OPTION_TEXT = 75;
const OPTION_VALUE = 150;
/** How many known models a menu shows; Slack takes 100. */
const KNOWN_MODELS = 30;

/** The fields of the settings, by the names of their blocks. */
export const FIELD = {
  small: 'small',
  smallOther: 'small-other',
  large: 'large',
  largeOther: 'large-other',
  budget: 'budget',
  callsPerHour: 'calls-per-hour',
  reuseHours: 'reuse-hours',
  keepPromptsDays: 'keep-prompts-days',
} as const;
export type SettingsField = (typeof FIELD)[keyof typeof FIELD];

/** Choices in the menus that are not models. */
export const MENU = { configured: 'configured', other: 'other' } as const;

/** How much a person may write about an explanation. */
export const REASON_MAX = 500;

/** The window in which an admin changes the settings; `metadata` comes back with it. */
export function settingsModal(state: SettingsState, metadata: string): Modal {
  const { settings, limits } = state;
  return {
    type: 'modal',
    callback_id: VIEW.settings,
    private_metadata: metadata,
    title: plainText('Models and budget'),
    submit: plainText('Save'),
    close: plainText('Cancel'),
    blocks: [
      section(
        'This holds for the whole workspace. Providers without a key can be named only once the operator has set it.',
      ),
      ...tierFields(state, 'small'),
      ...tierFields(state, 'large'),
      numberField(FIELD.budget, {
        label: 'Budget a month, in US dollars',
        hint: `Above it, rules write the explanations. 0 asks no model at all. Empty: as configured, ${wholeDollars(limits.monthlyBudgetUsd)}.`,
        value: settings.monthlyBudgetUsd,
        isDecimal: true,
        isOptional: true,
      }),
      numberField(FIELD.callsPerHour, {
        label: 'Calls an hour, at most',
        hint: `Empty: as configured, ${limits.callsPerHour.toLocaleString('en-US')}.`,
        value: settings.callsPerHour,
        isOptional: true,
      }),
      numberField(FIELD.reuseHours, {
        label: 'Hours for which an explanation is taken over for the same failure',
        hint: 'From 0 (ask each time) to 720.',
        value: settings.reuseHours,
      }),
      numberField(FIELD.keepPromptsDays, {
        label: 'Days for which prompts are kept',
        hint: 'From 0 (not at all) to 90. Prompts hold redacted lines of the log, the commit message and parts of the diff.',
        value: settings.keepPromptsDays,
      }),
    ],
  };
}

/** What each menu and text shows at first. */
export function shownRoute(state: SettingsState, tier: ModelTier): { menu: string; other: string } {
  const choices = routesOf(state)[tier];
  if (isSameRoute(choices, state.routes[tier])) return { menu: MENU.configured, other: '' };
  const [only, ...more] = choices;
  const isKnown = only !== undefined && more.length === 0 && knownModels(state).includes(choiceName(only));
  return isKnown
    ? { menu: choiceName(only), other: '' }
    : { menu: MENU.other, other: choices.map(choiceName).join(', ') };
}

/** Every model that the operator's configuration or the workspace's settings name, by name. */
export function knownModels({ routes, settings }: Pick<SettingsState, 'routes' | 'settings'>): string[] {
  const all: ModelChoice[] = [routes, settings.routes].flatMap((each) =>
    each === null ? [] : [...each.small, ...each.large],
  );
  return [...new Set(all.map(choiceName))].filter(({ length }) => length <= OPTION_VALUE).slice(0, KNOWN_MODELS);
}

const TIER_WORDS: Record<ModelTier, { label: string; other: string }> = {
  small: { label: 'Small model, asked first', other: 'Another small model' },
  large: { label: 'Large model, asked where the small one is not sure or a person asks', other: 'Another large model' },
};

function tierFields(state: SettingsState, tier: ModelTier): KnownBlock[] {
  const shown = shownRoute(state, tier);
  const options = [
    option(MENU.configured, `As configured: ${choiceWords(state.routes[tier])}`),
    ...knownModels(state).map((name) => option(name, name)),
    option(MENU.other, 'Another, named below'),
  ];
  const initial = options.find(({ value }) => value === shown.menu);
  const names = { small: FIELD.smallOther, large: FIELD.largeOther };
  return [
    input(FIELD[tier], TIER_WORDS[tier].label, {
      element: {
        type: 'static_select',
        action_id: FIELD[tier],
        options,
        ...(initial && { initial_option: initial }),
      },
    }),
    input(names[tier], TIER_WORDS[tier].other, {
      element: {
        type: 'plain_text_input',
        action_id: names[tier],
        placeholder: plainText('provider:model'),
        max_length: 600,
        ...(shown.other !== '' && { initial_value: shown.other }),
      },
      hint: `As provider:model; providers are ${MODEL_PROVIDERS.join(', ')}. Several, with commas between, are asked one after another.`,
      isOptional: true,
    }),
  ];
}

function option(value: string, words: string): PlainTextOption {
  return { value, text: plainText(oneLine(words, OPTION_TEXT)) };
}

interface NumberField {
  label: string;
  hint: string;
  value: number | null;
  isDecimal?: boolean;
  isOptional?: boolean;
}

function numberField(
  name: SettingsField,
  { label, hint, value, isDecimal = false, isOptional = false }: NumberField,
): InputBlock {
  // No bounds here: Slack's own sentence about them says less than ours.
  const initial = value === null ? {} : { initial_value: String(value) };
  return input(name, label, {
    element: { type: 'number_input', action_id: name, is_decimal_allowed: isDecimal, ...initial },
    hint,
    isOptional,
  });
}

interface Input {
  element: InputBlock['element'];
  hint?: string;
  isOptional?: boolean;
}

function input(name: string, label: string, { element, hint, isOptional = false }: Input): InputBlock {
  return {
    type: 'input',
    block_id: name,
    label: plainText(label),
    element,
    optional: isOptional,
    ...(hint !== undefined && { hint: plainText(clip(hint, 2_000)) }),
  };
}

/** What is wrong with a field. */
export type FieldProblem =
  | { kind: 'no-model' }
  | { kind: 'too-many-models'; most: number }
  | { kind: 'not-a-model'; word: string }
  | { kind: 'not-configured'; provider: ModelProvider; variable: string }
  | { kind: 'not-chosen' }
  | { kind: 'not-an-amount'; most: number }
  | { kind: 'not-a-whole-number'; most: number }
  | { kind: 'too-long'; most: number }
  | { kind: 'changed-meanwhile' };

/** Said at the field; Slack shows it in red below. */
export function problemWords(problem: FieldProblem): string {
  switch (problem.kind) {
    case 'no-model':
      return 'Name a model, as provider:model, or choose another line above.';
    case 'too-many-models':
      return `At most ${problem.most} models are asked one after another.`;
    case 'not-a-model':
      return `"${oneLine(problem.word, 60)}" is not of the form provider:model. Providers are ${MODEL_PROVIDERS.join(', ')}.`;
    case 'not-configured':
      return `${problem.provider} is not configured: the operator has to set ${oneLine(problem.variable, 100)} first.`;
    case 'not-chosen':
      return 'To ask this model, choose "Another, named below"; else empty this field.';
    case 'not-an-amount':
      return `Write dollars from 0 to ${problem.most.toLocaleString('en-US')} with at most two decimals, such as 25 or 12.50.`;
    case 'not-a-whole-number':
      return `Write a whole number from 0 to ${problem.most.toLocaleString('en-US')}.`;
    case 'too-long':
      return `Write at most ${problem.most} characters.`;
    case 'changed-meanwhile':
      return 'Somebody changed the settings after you opened this window. Close it, look at /cortex settings, and begin again.';
    default:
      return problem satisfies never;
  }
}

/** The field of the window that follows a thumb down. */
export const REASON_FIELD = 'reason';

/** Asks what was wrong; a thumb down counts without an answer too. */
export function reasonModal(metadata: string): Modal {
  return {
    type: 'modal',
    callback_id: VIEW.feedbackReason,
    private_metadata: metadata,
    title: plainText('What was wrong?'),
    submit: plainText('Send'),
    close: plainText('Skip'),
    blocks: [
      section(
        'Your thumb down is noted. If you like, say what the explanation should have said: the lines that matter, or the true cause.',
      ),
      input(REASON_FIELD, 'In your words', {
        element: { type: 'plain_text_input', action_id: REASON_FIELD, multiline: true, max_length: REASON_MAX },
        hint: `At most ${REASON_MAX} characters. It is kept with your Slack id; write no secrets.`,
        isOptional: true,
      }),
    ],
  };
}

/** A window that only says something: why the one before came to nothing. */
export function wordsModal(title: string, words: string): Modal {
  return {
    type: 'modal',
    title: plainText(clip(title, 24)),
    close: plainText('Close'),
    blocks: [section(words)],
  };
}

/** Shown where a window of ours came back and cannot be taken for what it is. */
export function strangeModal(): Modal {
  return wordsModal(
    'Nothing was changed',
    'This window was opened for something else, so nothing was changed. Close it and begin again.',
  );
}

/** Shown where saving takes longer than Slack waits. */
export function slowModal(): Modal {
  return wordsModal(
    'Still at it',
    'This takes longer than usual. You can close this window; whether it came through, you see where you opened it, in a minute.',
  );
}
