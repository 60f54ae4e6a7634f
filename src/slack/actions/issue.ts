import type { BlockAction, ButtonAction } from '@slack/bolt';
import { issueModal, issueReply } from '../../messages/issue.ts';
import { findShown } from '../../notify/shown.ts';
import { channelOf, isAllowed, type ListenerContext, type RequestContext } from '../listener.ts';
import { writeIssueWindow } from '../views/windows.ts';
import { findOpenFailure, readFailureClick } from './on-failure.ts';

/** A click on "Create issue…": the issue that there is, or the window for a new one. */
export async function openIssue(
  context: ListenerContext,
  { action, body, request }: { action: ButtonAction; body: BlockAction; request: RequestContext },
): Promise<void> {
  const { ports } = context;
  const click = readFailureClick(context, { body, request, failureId: action.value });
  const { asker, say } = click;
  if (!(await isAllowed(context, { asker, action: 'failure.create-issue', refuse: say }))) return;
  const failure = await findOpenFailure(context, click);
  if (failure === null) return;
  const { workspaceId } = asker;
  const issue = await ports.issues.find(workspaceId, failure.id);
  if (issue !== null) return say(issueReply({ kind: 'existing', issue }));
  const { response_url: responseUrl, trigger_id: triggerId } = body;
  const channelId = channelOf(body.channel?.id);
  const window = writeIssueWindow({ workspaceId, responseUrl, failureId: failure.id, channelId });
  const shown = await findShown(ports, workspaceId, failure);
  await ports.messenger.openModal(workspaceId, triggerId, issueModal({ failure, shown }, window));
}
