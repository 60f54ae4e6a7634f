import type { BlockAction, ButtonAction } from '@slack/bolt';
import { SummaryId } from '../../domain/ids.ts';
import type { Message } from '../../domain/message.ts';
import { reanalyzeReply } from '../../messages/progress.ts';
import { analyzeAgain } from '../../pipeline/request.ts';
import { askerOf, channelOf, isAllowed, type ListenerContext, type RequestContext } from '../listener.ts';

/** A click on "Re-analyze": another look, by the larger model. The role is asked for now, not when the message was posted. */
export async function reanalyze(
  context: ListenerContext,
  { action, body, request }: { action: ButtonAction; body: BlockAction; request: RequestContext },
): Promise<void> {
  const asker = askerOf(request, body.user.id);
  const { response_url: responseUrl } = body;
  const say = (message: Message) => context.respond(responseUrl, message, { replaceOriginal: false });
  if (!(await isAllowed(context, { asker, action: 'summary.reanalyze', refuse: say }))) return;
  const summaryId = SummaryId.safeParse(action.value);
  if (!summaryId.success) return say(reanalyzeReply('unknown-summary'));
  // An answer that only one person sees has no thread and no subscription: the new one goes to where it stands.
  const isPrivate = body.container['is_ephemeral'] === true;
  const answerTo = isPrivate && { answerTo: { channelId: channelOf(body.channel?.id), responseUrl } };
  const wants = { tier: 'large' } as const;
  const outcome = await analyzeAgain(context.ports, { ...asker, summaryId: summaryId.data, wants, ...answerTo });
  await say(reanalyzeReply(outcome.kind));
}
