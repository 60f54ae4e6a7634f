import { authorize } from '../../auth/authorize.ts';
import { parseRule } from '../../domain/rules/parse.ts';
import { printRule } from '../../domain/rules/print.ts';
import { refusedWords } from '../../messages/errors.ts';
import { strangeModal, wordsModal } from '../../messages/modals.ts';
import { ruleProblemWords } from '../../messages/rules.ts';
import { changedReply, obstacleWords, type ChangeOutcome } from '../../messages/subscription.ts';
import { RULE_FIELD, RULE_GONE, RULE_TAKEN } from '../../messages/subscription-list.ts';
import { changeRule } from '../../notify/subscribe.ts';
import type { ListenerContext } from '../listener.ts';
import type { Submission, SubmitOutcome } from './submission.ts';
import { readWindow, RuleWindow } from './windows.ts';

/** "Save" in the window of a rule. The role is asked for now, not when the window was opened. */
export async function saveRule(
  { ports, respond }: ListenerContext,
  { asker, metadata, values }: Submission,
): Promise<SubmitOutcome> {
  const window = readWindow(RuleWindow, { metadata, workspaceId: asker.workspaceId });
  if (window === null) {
    ports.log.warn({ ...asker }, 'Window of a rule is not of this workspace');
    return { answer: { kind: 'show', view: strangeModal() } };
  }
  const role = await authorize(ports, asker, 'subscription.manage');
  if (role.kind === 'refused') {
    ports.log.info({ ...asker, action: 'subscription.manage', role: role.role }, 'Refused: the role does not suffice');
    return { answer: { kind: 'show', view: wordsModal('Nothing was changed', refusedWords(role.needs)) } };
  }
  const parsed = parseRule(values.get(RULE_FIELD) ?? '');
  if (parsed.kind === 'problem') return atField(ruleProblemWords(parsed.problem));
  const { channelId, subscriptionId: id, responseUrl } = window;
  const outcome = await changeRule(ports, { asker, channelId, id, rule: parsed.rule });
  if (outcome.kind !== 'changed') return atField(refusal(outcome));
  const { before, rule } = outcome;
  ports.log.info({ ...asker, channelId, before, rule: printRule(rule) }, 'Subscription rule changed');
  return {
    answer: { kind: 'close' },
    afterwards: () => respond(responseUrl, changedReply(outcome), { replaceOriginal: false }),
  };
}

function refusal(outcome: Exclude<ChangeOutcome, { kind: 'changed' }>): string {
  if (outcome.kind === 'gone') return RULE_GONE;
  if (outcome.kind === 'taken') return RULE_TAKEN;
  return obstacleWords(outcome);
}

function atField(words: string): SubmitOutcome {
  return { answer: { kind: 'errors', errors: { [RULE_FIELD]: words } } };
}
