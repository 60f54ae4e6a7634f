import type { BlockAction, ButtonAction } from '@slack/bolt';
import type { Message } from '../../domain/message.ts';
import { answersModal } from '../../messages/answers-modal.ts';
import { askerOf, isAllowed, type ListenerContext, type RequestContext } from '../listener.ts';
import { versionOf } from '../settings-state.ts';
import { writeSettingsWindow } from '../views/windows.ts';

/** A click on "Edit answers" below the settings. */
export async function editAnswers(
  context: ListenerContext,
  { body, request }: { action: ButtonAction; body: BlockAction; request: RequestContext },
): Promise<void> {
  const asker = askerOf(request, body.user.id);
  const { workspaceId } = asker;
  const { response_url: responseUrl } = body;
  const say = (message: Message) => context.respond(responseUrl, message, { replaceOriginal: false });
  if (!(await isAllowed(context, { asker, action: 'settings.manage', refuse: say }))) return;
  const answers = await context.ports.settings.githubAnswers(workspaceId);
  const window = writeSettingsWindow({ workspaceId, responseUrl, version: versionOf(answers) });
  await context.ports.messenger.openModal(workspaceId, body.trigger_id, answersModal(answers, window));
}
