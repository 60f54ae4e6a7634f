import type { BlockAction, ButtonAction } from '@slack/bolt';
import { planLooks } from '../../analysis/another-look.ts';
import { SummaryId } from '../../domain/ids.ts';
import type { Message } from '../../domain/message.ts';
import { reanalyzeModal, reanalyzeReply } from '../../messages/reanalysis.ts';
import { askerOf, channelOf, isAllowed, type ListenerContext, type RequestContext } from '../listener.ts';
import { writeReanalyzeWindow } from '../views/windows.ts';

/** A click on "Re-analyze" opens the window that asks who looks again. */
export async function reanalyze(
  context: ListenerContext,
  { action, body, request }: { action: ButtonAction; body: BlockAction; request: RequestContext },
): Promise<void> {
  const { summaries, settings, models, messenger } = context.ports;
  const asker = askerOf(request, body.user.id);
  const { workspaceId } = asker;
  const { response_url: responseUrl } = body;
  const say = (message: Message) => context.respond(responseUrl, message, { replaceOriginal: false });
  if (!(await isAllowed(context, { asker, action: 'summary.reanalyze', refuse: say }))) return;
  const summaryId = SummaryId.safeParse(action.value);
  const summary = summaryId.success ? await summaries.find(workspaceId, summaryId.data) : null;
  if (summary === null) return say(reanalyzeReply({ kind: 'unknown-summary' }));
  const latest = (await summaries.findLatest(workspaceId, summary.run)) ?? summary;
  const looks = planLooks(latest.diagnosis.authorship, { models, settings: await settings.reasoning(workspaceId) });
  // An answer that only one person sees has no thread and no subscription: the new one goes to where it stands.
  const isPrivate = body.container['is_ephemeral'] === true;
  const window = writeReanalyzeWindow({
    workspaceId,
    responseUrl,
    summaryId: summary.id,
    ...(isPrivate && { channelId: channelOf(body.channel?.id) }),
  });
  await messenger.openModal(workspaceId, body.trigger_id, reanalyzeModal(looks, window));
}
