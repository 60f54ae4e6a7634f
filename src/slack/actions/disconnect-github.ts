import type { BlockAction, ButtonAction } from '@slack/bolt';
import { InstallationId } from '../../domain/ids.ts';
import type { Message } from '../../domain/message.ts';
import { MalformedRequestError } from '../../errors.ts';
import { disconnectedReply } from '../../messages/connect.ts';
import { askerOf, isAllowed, type ListenerContext, type RequestContext } from '../listener.ts';

/** A click on "Disconnect" at a GitHub account, after Slack has asked whether it is meant. Two clicks are one. */
export async function disconnectGitHub(
  context: ListenerContext,
  { action, body, request }: { action: ButtonAction; body: BlockAction; request: RequestContext },
): Promise<void> {
  const asker = askerOf(request, body.user.id);
  const say = (message: Message) => context.respond(body.response_url, message, { replaceOriginal: false });
  if (!(await isAllowed(context, { asker, action: 'github.connect', refuse: say }))) return;
  const installationId = InstallationId.safeParse(Number(action.value)).data;
  if (installationId === undefined) throw new MalformedRequestError('A button names no installation');
  const { installations, clock, log } = context.ports;
  const isEnded = await installations.disconnect(asker, installationId, clock.now());
  log.info({ ...asker, installationId, isEnded }, 'Person ended the link to a GitHub installation');
  await say(disconnectedReply(installationId, isEnded));
}
