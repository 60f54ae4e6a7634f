import type { StoredMessage } from '../contract.ts';
import { type Fields, isFields, textOf } from '../fields.ts';
import { addMessage, editMessage, findMessage, messageJson, removeMessage } from '../messages.ts';
import { refuseMessage } from '../validation/validate.ts';
import { type Channel, directChannel } from '../world.ts';
import {
  ApiFailure,
  hasApp,
  requireText,
  throwRefusal,
  visibleChannel,
  type Method,
  type MethodCall,
} from './method.ts';

interface Content {
  text: string;
  blocks: Fields[];
}

/** Text and blocks of a call, checked. `markdown_text` becomes the block that Slack makes of it. */
function contentOf({ world, args }: MethodCall, method: string): Content {
  const text = textOf(args, 'text');
  const markdown = textOf(args, 'markdown_text');
  if (markdown !== '' && (text !== '' || args['blocks'] !== undefined)) throw new ApiFailure('markdown_text_conflict');
  const sent = markdown === '' ? args['blocks'] : [{ type: 'markdown', text: markdown }];
  if (typeof sent === 'string') throw new ApiFailure('invalid_blocks_format');
  throwRefusal(world, method, refuseMessage({ text, blocks: sent }));
  return { text: text || markdown, blocks: Array.isArray(sent) ? sent.filter(isFields) : [] };
}

/**
 * Where the app may post: in channels it is in, in any public one with `chat:write.public`, and by a person's id to that
 * person, which no other method understands.
 */
export function postableChannel(call: MethodCall): Channel {
  const id = requireText(call.args, 'channel');
  const member = call.world.members.get(id);
  const isReachable = member !== undefined && !member.isBot && !member.isDeleted;
  const channel = visibleChannel(call, isReachable ? directChannel(call.world, id).id : id);
  if (channel.isArchived) throw new ApiFailure('is_archived');
  const isOpen = !channel.isPrivate && call.grant.scopes.includes('chat:write.public');
  if (!hasApp(call.world, channel) && !isOpen) throw new ApiFailure('not_in_channel');
  return channel;
}

const postMessage: Method = {
  scopes: ['chat:write'],
  run(call) {
    const { world, args } = call;
    const channel = postableChannel(call);
    const content = contentOf(call, 'chat.postMessage');
    const message = addMessage(world, channel, {
      ...content,
      userId: botOf(call, channel),
      botId: call.team.botId,
      threadTs: textOf(args, 'thread_ts') || null,
      metadata: metadataOf(args),
    });
    return { channel: channel.id, ts: message.ts, message: messageJson(message, world, { withMetadata: true }) };
  },
};

function botOf({ world, team }: MethodCall, channel: Channel): string {
  return world.teams.get(channel.teamId)?.botUserId ?? team.botUserId;
}

/** What an app keeps with a message for itself. */
export function metadataOf(args: Fields): Fields | null {
  const metadata = args['metadata'];
  if (metadata === undefined) return null;
  if (!isFields(metadata) || textOf(metadata, 'event_type') === '' || !isFields(metadata['event_payload'])) {
    throw new ApiFailure('invalid_metadata_format');
  }
  return metadata;
}

const postEphemeral: Method = {
  scopes: ['chat:write'],
  run(call) {
    const { world, args, team } = call;
    const channel = postableChannel(call);
    const user = requireText(args, 'user');
    if (!channel.members.has(user)) throw new ApiFailure('user_not_in_channel');
    const message = addMessage(world, channel, {
      ...contentOf(call, 'chat.postEphemeral'),
      userId: botOf(call, channel),
      botId: team.botId,
      threadTs: textOf(args, 'thread_ts') || null,
      ephemeralFor: user,
    });
    return { message_ts: message.ts };
  },
};

/** The app's own message; an ephemeral one cannot be found again. */
function ownMessage(call: MethodCall, channel: Channel, refusal: string): StoredMessage {
  const message = findMessage(channel, requireText(call.args, 'ts'));
  if (!message || message.ephemeralFor) throw new ApiFailure('message_not_found');
  if (message.botId !== call.team.botId) throw new ApiFailure(refusal);
  return message;
}

const update: Method = {
  scopes: ['chat:write'],
  run(call) {
    const { world, args } = call;
    const channel = visibleChannel(call, requireText(call.args, 'channel'));
    const message = ownMessage(call, channel, 'cant_update_message');
    if (channel.isArchived) throw new ApiFailure('is_archived');
    if (world.streams.has(message.ts)) throw new ApiFailure('streaming_state_conflict');
    const content = contentOf(call, 'chat.update');
    const metadata = args['metadata'] === undefined ? {} : { metadata: metadataOf(args) };
    editMessage(world, message, { ...content, ...metadata });
    return { channel: channel.id, ts: message.ts, text: message.text, message: messageJson(message, world) };
  },
};

const remove: Method = {
  scopes: ['chat:write'],
  run(call) {
    const channel = visibleChannel(call, requireText(call.args, 'channel'));
    const message = ownMessage(call, channel, 'cant_delete_message');
    removeMessage(call.world, channel, message);
    return { channel: channel.id, ts: message.ts };
  },
};

const getPermalink: Method = {
  run(call) {
    const channel = visibleChannel(call, requireText(call.args, 'channel'));
    const message = findMessage(channel, requireText(call.args, 'message_ts'));
    if (!message) throw new ApiFailure('message_not_found');
    return { channel: channel.id, permalink: permalink(call.url, message) };
  },
};

/** The address of a message on the page. */
export function permalink(url: string, message: StoredMessage): string {
  const query = new URLSearchParams({
    team: message.teamId,
    channel: message.channelId,
    thread: message.threadTs ?? message.ts,
  });
  return `${url}?${query.toString()}`;
}

export const CHAT_METHODS: Readonly<Record<string, Method>> = {
  'chat.postMessage': postMessage,
  'chat.postEphemeral': postEphemeral,
  'chat.update': update,
  'chat.delete': remove,
  'chat.getPermalink': getPermalink,
};
