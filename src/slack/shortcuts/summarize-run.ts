import type { MessageShortcut } from '@slack/bolt';
import type { Message } from '../../domain/message.ts';
import { noLinkMessage } from '../../messages/mention.ts';
import { lookingMessage } from '../../messages/progress.ts';
import { requestSummary } from '../../pipeline/request.ts';
import { findLinkedTargets } from '../links.ts';
import { askerOf, channelOf, isAllowed, type ListenerContext, type RequestContext } from '../listener.ts';

/** "Summarize this run" in the menu of a message: explains the first run that the message links to, to whoever chose it. */
export async function summarizeLinked(
  context: ListenerContext,
  { body, request }: { body: MessageShortcut; request: RequestContext & { requestKey?: string } },
): Promise<void> {
  const { ports, options } = context;
  const asker = askerOf(request, body.user.id);
  const { response_url: responseUrl, message } = body;
  const say = (words: Message) => context.respond(responseUrl, words, { replaceOriginal: false });
  if (!(await isAllowed(context, { asker, action: 'summary.request', refuse: say }))) return;
  const [target, ...others] = findLinkedTargets(message, options.githubSites());
  if (target === undefined)
    return say(
      noLinkMessage(
        options
          .githubSites()
          .map(({ webUrl }) => new URL(webUrl).host)
          .join(' or '),
      ),
    );
  await say(lookingMessage(target));
  await requestSummary(ports, {
    ...asker,
    channelId: channelOf(body.channel.id),
    target,
    responseUrl,
    requestKey: request.requestKey ?? body.trigger_id,
    // An app's message is one that an answer might replace.
    ...(message['bot_id'] !== undefined && { isAppended: true }),
    ...(others.length > 0 && { oneOf: others.length + 1 }),
  });
}
