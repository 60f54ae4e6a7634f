import { findingOf, type Summary } from '../domain/diagnosis.ts';
import type { Failure } from '../domain/failure.ts';
import type { MessageTs, ThreadId, WorkspaceId } from '../domain/ids.ts';
import type { JobPayload, NewJob } from '../domain/jobs.ts';
import type { Message } from '../domain/message.ts';
import type { Room } from '../domain/roundup.ts';
import type { Rule } from '../domain/rules/rule.ts';
import type { Run } from '../domain/run.ts';
import { jobsReply } from '../messages/jobs.ts';
import { excerptReply } from '../messages/excerpt.ts';
import { againReply, evidenceReply, reanalysisReply } from '../messages/thread.ts';
import { decideCalled } from './call.ts';
import type { DeliveryContext, Destination } from './context.ts';
import { findHush, holdBack, type Hush } from './hush.ts';
import { fittingRules } from './match.ts';
import { attachOverflow } from './overflow.ts';
import { hashOf, readParent, showParent, updateParent } from './parent.ts';
import { planReplies, REPLY, type ReplyStates } from './plan.ts';
import { parentKey, postOnce, replyOnce, reserveAndReply } from './post-once.ts';
import { listInRoundup } from './roundup.ts';
import { settle } from './settle.ts';
import { findSimilar } from './similar.ts';
import { isTooLate, planLinks } from './succession.ts';

/** A summary with what it belongs to, and the newest one of the same failure, which is what the parent shows. */
interface Story {
  failure: Failure;
  summary: Summary;
  run: Run;
  parent: Message;
}

/**
 * Job handler of `deliver-summary`: one parent message per failure and channel, which always says what is true now, and in
 * its thread what this summary adds. Every message has its own key, so a repeated job posts nothing twice. A channel that has no room for
 * another message has the failure listed in its roundup instead.
 */
export async function deliverSummary(
  context: DeliveryContext,
  { workspaceId, channelId, summaryId, isAsked = false, isDue = false }: JobPayload<'deliver-summary'>,
  room: Room,
): Promise<readonly NewJob[]> {
  const destination: Destination = { workspaceId, channelId };
  const summary = await context.summaries.find(workspaceId, summaryId);
  const failure = summary === null ? null : await context.failures.find(workspaceId, summary.failureId);
  if (summary === null || failure === null) {
    context.log.info({ workspaceId, summaryId }, 'Summary is gone, there is nothing to deliver');
    return [];
  }
  const rules = await findRules(context, destination, summary);
  if (rules === null) return [];
  if (!isAsked && (await isTooLate(context, destination, failure))) {
    context.log.info({ ...destination, failureId: failure.id }, 'A newer commit came to something else, not posted');
    return [];
  }
  // What was asked for, or waited for its time, is not to wait for another one.
  const told = { failure, rules: isAsked || isDue ? [] : rules };
  const hush = await findHush(context, destination, told);
  if (hush !== null) return await tellQuietly(context, destination, { told, summary, hush });
  await settle(context, destination, async () => {
    await tell(context, { destination, summary, rules, room: isAsked ? null : room });
    if (isAsked) await listInRoundup(context, destination, summary);
  });
  return await planLinks(context, destination, summary);
}

/** Edits the message that stands there; what would be new is held back, and is nothing to a snoozed thread. */
async function tellQuietly(
  context: DeliveryContext,
  destination: Destination,
  { told, summary, hush }: { told: { failure: Failure; rules: readonly Rule[] }; summary: Summary; hush: Hush },
): Promise<readonly NewJob[]> {
  const { workspaceId, channelId } = destination;
  const { failure } = told;
  const thread = await context.threads.find(workspaceId, channelId, failure.id);
  const ts = thread?.ts ?? null;
  if (thread !== null && ts !== null) {
    await settle(context, destination, async () => {
      const story = await readStory(context, destination, summary);
      if (story === null) return;
      const { run } = story;
      const standing = { id: thread.id, ts };
      await showParent(context, { destination, thread: standing, failureId: failure.id, fallback: { summary, run } });
    });
    return [];
  }
  if ((await context.roundups.findListed(workspaceId, channelId, failure.id)) !== null) {
    await listInRoundup(context, destination, summary);
    return [];
  }
  return hush.kind === 'snoozed'
    ? []
    : await holdBack(context, destination, { told, hold: hush, summaryId: summary.id });
}

async function readStory(context: DeliveryContext, destination: Destination, summary: Summary): Promise<Story | null> {
  const { workspaceId } = destination;
  const failure = await context.failures.find(workspaceId, summary.failureId);
  const run = await context.runs.find(workspaceId, summary.run);
  if (failure === null || run === null) return null;
  const parent = await readParent(context, destination, { failure, fallback: { summary, run } });
  return parent === null ? null : { failure, summary, run, parent };
}

/** The rules that fit; none where the channel has a message about this failure that would become untrue, and null where it has not. */
async function findRules(
  { workspaces, subscriptions, threads, runs }: DeliveryContext,
  { workspaceId, channelId }: Destination,
  summary: Summary,
): Promise<Rule[] | null> {
  if (!(await workspaces.isActive(workspaceId))) return null;
  const run = await runs.find(workspaceId, summary.run);
  const subscribed = await subscriptions.inChannel(workspaceId, channelId);
  const rules = run === null ? [] : fittingRules({ run, finding: findingOf(summary.diagnosis) }, subscribed);
  if (rules.length > 0) return rules;
  return (await threads.find(workspaceId, channelId, summary.failureId)) === null ? null : [];
}

interface Telling {
  destination: Destination;
  summary: Summary;
  /** Those that fit: they say whom a new message calls. */
  rules: readonly Rule[];
  /** Null where it is told whatever else was. */
  room: Room | null;
}

async function tell(context: DeliveryContext, { destination, summary, rules, room }: Telling): Promise<void> {
  const { threads, lease } = context;
  const { workspaceId, channelId } = destination;
  const { failureId } = summary;
  const reserved =
    room === null
      ? await threads.reserve(workspaceId, lease, channelId, failureId)
      : await threads.reserveIfRoom(workspaceId, lease, { channelId, failureId, room });
  if (reserved === null) return await listInRoundup(context, destination, summary);
  const { thread, state } = reserved;
  if (state === 'new' || state === 'resumed') {
    const run = await context.runs.find(workspaceId, summary.run);
    if (run !== null) await decideCalled(context, destination, { threadId: thread.id, run, rules });
  }
  // Read after the thread is reserved: a run that goes green from now on finds the thread and edits it, and one that went
  // green before is what we read. The other way round, red could stand for ever.
  const story = await readStory(context, destination, summary);
  if (story === null) return;
  const occurrence = REPLY.occurrence(story.summary);
  if (state === 'posted' && thread.ts !== null) {
    const standing = { id: thread.id, ts: thread.ts };
    const fallback = { summary, run: story.run };
    await showParent(context, { destination, thread: standing, failureId: story.failure.id, fallback });
    const states = await reserveReplies(context, workspaceId, { threadId: thread.id, occurrence });
    await addReplies(context, { destination, thread: standing, story, states });
    return;
  }
  // The proof is reserved before the parent is posted: from then on it is settled which job opens the thread.
  const states =
    state === 'busy' ? null : await reserveReplies(context, workspaceId, { threadId: thread.id, occurrence });
  const posted: { ts: MessageTs | null } = { ts: null };
  const outcome = await postOnce(context, {
    destination,
    state,
    key: parentKey(thread),
    message: story.parent,
    async remember(ts) {
      // Before the name, by which others find it and edit it.
      await threads.setShown(workspaceId, lease, thread.id, hashOf(story.parent));
      await threads.setTs(workspaceId, lease, thread.id, ts);
      posted.ts = ts;
    },
  });
  if (posted.ts === null || states === null) return;
  // What was found had been posted before the crash, and may be out of date by now.
  if (outcome === 'found') {
    await updateParent(context, { destination, thread: { id: thread.id, ts: posted.ts }, message: story.parent });
  }
  await addReplies(context, { destination, thread: { id: thread.id, ts: posted.ts }, story, states });
}

async function reserveReplies(
  { threads, lease }: DeliveryContext,
  workspaceId: WorkspaceId,
  { threadId, occurrence }: { threadId: ThreadId; occurrence: string },
): Promise<ReplyStates> {
  return {
    evidence: await threads.reserveReply(workspaceId, lease, threadId, REPLY.evidence),
    occurrence: await threads.reserveReply(workspaceId, lease, threadId, occurrence),
  };
}

interface Additions {
  destination: Destination;
  thread: { id: ThreadId; ts: MessageTs };
  story: Story;
  states: ReplyStates;
}

async function addReplies(context: DeliveryContext, { destination, thread, story, states }: Additions): Promise<void> {
  const { summary, run, failure } = story;
  const occurrence = REPLY.occurrence(summary);
  const plan = planReplies(states, { failure, summary });
  const told = { destination, thread, name: occurrence, state: states.occurrence };
  if (plan.kind === 'again') await replyOnce(context, { ...told, message: againReply({ run, failure }) });
  if (plan.kind === 'reanalysis') await replyOnce(context, { ...told, message: reanalysisReply(summary) });
  if (plan.kind === 'open') {
    const similar = await findSimilar(context, destination.workspaceId, { failure, summary });
    const message = evidenceReply(summary, run, similar);
    const proof = { destination, thread, name: REPLY.evidence, state: states.evidence, message };
    await replyOnce(context, { ...proof, alsoTells: occurrence });
  }
  const excerpt = excerptReply(summary, run);
  if (excerpt !== null) await reserveAndReply(context, { destination, thread, name: REPLY.excerpt, message: excerpt });
  const jobs = jobsReply(summary);
  if (jobs !== null) await reserveAndReply(context, { destination, thread, name: REPLY.jobs, message: jobs });
  await attachOverflow(context, { destination, thread, summary, run });
}
