import type { RepositoryName } from '../domain/ids.ts';
import type { Message } from '../domain/message.ts';
import type { Ports } from '../domain/ports.ts';
import type { Run } from '../domain/run.ts';
import {
  noFailingRunAnswer,
  noSuchRunAnswer,
  notFailingAnswer,
  notVisibleAnswer,
  summaryAnswer,
} from '../messages/answer.ts';
import type { FailureReport } from '../messages/diagnosis.ts';
import { summaryFailedMessage } from '../messages/errors.ts';
import { sendOrSimpler } from './post-once.ts';

/** What came of a person's question. */
export type AnswerOutcome =
  | ({ kind: 'summary' } & FailureReport)
  | { kind: 'no-failing-run'; repository: RepositoryName }
  | { kind: 'no-such-run'; repository: RepositoryName }
  | { kind: 'not-visible'; repository: RepositoryName }
  | { kind: 'run-not-failing'; run: Run }
  | { kind: 'failed'; errorId: string };

/** Answers the person who asked, for their eyes only. Throws SlackUnavailableError, or MessageGoneError after 30 minutes. */
export async function answer(
  { messenger }: Pick<Ports, 'messenger'>,
  responseUrl: string,
  outcome: AnswerOutcome,
): Promise<void> {
  const message = answerMessage(outcome);
  await sendOrSimpler(message, (form) => messenger.respond(responseUrl, form));
}

function answerMessage(outcome: AnswerOutcome): Message {
  switch (outcome.kind) {
    case 'summary':
      return summaryAnswer(outcome);
    case 'no-failing-run':
      return noFailingRunAnswer(outcome.repository);
    case 'no-such-run':
      return noSuchRunAnswer(outcome.repository);
    case 'not-visible':
      return notVisibleAnswer(outcome.repository);
    case 'run-not-failing':
      return notFailingAnswer(outcome.run);
    case 'failed':
      return summaryFailedMessage(outcome.errorId);
    default:
      return outcome satisfies never;
  }
}
