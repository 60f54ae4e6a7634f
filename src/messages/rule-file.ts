import type { KnownBlock } from '@slack/types';
import type { RepositoryName } from '../domain/ids.ts';
import type { Message } from '../domain/message.ts';
import { RULE_FILE_PATH, type RuleFile, type RuleFileProblem } from '../domain/rule-files.ts';
import { printRule } from '../domain/rules/print.ts';
import { ACTION, actionIdWith } from './action-ids.ts';
import { actions, button, linkButton, message, section } from './blocks.ts';
import { bold, bullets, mono, moment, paragraph, type Span, text } from './rich-text.ts';
import { fileProblemBlocks, fileProblemWords } from './rule-file-problem.ts';
import type { SubscribeObstacle } from './subscription.ts';
import { count } from './text.ts';
import { pauseWords } from './words.ts';

/** What came of a wish to take rules from a file. */
export type FollowOutcome = { kind: 'following'; isNew: boolean; file: RuleFile } | SubscribeObstacle;

/** How many rules of a file are shown, and how much of each: a message has room for several files. */
const SHOWN = 5;
const LINE_SHOWN = 120;

/** The answer to whoever lets a channel take its rules from a file. */
export function followReply({ isNew, file }: Extract<FollowOutcome, { kind: 'following' }>): Message {
  const { repository } = file;
  const lead = isNew
    ? `This channel now takes its rules about ${repository} from ${RULE_FILE_PATH} there, whenever that changes.`
    : `This channel already takes its rules about ${repository} from ${RULE_FILE_PATH} there. I read it again just now.`;
  const words = `${lead} ${stateWords(file)}`;
  return message(words, [
    section(words),
    ...(file.problem === null ? [] : fileProblemBlocks(file.problem)),
    ...ruleBlocks(file),
    section(`To end that: /cortex unsubscribe ${repository} as-code`),
  ]);
}

/** How a file stands, as seen from a channel. */
export function stateWords({ state, problem, rules, channelId }: RuleFile): string {
  const kept = rules.length === 0 ? '' : ` The rules of before still apply: ${count(rules.length, 'rule')}.`;
  switch (state) {
    case 'unread':
      return 'I could not read it yet, and try again within minutes.';
    case 'applied':
      return rules.length === 0
        ? 'It gives this channel no rules.'
        : `It gives this channel ${count(rules.length, 'rule')}.`;
    case 'unnamed':
      return `It says nothing about this channel. Name it there as "- channel: ${channelId}", or by its name.`;
    case 'wrong':
      return `It cannot be read. ${problem === null ? '' : fileProblemWords(problem)}${kept}`;
    case 'missing':
      return 'There is no such file on the default branch, so there are no rules from there.';
    case 'hidden':
      return `I may not read it: the GitHub App needs to see the repository, and the permission "Contents" (read-only).${kept}`;
    default:
      return state satisfies never;
  }
}

function ruleBlocks({ rules }: RuleFile): KnownBlock[] {
  if (rules.length === 0) return [];
  const items: Span[][] = rules.slice(0, SHOWN).map((rule) => [mono(printRule(rule), LINE_SHOWN)]);
  const more = rules.length - items.length;
  return [bullets([], more > 0 ? [...items, [text(`and ${more} more`)]] : items)];
}

/** A file in the list of what a channel hears about. */
export function fileBlocks(file: RuleFile): KnownBlock[] {
  const { repository, createdAt, pausedReason, id } = file;
  const paused = pausedReason === null ? '' : ` Paused: ${pauseWords(pausedReason)}.`;
  return [
    paragraph(
      bold(`From ${RULE_FILE_PATH} of ${repository}`),
      text(' since '),
      moment(createdAt),
      text(`. ${stateWords(file)}${paused}`),
    ),
    ...ruleBlocks(file),
    ...actions(button('How to change these', { actionId: actionIdWith(ACTION.explainFile, id), value: id })),
  ];
}

/** Said where somebody wants to change a rule that no person wrote here. */
export function fileRulesMessage(repository: RepositoryName, url: string | null): Message {
  const words = `These rules come from ${RULE_FILE_PATH} of ${repository}, and are changed there, by whoever may push to its default branch. To take no more rules from it: /cortex unsubscribe ${repository} as-code`;
  return message(words, [
    section(words),
    ...actions(linkButton('Open the file on GitHub', { actionId: ACTION.viewRun, url })),
  ]);
}

/** The answer where a channel stops taking rules from a file; `rules` is null where it did not take any. */
export function unfollowReply(repository: RepositoryName, rules: number | null): Message {
  const words =
    rules === null
      ? `This channel takes no rules from ${RULE_FILE_PATH} of ${repository}. To see what it hears about: /cortex subscriptions`
      : `This channel takes no more rules from ${RULE_FILE_PATH} of ${repository}: ${count(rules, 'rule')} ended. Messages that stand here stay.`;
  return message(words, [section(words)]);
}

/** Posted once for each text of the file that is wrong. */
export function wrongFileMessage({ repository, rules, problem }: RuleFile & { problem: RuleFileProblem }): Message {
  const lead = `${RULE_FILE_PATH} of ${repository} cannot be read.`;
  const words = fileProblemWords(problem);
  const kept =
    rules.length === 0
      ? 'This channel takes its rules from there, and has none until then.'
      : `This channel takes its rules from there. Those of before still apply: ${count(rules.length, 'rule')}.`;
  return message(`${lead} ${words} ${kept}`, [
    section(`${lead} ${words}`),
    ...fileProblemBlocks(problem),
    section(kept),
  ]);
}

/** Posted once when the file is gone. */
export function goneFileMessage({ repository }: RuleFile): Message {
  const words = `${RULE_FILE_PATH} of ${repository} is gone, and the rules that this channel took from there with it. Should the file come back, they do, too. To end that: /cortex unsubscribe ${repository} as-code`;
  return message(words, [section(words)]);
}
