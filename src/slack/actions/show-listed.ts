import type { BlockAction, ButtonAction } from '@slack/bolt';
import { z } from 'zod';
import { FailureId } from '../../domain/ids.ts';
import type { Message } from '../../domain/message.ts';
import { showListedReply } from '../../messages/roundup.ts';
import { showListed } from '../../notify/show-listed.ts';
import { askerOf, channelOf, isAllowed, type ListenerContext, type RequestContext } from '../listener.ts';

/** What a menu sends: docs.slack.dev/reference/block-kit/block-elements/select-menu-element. */
const Chosen = z.object({ selected_option: z.object({ value: FailureId }) });

/** A choice in the menu of a roundup: that failure is told of in a message of its own. */
export async function showListedFailure(
  context: ListenerContext,
  { action, body, request }: { action: ButtonAction; body: BlockAction; request: RequestContext },
): Promise<void> {
  const asker = askerOf(request, body.user.id);
  const say = (message: Message) => context.respond(body.response_url, message, { replaceOriginal: false });
  if (!(await isAllowed(context, { asker, action: 'summary.request', refuse: say }))) return;
  const chosen = Chosen.safeParse(action);
  if (!chosen.success) return say(showListedReply('gone'));
  const failureId = chosen.data.selected_option.value;
  await say(
    showListedReply(await showListed(context.ports, { asker, channelId: channelOf(body.channel?.id), failureId })),
  );
}
