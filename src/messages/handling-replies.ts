import type { FailureAction } from '../domain/handling.ts';
import type { UserId } from '../domain/ids.ts';
import type { Message } from '../domain/message.ts';
import type { ActionOutcome, RerunOutcome } from '../domain/ports.ts';
import type { Untold } from '../domain/reruns.ts';
import { message, sentence } from './blocks.ts';
import { moment, paragraph, person, text, type Span } from './rich-text.ts';
import { oneLine } from './text.ts';

const GONE = 'I do not know this failure any more, so nothing was done.';
const MERGED =
  'This failure was merged into another one, so nothing was done. The message says which; "Split again" takes it back.';
const RESOLVED = 'This failure is over: the workflow passes again. So nothing was done.';

/** Said privately to the person who clicked. */
export function actionReply(outcome: ActionOutcome, action: FailureAction): Message {
  switch (outcome.kind) {
    case 'gone':
      return sentence(GONE);
    case 'resolved':
      return sentence(RESOLVED);
    case 'merged':
      return sentence(MERGED);
    case 'unchanged':
      return unchangedReply(outcome, action);
    case 'done':
      return doneReply(action);
    default:
      return outcome satisfies never;
  }
}

function doneReply(action: FailureAction): Message {
  switch (action.kind) {
    case 'acknowledge':
      return sentence('Noted: you have it. The message says so to everybody.');
    case 'assign':
      return said('Noted: this is for somebody now.', [
        text('Noted: this is for '),
        person(action.assignee),
        text('. The message says so to everybody.'),
      ]);
    case 'snooze':
      return said('Snoozed: the thread stays silent for a while.', [
        text('Snoozed: its thread stays silent until '),
        moment(action.until),
        text('. The message itself goes on counting.'),
      ]);
    case 'mark-flaky':
      return said('Marked flaky for a while.', [
        text('Marked: this cause counts as flaky in this repository until '),
        moment(action.until),
        text('.'),
      ]);
    case 'unmark-flaky':
      return sentence('The mark is gone: from the next failure on, the rules decide again whether this is flaky.');
    default:
      return action satisfies never;
  }
}

function unchangedReply({ failure }: ActionOutcome & { kind: 'unchanged' }, action: FailureAction): Message {
  const { acknowledgement, assignee } = failure.handling;
  if (action.kind === 'unmark-flaky') return sentence('Nobody has marked this as flaky, so nothing was changed.');
  if (action.kind === 'assign' && assignee !== null) {
    return said('Somebody has it already.', [person(assignee), text(' has it already, so nothing was changed.')]);
  }
  if (acknowledgement === null) return sentence('Nothing was changed.');
  const { by, at } = acknowledgement;
  return said('Somebody has it already.', [
    person(by),
    text(' has it already, since '),
    moment(at),
    text('. Nothing was changed.'),
  ]);
}

/** Said privately to the person who clicked. */
export function rerunReply(outcome: RerunOutcome): Message {
  switch (outcome.kind) {
    case 'started':
      return sentence('GitHub runs the failed jobs again. The message says how that ends.');
    case 'taken':
      return takenReply(outcome.by);
    case 'gone':
      return sentence(GONE);
    case 'resolved':
      return sentence(RESOLVED);
    case 'merged':
      return sentence(MERGED);
    case 'too-often':
      return sentence(
        'GitHub runs a workflow run again 50 times at most, and this one is there. Push a commit, or start the workflow anew on GitHub.',
      );
    case 'not-permitted':
      return sentence(
        'GitHub does not let me run jobs again: the GitHub App lacks the permission "Actions: write" in this repository. Ask whoever manages GitHub to grant it; "View run" leads to the button on GitHub.',
      );
    case 'not-found':
      return sentence(
        'GitHub does not know this run any more, or does not show it to me, so nothing runs again. Was it deleted, or the app removed from the repository?',
      );
    case 'protected':
      return sentence(
        `Nothing was done: this run reaches the protected environment ${oneLine(outcome.environments.join(', '), 200)}, so only workspace owners and admins can run it again here. "View run" leads to the button on GitHub.`,
      );
    case 'untold':
      return sentence(
        `Nothing was done: the repository has protected environments, and I cannot tell whether this run reaches one, since ${UNTOLD_WORDS[outcome.why]}. So only workspace owners and admins can run it again here. "View run" leads to the button on GitHub.`,
      );
    case 'already-running':
      return sentence('This run is running again already: somebody started that on GitHub. Nothing was done.');
    case 'refused':
      return sentence(
        'GitHub does not run this again: the run is too old (30 days), or its jobs cannot be run again. Push a commit, or start the workflow anew on GitHub.',
      );
    default:
      return outcome satisfies never;
  }
}

const UNTOLD_WORDS: Record<Untold, string> = {
  hidden: 'GitHub does not show me all of them',
  'merged-file': 'it did not run the workflow of its own commit, as with a pull request',
  'called-workflow': 'it calls another workflow',
  'unreadable-file': 'I cannot read its workflow',
  'computed-name': 'its workflow makes up the name of an environment as it runs',
};

function takenReply(by: UserId): Message {
  return said('Somebody has started that already.', [
    person(by),
    text(' has started that already, so nothing was done twice.'),
  ]);
}

function said(fallback: string, spans: Span[]): Message {
  return message(fallback, [paragraph(...spans)]);
}
