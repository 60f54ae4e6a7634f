import type { KnownBlock } from '@slack/types';
import type { Message } from '../domain/message.ts';
import { HAPPENING_KINDS } from '../domain/happening.ts';
import type { RepositoryName } from '../domain/ids.ts';
import type { NeverReason } from '../domain/rules/never.ts';
import { printRule } from '../domain/rules/print.ts';
import { type Rule, targetName } from '../domain/rules/rule.ts';
import type { Run, RunState } from '../domain/run.ts';
import { ACTION } from './action-ids.ts';
import { actions, button, message, note, section, sentence } from './blocks.ts';
import { bullets, link, mono, paragraph, text } from './rich-text.ts';
import { fileRulesMessage } from './rule-file.ts';
import { neverWords, subjectWords } from './rules.ts';
import { type GroupNote, groupWords, targetWords, type TeamObstacle, teamObstacleWords } from './target.ts';
import { count, oneLine } from './text.ts';
import { notVisibleWords } from './words.ts';

/** Why a channel cannot hear about something. */
export type SubscribeObstacle =
  { kind: 'not-visible'; repository: RepositoryName } | { kind: ChannelObstacle } | TeamObstacle | HandleObstacle;

/** Why a rule cannot call a user group of Slack; `meant` is the handle that was probably meant. */
export type HandleObstacle =
  { kind: 'unknown-handle'; handle: string; meant: string | null } | { kind: 'handles-hidden' };

/** Why nothing of ours may be posted in a channel. */
export type ChannelObstacle = 'not-a-channel' | 'not-invited' | 'archived' | 'shared';

/** What a rule would have brought, had it been there for these days. */
export interface RulePreview {
  days: number;
  /** Runs that were looked at; there are more where it is cut. */
  seen: number;
  /** What was looked at: failing runs, and others where the rule wants to hear of them. */
  states: readonly RunState[];
  isCut: boolean;
  matched: number;
  /** Runs that nobody analysed, and of which the rule wants to know what an analysis finds. */
  undecided: number;
  /** Of those that match, how many would have waited for a summary. */
  held: number;
  examples: readonly Run[];
}

interface Kept {
  rule: Rule;
  never: NeverReason | null;
  /** Of a topic or a team; other targets have none. */
  group?: GroupNote | null;
  /** Null where the person has seen it before. */
  preview: RulePreview | null;
}

/** A rule that is not kept yet: what it would have brought has to be seen first. */
export type UnsavedRule = { kind: 'unsaved' } & Kept;

/** What came of a wish to hear about runs. */
export type SubscribeOutcome =
  ({ kind: 'subscribed' } & Kept) | UnsavedRule | { kind: 'already-subscribed'; rule: Rule } | SubscribeObstacle;

/** What came of another rule for a subscription; `before` is the line that it was. */
export type ChangeOutcome =
  | ({ kind: 'changed'; before: string | null } & Kept)
  | UnsavedRule
  | { kind: 'gone'; rule: Rule }
  | { kind: 'taken'; rule: Rule }
  | SubscribeObstacle;

/** `about` are the rules that the channel still has about the same repositories. */
export type UnsubscribeOutcome =
  | { kind: 'unsubscribed'; rule: Rule; removed: readonly Rule[]; about: readonly Rule[] }
  | { kind: 'not-subscribed'; rule: Rule; about: readonly Rule[] }
  /** The rule stands in the file of a repository, where it has to be changed. */
  | { kind: 'from-file'; repository: RepositoryName };

/** Longest line that is shown whole. */
export const LINE_MAX = 500;

export function subscribeReply(outcome: SubscribeOutcome): Message {
  if (outcome.kind === 'subscribed') return keptMessage('This channel now hears', outcome);
  if (outcome.kind === 'unsaved') return unsavedMessage(outcome);
  if (outcome.kind !== 'already-subscribed') return sentence(obstacleWords(outcome));
  return sentence(`This channel already hears about ${printRule(outcome.rule)}. Nothing changed.`);
}

export function obstacleWords(obstacle: SubscribeObstacle): string {
  switch (obstacle.kind) {
    case 'not-visible':
      return notVisibleWords(obstacle.repository);
    case 'not-a-channel':
      return 'I post to channels, not to direct messages. Go to the channel that should hear about the repository and type the command there.';
    case 'not-invited':
      return 'I am not in this channel, so I could not post here. Type /invite and choose me, then subscribe again.';
    case 'archived':
      return 'This channel is archived, so nobody can post here. Unarchive it, or subscribe another channel.';
    case 'shared':
      return 'This channel is shared with another organization, which would read your log lines too. Subscribe a channel that only your own workspace sees.';
    case 'unknown-handle': {
      const hint = obstacle.meant === null ? '' : ` Did you mean @${oneLine(obstacle.meant, 60)}?`;
      return `Slack knows no user group with the handle @${oneLine(obstacle.handle, 60)} in this workspace, so mention: cannot call it.${hint}`;
    }
    case 'handles-hidden':
      return 'Slack does not show me the user groups of this workspace, so mention: can only say author and codeowners. Ask an admin to install me again: that grants usergroups:read.';
    case 'no-organization':
    case 'teams-hidden':
    case 'which-organization':
    case 'unknown-team':
      return teamObstacleWords(obstacle);
    default:
      return obstacle satisfies never;
  }
}

/** What would come of a rule, before it is kept. */
function unsavedMessage(unsaved: UnsavedRule): Message {
  const value = printRule(unsaved.rule);
  const { text: words, blocks } = keptMessage('This channel would hear', unsaved);
  const buttons = actions(
    { ...button('Subscribe', { actionId: ACTION.keepRule, value }), style: 'primary' },
    button('Change…', { actionId: ACTION.newRule, value }),
    button('Cancel', { actionId: ACTION.dropRule, value }),
  );
  return { text: words, blocks: [...blocks, ...buttons, note('Nothing is saved yet.')] };
}

/** The answer to "Cancel". */
export function droppedReply(): Message {
  return sentence('Nothing was saved, and nothing changed.');
}

/** The same in a window, above its "Save". */
export function unsavedBlocks(unsaved: UnsavedRule): KnownBlock[] {
  return keptMessage('This channel would hear', unsaved).blocks;
}

/** What the channel hears from now on, what that would have been in the last days, and what is odd about it. */
function keptMessage(lead: string, { rule, never, group = null, preview, kind }: Kept & { kind: string }): Message {
  const isKept = kind !== 'unsaved';
  const line = printRule(rule);
  const isUsual = line === targetName(rule.target);
  const whose = rule.target.kind === 'owner' ? `${targetWords(rule.target)} that I can see` : targetWords(rule.target);
  const members = groupWords(rule.target, group);
  const about = `${lead} about ${subjectWords(rule)} that fit`;
  const words = isUsual
    ? `${lead} when a workflow of ${whose} fails, and when it passes again.${isKept ? ` To stop: /cortex unsubscribe ${line}` : ''}`
    : `${about}: ${line}`;
  const first = isUsual
    ? section(words)
    : paragraph(
        text(`${about} `),
        mono(line, LINE_MAX),
        text(isKept ? '. To change or delete it: /cortex subscriptions' : '.'),
      );
  return message(words, [
    first,
    ...(members === null ? [] : [section(members)]),
    ...(never === null ? [] : [section(neverWords(never))]),
    ...(preview === null ? [] : previewBlocks(rule, preview)),
  ]);
}

/** Of what is told beside runs, nothing is looked at. */
const ONLY_RUNS = 'What it would have brought so far I cannot say: only workflow runs are looked at.';

function previewBlocks(
  { target, on }: Rule,
  { days, seen, states, isCut, matched, undecided, held, examples }: RulePreview,
): KnownBlock[] {
  if (states.length === 0) return [section(ONLY_RUNS)];
  const kind = kindWords(states);
  const where = targetWords(target);
  const when = `In the last ${days} days`;
  const approved = states.includes('waiting') ? ' Runs that were approved meanwhile are not counted.' : '';
  const isMore = HAPPENING_KINDS.some((each) => on.includes(each));
  const unseen = `${approved}${isMore ? ' Only workflow runs are looked at here.' : ''}`;
  if (seen === 0) return [section(`${when} I heard of no ${kind[0]} of ${where}.${unseen}`)];
  const runs = `${isCut ? 'the newest ' : ''}${count(seen, ...kind)}`;
  const doubt =
    undecided === 0
      ? ''
      : ` ${count(undecided, 'more run')} ${undecided === 1 ? 'was' : 'were'} not analysed, so I cannot tell whether ${undecided === 1 ? 'it fits' : 'they fit'}.`;
  const later = held === 0 ? '' : ` ${held === matched ? 'All' : held} of them would have waited for a summary.`;
  const added = `${later}${doubt}${unseen}`;
  const words = `${when} it would have told of ${matched} of ${runs}${examples.length > 0 ? ', such as' : '.'}`;
  if (examples.length === 0) return [section(`${words}${added}`)];
  const items = examples.map(({ url, repository, workflow, branch, title }) => [
    link(url, `${repository}: ${workflow} on ${branch}, ${title}`),
  ]);
  return [bullets([text(words)], items), ...(added === '' ? [] : [section(added.trim())])];
}

/** What was looked at, as one and as several are called. */
function kindWords(states: readonly RunState[]): [string, string] {
  if (states.includes('ended')) return ['run', 'runs'];
  if (states.includes('waiting')) return ['run that failed or waits', 'runs that failed or wait'];
  return ['failing run', 'failing runs'];
}

/** The answer to a changed rule. */
export function changedReply({ before, ...kept }: Extract<ChangeOutcome, { kind: 'changed' }>): Message {
  const { text: words, blocks } = keptMessage('This channel now hears', kept);
  if (before === null) return { text: words, blocks };
  return { text: words, blocks: [...blocks, paragraph(text('Before it was '), mono(before, LINE_MAX), text('.'))] };
}

export function unsubscribeReply(outcome: UnsubscribeOutcome): Message {
  if (outcome.kind === 'from-file') return fileRulesMessage(outcome.repository, null);
  const { rule, about } = outcome;
  const line = printRule(rule);
  const rest = about.map(printRule);
  if (outcome.kind === 'not-subscribed') {
    const words = `This channel did not hear about ${line}. To see what it hears about: /cortex subscriptions`;
    return withRest(words, 'It has these rules about it', rest);
  }
  const words =
    outcome.removed.length <= 1
      ? `This channel does not hear about ${line} any more. Messages that stand here stay.`
      : `This channel does not hear about ${line} any more: ${outcome.removed.length} rules are gone. Messages that stand here stay.`;
  return withRest(words, 'These rules stay', rest);
}

function withRest(words: string, lead: string, lines: readonly string[]): Message {
  if (lines.length === 0) return sentence(words);
  const items = lines.slice(0, 10).map((line) => [mono(line, LINE_MAX)]);
  return message(words, [section(words), bullets([text(`${lead}:`)], items)]);
}
