import type { BlockAction, ButtonAction } from '@slack/bolt';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { Message, Modal } from '../../domain/message.ts';
import { answersModal } from '../../messages/answers-modal.ts';
import { settingsModal } from '../../messages/modals.ts';
import { rerunModal } from '../../messages/rerun-modal.ts';
import { askerOf, isAllowed, type ListenerContext, type RequestContext } from '../listener.ts';
import { readSettingsState, versionOf } from '../settings-state.ts';
import { writeSettingsWindow } from '../views/windows.ts';

interface Click {
  action: ButtonAction;
  body: BlockAction;
  request: RequestContext;
}

/** A click on "Edit" below the settings. */
export function editSettings(context: ListenerContext, click: Click): Promise<void> {
  return openWindow(context, click, async (workspaceId) => {
    const state = await readSettingsState(context.ports, workspaceId);
    return { version: versionOf(state.settings), draw: (metadata) => settingsModal(state, metadata) };
  });
}

/** A click on "Edit re-runs" there. */
export function editReruns(context: ListenerContext, click: Click): Promise<void> {
  return openWindow(context, click, async (workspaceId) => {
    const open = await context.ports.settings.openReruns(workspaceId);
    return { version: versionOf(open), draw: (metadata) => rerunModal(open, metadata) };
  });
}

/** A click on "Edit answers" there. */
export function editAnswers(context: ListenerContext, click: Click): Promise<void> {
  return openWindow(context, click, async (workspaceId) => {
    const answers = await context.ports.settings.githubAnswers(workspaceId);
    return { version: versionOf(answers), draw: (metadata) => answersModal(answers, metadata) };
  });
}

/** What a window shows, and the version of it by which it is known whether somebody changed it meanwhile. */
interface Shown {
  version: string;
  draw: (metadata: string) => Modal;
}

async function openWindow(
  context: ListenerContext,
  { body, request }: Click,
  read: (workspaceId: WorkspaceId) => Promise<Shown>,
): Promise<void> {
  const asker = askerOf(request, body.user.id);
  const { workspaceId } = asker;
  const { response_url: responseUrl } = body;
  const say = (message: Message) => context.respond(responseUrl, message, { replaceOriginal: false });
  if (!(await isAllowed(context, { asker, action: 'settings.manage', refuse: say }))) return;
  const { version, draw } = await read(workspaceId);
  const window = writeSettingsWindow({ workspaceId, responseUrl, version });
  await context.ports.messenger.openModal(workspaceId, body.trigger_id, draw(window));
}
