import type { StoredMessage } from '../contract.ts';
import { type Fields, isFields, textOf } from '../fields.ts';
import { addMessage, findMessage, withIds } from '../messages.ts';
import { refuseMessage } from '../validation/validate.ts';
import type { Channel } from '../world.ts';
import { metadataOf, postableChannel } from './chat.ts';
import { ApiFailure, requireText, throwRefusal, visibleChannel, type Method, type MethodCall } from './method.ts';

// docs.slack.dev/reference/methods/chat.startStream, chat.appendStream, chat.stopStream.

const LONGEST_TEXT = 12_000;
const STATUSES = ['pending', 'in_progress', 'complete', 'error'];

const startStream: Method = {
  scopes: ['chat:write'],
  run(call) {
    const { world, args, team } = call;
    const channel = postableChannel(call);
    const threadTs = requireText(args, 'thread_ts');
    if (channel.directWith === null) {
      for (const name of ['recipient_team_id', 'recipient_user_id']) {
        if (textOf(args, name) === '') throw new ApiFailure(`missing_${name}`);
      }
      if (!world.members.has(textOf(args, 'recipient_user_id'))) throw new ApiFailure('user_not_found');
    }
    const chunks = chunksOf(call);
    const botUserId = world.teams.get(channel.teamId)?.botUserId ?? team.botUserId;
    const message = addMessage(world, channel, { userId: botUserId, botId: team.botId, text: '', threadTs });
    world.streams.add(message.ts);
    apply(message, chunks);
    world.changed();
    return { channel: channel.id, ts: message.ts };
  },
};

const appendStream: Method = {
  scopes: ['chat:write'],
  run(call) {
    const { channel, message } = streamOf(call);
    const chunks = chunksOf(call);
    if (chunks.length === 0) throw new ApiFailure('invalid_arguments');
    apply(message, chunks);
    call.world.changed();
    return { channel: channel.id, ts: message.ts };
  },
};

const stopStream: Method = {
  scopes: ['chat:write'],
  run(call) {
    const { world, args } = call;
    const { channel, message } = streamOf(call);
    const chunks = chunksOf(call);
    const blocks = args['blocks'] ?? [];
    if (!Array.isArray(blocks)) throw new ApiFailure('invalid_blocks_format');
    if (blocks.length > 0) throwRefusal(world, 'chat.stopStream', refuseMessage({ text: 'a stream', blocks }));
    apply(message, chunks);
    message.blocks = [...message.blocks, ...withIds(blocks.filter(isFields))];
    message.metadata = metadataOf(args);
    world.streams.delete(message.ts);
    world.changed();
    return { channel: channel.id, ts: message.ts };
  },
};

function streamOf(call: MethodCall): { channel: Channel; message: StoredMessage } {
  const channel = visibleChannel(call, requireText(call.args, 'channel'));
  const message = findMessage(channel, requireText(call.args, 'ts'));
  if (message === undefined) throw new ApiFailure('message_not_found');
  if (message.botId !== call.team.botId) throw new ApiFailure('message_not_owned_by_app');
  if (!call.world.streams.has(message.ts)) throw new ApiFailure('message_not_in_streaming_state');
  return { channel, message };
}

/** What a call adds; words come as `markdown_text` or as a chunk of that type. */
function chunksOf({ args }: MethodCall): Fields[] {
  const markdown = textOf(args, 'markdown_text');
  const sent = args['chunks'] ?? [];
  if (!Array.isArray(sent) || !sent.every(isFields)) throw new ApiFailure('invalid_chunks');
  const chunks = [...(markdown === '' ? [] : [{ type: 'markdown_text', text: markdown }]), ...sent];
  for (const chunk of chunks) {
    if (textOf(chunk, 'text').length > LONGEST_TEXT) throw new ApiFailure('msg_too_long');
    if (!isChunk(chunk)) throw new ApiFailure('invalid_chunks');
  }
  return chunks;
}

function isChunk(chunk: Fields): boolean {
  switch (chunk['type']) {
    case 'markdown_text':
      return textOf(chunk, 'text') !== '';
    case 'task_update':
      return textOf(chunk, 'id') !== '' && textOf(chunk, 'title') !== '' && STATUSES.includes(textOf(chunk, 'status'));
    default:
      return false;
  }
}

/** A task is one block, which what is said of it later replaces. */
function apply(message: StoredMessage, chunks: readonly Fields[]): void {
  for (const chunk of chunks) {
    if (chunk['type'] === 'markdown_text') message.text += textOf(chunk, 'text');
    else {
      const { id, title, status } = chunk;
      const [block] = withIds([{ type: 'task_card', task_id: id, title, status }]);
      const at = message.blocks.findIndex((known) => known['task_id'] === id);
      if (block !== undefined) message.blocks.splice(at < 0 ? message.blocks.length : at, at < 0 ? 0 : 1, block);
    }
  }
}

export const STREAM_METHODS: Readonly<Record<string, Method>> = {
  'chat.startStream': startStream,
  'chat.appendStream': appendStream,
  'chat.stopStream': stopStream,
};
