import type { StoredMessage } from '../contract.ts';
import { type Fields, flagOf, textOf } from '../fields.ts';
import { findMessage, messageJson, threadOf } from '../messages.ts';
import { directChannel, type Channel } from '../world.ts';
import {
  ApiFailure,
  hasApp,
  paged,
  requireScope,
  requireText,
  visibleChannel,
  type Method,
  type MethodCall,
} from './method.ts';

const READ_SCOPES = ['channels:read', 'groups:read'];

const readScopeOf = (channel: Channel) => [familyOf(channel, 'read')];
const historyScopeOf = (channel: Channel) => [familyOf(channel, 'history')];

function familyOf(channel: Channel, right: 'read' | 'history'): string {
  if (channel.directWith) return `im:${right}`;
  return channel.isPrivate ? `groups:${right}` : `channels:${right}`;
}

/** Private channels without the app do not exist for it, and a scope is asked for by the kind of channel. */
function readableChannel(call: MethodCall): Channel {
  const channel = visibleChannel(call, requireText(call.args, 'channel'));
  requireScope(call.grant, readScopeOf(channel));
  return channel;
}

function channelJson({ world }: MethodCall, channel: Channel): Fields {
  const { id, name, isPrivate, isArchived, isShared, directWith } = channel;
  if (directWith) return { id, is_im: true, user: directWith, is_archived: isArchived };
  return {
    id,
    name,
    name_normalized: name,
    is_channel: !isPrivate,
    is_group: isPrivate,
    is_im: false,
    is_mpim: false,
    is_private: isPrivate,
    is_archived: isArchived,
    is_general: false,
    is_member: hasApp(world, channel),
    is_shared: isShared,
    is_ext_shared: isShared,
    is_org_shared: false,
    context_team_id: channel.teamId,
    topic: { value: channel.topic, creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    num_members: channel.members.size,
  };
}

const info: Method = {
  run: (call) => ({ channel: channelJson(call, readableChannel(call)) }),
};

const list: Method = {
  scopes: READ_SCOPES,
  run(call) {
    const { world, args, team, grant } = call;
    const types = (textOf(args, 'types') || 'public_channel').split(',').map((type) => type.trim());
    if (types.includes('public_channel')) requireScope(grant, ['channels:read']);
    if (types.includes('private_channel')) requireScope(grant, ['groups:read']);
    const channels = [...world.channels.values()].filter(
      (channel) =>
        channel.teamId === team.id &&
        channel.directWith === null &&
        types.includes(channel.isPrivate ? 'private_channel' : 'public_channel') &&
        (!channel.isPrivate || hasApp(world, channel)) &&
        !(flagOf(args, 'exclude_archived') && channel.isArchived),
    );
    const { page, cursor } = paged(channels, args, 100);
    return { channels: page.map((channel) => channelJson(call, channel)), response_metadata: { next_cursor: cursor } };
  },
};

const members: Method = {
  run(call) {
    const channel = readableChannel(call);
    const { page, cursor } = paged([...channel.members], call.args, 100);
    return { members: page, response_metadata: { next_cursor: cursor } };
  },
};

const join: Method = {
  scopes: ['channels:join'],
  run(call) {
    const channel = visibleChannel(call, requireText(call.args, 'channel'));
    if (channel.isPrivate) throw new ApiFailure('method_not_supported_for_channel_type');
    if (channel.isArchived) throw new ApiFailure('is_archived');
    const wasIn = channel.members.has(call.team.botUserId);
    channel.members.add(call.team.botUserId);
    call.world.changed();
    const warning = wasIn ? { warning: 'already_in_channel' } : {};
    if (!wasIn) {
      const fields = { user: call.team.botUserId, channel: channel.id, channel_type: 'C', team: channel.teamId };
      call.announce('member_joined_channel', channel.teamId, fields);
    }
    return { channel: channelJson(call, channel), ...warning };
  },
};

const open: Method = {
  scopes: ['im:write'],
  run({ world, args }) {
    const user = requireText(args, 'users');
    if (!world.members.has(user)) throw new ApiFailure('user_not_found');
    return { channel: { id: directChannel(world, user).id } };
  },
};

/** What `oldest`, `latest` and `inclusive` let through. */
function withinTimes(args: Fields): (message: StoredMessage) => boolean {
  const oldest = textOf(args, 'oldest') || '0';
  const latest = textOf(args, 'latest') || '9999999999.999999';
  const isInclusive = flagOf(args, 'inclusive');
  return ({ ts }) =>
    (compareTs(ts, oldest) > 0 && compareTs(ts, latest) < 0) || (isInclusive && (ts === oldest || ts === latest));
}

function compareTs(one: string, other: string): number {
  const [oneSeconds = '0', oneMicros = '0'] = one.split('.');
  const [otherSeconds = '0', otherMicros = '0'] = other.split('.');
  return (
    Number(oneSeconds) - Number(otherSeconds) || Number(oneMicros.padEnd(6, '0')) - Number(otherMicros.padEnd(6, '0'))
  );
}

function historyChannel(call: MethodCall): Channel {
  const channel = visibleChannel(call, requireText(call.args, 'channel'));
  requireScope(call.grant, historyScopeOf(channel));
  if (!hasApp(call.world, channel)) throw new ApiFailure('not_in_channel');
  return channel;
}

function answerWith(call: MethodCall, messages: readonly StoredMessage[]): Fields {
  const { page, cursor } = paged(messages.filter(withinTimes(call.args)), call.args, 100);
  const options = { withMetadata: flagOf(call.args, 'include_all_metadata') };
  const json = page.map((message) => messageJson(message, call.world, options));
  return { messages: json, has_more: cursor !== '', response_metadata: { next_cursor: cursor } };
}

const history: Method = {
  run(call) {
    const channel = historyChannel(call);
    const shown = channel.messages.filter((message) => message.ephemeralFor === null && message.threadTs === null);
    return answerWith(call, shown.toReversed());
  },
};

const replies: Method = {
  run(call) {
    const channel = historyChannel(call);
    const asked = findMessage(channel, requireText(call.args, 'ts'));
    if (!asked || asked.ephemeralFor) throw new ApiFailure('thread_not_found');
    return answerWith(call, threadOf(channel, asked.threadTs ?? asked.ts));
  },
};

function reaction(method: 'add' | 'remove'): Method {
  return {
    scopes: ['reactions:write'],
    run(call) {
      const channel = visibleChannel(call, requireText(call.args, 'channel'));
      const message = findMessage(channel, requireText(call.args, 'timestamp'));
      if (!message) throw new ApiFailure('message_not_found');
      const name = requireText(call.args, 'name');
      const users = message.reactions[name] ?? [];
      const isThere = users.includes(call.team.botUserId);
      if (isThere === (method === 'add')) throw new ApiFailure(isThere ? 'already_reacted' : 'no_reaction');
      const others = users.filter((user) => user !== call.team.botUserId);
      const changed = isThere ? others : [...others, call.team.botUserId];
      const rest = Object.entries(message.reactions).filter(([other]) => other !== name);
      message.reactions = Object.fromEntries(changed.length > 0 ? [...rest, [name, changed]] : rest);
      call.world.changed();
      return {};
    },
  };
}

export const CONVERSATION_METHODS: Readonly<Record<string, Method>> = {
  'conversations.info': info,
  'conversations.list': list,
  'conversations.members': members,
  'conversations.join': join,
  'conversations.open': open,
  'conversations.history': history,
  'conversations.replies': replies,
  'reactions.add': reaction('add'),
  'reactions.remove': reaction('remove'),
};
