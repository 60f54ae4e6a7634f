import type { BlockAction, ButtonAction } from '@slack/bolt';
import type { Message } from '../../domain/message.ts';
import { unlinkedReply } from '../../messages/identity.ts';
import { unlinkAccounts } from '../../notify/identity.ts';
import { askerOf, isAllowed, type ListenerContext, type RequestContext } from '../listener.ts';

/** A click on "Remove" at one's own GitHub accounts. */
export async function unlinkOwnAccounts(
  context: ListenerContext,
  { body, request }: { action: ButtonAction; body: BlockAction; request: RequestContext },
): Promise<void> {
  const asker = askerOf(request, body.user.id);
  const say = (message: Message) => context.respond(body.response_url, message, { replaceOriginal: false });
  if (!(await isAllowed(context, { asker, action: 'identity.claim', refuse: say }))) return;
  await say(unlinkedReply(await unlinkAccounts(context.ports, asker)));
}
