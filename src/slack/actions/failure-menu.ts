import type { BlockAction, ButtonAction } from '@slack/bolt';
import { z } from 'zod';
import type { Modal } from '../../domain/message.ts';
import { MENU_CHOICE } from '../../messages/action-ids.ts';
import { assignModal, markFlakyModal, snoozeModal } from '../../messages/failure-modals.ts';
import { actionReply } from '../../messages/handling-replies.ts';
import { ACTION_NEEDS } from '../failure-needs.ts';
import { isAllowed, type ListenerContext, type RequestContext } from '../listener.ts';
import { writeFailureWindow } from '../views/windows.ts';
import { openMerge } from './merge.ts';
import { actOnFailure, findOpenFailure, readFailureClick, rerunFailure, type FailureClick } from './on-failure.ts';

/** What a menu sends: docs.slack.dev/reference/block-kit/block-elements/overflow-menu-element. */
const Chosen = z.object({ selected_option: z.object({ value: z.string() }) });

type WindowKind = 'assign' | 'snooze' | 'mark-flaky';

const WINDOWS: Record<WindowKind, (metadata: string) => Modal> = {
  assign: assignModal,
  snooze: snoozeModal,
  'mark-flaky': markFlakyModal,
};

/** A choice in the menu of a failure: `CHOICE:FAILURE`. */
export async function chooseInFailureMenu(
  context: ListenerContext,
  { action, body, request }: { action: ButtonAction; body: BlockAction; request: RequestContext },
): Promise<void> {
  const chosen = Chosen.safeParse(action);
  const [choice = '', failureId] = chosen.success ? chosen.data.selected_option.value.split(':') : [];
  const click = readFailureClick(context, { body, request, failureId });
  switch (choice) {
    case MENU_CHOICE.assign:
    case MENU_CHOICE.snooze:
    case MENU_CHOICE.markFlaky:
      return openWindow(context, { click, body, kind: choice });
    case MENU_CHOICE.merge:
      return openMerge(context, click, body);
    case MENU_CHOICE.unmarkFlaky:
      return actOnFailure(context, click, { kind: 'unmark-flaky' });
    case MENU_CHOICE.rerunWithDebug:
      return rerunFailure(context, click, true);
    default:
      return click.say(actionReply({ kind: 'gone' }, { kind: 'unmark-flaky' }));
  }
}

/** Opens the window in which the rest is said, for a person who may, about a failure that is still open. */
async function openWindow(
  context: ListenerContext,
  { click, body, kind }: { click: FailureClick; body: BlockAction; kind: WindowKind },
): Promise<void> {
  const { asker, say } = click;
  const { ports } = context;
  if (!(await isAllowed(context, { asker, action: ACTION_NEEDS[kind], refuse: say }))) return;
  const { workspaceId } = asker;
  const failure = await findOpenFailure(context, click);
  if (failure === null) return;
  const metadata = writeFailureWindow({ workspaceId, responseUrl: body.response_url, failureId: failure.id });
  await ports.messenger.openModal(workspaceId, body.trigger_id, WINDOWS[kind](metadata));
}
