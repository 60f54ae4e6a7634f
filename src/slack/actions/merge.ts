import type { BlockAction, ButtonAction } from '@slack/bolt';
import { FailureId } from '../../domain/ids.ts';
import { actionReply } from '../../messages/handling-replies.ts';
import { mergeModal, nothingToMergeReply, splitReply } from '../../messages/merging.ts';
import { mergeChoices, splitFailure } from '../../notify/merge.ts';
import { channelOf, isAllowed, type ListenerContext, type RequestContext } from '../listener.ts';
import { writeFailureWindow } from '../views/windows.ts';
import { findOpenFailure, readFailureClick, type FailureClick } from './on-failure.ts';

/** "Merge…" in the menu: opens the window that offers the other open failures of the repository. */
export async function openMerge(context: ListenerContext, click: FailureClick, body: BlockAction): Promise<void> {
  const { ports } = context;
  const { asker, say } = click;
  if (!(await isAllowed(context, { asker, action: 'failure.merge', refuse: say }))) return;
  const failure = await findOpenFailure(context, click);
  if (failure === null) return;
  const { workspaceId } = asker;
  const others = await mergeChoices(ports, { workspaceId, channelId: channelOf(body.channel?.id) }, failure);
  if (others.length === 0) return say(nothingToMergeReply());
  const metadata = writeFailureWindow({ workspaceId, responseUrl: body.response_url, failureId: failure.id });
  await ports.messenger.openModal(workspaceId, body.trigger_id, mergeModal(others, metadata));
}

/** A click on "Split again". */
export async function split(
  context: ListenerContext,
  { action, body, request }: { action: ButtonAction; body: BlockAction; request: RequestContext },
): Promise<void> {
  const { asker, failureId, say } = readFailureClick(context, { body, request, failureId: action.value });
  if (!(await isAllowed(context, { asker, action: 'failure.merge', refuse: say }))) return;
  const id = FailureId.safeParse(failureId);
  if (!id.success) return say(actionReply({ kind: 'gone' }, { kind: 'acknowledge' }));
  await say(splitReply(await splitFailure(context.ports, { asker, failureId: id.data })));
}
