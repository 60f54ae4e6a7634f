import type { BlockAction, ButtonAction } from '@slack/bolt';
import { SummaryId } from '../../domain/ids.ts';
import type { Message } from '../../domain/message.ts';
import { OPINIONS, type Opinion } from '../../domain/reasoning.ts';
import { feedbackReply } from '../../messages/feedback.ts';
import { reasonModal } from '../../messages/modals.ts';
import { askerOf, isAllowed, type ListenerContext, type RequestContext } from '../listener.ts';
import { writeFeedbackWindow } from '../views/windows.ts';

/** A thumb up or down on a summary. A thumb down counts at once; the window that follows asks for a reason, which nobody has to give. */
export async function judgeSummary(
  context: ListenerContext,
  { action, body, request }: { action: ButtonAction; body: BlockAction; request: RequestContext },
): Promise<void> {
  const { feedback, messenger, log } = context.ports;
  const asker = askerOf(request, body.user.id);
  const { workspaceId, userId } = asker;
  const { response_url: responseUrl } = body;
  const say = (message: Message) => context.respond(responseUrl, message, { replaceOriginal: false });
  if (!(await isAllowed(context, { asker, action: 'summary.judge', refuse: say }))) return;
  const word = readWord(action.value);
  const isKept = word !== null && (await feedback.give(workspaceId, { ...word, userId, reason: null }));
  if (!isKept) return say(feedbackReply({ kind: 'gone' }));
  if (word.opinion === 'down') {
    const window = writeFeedbackWindow({ workspaceId, responseUrl, summaryId: word.summaryId });
    // The thumb is kept; without the window only the reason is not asked for.
    await messenger
      .openModal(workspaceId, body.trigger_id, reasonModal(window))
      .catch((error: unknown) =>
        log.warn({ workspaceId, err: error }, 'Reason of a thumb down could not be asked for'),
      );
  }
  await say(feedbackReply({ kind: 'noted', opinion: word.opinion }));
}

/** `up:SUMMARY`, as our own buttons say it. */
function readWord(value: string | undefined): { opinion: Opinion; summaryId: SummaryId } | null {
  const [name, id] = (value ?? '').split(':');
  const opinion = OPINIONS.find((each) => each === name);
  const summaryId = SummaryId.safeParse(id);
  return opinion !== undefined && summaryId.success ? { opinion, summaryId: summaryId.data } : null;
}
