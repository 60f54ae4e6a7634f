import type { ChannelId, MessageTs, WorkspaceId } from '../domain/ids.ts';
import { ANSWER_STAGES, type AnswerStage, type JobPayload, type Lease } from '../domain/jobs.ts';
import type { Message } from '../domain/message.ts';
import type { Ports } from '../domain/ports.ts';
import { answerSteps } from '../messages/progress.ts';
import { sendOrSimpler } from './post-once.ts';

export type StreamDeps = Pick<Ports, 'messenger' | 'receipts'> & {
  lease: Lease;
  /** An earlier try of this job was cut off, or failed. */
  isRepeat?: boolean;
  /** The stages that this try has reached. */
  reached?: readonly AnswerStage[];
};

type Request = Pick<JobPayload<'answer-request'>, 'workspaceId' | 'channelId' | 'userId' | 'post'>;

/** As long as it can matter what was shown. */
const REMEMBER_MS = 60 * 60_000;

/** Under which a stage of an answer is remembered once it was shown. */
export function stageKey({ jobId }: Lease, stage: AnswerStage): string {
  return `progress:${jobId}:${stage}`;
}

/**
 * Begins a reply to a person that shows its steps; null where an ordinary message has to do. A stream has no key until it is stopped, so
 * its name is kept at once: a second try goes on with it, and one that does not know whether the first began one begins none.
 */
export async function openStream(
  { messenger, posts, lease }: Pick<Ports, 'messenger' | 'posts'> & { lease: Lease },
  { workspaceId, channelId, userId, post: { threadTs, teamId } = {} }: Request,
): Promise<MessageTs | null> {
  if (threadTs === undefined || teamId === undefined) return null;
  const kept = { channelId, key: `stream:${lease.jobId}` };
  const earlier: { ts: MessageTs | null } = { ts: null };
  const mayBegin = async (): Promise<boolean> => {
    const { ts, state } = await posts.reserve(workspaceId, lease, kept);
    earlier.ts = ts;
    return ts === null && state === 'new';
  };
  const place = { channelId, threadTs, userId, teamId };
  const ts = await messenger.startStream(workspaceId, place, { steps: answerSteps([], 'in-hand'), mayBegin });
  if (ts !== null) await posts.setTs(workspaceId, lease, { ...kept, ts, shown: null });
  return ts ?? earlier.ts;
}

/** Shows that a stage was reached, and so those before it are done. */
export async function appendStage(
  { messenger }: Pick<Ports, 'messenger'>,
  { workspaceId, place }: { workspaceId: WorkspaceId; place: { channelId: ChannelId; ts: MessageTs } },
  stage: AnswerStage,
): Promise<void> {
  await messenger.appendStream(workspaceId, place, answerSteps(upTo(stage), 'in-hand'));
}

/** Ends it with the answer. False where it ended before, by an earlier try or by Slack: then it is a message like any other. */
export async function endStream(
  deps: StreamDeps,
  { workspaceId, channelId }: Request,
  { ts, message, hasFailed }: { ts: MessageTs; message: Message; hasFailed: boolean },
): Promise<boolean> {
  const steps = answerSteps(await shownStages(deps), hasFailed ? 'failed' : 'done');
  const key = { eventType: 'cortex_reply', key: `answer:${deps.lease.jobId}` } as const;
  const outcome = await sendOrSimpler(message, (form) =>
    deps.messenger.stopStream(workspaceId, { channelId, ts }, { steps, message: form, key }),
  );
  return outcome === 'stopped';
}

/** What stands in the message: an earlier try may have come further than this one, which found its result. */
async function shownStages({ receipts, lease, isRepeat = false, reached = [] }: StreamDeps): Promise<AnswerStage[]> {
  for (const stage of ANSWER_STAGES.toReversed()) {
    const isShown = isRepeat && !(await receipts.isFirst(stageKey(lease, stage), REMEMBER_MS));
    if (isShown || reached.includes(stage)) return upTo(stage);
  }
  return [];
}

function upTo(stage: AnswerStage): AnswerStage[] {
  return ANSWER_STAGES.slice(0, ANSWER_STAGES.indexOf(stage) + 1);
}
