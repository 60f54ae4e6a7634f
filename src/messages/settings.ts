import type { GitHubAnswers } from '../domain/github-answers.ts';
import type { Message } from '../domain/message.ts';
import {
  MODEL_PROVIDERS,
  type ModelChoice,
  type ModelProvider,
  type ModelRoutes,
  type ModelTier,
  type ReasoningSettings,
  type SpendingLimits,
} from '../domain/reasoning.ts';
import type { OpenReruns } from '../domain/reruns.ts';
import { ACTION } from './action-ids.ts';
import { actions, button, header, message, note } from './blocks.ts';
import { answersSpans } from './answers-modal.ts';
import { wholeDollars } from './money.ts';
import { bold, bullets, mono, paragraph, text, type Span } from './rich-text.ts';
import { count, oneLine } from './text.ts';

/** What the admins of a workspace decided, and what the operator configured, which fills the rest. */
export interface SettingsState {
  settings: ReasoningSettings;
  routes: ModelRoutes;
  limits: SpendingLimits;
  /** For each provider what to set so that it can be asked; null where nothing is missing. */
  missing: Readonly<Record<ModelProvider, string | null>>;
  /** Where full members may run failed jobs again. */
  openReruns: OpenReruns;
  /** Where failures are answered on GitHub, too. */
  answers: GitHubAnswers;
}

/** Who may change what is shown decides whether there is a button. */
export function settingsMessage(state: SettingsState, { mayEdit }: { mayEdit: boolean }): Message {
  const { settings, limits } = state;
  const budget = settings.monthlyBudgetUsd ?? limits.monthlyBudgetUsd;
  const perHour = settings.callsPerHour ?? limits.callsPerHour;
  return message(`Models: ${choiceWords(routesOf(state).small)}, at most ${wholeDollars(budget)} a month`, [
    header('Models and budget'),
    bullets(
      [],
      [
        [bold('Asked first: '), ...routeSpans(state, 'small')],
        [bold('When that is not sure, or a person asks for another look: '), ...routeSpans(state, 'large')],
        [bold('Budget: '), text(budgetWords(budget) + whose(settings.monthlyBudgetUsd))],
        [bold('Calls: '), text(`at most ${perHour.toLocaleString('en-US')} an hour${whose(settings.callsPerHour)}`)],
        [bold('The same failure again: '), text(reuseWords(settings.reuseHours))],
        [bold('Prompts: '), text(promptWords(settings.keepPromptsDays))],
      ],
    ),
    bullets(
      [bold('Providers')],
      MODEL_PROVIDERS.map((provider) => providerSpans(provider, state.missing[provider])),
    ),
    paragraph(bold('Re-runs: '), ...rerunSpans(state.openReruns)),
    paragraph(bold('Answers on GitHub: '), ...answersSpans(state.answers)),
    ...(mayEdit
      ? actions(
          button('Edit', { actionId: ACTION.editSettings, value: ACTION.editSettings }),
          button('Edit re-runs', { actionId: ACTION.editReruns, value: ACTION.editReruns }),
          button('Edit answers', { actionId: ACTION.editAnswers, value: ACTION.editAnswers }),
        )
      : []),
    note(
      mayEdit
        ? 'You see the button because you are an admin of this workspace. When no model answers, rules write the explanation.'
        : 'Workspace owners and admins can change this. When no model answers, rules write the explanation.',
    ),
  ]);
}

/** Which models are asked, after the workspace's decision and the operator's configuration. */
export function routesOf({ settings, routes }: Pick<SettingsState, 'settings' | 'routes'>): ModelRoutes {
  return settings.routes ?? routes;
}

/** `provider:model`, which is also how people type it. */
export function choiceName({ provider, model }: ModelChoice): string {
  return `${provider}:${model}`;
}

/** Names of choices in the order in which they are asked. */
export function choiceWords(choices: readonly ModelChoice[]): string {
  return choices.length === 0 ? 'no model' : choices.map(choiceName).join(', then ');
}

export function isSameRoute(one: readonly ModelChoice[], other: readonly ModelChoice[]): boolean {
  return one.map(choiceName).join() === other.map(choiceName).join();
}

function routeSpans(state: SettingsState, tier: ModelTier): Span[] {
  const choices = routesOf(state)[tier];
  const isOwn = !isSameRoute(choices, state.routes[tier]);
  if (choices.length === 0) return [text('no model')];
  const names = choices.flatMap((choice, index) => [
    ...(index > 0 ? [text(', then ')] : []),
    mono(choiceName(choice), 120),
  ]);
  return [...names, text(isOwn ? ' (set here)' : ' (as configured)')];
}

/** How many repositories are named; the window to edit them shows all. */
const RERUNS_SHOWN = 10;

function rerunSpans(open: OpenReruns): Span[] {
  if (open.length === 0) return [text('only owners and admins of the workspace run failed jobs again')];
  const shown = open.slice(0, RERUNS_SHOWN);
  const left = open.length - shown.length;
  return [
    text('full members may run failed jobs again in '),
    ...shown.flatMap((target, index) => [...(index > 0 ? [text(', ')] : []), mono(target, 140)]),
    ...(left > 0 ? [text(` and ${left} more`)] : []),
    text(', where no protected environment can be reached; owners and admins everywhere'),
  ];
}

function whose(own: number | null): string {
  return own === null ? ' (as configured)' : ' (set here)';
}

function budgetWords(usd: number): string {
  return usd > 0 ? `${wholeDollars(usd)} a month` : '$0, so no model is asked';
}

function reuseWords(hours: number): string {
  return hours > 0
    ? `a confident explanation is taken over for ${count(hours, 'hour')}, without a call`
    : 'a model is asked each time';
}

function promptWords(days: number): string {
  return days > 0 ? `kept for ${count(days, 'day')}, redacted, then deleted` : 'not kept';
}

function providerSpans(provider: ModelProvider, missing: string | null): Span[] {
  if (missing === null) return [bold(provider), text(' is configured')];
  return [bold(provider), text(' is not configured; the operator sets '), mono(oneLine(missing, 120), 120)];
}
