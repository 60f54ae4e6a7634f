import { ModelChoice, ModelRoutes, ReasoningSettings, type ModelTier } from '../../domain/reasoning.ts';
import { FIELD, knownModels, MENU, shownRoute, type FieldProblem, type SettingsField } from '../../messages/modals.ts';
import { choiceName, isSameRoute, type SettingsState } from '../../messages/settings.ts';

/** What was typed, as settings, or what is wrong at which field. */
export type SettingsForm =
  | { kind: 'settings'; settings: ReasoningSettings }
  | { kind: 'wrong'; problems: Partial<Record<SettingsField, FieldProblem>> };

type Values = ReadonlyMap<string, string>;
type Field<Value> = { value: Value } | { problem: FieldProblem; at: SettingsField };

const MOST_MODELS = 5;
const MOST = { budget: 1_000_000, callsPerHour: 100_000, reuseHours: 720, keepPromptsDays: 90 } as const;

/** Reads every field, so that all mistakes are told at once. */
export function readSettingsForm(values: Values, state: SettingsState): SettingsForm {
  const small = readRoute(values, state, 'small');
  const large = readRoute(values, state, 'large');
  const budget = readAmount(values.get(FIELD.budget));
  const callsPerHour = readNumber(values, FIELD.callsPerHour, MOST.callsPerHour);
  const reuse = readNumber(values, FIELD.reuseHours, MOST.reuseHours);
  const keep = readNumber(values, FIELD.keepPromptsDays, MOST.keepPromptsDays);
  const fields = [
    small,
    large,
    budget,
    callsPerHour,
    required(reuse, FIELD.reuseHours),
    required(keep, FIELD.keepPromptsDays),
  ];
  const wrong = fields.flatMap((field) => ('problem' in field ? [[field.at, field.problem] as const] : []));
  if (wrong.length > 0) return { kind: 'wrong', problems: Object.fromEntries(wrong) };
  const routes = { small: valueOf(small) ?? [], large: valueOf(large) ?? [] };
  const isConfigured = isSameRoute(routes.small, state.routes.small) && isSameRoute(routes.large, state.routes.large);
  return {
    kind: 'settings',
    settings: ReasoningSettings.parse({
      routes: isConfigured ? null : ModelRoutes.parse(routes),
      monthlyBudgetUsd: valueOf(budget),
      callsPerHour: valueOf(callsPerHour),
      reuseHours: valueOf(reuse),
      keepPromptsDays: valueOf(keep),
    }),
  };
}

function valueOf<Value>(field: Field<Value>): Value | null {
  return 'value' in field ? field.value : null;
}

function required(field: Field<number | null>, at: keyof typeof REQUIRED): Field<number | null> {
  const isEmpty = 'value' in field && field.value === null;
  return isEmpty ? { at, problem: { kind: 'not-a-whole-number', most: REQUIRED[at] } } : field;
}

const REQUIRED = { [FIELD.reuseHours]: MOST.reuseHours, [FIELD.keepPromptsDays]: MOST.keepPromptsDays } as const;

const OTHER_FIELDS = { small: FIELD.smallOther, large: FIELD.largeOther } as const;

function readRoute(values: Values, state: SettingsState, tier: ModelTier): Field<ModelChoice[]> {
  const menu = values.get(FIELD[tier]) ?? MENU.configured;
  const typed = values.get(OTHER_FIELDS[tier]) ?? '';
  if (menu === MENU.other) return readTyped(typed, state, OTHER_FIELDS[tier]);
  // What stood there when the window was opened may stay; a name that was typed is not to be passed over.
  if (typed !== '' && typed !== shownRoute(state, tier).other) {
    return { at: OTHER_FIELDS[tier], problem: { kind: 'not-chosen' } };
  }
  if (menu === MENU.configured) return { value: [...state.routes[tier]] };
  if (!knownModels(state).includes(menu)) return { at: FIELD[tier], problem: { kind: 'not-a-model', word: menu } };
  return readTyped(menu, state, FIELD[tier]);
}

function readTyped(typed: string, state: SettingsState, at: SettingsField): Field<ModelChoice[]> {
  const words = [...new Set(typed.split(/[,\s]+/u).filter((word) => word !== ''))];
  if (words.length === 0) return { at, problem: { kind: 'no-model' } };
  if (words.length > MOST_MODELS) return { at, problem: { kind: 'too-many-models', most: MOST_MODELS } };
  const choices: ModelChoice[] = [];
  for (const word of words) {
    const choice = readChoice(word);
    if (choice === null) return { at, problem: { kind: 'not-a-model', word } };
    const variable = state.missing[choice.provider];
    if (variable !== null) return { at, problem: { kind: 'not-configured', provider: choice.provider, variable } };
    choices.push(choice);
  }
  return { value: choices };
}

/** A model's own name may hold colons; the provider's has none. */
function readChoice(word: string): ModelChoice | null {
  const [provider = '', ...model] = word.split(':');
  const choice = ModelChoice.safeParse({ provider: provider.toLowerCase(), model: model.join(':') });
  return choice.success && choiceName(choice.data).length <= 140 ? choice.data : null;
}

function readAmount(typed: string | undefined): Field<number | null> {
  if (typed === undefined) return { value: null };
  const amount = /^\d{1,7}(?:\.\d{1,2})?$/u.test(typed) ? Number(typed) : Number.NaN;
  return amount <= MOST.budget
    ? { value: amount }
    : { at: FIELD.budget, problem: { kind: 'not-an-amount', most: MOST.budget } };
}

function readNumber(values: Values, at: SettingsField, most: number): Field<number | null> {
  const typed = values.get(at);
  if (typed === undefined) return { value: null };
  const amount = /^\d{1,6}$/u.test(typed) ? Number(typed) : Number.NaN;
  return amount <= most ? { value: amount } : { at, problem: { kind: 'not-a-whole-number', most } };
}
