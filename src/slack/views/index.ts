import { setTimeout as sleep } from 'node:timers/promises';
import type { AckFn, App, ViewResponseAction, ViewSubmitAction } from '@slack/bolt';
import { VIEW } from '../../messages/action-ids.ts';
import { failedWords } from '../../messages/errors.ts';
import { slowModal, wordsModal } from '../../messages/modals.ts';
import { logFailure } from '../failure.ts';
import { askerOf, type ListenerContext } from '../listener.ts';
import { saveAnswers } from './answers.ts';
import { keepReason } from './feedback-reason.ts';
import { fileIssue } from './issue.ts';
import { mergeFailure } from './merge.ts';
import { assignFailure, markFailureFlaky, snoozeFailure } from './on-failure.ts';
import { lookAgain } from './reanalyze.ts';
import { saveReruns } from './reruns.ts';
import { saveRule, saveSeenRule } from './rule.ts';
import { saveSettings } from './settings.ts';
import { readValues, type Submission, type SubmitAnswer, type ViewListener } from './submission.ts';

/** Every window by its callback id. */
const VIEWS: Record<(typeof VIEW)[keyof typeof VIEW], ViewListener> = {
  [VIEW.settings]: saveSettings,
  [VIEW.reruns]: saveReruns,
  [VIEW.answers]: saveAnswers,
  [VIEW.feedbackReason]: keepReason,
  [VIEW.rule]: saveRule,
  [VIEW.ruleCheck]: saveSeenRule,
  [VIEW.assign]: assignFailure,
  [VIEW.snooze]: snoozeFailure,
  [VIEW.markFlaky]: markFailureFlaky,
  [VIEW.reanalyze]: lookAgain,
  [VIEW.merge]: mergeFailure,
  [VIEW.createIssue]: fileIssue,
};

/** Slack waits three seconds for the answer to a window, its way to us included. */
const ANSWER_WITHIN_MS = 2_000;

export function registerViews(app: App, context: ListenerContext): void {
  for (const [name, listener] of Object.entries(VIEWS)) {
    app.view<ViewSubmitAction>(
      { type: 'view_submission', callback_id: name },
      ({ ack, body, view, context: request }) => {
        const asker = askerOf(request, body.user.id);
        const submission = { asker, metadata: view.private_metadata, values: readValues(view.state.values) };
        return answerView(context, listener, { ack, submission });
      },
    );
  }
}

interface Received {
  ack: AckFn<ViewResponseAction>;
  submission: Submission;
}

/**
 * Answers in time: with what came of it, or with a window that says that it takes longer. A failure is told in the window too, since
 * there is no other place to tell it.
 */
async function answerView(
  context: ListenerContext,
  listener: ViewListener,
  { ack, submission }: Received,
): Promise<void> {
  const { log } = context.ports;
  const work = listener(context, submission).catch((error: unknown) => {
    const { id, retryable } = logFailure(log, error);
    return { answer: { kind: 'show', view: wordsModal('That did not work', failedWords(id, { retryable })) } as const };
  });
  const waiting = new AbortController();
  const outcome = await Promise.race([
    work,
    sleep(ANSWER_WITHIN_MS, null, { signal: waiting.signal }).catch(() => null),
  ]);
  waiting.abort();
  await respondWith(ack, outcome?.answer ?? { kind: 'show', view: slowModal() });
  const { afterwards } = { afterwards: undefined, ...(await work) };
  await afterwards?.().catch((error: unknown) =>
    log.warn({ ...submission.asker, err: error }, 'Person could not be told what came of a window'),
  );
}

function respondWith(ack: AckFn<ViewResponseAction>, answer: SubmitAnswer): Promise<void> {
  switch (answer.kind) {
    case 'close':
      return ack();
    case 'errors':
      return ack({ response_action: 'errors', errors: answer.errors });
    case 'lay-over':
      return ack({ response_action: 'push', view: answer.view });
    case 'close-all':
      return ack({ response_action: 'clear' });
    case 'show':
      return ack({ response_action: 'update', view: answer.view });
    default:
      return answer satisfies never;
  }
}
