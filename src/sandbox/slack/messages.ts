import type { SharedFile, StoredMessage } from './contract.ts';
import { type Fields, isFields, listOf, textOf } from './fields.ts';
import { newId, type Channel, type World } from './world.ts';

export interface NewMessage {
  userId: string;
  botId?: string | null;
  text: string;
  blocks?: readonly Fields[];
  attachments?: readonly Fields[];
  files?: readonly SharedFile[];
  threadTs?: string | null;
  metadata?: Fields | null;
  ephemeralFor?: string | null;
}

/** Stores a message and counts it at its parent. */
export function addMessage(world: World, channel: Channel, message: NewMessage): StoredMessage {
  const parent = message.threadTs ? findMessage(channel, message.threadTs) : undefined;
  const stored: StoredMessage = {
    ts: world.nextTs(),
    channelId: channel.id,
    teamId: channel.teamId,
    userId: message.userId,
    botId: message.botId ?? null,
    text: message.text,
    blocks: withIds(message.blocks ?? []),
    attachments: structuredClone([...(message.attachments ?? [])]),
    files: [...(message.files ?? [])],
    threadTs: parent?.threadTs ?? message.threadTs ?? null,
    edited: null,
    metadata: message.metadata ?? null,
    reactions: {},
    ephemeralFor: message.ephemeralFor ?? null,
    replyCount: 0,
  };
  channel.messages.push(stored);
  countReplies(channel, stored.threadTs);
  world.changed();
  return stored;
}

/** The addresses in a message's words, each once, with the host of each. */
export function findLinks({ text }: Pick<StoredMessage, 'text'>): Array<{ url: string; domain: string }> {
  const found = [...text.matchAll(/https?:\/\/[^\s<>|]+/gu)].map(([url]) => url.replace(/[.,;:!?)]+$/u, ''));
  return [...new Set(found)].flatMap((url) => (URL.canParse(url) ? [{ url, domain: new URL(url).hostname }] : []));
}

export function editMessage(
  world: World,
  message: StoredMessage,
  change: { text: string; blocks: readonly Fields[]; metadata?: Fields | null },
): void {
  message.text = change.text;
  message.blocks = withIds(change.blocks);
  if (change.metadata !== undefined) message.metadata = change.metadata;
  message.edited = { user: message.userId, ts: `${Math.floor(world.now() / 1000)}.000000` };
  world.changed();
}

export function removeMessage(world: World, channel: Channel, message: StoredMessage): void {
  channel.messages = channel.messages.filter((other) => other !== message);
  countReplies(channel, message.threadTs);
  world.changed();
}

export function findMessage(channel: Channel, ts: string): StoredMessage | undefined {
  return channel.messages.find((message) => message.ts === ts);
}

/** The parent and its replies that everybody sees, oldest first. */
export function threadOf(channel: Channel, ts: string): StoredMessage[] {
  return channel.messages.filter(
    (message) => message.ephemeralFor === null && (message.ts === ts || message.threadTs === ts),
  );
}

function countReplies(channel: Channel, threadTs: string | null): void {
  const parent = threadTs ? findMessage(channel, threadTs) : undefined;
  if (parent) parent.replyCount = threadOf(channel, parent.ts).length - 1;
}

/** Slack gives a block and each interactive element an id where the app gave none. */
export function withIds(blocks: readonly Fields[]): Fields[] {
  return structuredClone([...blocks]).map((block) => {
    giveActionIds(block);
    return { ...block, block_id: textOf(block, 'block_id') || newId('b') };
  });
}

const INTERACTIVE =
  /^(button|icon_button|feedback_buttons|overflow|checkboxes|radio_buttons|.*(_input|_select|picker))$/u;

function giveActionIds(value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) giveActionIds(item);
    return;
  }
  if (!isFields(value)) return;
  if (INTERACTIVE.test(textOf(value, 'type')) && !value['action_id']) value['action_id'] = newId('a');
  for (const child of Object.values(value)) giveActionIds(child);
}

/** How Slack's API shows a message. */
export function messageJson(message: StoredMessage, world: World, options: { withMetadata?: boolean } = {}): Fields {
  const json: Fields = {
    type: 'message',
    user: message.userId,
    ts: message.ts,
    text: message.text,
    team: message.teamId,
  };
  if (message.botId) Object.assign(json, { bot_id: message.botId, app_id: world.appId });
  if (message.blocks.length > 0) json['blocks'] = message.blocks;
  if (message.attachments.length > 0) json['attachments'] = message.attachments;
  if (message.files.length > 0) json['files'] = message.files.map(({ id, name, title }) => ({ id, name, title }));
  if (message.threadTs) json['thread_ts'] = message.threadTs;
  if (message.replyCount > 0) {
    const channel = world.channels.get(message.channelId);
    const replies = channel ? threadOf(channel, message.ts).slice(1) : [];
    Object.assign(json, { thread_ts: message.ts, reply_count: message.replyCount, latest_reply: replies.at(-1)?.ts });
    json['reply_users'] = [...new Set(replies.map((reply) => reply.userId))];
  }
  if (message.edited) json['edited'] = message.edited;
  if (options.withMetadata && message.metadata) json['metadata'] = message.metadata;
  const reactions = Object.entries(message.reactions);
  if (reactions.length > 0)
    json['reactions'] = reactions.map(([name, users]) => ({ name, users, count: users.length }));
  return json;
}

/** Every element under these blocks that has an action id, with its block. */
export function elementsOf(blocks: readonly Fields[]): Array<{ block: Fields; element: Fields }> {
  return blocks.flatMap((block) => {
    const own = [...listOf(block, 'elements'), block['element'], block['accessory']].filter(isFields);
    const found = own.filter((element) => element['action_id']).map((element) => ({ block, element }));
    const inner = [...listOf(block, 'child_blocks'), ...listOf(block, 'actions')];
    const cards = textOf(block, 'type') === 'carousel' ? listOf(block, 'elements') : [];
    const buttons = listOf(block, 'actions').map((element) => ({ block, element }));
    return [...found, ...buttons, ...elementsOf([...inner, ...cards].filter((child) => !child['action_id']))];
  });
}
