import type { TaskUpdateChunk } from '@slack/types';
import { MessageTs, type WorkspaceId } from '../domain/ids.ts';
import type { StreamStep } from '../domain/message.ts';
import type { Messenger, Place } from '../domain/ports.ts';
import type { Call, SlackClients } from './clients.ts';
import { fromCode, slackCode } from './errors.ts';

interface StreamParts {
  clients: SlackClients;
  /** Posting, when it is our turn in the channel. */
  inTurn: <Answer>(workspaceId: WorkspaceId, channelId: Place['channelId'], call: Call<Answer>) => Promise<Answer>;
}

/** The stream was stopped before, by us or by Slack after a while. */
const ENDED = new Set(['message_not_in_streaming_state', 'message_not_owned_by_app']);

/** Messages that show how far work has come: docs.slack.dev/reference/methods/chat.startStream. */
export function createStreams({
  clients,
  inTurn,
}: StreamParts): Pick<Messenger, 'startStream' | 'appendStream' | 'stopStream'> {
  return {
    startStream: (workspaceId, { channelId, threadTs, userId, teamId }, { steps, mayBegin }) =>
      inTurn(workspaceId, channelId, async (client, { token }) => {
        if (!(await mayBegin())) return null;
        try {
          const { ts } = await client.chat.startStream({
            token,
            channel: channelId,
            thread_ts: threadTs,
            recipient_team_id: teamId,
            recipient_user_id: userId,
            task_display_mode: 'timeline',
            chunks: chunksOf(steps),
          });
          return MessageTs.parse(ts);
        } catch (error) {
          if (isKnownTrouble(error)) throw error;
          return null;
        }
      }),
    async appendStream(workspaceId, { channelId, ts }, steps) {
      await clients.write(workspaceId, (client, { token }) =>
        client.chat.appendStream({ token, channel: channelId, ts, chunks: chunksOf(steps) }),
      );
    },
    stopStream: (workspaceId, { channelId, ts }, { steps, message, key }) =>
      clients.write(workspaceId, async (client, { token }) => {
        try {
          await client.chat.stopStream({
            token,
            channel: channelId,
            ts,
            chunks: chunksOf(steps),
            blocks: message.blocks,
            metadata: { event_type: key.eventType, event_payload: { key: key.key } },
          });
          return 'stopped';
        } catch (error) {
          if (ENDED.has(slackCode(error) ?? '')) return 'ended';
          throw error;
        }
      }),
  };
}

/** What an ordinary message would meet as well; with anything else that Slack has against a stream, one may still get through. */
function isKnownTrouble(error: unknown): boolean {
  const code = slackCode(error);
  if (code === null) return true;
  return code !== 'missing_scope' && !REFUSALS.has(code) && fromCode(code, null) !== null;
}

/** Of what streams are made of. */
const REFUSALS = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_too_long', 'no_text', 'no_permission']);

const STATUSES = { 'in-hand': 'in_progress', done: 'complete', failed: 'error' } as const;

function chunksOf(steps: readonly StreamStep[]): TaskUpdateChunk[] {
  return steps.map(({ id, title, state }) => ({ type: 'task_update', id, title, status: STATUSES[state] }));
}
