import type { KnownBlock } from '@slack/types';
import type { Message, Modal } from '../domain/message.ts';
import { printRule } from '../domain/rules/print.ts';
import { CONDITIONS, isGroup, RULE_LIMITS } from '../domain/rules/rule.ts';
import { isActive, type Subscription } from '../domain/subscription.ts';
import { ACTION, actionIdWith, VIEW } from './action-ids.ts';
import { actions, button, message, note, plainText, section, sentence } from './blocks.ts';
import { groupProblemWords } from './target.ts';
import { count } from './text.ts';
import { pauseWords } from './words.ts';
import { bold, bullets, mono, moment, paragraph, type Span, text } from './rich-text.ts';

/** How many rules one answer lists with buttons, two blocks each, and how many more without. */
const WITH_BUTTONS = 15;
const LISTED = 50;
/** How much of a line is shown; the window to edit it shows all. So the buttoned rules fit a message whatever they are. */
const LINE_SHOWN = 200;

interface ListOptions {
  /** Whether the reader may change the rules. */
  mayEdit: boolean;
  /** What was done just now, if anything. */
  news?: string;
}

/** What this channel hears about, rule by rule. */
export function subscriptionList(subscriptions: readonly Subscription[], { mayEdit, news }: ListOptions): Message {
  const lead = news === undefined ? [] : [section(news)];
  if (subscriptions.length === 0) {
    const words = 'This channel hears about no repository yet. To change that: /cortex subscribe owner/repo';
    return news === undefined ? sentence(words) : message(`${news} ${words}`, [...lead, section(words)]);
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
    note('One rule that fits is enough. To add one: /cortex subscribe owner/repo branch:main'),
  ]);
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

/** The one field of the window of a rule. */
export const RULE_FIELD = 'rule';

/** The window in which a rule is changed; `metadata` comes back with it. */
export function ruleModal({ rule }: Pick<Subscription, 'rule'>, metadata: string): Modal {
  return {
    type: 'modal',
    callback_id: VIEW.rule,
    private_metadata: metadata,
    title: plainText('Edit a rule'),
    submit: plainText('Save'),
    close: plainText('Cancel'),
    blocks: [
      {
        type: 'input',
        block_id: RULE_FIELD,
        label: plainText('This channel hears about runs that fit'),
        hint: plainText('For example: acme/web on:failure branch:main,release/* -actor:*[bot]'),
        element: {
          type: 'plain_text_input',
          action_id: RULE_FIELD,
          initial_value: printRule(rule),
          max_length: RULE_LIMITS.line,
        },
      },
      section(
        `Behind owner/repo (or owner/*, topic:NAME, team:NAME), as many as you like of ${['on', ...CONDITIONS].map((key) => `${key}:`).join(' ')}, each with values between commas. A minus before one excludes: -branch:dependabot/**. When it is told: quiet:22:00-07:00@Europe/Berlin, digest:daily@09:00 or digest:weekly@mon@09:00.`,
      ),
    ],
  };
}

/** Said where the rule of a button or window is not there any more. */
export const RULE_GONE =
  'This rule is not there any more: somebody deleted it. To see what there is: /cortex subscriptions';
/** Said where the channel has that rule already. */
export const RULE_TAKEN = 'This channel has that rule already.';
