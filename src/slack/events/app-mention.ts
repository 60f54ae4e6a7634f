import { setTimeout as sleep } from 'node:timers/promises';
import type { AppMentionEvent } from '@slack/types';
import type { Action } from '../../auth/policy.ts';
import { MessageTs, TeamId, type ChannelId } from '../../domain/ids.ts';
import type { SummaryTarget } from '../../domain/jobs.ts';
import type { Message } from '../../domain/message.ts';
import { SlackUnavailableError } from '../../errors.ts';
import { cannotAnswerHereMessage, mentionHelpMessage, unclearMentionMessage } from '../../messages/mention.ts';
import { sendOrSimpler } from '../../notify/post-once.ts';
import { channelObstacle } from '../../notify/subscribe.ts';
import { requestSummary } from '../../pipeline/request.ts';
import type { Question } from '../command.ts';
import { answerFlaky } from '../commands/flaky.ts';
import { answerStatus } from '../commands/status.ts';
import { askerOf, channelOf, isAllowed, type ListenerContext, type RequestContext } from '../listener.ts';
import { readMention, type Mention } from '../mention.ts';

/** Somebody's words to us, and where they stand. */
interface Spoken extends Question {
  /** Names this message, whichever event tells of it: Slack tells of an edited one again. */
  key: string;
  /** The thread in which it stands; null for a message of the channel itself. */
  within: MessageTs | null;
  /** The thread in which we answer. */
  threadTs: MessageTs;
  /** Of whoever speaks; null where Slack does not tell. */
  teamId: TeamId | null;
}

const NEEDS = {
  help: 'help.read',
  unclear: 'help.read',
  unreadable: 'summary.request',
  status: 'status.read',
  flaky: 'status.read',
  summarize: 'summary.request',
} as const satisfies Record<Mention['kind'], Action>;

/**
 * Somebody mentioned us in a channel: the answer stands in a thread below, for all who read there. What concerns the asker alone is
 * said to them alone. Bots are not listened to, so that two of them cannot talk for ever.
 */
export async function appMentioned(
  context: ListenerContext,
  event: AppMentionEvent,
  request: RequestContext,
): Promise<void> {
  if (event.bot_id !== undefined || event.user === undefined) return;
  const asker = askerOf(request, event.user);
  const channelId = channelOf(event.channel);
  const ts = MessageTs.parse(event.ts);
  const within = event.thread_ts === undefined ? null : MessageTs.parse(event.thread_ts);
  const place = { channelId, ...(within && { threadTs: within }) };
  const say = (message: Message) => context.ports.messenger.whisper(asker, place, message);
  const key = `mention:${asker.workspaceId}:${channelId}:${ts}`;
  const mention = readMention(event.text, context.options.githubSites());
  const teamId = TeamId.safeParse(request.teamId).data ?? null;
  const spoken: Spoken = { ...context, asker, channelId, say, key, within, threadTs: within ?? ts, teamId };
  if (!(await isAllowed(context, { asker, action: NEEDS[mention.kind], refuse: say }))) return;
  await answerMention(spoken, mention);
}

async function answerMention(spoken: Spoken, mention: Mention): Promise<void> {
  const { ports, asker, channelId, say } = spoken;
  if (mention.kind === 'unclear') return say(unclearMentionMessage());
  if (mention.kind === 'unreadable') return say(mention.answer);
  const obstacle = await channelObstacle(ports, asker, channelId);
  if (obstacle !== null) return say(cannotAnswerHereMessage(obstacle.kind));
  switch (mention.kind) {
    case 'help':
      return post(spoken, mentionHelpMessage());
    case 'status':
      return post(spoken, await answerStatus(spoken, mention.word));
    case 'flaky':
      return post(spoken, await answerFlaky(spoken, mention.word));
    case 'summarize':
      return summarize(spoken, mention.target);
    default:
      return mention satisfies never;
  }
}

async function post({ ports, asker, channelId, threadTs, key }: Spoken, message: Message | null): Promise<void> {
  if (message === null) return;
  const place = { channelId, threadTs };
  const send = (form: Message) =>
    ports.messenger.post(asker.workspaceId, place, form, { eventType: 'cortex_reply', key });
  await inItsTurn(() => sendOrSimpler(message, send));
}

/** A busy channel takes our words a little later. Whoever was told to wait has certainly not been heard. */
async function inItsTurn<Result>(send: () => Promise<Result>): Promise<Result> {
  for (let left = MOST_TURNS; ; left -= 1) {
    try {
      return await send();
    } catch (error) {
      const waitMs = error instanceof SlackUnavailableError ? error.retryAfterMs : undefined;
      if (waitMs === undefined || waitMs > LONGEST_TURN_MS || left <= 1) throw error;
      await sleep(waitMs);
    }
  }
}

const MOST_TURNS = 5;
const LONGEST_TURN_MS = 10_000;

async function summarize(spoken: Spoken, named: SummaryTarget | null): Promise<void> {
  const { ports, asker, channelId, key, threadTs, teamId } = spoken;
  const isNamed = named !== null && !(named.kind === 'called' && named.isVague === true);
  const target = (isNamed ? null : await failureOfThread(spoken, channelId)) ?? named ?? { kind: 'channel' };
  const post = { threadTs, ...(teamId && { teamId }) };
  await requestSummary(ports, { ...asker, channelId, target, requestKey: key, post });
}

/** The run that failed last, of the failure whose message stands above the thread. */
async function failureOfThread({ ports, asker, within }: Spoken, channelId: ChannelId): Promise<SummaryTarget | null> {
  if (within === null) return null;
  const { workspaceId } = asker;
  const thread = await ports.threads.findByMessage(workspaceId, channelId, within);
  const failure = thread && (await ports.failures.find(workspaceId, thread.failureId));
  if (failure === null) return null;
  const { repository, last } = failure;
  return { kind: 'run', repository, runId: last.runId, attempt: last.attempt };
}
