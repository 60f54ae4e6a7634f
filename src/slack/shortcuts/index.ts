import type { App, MessageShortcut } from '@slack/bolt';
import { SHORTCUT } from '../../messages/action-ids.ts';
import type { ListenerContext, RequestContext } from '../listener.ts';
import { summarizeLinked } from './summarize-run.ts';

type Chosen = { body: MessageShortcut; request: RequestContext & { requestKey?: string } };
type ShortcutListener = (context: ListenerContext, chosen: Chosen) => Promise<void>;

/** Everything of ours in the menu of a message; a test compares it with slack-manifest.yml. */
const SHORTCUTS: Record<(typeof SHORTCUT)[keyof typeof SHORTCUT], ShortcutListener> = {
  [SHORTCUT.summarizeRun]: summarizeLinked,
};

export function registerShortcuts(app: App, context: ListenerContext): void {
  for (const [callbackId, listener] of Object.entries(SHORTCUTS)) {
    app.shortcut<MessageShortcut>({ type: 'message_action', callback_id: callbackId }, ({ body, context: request }) =>
      listener(context, { body, request }),
    );
  }
}
