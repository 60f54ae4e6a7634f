import type { Failure } from '../domain/failure.ts';
import { isSnoozed } from '../domain/handling.ts';
import type { RepositoryName, SummaryId } from '../domain/ids.ts';
import type { NewJob } from '../domain/jobs.ts';
import type { HoldOccasion } from '../domain/roundup.ts';
import type { Rule } from '../domain/rules/rule.ts';
import { heldUntil } from '../domain/rules/schedule.ts';
import type { DeliveryContext, Destination } from './context.ts';

/** Why a channel is not to hear of a failure now: its parent may be edited, and nothing may be posted. */
export type Hush = { kind: 'snoozed' } | Hold;

/** What is kept until the channel wants to hear of it; null is the end of a mute. */
export interface Hold {
  kind: 'held';
  occasion: HoldOccasion;
  dueAt: Date | null;
}

/** When a job looks again after the moment for which it waits: clocks differ a little. */
const AFTERWARDS_MS = 1_000;

interface ToldFailure {
  failure: Failure;
  /** Those that fit; what one of them tells at once is told at once. */
  rules: readonly Rule[];
}

/** What is told, and by which rules; what one of them tells at once is told at once. */
export interface Told {
  repository: RepositoryName;
  rules: readonly Rule[];
}

/** Null where it may be told of. */
export async function findHush(
  context: Pick<DeliveryContext, 'mutes' | 'clock'>,
  destination: Destination,
  { failure, rules }: ToldFailure,
): Promise<Hush | null> {
  if (isSnoozed(failure.handling, context.clock.now())) return { kind: 'snoozed' };
  return await findHold(context, destination, { repository: failure.repository, rules });
}

/** Why a channel is to hear later of what happens in a repository; null where it is not. */
export async function findHold(
  { mutes, clock }: Pick<DeliveryContext, 'mutes' | 'clock'>,
  { workspaceId, channelId }: Destination,
  { repository, rules }: Told,
): Promise<Hold | null> {
  const now = clock.now();
  const scheduled = holdOf(rules, now);
  const current = await mutes.current(workspaceId, channelId, now);
  const isMuted = current.some(({ scope }) => scope === '*' || scope === repository);
  return scheduled ?? (isMuted ? { kind: 'held', occasion: 'mute', dueAt: null } : null);
}

/** The same, for what is told by itself once that is over: at which moment, which for a mute is the end of the longest one. */
export async function findDue(
  context: Pick<DeliveryContext, 'mutes' | 'clock'>,
  destination: Destination,
  told: Told,
): Promise<'now' | Date> {
  const hold = await findHold(context, destination, told);
  if (hold === null) return 'now';
  if (hold.dueAt !== null) return hold.dueAt;
  const { workspaceId, channelId } = destination;
  const [longest] = await context.mutes.current(workspaceId, channelId, context.clock.now());
  return longest?.until ?? 'now';
}

/** By the rule that tells first; null where one tells at once, or none is there. */
function holdOf(rules: readonly Rule[], now: Date): Hold | null {
  const holds: Array<Hold & { dueAt: Date }> = [];
  for (const { schedule } of rules) {
    const dueAt = heldUntil(schedule, now);
    if (schedule === null || dueAt === null) return null;
    holds.push({ kind: 'held', occasion: schedule.kind, dueAt });
  }
  return holds.toSorted((one, other) => one.dueAt.getTime() - other.dueAt.getTime())[0] ?? null;
}

/** Keeps a summary until the channel wants to hear of it. */
export async function holdBack(
  context: DeliveryContext,
  destination: Destination,
  { told, hold, summaryId }: { told: ToldFailure; hold: Hold; summaryId: SummaryId },
): Promise<readonly NewJob[]> {
  const { workspaceId, channelId } = destination;
  const { id: failureId } = told.failure;
  const { occasion, dueAt } = hold;
  await context.mutes.hold(workspaceId, channelId, { failureId, summaryId, occasion, dueAt });
  context.log.info({ ...destination, failureId, occasion, dueAt }, 'Channel is to hear of this later, it is held back');
  const { repository } = told.failure;
  return await lookAgain(context, destination, { name: summaryId, hold, told: { repository, rules: told.rules } });
}

/** The job that tells what is held back, once that may be told; where a mute holds it, its end is a job of its own. */
export async function lookAgain(
  context: Pick<DeliveryContext, 'mutes' | 'clock'>,
  destination: Destination,
  { name, hold: { dueAt }, told }: { name: string; hold: Hold; told: Told },
): Promise<readonly NewJob[]> {
  const { workspaceId, channelId } = destination;
  const planned = (when: string, delayMs: number): NewJob => ({
    kind: 'end-mute',
    payload: { workspaceId, channelId },
    dedupeKey: `end-mute:${name}:${channelId}:${when}`,
    delayMs,
  });
  if (dueAt !== null) {
    const delayMs = Math.max(dueAt.getTime() - context.clock.now().getTime(), 0) + AFTERWARDS_MS;
    return [planned(`${dueAt.getTime()}`, delayMs)];
  }
  // The mute may have ended while we kept it, and whoever ended it may not have seen it.
  return (await findHold(context, destination, told)) === null ? [planned('at-once', 0)] : [];
}
