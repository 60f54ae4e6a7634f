import type { BlockAction, ButtonAction } from '@slack/bolt';
import { SummaryId } from '../../domain/ids.ts';
import type { Message } from '../../domain/message.ts';
import { fullAnalysisModal, noAnalysisReply } from '../../messages/full-analysis.ts';
import { findAnalysis } from '../../notify/full-analysis.ts';
import { askerOf, isAllowed, type ListenerContext, type RequestContext } from '../listener.ts';

/** A click on "Full analysis" opens all that is known of a failure in a window. */
export async function openFullAnalysis(
  context: ListenerContext,
  { action, body, request }: { action: ButtonAction; body: BlockAction; request: RequestContext },
): Promise<void> {
  const { ports } = context;
  const asker = askerOf(request, body.user.id);
  const { workspaceId } = asker;
  const say = (message: Message) => context.respond(body.response_url, message, { replaceOriginal: false });
  if (!(await isAllowed(context, { asker, action: 'summary.read', refuse: say }))) return;
  const summaryId = SummaryId.safeParse(action.value);
  const report = summaryId.success ? await findAnalysis(ports, workspaceId, summaryId.data) : null;
  if (report === null) return say(noAnalysisReply());
  await ports.messenger.openModal(workspaceId, body.trigger_id, fullAnalysisModal(report));
}
