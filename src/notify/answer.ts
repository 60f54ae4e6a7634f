import type { MessageTs, RepositoryName } from '../domain/ids.ts';
import type { AnswerStage, JobPayload, NamedTarget, SummaryTarget } from '../domain/jobs.ts';
import type { Message } from '../domain/message.ts';
import type { Place, Ports } from '../domain/ports.ts';
import type { Run } from '../domain/run.ts';
import { ChannelUnavailableError } from '../errors.ts';
import {
  cannotPostAnswer,
  firstOfSeveral,
  noFailingRunAnswer,
  noFailureHereAnswer,
  notFailingAnswer,
  notFoundAnswer,
  nothingCalledAnswer,
  nothingSubscribedAnswer,
  notVisibleAnswer,
  postedAnswer,
  postedReply,
  summaryAnswer,
} from '../messages/answer.ts';
import type { FailureReport } from '../messages/diagnosis.ts';
import { limitedMessage, summaryFailedMessage } from '../messages/errors.ts';
import { lookingMessage, stageMessage, waitingMessage } from '../messages/progress.ts';
import { appendStage, endStream, openStream, type StreamDeps } from './answer-stream.ts';
import { sendOrSimpler } from './post-once.ts';

/** What came of a person's question. */
export type AnswerOutcome =
  | ({ kind: 'summary' } & FailureReport)
  | { kind: 'no-failing-run'; target: NamedTarget }
  | { kind: 'not-found'; target: NamedTarget }
  | { kind: 'not-visible'; repository: RepositoryName }
  | { kind: 'nothing-subscribed' }
  | { kind: 'no-failure-here'; branch?: string | undefined }
  | { kind: 'nothing-called'; name: string; repository?: RepositoryName | undefined }
  | { kind: 'run-not-failing'; run: Run }
  | { kind: 'failed'; errorId: string }
  /** GitHub answers nothing for so long. */
  | { kind: 'limited'; waitMs: number };

/** Who asked, and where the answer goes. */
export type UserRequest = Pick<
  JobPayload<'answer-request'>,
  'workspaceId' | 'channelId' | 'userId' | 'responseUrl' | 'post' | 'isAppended' | 'oneOf'
>;

type Deps = StreamDeps & Pick<Ports, 'log'>;
type OpenDeps = Deps & Pick<Ports, 'posts'>;

/** A post that was begun so long ago is looked for no more. */
const POST_REMEMBERED_MS = 60 * 60_000;

/**
 * Answers a person: for their eyes only, or where all see it if they wanted that and there is something to see. Throws
 * SlackUnavailableError, or MessageGoneError after 30 minutes.
 */
export async function answer(deps: Deps, request: UserRequest, outcome: AnswerOutcome): Promise<void> {
  const { responseUrl, post, userId, oneOf } = request;
  const message = oneOf === undefined ? answerMessage(outcome) : firstOfSeveral(answerMessage(outcome), oneOf);
  const isForAll = post !== undefined && (outcome.kind === 'summary' || responseUrl === undefined);
  if (!isForAll) return await answerPrivately(deps, request, message);
  try {
    const shown = outcome.kind === 'summary' ? postedAnswer(message, userId) : message;
    await showToAll(deps, request, { message: shown, hasFailed: outcome.kind === 'failed' });
  } catch (error) {
    if (!(error instanceof ChannelUnavailableError)) throw error;
    deps.log.info({ channelId: request.channelId, reason: error.reason }, 'Answer could not be posted in the channel');
    return await answerPrivately(deps, request, cannotPostAnswer(message));
  }
  await answerPrivately(deps, request, postedReply());
}

/** Says how far the answer has come. */
export async function tellProgress(
  { messenger }: Pick<Ports, 'messenger'>,
  { workspaceId, channelId, responseUrl, post }: UserRequest,
  stage: AnswerStage,
): Promise<void> {
  if (responseUrl !== undefined) return await messenger.respond(responseUrl, stageMessage(stage));
  if (post?.ts === undefined) return;
  const place = { channelId, ts: post.ts };
  if (post.isStream === true) await appendStage({ messenger }, { workspaceId, place }, stage);
  else await messenger.update(workspaceId, place, stageMessage(stage));
}

/** The message in the channel that becomes the answer. */
export type OpenedAnswer = { ts: MessageTs; isStream: boolean };

/** Says that the answer has to wait, and how long; a stream goes on to show the step that it is at. */
export async function tellWaiting(
  { messenger }: Pick<Ports, 'messenger'>,
  { workspaceId, channelId, responseUrl, post }: UserRequest,
  waitMs: number,
): Promise<void> {
  if (responseUrl !== undefined) return await messenger.respond(responseUrl, waitingMessage(waitMs));
  if (post?.ts === undefined || post.isStream === true) return;
  await messenger.update(workspaceId, { channelId, ts: post.ts }, waitingMessage(waitMs));
}

/**
 * Says in the channel that we are on it; the message becomes the answer. A reply to a person is streamed where Slack takes that. Throws
 * ChannelUnavailableError.
 */
export async function openAnswer(deps: OpenDeps, request: UserRequest, target: SummaryTarget): Promise<OpenedAnswer> {
  const streamed = await openStream(deps, request);
  if (streamed !== null) return { ts: streamed, isStream: true };
  return {
    ts: await postOnceFor(deps, request, { name: 'progress', message: lookingMessage(target) }),
    isStream: false,
  };
}

async function answerPrivately(
  { messenger }: Pick<Ports, 'messenger'>,
  { responseUrl, isAppended }: UserRequest,
  message: Message,
): Promise<void> {
  if (responseUrl === undefined) return;
  await sendOrSimpler(message, (form) => messenger.respond(responseUrl, form, { isAppended }));
}

async function showToAll(
  deps: Deps,
  request: UserRequest,
  { message, hasFailed }: { message: Message; hasFailed: boolean },
): Promise<void> {
  const { workspaceId, channelId, post } = request;
  if (post?.ts === undefined) {
    await postOnceFor(deps, request, { name: 'answer', message });
    return;
  }
  const place = { channelId, ts: post.ts };
  const isOver = post.isStream === true && (await endStream(deps, request, { ts: post.ts, message, hasFailed }));
  if (!isOver) await sendOrSimpler(message, (form) => deps.messenger.update(workspaceId, place, form));
}

/** Should the job be tried again after it posted, the post is looked for first, as far as we may look. */
async function postOnceFor(
  { messenger, receipts, lease }: Deps,
  { workspaceId, channelId, post }: UserRequest,
  { name, message }: { name: 'answer' | 'progress'; message: Message },
): Promise<MessageTs> {
  const place: Place = { channelId, ...(post?.threadTs && { threadTs: post.threadTs }) };
  const key = { eventType: 'cortex_reply', key: `${name}:${lease.jobId}` } as const;
  const isFirst = await receipts.isFirst(`post:${key.key}`, POST_REMEMBERED_MS);
  const found = isFirst ? null : await messenger.findPosted(workspaceId, place, key);
  return found ?? (await sendOrSimpler(message, (form) => messenger.post(workspaceId, place, form, key)));
}

function answerMessage(outcome: AnswerOutcome): Message {
  switch (outcome.kind) {
    case 'summary':
      return summaryAnswer(outcome);
    case 'no-failing-run':
      return noFailingRunAnswer(outcome.target);
    case 'not-found':
      return notFoundAnswer(outcome.target);
    case 'not-visible':
      return notVisibleAnswer(outcome.repository);
    case 'nothing-subscribed':
      return nothingSubscribedAnswer();
    case 'no-failure-here':
      return noFailureHereAnswer(outcome.branch);
    case 'nothing-called':
      return nothingCalledAnswer(outcome);
    case 'run-not-failing':
      return notFailingAnswer(outcome.run);
    case 'failed':
      return summaryFailedMessage(outcome.errorId);
    case 'limited':
      return limitedMessage(outcome.waitMs);
    default:
      return outcome satisfies never;
  }
}
