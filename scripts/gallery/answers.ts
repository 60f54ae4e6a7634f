import { RepositoryName, RunId } from '../../src/domain/ids.ts';
import {
  noFailingRunAnswer,
  noSuchRunAnswer,
  notFailingAnswer,
  notVisibleAnswer,
  summaryAnswer,
} from '../../src/messages/answer.ts';
import { failedMessage, notInstalledMessage, refusedMessage, summaryFailedMessage } from '../../src/messages/errors.ts';
import { feedbackReply } from '../../src/messages/feedback.ts';
import {
  commandHelp,
  helpMessage,
  unknownCommandMessage,
  unreadableTargetMessage,
  usageMessage,
} from '../../src/messages/help.ts';
import { lookingMessage, reanalyzeReply } from '../../src/messages/progress.ts';
import { subscribeReply, subscriptionList, unsubscribeReply } from '../../src/messages/subscription.ts';
import { COMMANDS } from '../../src/slack/commands/index.ts';
import { aReport, aRun } from '../../tests/support/report-builders.ts';
import { aSubscription } from './builders.ts';
import { type GalleryState, told } from './state.ts';

const web = RepositoryName.parse('acme/web');

/** What one person is told, after a command or a click. */
export function answerStates(): GalleryState[] {
  return [...help(), ...summaries(), ...subscriptions(), ...clicks()];
}

function help(): GalleryState[] {
  return [
    told('help', helpMessage(COMMANDS)),
    ...COMMANDS.map((command) => told(`help-${command.name}`, commandHelp(command))),
    ...COMMANDS.map((command) => told(`usage-of-${command.name}`, usageMessage(command, 'Tell me one repository.'))),
    told('unknown-command', unknownCommandMessage('subscrbe acme/web', 'subscribe acme/web')),
    told('unknown-command-like-none', unknownCommandMessage('please', null)),
    told(
      'target-on-another-host',
      unreadableTargetMessage({ kind: 'foreign-host', host: 'gitlab.example', expected: 'github.com' }),
    ),
    told(
      'target-another-page',
      unreadableTargetMessage({ kind: 'other-page', repository: web, word: 'https://github.com/acme/web/issues/7' }),
    ),
    told('target-unreadable', unreadableTargetMessage({ kind: 'unreadable', word: 'acme web' })),
  ];
}

function summaries(): GalleryState[] {
  const runId = RunId.parse(17_234_567_890);
  return [
    told('looking-at-the-last-run', lookingMessage({ kind: 'latest', repository: web })),
    told('looking-at-a-run', lookingMessage({ kind: 'run', repository: web, runId, attempt: null })),
    told('summary', summaryAnswer(aReport())),
    told('no-failing-run', noFailingRunAnswer(web)),
    told('no-such-run', noSuchRunAnswer(web)),
    told('not-visible', notVisibleAnswer(web)),
    told('run-not-failing', notFailingAnswer(aRun({ conclusion: 'success' }))),
    told('summary-failed', summaryFailedMessage('b1f6c2d4')),
    told('failed', failedMessage('b1f6c2d4', { retryable: false })),
    told('failed-for-now', failedMessage('b1f6c2d4', { retryable: true })),
  ];
}

function subscriptions(): GalleryState[] {
  const many = Array.from({ length: 40 }, (_, index) => aSubscription(`acme/service-${index}`));
  return [
    told('subscribed', subscribeReply({ kind: 'subscribed', repository: web })),
    told('already-subscribed', subscribeReply({ kind: 'already-subscribed', repository: web })),
    told('subscribe-not-visible', subscribeReply({ kind: 'not-visible', repository: web })),
    told('subscribe-not-a-channel', subscribeReply({ kind: 'not-a-channel' })),
    told('subscribe-not-invited', subscribeReply({ kind: 'not-invited' })),
    told('subscribe-archived', subscribeReply({ kind: 'archived' })),
    told('subscribe-shared', subscribeReply({ kind: 'shared' })),
    told('unsubscribed', unsubscribeReply({ kind: 'unsubscribed', repository: web })),
    told('not-subscribed', unsubscribeReply({ kind: 'not-subscribed', repository: web })),
    told('subscriptions-none', subscriptionList([])),
    told('subscriptions', subscriptionList([aSubscription('acme/web'), aSubscription('acme/api', 'is_archived')])),
    told('subscriptions-many', subscriptionList(many)),
  ];
}

function clicks(): GalleryState[] {
  return [
    told('refused-viewer', refusedMessage('member')),
    told('refused-member', refusedMessage('admin')),
    told('not-installed', notInstalledMessage()),
    told('reanalyze-queued', reanalyzeReply('queued')),
    told('reanalyze-already-queued', reanalyzeReply('already-queued')),
    told('reanalyze-unknown-summary', reanalyzeReply('unknown-summary')),
    told('feedback-up', feedbackReply({ kind: 'noted', opinion: 'up' })),
    told('feedback-down', feedbackReply({ kind: 'noted', opinion: 'down' })),
    told('feedback-reason', feedbackReply({ kind: 'reason-noted' })),
    told('feedback-gone', feedbackReply({ kind: 'gone' })),
  ];
}
