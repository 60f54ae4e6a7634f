import type { BlockAction, ButtonAction } from '@slack/bolt';
import type { Message } from '../../domain/message.ts';
import { settingsModal } from '../../messages/modals.ts';
import { askerOf, isAllowed, type ListenerContext, type RequestContext } from '../listener.ts';
import { readSettingsState, versionOf } from '../settings-state.ts';
import { writeSettingsWindow } from '../views/windows.ts';

/** A click on "Edit" below the settings. */
export async function editSettings(
  context: ListenerContext,
  { body, request }: { action: ButtonAction; body: BlockAction; request: RequestContext },
): Promise<void> {
  const asker = askerOf(request, body.user.id);
  const { workspaceId } = asker;
  const { response_url: responseUrl } = body;
  const say = (message: Message) => context.respond(responseUrl, message, { replaceOriginal: false });
  if (!(await isAllowed(context, { asker, action: 'settings.manage', refuse: say }))) return;
  const state = await readSettingsState(context.ports, workspaceId);
  const window = writeSettingsWindow({ workspaceId, responseUrl, version: versionOf(state.settings) });
  await context.ports.messenger.openModal(workspaceId, body.trigger_id, settingsModal(state, window));
}
