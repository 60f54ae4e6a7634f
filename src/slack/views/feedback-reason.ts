import { authorize } from '../../auth/authorize.ts';
import { refusedWords } from '../../messages/errors.ts';
import { feedbackReply } from '../../messages/feedback.ts';
import { problemWords, REASON_FIELD, REASON_MAX, strangeModal, wordsModal } from '../../messages/modals.ts';
import { clean } from '../../messages/text.ts';
import type { ListenerContext } from '../listener.ts';
import type { Submission, SubmitOutcome } from './submission.ts';
import { FeedbackWindow, readWindow } from './windows.ts';

/** "Send" in the window that follows a thumb down; the thumb was kept before. */
export async function keepReason(
  { ports, respond }: ListenerContext,
  { asker, metadata, values }: Submission,
): Promise<SubmitOutcome> {
  const { workspaceId, userId } = asker;
  const window = readWindow(FeedbackWindow, { metadata, workspaceId });
  if (window === null) {
    ports.log.warn({ ...asker }, 'Window for a reason is not of this workspace');
    return { answer: { kind: 'show', view: strangeModal() } };
  }
  const role = await authorize(ports, asker, 'summary.judge');
  if (role.kind === 'refused') {
    ports.log.info({ ...asker, action: 'summary.judge', role: role.role }, 'Refused: the role does not suffice');
    return { answer: { kind: 'show', view: wordsModal('Nothing was changed', refusedWords(role.needs)) } };
  }
  const reason = clean(values.get(REASON_FIELD) ?? '').trim();
  if (reason === '') return { answer: { kind: 'close' } };
  if (reason.length > REASON_MAX) {
    const words = problemWords({ kind: 'too-long', most: REASON_MAX });
    return { answer: { kind: 'errors', errors: { [REASON_FIELD]: words } } };
  }
  const { summaryId, responseUrl } = window;
  const isKept = await ports.feedback.give(workspaceId, { summaryId, userId, opinion: 'down', reason });
  const reply = feedbackReply({ kind: isKept ? 'reason-noted' : 'gone' });
  return {
    answer: { kind: 'close' },
    afterwards: () => respond(responseUrl, reply, { replaceOriginal: false }),
  };
}
