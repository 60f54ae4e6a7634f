import { EMPTY_FORM, lineOf, RULE_FIELDS, type RuleField, type RuleForm } from '../../domain/rules/fields.ts';
import { parseRule } from '../../domain/rules/parse.ts';
import { printRule } from '../../domain/rules/print.ts';
import type { Rule } from '../../domain/rules/rule.ts';
import type { GitHubSite } from '../../domain/github-apps.ts';
import { strangeModal, wordsModal } from '../../messages/modals.ts';
import { ruleCheckModal } from '../../messages/rule-modal.ts';
import { ruleProblemWords } from '../../messages/rules.ts';
import {
  changedReply,
  type ChangeOutcome,
  obstacleWords,
  subscribeReply,
  type SubscribeOutcome,
} from '../../messages/subscription.ts';
import { RULE_GONE, RULE_TAKEN } from '../../messages/subscription-list.ts';
import { unescape } from '../../messages/text.ts';
import { changeRule, subscribe } from '../../notify/subscribe.ts';
import type { ListenerContext } from '../listener.ts';
import { readTargetWord } from '../rule-line.ts';
import { admit, atField } from './admit.ts';
import type { Submission, SubmitOutcome } from './submission.ts';
import { RuleCheckWindow, RuleWindow, writeRuleCheckWindow } from './windows.ts';

/** "Save" in the window of a rule: kept at once, or shown first with what it would have brought. */
export async function saveRule(context: ListenerContext, submission: Submission): Promise<SubmitOutcome> {
  const admitted = await admit(context, submission, { schema: RuleWindow, action: 'subscription.manage' });
  if ('refusal' in admitted) return admitted.refusal;
  const { window } = admitted;
  const read = readForm(submission.values, context.options.githubSites());
  if ('field' in read) return atField(read.field, read.words);
  const { rule } = read;
  const outcome = await keep(context, { ...submission, window, rule, isSeen: false });
  if (outcome.kind === 'unsaved') {
    const metadata = writeRuleCheckWindow({ ...window, line: printRule(outcome.rule) });
    return { answer: { kind: 'lay-over', view: ruleCheckModal(outcome, metadata) } };
  }
  const refusal = refusalWords(outcome);
  if (refusal !== null) return atField(fieldOf(outcome), refusal);
  return { answer: { kind: 'close' }, afterwards: () => tell(context, { window, outcome }) };
}

/** "Save" in the window that has shown what the rule would have brought. */
export async function saveSeenRule(context: ListenerContext, submission: Submission): Promise<SubmitOutcome> {
  const admitted = await admit(context, submission, { schema: RuleCheckWindow, action: 'subscription.manage' });
  if ('refusal' in admitted) return admitted.refusal;
  const { window } = admitted;
  const parsed = parseRule(window.line);
  if (parsed.kind === 'problem') return { answer: { kind: 'show', view: strangeModal() } };
  const outcome = await keep(context, { ...submission, window, rule: parsed.rule, isSeen: true });
  const refusal = refusalWords(outcome);
  if (refusal !== null) return { answer: { kind: 'show', view: wordsModal('Nothing was changed', refusal) } };
  return { answer: { kind: 'close-all' }, afterwards: () => tell(context, { window, outcome }) };
}

type Outcome = SubscribeOutcome | ChangeOutcome;

interface Kept extends Pick<Submission, 'asker'> {
  window: RuleWindow;
  rule: Rule;
  isSeen: boolean;
}

async function keep({ ports }: ListenerContext, { asker, window, rule, isSeen }: Kept): Promise<Outcome> {
  const { channelId, subscriptionId: id } = window;
  const request = { asker, channelId, rule, isSeen };
  if (id === undefined) return subscribe(ports, request);
  const outcome = await changeRule(ports, { ...request, id });
  if (outcome.kind === 'changed') {
    const { before } = outcome;
    ports.log.info({ ...asker, channelId, before, rule: printRule(outcome.rule) }, 'Subscription rule changed');
  }
  return outcome;
}

async function tell(
  { respond }: ListenerContext,
  { window, outcome }: { window: RuleWindow; outcome: Outcome },
): Promise<void> {
  if (outcome.kind === 'gone' || outcome.kind === 'taken') return;
  const words = outcome.kind === 'changed' ? changedReply(outcome) : subscribeReply(outcome);
  await respond(window.responseUrl, words, { replaceOriginal: false });
}

/** The rule of the fields; else what is wrong with one of them. */
function readForm(
  values: Submission['values'],
  sites: readonly GitHubSite[],
): { rule: Rule } | { field: RuleField; words: string } {
  const typed = RULE_FIELDS.map((field) => [field, values.get(field) ?? ''] as const);
  const form: RuleForm = { ...EMPTY_FORM, ...Object.fromEntries(typed) };
  const target = readTargetWord(form.target, sites);
  if (typeof target !== 'string') return { field: 'target', words: unescape(target.text) };
  const { line, fieldAt } = lineOf({ ...form, target });
  const parsed = parseRule(line);
  if (parsed.kind === 'rule') return parsed;
  return { field: fieldAt(parsed.problem.at), words: ruleProblemWords(parsed.problem) };
}

/** What stands in the way; null where nothing does. */
function refusalWords(outcome: Outcome): string | null {
  if (outcome.kind === 'subscribed' || outcome.kind === 'changed' || outcome.kind === 'unsaved') return null;
  if (outcome.kind === 'gone') return RULE_GONE;
  return outcome.kind === 'taken' || outcome.kind === 'already-subscribed' ? RULE_TAKEN : obstacleWords(outcome);
}

function fieldOf({ kind }: Outcome): RuleField {
  return kind === 'unknown-handle' || kind === 'handles-hidden' ? 'mention' : 'target';
}
