import type { KnownBlock } from '@slack/types';
import type { Message } from '../domain/message.ts';
import { printRule } from '../domain/rules/print.ts';
import type { RuleFile } from '../domain/rule-files.ts';
import { isGroup } from '../domain/rules/rule.ts';
import { isActive, type Subscription } from '../domain/subscription.ts';
import { ACTION, actionIdWith } from './action-ids.ts';
import { actions, button, message, note, section } from './blocks.ts';
import { fileBlocks } from './rule-file.ts';
import { groupProblemWords } from './target.ts';
import { count } from './text.ts';
import { pauseWords } from './words.ts';
import { bold, bullets, mono, moment, paragraph, type Span, text } from './rich-text.ts';

/** How many rules one answer lists with buttons, two blocks each, and how many more without. */
const WITH_BUTTONS = 15;
const LISTED = 50;
/** How many files are shown, three blocks each. */
const FILES = 3;
/** How much of a line is shown; the window to edit it shows all. So the buttoned rules fit a message whatever they are. */
const LINE_SHOWN = 200;

interface ListOptions {
  /** Whether the reader may change the rules. */
  mayEdit: boolean;
  /** What was done just now, if anything. */
  news?: string;
  /** Where rules come from that no person wrote here. */
  files?: readonly RuleFile[];
}

/** What this channel hears about, rule by rule. */
export function subscriptionList(all: readonly Subscription[], { mayEdit, news, files = [] }: ListOptions): Message {
  const subscriptions = all.filter(({ fromFileOf }) => fromFileOf === undefined);
  const lead = news === undefined ? [] : [section(news)];
  const fromFiles = files.slice(0, FILES).flatMap(fileBlocks);
  const moreFiles = files.length > FILES ? [note(`and rules from ${count(files.length - FILES, 'more file')}`)] : [];
  if (subscriptions.length === 0 && files.length > 0) {
    const places = files.map(({ repository }) => repository).join(', ');
    const words = `${news ?? ''} This channel takes its rules from files of ${places}`.trim();
    return message(words, [...lead, ...fromFiles, ...moreFiles]);
  }
  if (subscriptions.length === 0) {
    const words = 'This channel hears about no repository yet. To change that: /cortex subscribe owner/repo';
    return message(news === undefined ? words : `${news} ${words}`, [...lead, section(words), ...addButton(mayEdit)]);
  }
  const many = subscriptions.length;
  const title = `This channel hears about runs that fit ${many === 1 ? 'this rule' : `any of these ${many} rules`}`;
  const shown = subscriptions.slice(0, LISTED);
  const left = subscriptions.length - shown.length;
  const lines = shown.map(({ rule }) => printRule(rule)).join(', ');
  const spans = shown.map((subscription, index) => ruleSpans(subscription, index + 1));
  const buttoned = mayEdit ? spans.slice(0, WITH_BUTTONS) : [];
  const blocks = buttoned.flatMap((each, index) => [paragraph(...each), ...ruleButtons(shown[index])]);
  const others = spans.slice(buttoned.length);
  return message([...(news === undefined ? [] : [news]), `This channel hears about ${lines}`].join(' '), [
    ...lead,
    paragraph(bold(title)),
    ...blocks,
    ...(others.length > 0 ? [bullets([], others)] : []),
    ...(left > 0 ? [note(`and ${left} more`)] : []),
    ...fromFiles,
    ...moreFiles,
    ...addButton(mayEdit),
    note('One rule that fits is enough. To add one: /cortex subscribe owner/repo branch:main'),
  ]);
}

function addButton(mayEdit: boolean): KnownBlock[] {
  return mayEdit ? actions(button('Add a rule…', { actionId: ACTION.newRule, value: 'new' })) : [];
}

function ruleSpans(subscription: Subscription, number: number): Span[] {
  const { rule, createdAt, pausedReason } = subscription;
  const isPaused = !isActive(subscription);
  return [
    text(`${number}. `),
    mono(printRule(rule), LINE_SHOWN),
    text(' since '),
    moment(createdAt),
    ...groupSpans(subscription),
    ...(isPaused ? [text(`, paused: ${pauseWords(pausedReason ?? '')}`)] : []),
  ];
}

/** How many repositories a topic or a team stands for, and since when that is not known better. */
function groupSpans({ rule, group }: Subscription): Span[] {
  if (!isGroup(rule.target)) return [];
  if (!group) return [text(', for no repository: GitHub was not asked yet')];
  const { repositories, isCut, problem, toldAt } = group;
  const many = `, for ${isCut ? 'the first ' : ''}${count(repositories.length, 'repository', 'repositories')}`;
  if (problem === null) return [text(many)];
  return [text(`${many} as GitHub said `), moment(toldAt), text(`. ${groupProblemWords(problem)}`)];
}

function ruleButtons(subscription: Subscription | undefined): KnownBlock[] {
  if (subscription === undefined) return [];
  const { id } = subscription;
  const confirm = {
    title: 'Delete this rule?',
    question: 'This channel will not hear about such runs any more. Messages that stand here stay.',
    yes: 'Delete',
  };
  return actions(
    button('Edit', { actionId: actionIdWith(ACTION.editRule, id), value: id }),
    button('Delete', { actionId: actionIdWith(ACTION.deleteRule, id), value: id, confirm }),
  );
}

/** Said where the rule of a button or window is not there any more. */
export const RULE_GONE =
  'This rule is not there any more: somebody deleted it. To see what there is: /cortex subscriptions';
/** Said where the channel has that rule already. */
export const RULE_TAKEN = 'This channel has that rule already.';
