import { setTimeout as sleep } from 'node:timers/promises';
import type { NewJob } from '../../domain/jobs.ts';
import type { DeliverySource, OpenGap, Walk } from '../../domain/reconciling.ts';
import { GitHubForbiddenError, GitHubNotFoundError, GitHubUnavailableError } from '../../errors.ts';
import type { JobContext, JobHandler } from '../job.ts';
import { planAsks } from '../reconcile.ts';

export interface ReconcileSettings {
  /** How many deliveries GitHub is asked to repeat in a minute. */
  redeliveriesPerMinute: number;
}

/** Of a hundred tries each; what is left of the list is walked by a job that follows. */
const PAGES = 30;
/** GitHub's list is in order of delivery, but for a try that took its time. */
const OVERLAP_MS = 2 * 60_000;
/** Open gaps that one job looks at; each is asked for at most once in it. */
const MOST_GAPS = 1_000;

/** Looks through GitHub's list of deliveries for those that failed, and asks for them again. One job at a time, whoever runs it. */
export function createReconcileDeliveries(settings: ReconcileSettings): JobHandler<'reconcile-deliveries'> {
  return async (context, { slot, part }) => {
    let isDone = true;
    for (const source of context.deliverySources.all()) {
      const done = await reconcile({ ...context, source }, settings).catch((error: unknown) => {
        if (context.signal.aborted || !isGitHubs(error)) throw error;
        // The next one comes by itself, and goes on where this one stopped: tries of its own would only add up.
        context.log.warn({ error, list: source.name }, 'Deliveries could not be looked through, will go on later');
        return true;
      });
      isDone &&= done;
    }
    return isDone ? [] : [planReconcile(slot, part + 1)];
  };
}

type SourceContext = JobContext & { source: DeliverySource };

/** False where the list is longer than one job walks. */
async function reconcile(context: SourceContext, settings: ReconcileSettings): Promise<boolean> {
  const { gaps, source, lease, log } = context;
  const walk = await gaps.beginWalk(lease, source.name);
  if (walk === null) {
    log.debug({ list: source.name }, 'Deliveries are being looked through by another job');
    return true;
  }
  const isDone = await walkOn(context, walk);
  await ask(context, settings);
  return isDone;
}

function isGitHubs(error: unknown): boolean {
  return (
    error instanceof GitHubUnavailableError ||
    error instanceof GitHubForbiddenError ||
    error instanceof GitHubNotFoundError
  );
}

export function planReconcile(slot: number, part = 0): NewJob {
  return { kind: 'reconcile-deliveries', payload: { slot, part }, dedupeKey: `reconcile-deliveries:${slot}:${part}` };
}

/** Walks the list from its newest entry to what was seen before; false where that takes another job. */
async function walkOn(context: SourceContext, walk: Walk): Promise<boolean> {
  const { gaps, source, lease, clock, metrics, signal } = context;
  const { name } = source;
  const { seenUntil } = walk;
  let cursor = walk.open?.cursor ?? null;
  let startedAt = walk.open?.startedAt ?? clock.now();
  for (let page = 0; page < PAGES; page += 1) {
    const begunAt = clock.now();
    const { tries, next, isFirst } = await source.list(cursor, signal);
    // What came between the old beginning and the new one would be missed else.
    if (isFirst) startedAt = begunAt;
    const { missed, recovered } = await gaps.observe(name, tries);
    metrics.reconciled.add(tries.length, { of: 'deliveries', outcome: 'examined' });
    metrics.reconciled.add(missed, { of: 'deliveries', outcome: 'missed' });
    metrics.reconciled.add(recovered, { of: 'deliveries', outcome: 'recovered' });
    const oldest = tries.at(-1)?.at;
    const isAtEnd = next === null || (seenUntil && oldest && oldest.getTime() < seenUntil.getTime() - OVERLAP_MS);
    if (isAtEnd || next === null) {
      await gaps.saveWalk(lease, name, { seenUntil: startedAt, open: null });
      await noteForgotten(context, seenUntil);
      return true;
    }
    cursor = next;
    await gaps.saveWalk(lease, name, { seenUntil, open: { cursor, startedAt } });
  }
  return false;
}

/** Nobody looked for longer than GitHub keeps deliveries: of those in between nothing can be said. */
async function noteForgotten({ gaps, source, clock, log }: SourceContext, seenUntil: Date | null): Promise<void> {
  const keptSince = new Date(clock.now().getTime() - source.keptMs);
  if (seenUntil === null || seenUntil >= keptSince) return;
  log.warn({ from: seenUntil, to: keptSince }, 'Deliveries of a time are forgotten by GitHub');
  await gaps.addPeriod(source.name, {
    from: seenUntil,
    to: keptSince,
    reason: 'nobody looked for longer than GitHub keeps them',
  });
}

async function ask(context: SourceContext, { redeliveriesPerMinute }: ReconcileSettings): Promise<void> {
  const { gaps, source, clock, metrics, log, signal } = context;
  const held = await gaps.settleHeld();
  metrics.reconciled.add(held, { of: 'deliveries', outcome: 'recovered' });
  const { gaps: open, lastReceivedAt } = await gaps.open(source.name, MOST_GAPS);
  const { keptMs } = source;
  const situation = { now: clock.now(), keptMs, lastReceivedAt, limit: redeliveriesPerMinute };
  const plan = planAsks(open, situation);
  await lose(context, plan.forgotten, 'GitHub does not keep it any more');
  await lose(context, plan.hopeless, 'it failed each time that GitHub was asked for it');
  let asked = 0;
  for (const gap of plan.ask) {
    if (asked > 0) await sleep(60_000 / redeliveriesPerMinute, undefined, { signal });
    if (await askFor(context, gap)) asked += 1;
  }
  if (asked > 0) log.info({ asked, open: open.length }, 'GitHub was asked for deliveries that failed');
}

/** The ask is counted before it is made, so that a crash asks once too rarely for now, and nobody asks twice. */
async function askFor(context: SourceContext, gap: OpenGap): Promise<boolean> {
  const { gaps, source, metrics, signal } = context;
  if (!(await gaps.countAsk(gap))) return false;
  try {
    const outcome = await source.redeliver(gap.tryId, signal);
    if (outcome.kind === 'gone') await lose(context, [gap], 'GitHub does not keep it any more');
    else metrics.reconciled.add(1, { of: 'deliveries', outcome: 'asked' });
    return true;
  } catch (error) {
    if (error instanceof GitHubUnavailableError) await gaps.takeBackAsk(gap);
    throw error;
  }
}

async function lose({ gaps, metrics }: JobContext, lost: readonly OpenGap[], reason: string): Promise<void> {
  await gaps.lose(
    lost.map(({ key }) => key),
    reason,
  );
  metrics.reconciled.add(lost.length, { of: 'deliveries', outcome: 'lost' });
}
