// oxlint-disable unicorn/require-post-message-target-origin -- chat.postMessage is Slack's, not the browser's
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { ChannelId, MessageTs, UserId, type WorkspaceId } from '../domain/ids.ts';
import type { MessageKey } from '../domain/message.ts';
import type { Messenger, Place } from '../domain/ports.ts';
import { ChannelUnavailableError, SlackUnavailableError } from '../errors.ts';
import type { Call, SlackClients } from './clients.ts';
import { shareFile } from './files.ts';
import type { Lanes } from './lanes.ts';
import type { Respond } from './respond.ts';
import { createStreams } from './streams.ts';

/** How far back a message is looked for after a crash: it was posted seconds before. */
const LOOK_BACK = 100;

const OwnMessages = z.object({
  messages: z
    .array(
      z.object({
        ts: MessageTs,
        bot_id: z.string().optional(),
        metadata: z
          .object({ event_type: z.string(), event_payload: z.object({ key: z.unknown() }) })
          .optional()
          .catch(undefined),
      }),
    )
    .default([]),
});

interface MessengerParts {
  clients: SlackClients;
  lanes: Lanes;
  respond: Respond;
}

/** Posting, through Slack's Web API. */
export function createMessenger({ clients, lanes, respond }: MessengerParts): Messenger {
  const inTurn = async <Answer>(
    workspaceId: WorkspaceId,
    channelId: Place['channelId'],
    call: Call<Answer>,
  ): Promise<Answer> => {
    await lanes.enter(workspaceId, channelId);
    try {
      return await clients.write(workspaceId, call);
    } catch (error) {
      if (error instanceof SlackUnavailableError && error.retryAfterMs !== undefined) {
        lanes.pause(workspaceId, channelId, error.retryAfterMs);
      }
      throw error;
    }
  };
  return {
    post: (workspaceId, { channelId, threadTs }, { text, blocks }, { eventType, key }) =>
      inTurn(workspaceId, channelId, async (client, { token }) => {
        const { ts } = await client.chat.postMessage({
          token,
          channel: channelId,
          text,
          blocks,
          metadata: { event_type: eventType, event_payload: { key } },
          mrkdwn: false,
          unfurl_links: false,
          unfurl_media: false,
          ...(threadTs && { thread_ts: threadTs }),
        });
        return MessageTs.parse(ts);
      }),
    update: (workspaceId, { channelId, ts, onTurn }, { text, blocks }) =>
      inTurn(workspaceId, channelId, async (client, { token }) => {
        await onTurn?.();
        await client.chat.update({ token, channel: channelId, ts, text, blocks });
      }),
    attach: (workspaceId, place, sharing) =>
      inTurn(workspaceId, place.channelId, (client, { token }) => shareFile(client, { token, place, ...sharing })),
    async unfurl(workspaceId, { channelId, ts }, previews) {
      const unfurls = Object.fromEntries(
        previews.map(({ url, message: { text, blocks } }) => [url, { fallback: text, blocks }]),
      );
      await clients.write(workspaceId, (client, { token }) =>
        client.chat.unfurl({ token, channel: channelId, ts, unfurls }),
      );
    },
    ...createStreams({ clients, inTurn }),
    findPosted: (workspaceId, place, key) => findPosted(clients, { workspaceId, place, key }),
    async whisper({ workspaceId, userId }, { channelId, threadTs }, { text, blocks }) {
      await clients.write(workspaceId, (client, { token }) =>
        client.chat.postEphemeral({
          token,
          channel: channelId,
          user: userId,
          text,
          blocks,
          ...(threadTs && { thread_ts: threadTs }),
        }),
      );
    },
    respond: (responseUrl, message, { isAppended = false } = {}) =>
      respond(responseUrl, message, { replaceOriginal: !isAppended }),
    async publishHome({ workspaceId, userId }, view) {
      await clients.write(workspaceId, (client, { token }) => client.views.publish({ token, user_id: userId, view }));
    },
    // A trigger is good for one window, within three seconds of the click or command that it came with.
    async openModal(workspaceId, triggerId, view) {
      await clients.write(workspaceId, (client, { token }) =>
        client.views.open({ token, trigger_id: triggerId, view }),
      );
    },
  };
}

/**
 * Looks through the newest messages for one of ours with this key. We do not ask for history scopes, so in most workspaces
 * Slack says `missing_scope`; a workspace that adds them to its own copy of the app gets this for free.
 */
async function findPosted(
  clients: SlackClients,
  { workspaceId, place, key }: { workspaceId: WorkspaceId; place: Place; key: MessageKey },
): Promise<MessageTs | null> {
  try {
    return await clients.read(workspaceId, async (client, { token, botId }) => {
      const { threadTs } = place;
      const channel = await conversationOf(client, token, place);
      const page = { token, channel, limit: LOOK_BACK, include_all_metadata: true };
      const answer =
        threadTs === undefined
          ? await client.conversations.history(page)
          : await client.conversations.replies({ ...page, ts: threadTs });
      const own = OwnMessages.parse(answer).messages.find(
        ({ bot_id: author, metadata }) =>
          (botId === null || author === botId) &&
          metadata?.event_type === key.eventType &&
          metadata.event_payload.key === key.key,
      );
      return own?.ts ?? null;
    });
  } catch (error) {
    if (error instanceof ChannelUnavailableError && error.reason === 'missing_scope') return null;
    throw error;
  }
}

/** A person can be posted to by their id; to read what was posted, the conversation has to be named, which is another scope. */
async function conversationOf(client: WebClient, token: string, { channelId }: Place): Promise<ChannelId> {
  const user = UserId.safeParse(channelId);
  if (!user.success) return ChannelId.parse(channelId);
  const { channel } = await client.conversations.open({ token, users: user.data });
  return ChannelId.parse(channel?.id);
}
