import type { Ports } from '../domain/ports.ts';
import { planPolls } from './jobs/poll-runs.ts';
import { planReconcile } from './jobs/reconcile-deliveries.ts';
import { planReadings, planRefreshes } from './refreshes.ts';

/** Ids in one look; a full one is followed by another at once. */
const BATCH = 500;
/** Then the next tick goes on, so that one sweep cannot meet what it handed out itself. */
const MAX_BATCHES = 20;
const PRUNE_INTERVAL_MS = 24 * 60 * 60_000;
/** A prune that failed is tried again after this. */
const PRUNE_LOOK_MS = 60 * 60_000;
const TIDY_INTERVAL_MS = 60_000;
/** How old the list of a topic's or a team's repositories may become, or what a file of rules said; and how often one that is too old is looked for. */
const REFRESH_MS = 60 * 60_000;
const REFRESH_LOOK_MS = 5 * 60_000;
/** Usage is shown by month: a year back, and the month that has begun. */
const CALLS_DAYS = 400;

export interface ScheduleOptions {
  sweepIntervalMs: number;
  retention: { jobsDays: number; eventsDays: number; callsDays?: number };
  /** How often deliveries that failed are looked for, and the runs of one repository. */
  reconcile: { intervalMs: number; pollIntervalMs: number };
}

export interface Schedule {
  /** Sweeps, tidies and prunes right away, then on their intervals. */
  start(): void;
  /** Resolves when nothing of it runs any more. */
  stop(): Promise<void>;
}

type Deps = Pick<
  Ports,
  | 'jobs'
  | 'events'
  | 'modelCalls'
  | 'groups'
  | 'ruleFiles'
  | 'spentTokens'
  | 'gaps'
  | 'happenings'
  | 'queue'
  | 'metrics'
  | 'log'
  | 'clock'
>;

/**
 * Periodic work: wakes what is due and was not woken, settles model calls that nobody settled, has GitHub asked for topics, teams, files of rules and for what it told in vain, and
 * deletes what is past its retention. Safe in many processes at once.
 */
export function createSchedule(
  ports: Deps,
  { sweepIntervalMs, retention, reconcile: pace }: ScheduleOptions,
): Schedule {
  const sweeping = every(sweepIntervalMs, {
    run: (signal) => sweep(ports, signal),
    onFailure: (error) => ports.log.warn({ error }, 'Sweep failed, will try again'),
  });
  const tidying = every(TIDY_INTERVAL_MS, {
    run: () => tidy(ports),
    onFailure: (error) => ports.log.warn({ error }, 'Model calls not tidied, will try again'),
  });
  const refreshing = every(REFRESH_LOOK_MS, {
    run: () => refresh(ports),
    onFailure: (error) => ports.log.warn({ error }, 'Topics, teams and files of rules not looked for, will try again'),
  });
  const reconciling = every(pace.intervalMs, {
    isLater: true, // what was delivered while we started is not missed
    run: () => reconcile(ports, pace),
    onFailure: (error) => ports.log.warn({ error }, 'Missed deliveries and runs not looked for, will try again'),
  });
  let prunedAt = 0;
  const pruning = every(PRUNE_LOOK_MS, {
    async run() {
      const now = ports.clock.now().getTime();
      if (now - prunedAt < PRUNE_INTERVAL_MS) return;
      await prune(ports, retention);
      prunedAt = now;
    },
    onFailure: (error) => ports.log.warn({ error }, 'Old rows not deleted, will try again'),
  });
  return {
    start() {
      sweeping.start();
      tidying.start();
      refreshing.start();
      reconciling.start();
      pruning.start();
    },
    async stop() {
      const tasks = [sweeping, tidying, refreshing, reconciling, pruning];
      await Promise.all(tasks.map((task) => task.stop()));
    },
  };
}

async function sweep({ jobs, queue, metrics, log }: Deps, stopped: AbortSignal): Promise<void> {
  for (let batch = 0; batch < MAX_BATCHES && !stopped.aborted; batch += 1) {
    const ids = await jobs.takeDue(BATCH);
    if (ids.length === 0) return;
    metrics.swept.add(ids.length);
    log.debug({ jobs: ids.length }, 'Sweep woke due jobs');
    await queue.wake(ids);
    if (ids.length < BATCH) return;
  }
}

async function tidy({ modelCalls, log }: Deps): Promise<void> {
  const { abandoned, promptsDeleted } = await modelCalls.tidy();
  if (abandoned > 0) log.warn({ abandoned }, 'Model calls that nobody settled count as spent');
  if (promptsDeleted > 0) log.debug({ promptsDeleted }, 'Old prompts deleted');
}

/** One process is enough: the jobs of an hour have the same keys, whoever stores them. */
async function refresh({ groups, ruleFiles, jobs, queue, clock }: Deps): Promise<void> {
  const which = { olderThanMs: REFRESH_MS, limit: BATCH };
  const hour = Math.floor(clock.now().getTime() / REFRESH_MS);
  const refreshes = planRefreshes(await groups.stale(null, which), hour);
  const readings = planReadings(await ruleFiles.stale(null, which), hour);
  const ids = await jobs.enqueue([...refreshes, ...readings]);
  if (ids.length > 0) await queue.wake(ids);
}

/** Whoever stores them: a slot of time has one walk, and one look at each repository. */
async function reconcile(
  { gaps, jobs, queue, clock }: Deps,
  { intervalMs, pollIntervalMs }: ScheduleOptions['reconcile'],
): Promise<void> {
  const now = clock.now().getTime();
  const looks = await gaps.dueLooks({ olderThanMs: pollIntervalMs, limit: BATCH });
  const polls = planPolls(looks, Math.floor(now / pollIntervalMs));
  const ids = await jobs.enqueue([planReconcile(Math.floor(now / intervalMs)), ...polls]);
  if (ids.length > 0) await queue.wake(ids);
}

async function prune(
  { jobs, events, modelCalls, groups, spentTokens, gaps, happenings, log }: Deps,
  { jobsDays, eventsDays, callsDays = CALLS_DAYS }: ScheduleOptions['retention'],
): Promise<void> {
  const deletedJobs = await jobs.prune(jobsDays);
  const deletedEvents = await events.prune(eventsDays);
  const deletedCalls = await modelCalls.prune(callsDays);
  const deletedGroups = await groups.prune();
  const deletedTokens = await spentTokens.prune();
  const deletedGaps = await gaps.prune(eventsDays);
  const deletedHappenings = await happenings.prune(eventsDays);
  const ofOthers = { deletedCalls, deletedGroups, deletedTokens, deletedGaps, deletedHappenings };
  log.info({ deletedJobs, deletedEvents, ...ofOthers }, 'Old rows deleted');
}

interface Task {
  /** Not before the first interval is over. */
  isLater?: boolean;
  run(stopped: AbortSignal): Promise<void>;
  onFailure(error: unknown): void;
}

/** Runs a task now, if it is not for later, and on each interval; a tick that comes while it still runs is left out. */
function every(intervalMs: number, task: Task): Schedule {
  const stopped = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  const tick = () => {
    running ??= task
      .run(stopped.signal)
      .catch((error: unknown) => task.onFailure(error))
      .finally(() => (running = null));
  };
  return {
    start() {
      if (!task.isLater) tick();
      timer = setInterval(tick, intervalMs).unref();
    },
    async stop() {
      stopped.abort();
      clearInterval(timer);
      await running;
    },
  };
}
