import type { StoredMessage } from '../contract.ts';
import { type Fields, isFields, textOf } from '../fields.ts';
import { findLinks, findMessage, withIds } from '../messages.ts';
import { refuseMessage } from '../validation/validate.ts';
import { ApiFailure, throwRefusal, type Method, type MethodCall } from './method.ts';

/** docs.slack.dev/reference/methods/chat.unfurl: by channel and ts, or by the unfurl_id and source of the event. */
const unfurl: Method = {
  scopes: ['links:write'],
  run(call) {
    const message = unfurledMessage(call);
    const unfurls = call.args['unfurls'];
    if (unfurls === undefined) throw new ApiFailure('missing_unfurls');
    if (!isFields(unfurls)) throw new ApiFailure('invalid_unfurls_format');
    const links = new Set(findLinks(message).map(({ url }) => url));
    const added = Object.entries(unfurls).map(([url, attachment]) => {
      if (!links.has(url)) throw new ApiFailure('cannot_unfurl_url');
      return attachmentOf(call, url, attachment);
    });
    const replaced = new Set(Object.keys(unfurls));
    const kept = message.attachments.filter((attachment) => !replaced.has(textOf(attachment, 'app_unfurl_url')));
    message.attachments = [...kept, ...added];
    call.world.changed();
    return {};
  },
};

function attachmentOf({ world, team }: MethodCall, url: string, attachment: unknown): Fields {
  if (!isFields(attachment)) throw new ApiFailure('cannot_parse_attachment');
  const { blocks } = attachment;
  const fallback = textOf(attachment, 'fallback');
  throwRefusal(world, 'chat.unfurl', refuseMessage({ text: fallback, blocks }));
  const shown = Array.isArray(blocks) ? withIds(blocks.filter(isFields)) : [];
  return { ...attachment, blocks: shown, is_app_unfurl: true, app_unfurl_url: url, from_url: url, bot_id: team.botId };
}

function unfurledMessage({ world, args }: MethodCall): StoredMessage {
  const unfurlId = textOf(args, 'unfurl_id');
  const named =
    unfurlId === '' ? { channel: textOf(args, 'channel'), ts: textOf(args, 'ts') } : world.unfurls.get(unfurlId);
  if (named === undefined) throw new ApiFailure('invalid_unfurl_id');
  if (unfurlId !== '' && textOf(args, 'source') === '') throw new ApiFailure('missing_source');
  if (named.channel === '') throw new ApiFailure('missing_channel');
  if (named.ts === '') throw new ApiFailure('missing_ts');
  const channel = world.channels.get(named.channel);
  if (channel === undefined) throw new ApiFailure('cannot_find_channel');
  const message = findMessage(channel, named.ts);
  if (message === undefined) throw new ApiFailure('cannot_find_message');
  return message;
}

export const UNFURL_METHODS: Readonly<Record<string, Method>> = { 'chat.unfurl': unfurl };
