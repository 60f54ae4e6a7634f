import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { GroupName } from '../../src/domain/groups.ts';
import { type JobId, RepositoryName, WorkspaceId } from '../../src/domain/ids.ts';
import type {
  EventStore,
  GapStore,
  HappeningStore,
  JobQueue,
  JobStore,
  ModelCallStore,
  Ports,
} from '../../src/domain/ports.ts';
import { DatabaseUnavailableError } from '../../src/errors.ts';
import { createSchedule, type Schedule } from '../../src/pipeline/schedule.ts';
import { eventually } from '../support/eventually.ts';
import { fakeLog } from '../support/fake-log.ts';
import { fakeMetrics } from '../support/fake-metrics.ts';
import { fakePorts } from '../support/fake-ports.ts';
import { memoryGroups } from '../support/groups.ts';
import { memoryJobStore } from '../support/memory-job-store.ts';
import { memoryRuleFiles } from '../support/rule-files.ts';
import { only } from '../support/memory-stores.ts';

const open: Schedule[] = [];
afterEach(async () => {
  for (const schedule of open.splice(0)) await schedule.stop();
});

/** Wakes are only noted. */
function notingQueue(): JobQueue & { woken: JobId[] } {
  const woken: JobId[] = [];
  return {
    woken,
    description: 'notes',
    wake: async (ids) => void woken.push(...ids),
    work: async () => {},
    isHealthy: async () => true,
    close: async () => {},
  };
}

/** Two calls were abandoned, and three are old. */
function someModelCalls(): ModelCallStore & { prunedDays: number[] } {
  const prunedDays: number[] = [];
  const methods = only<ModelCallStore>({
    tidy: async () => ({ abandoned: 2, promptsDeleted: 1 }),
    prune: async (days) => prunedDays.push(days) && 3,
  });
  return Object.assign(methods, { prunedDays });
}

function someGaps(): GapStore {
  return only<GapStore>({
    dueLooks: async () => [{ workspaceId: WorkspaceId.parse('T0ACME'), repository: RepositoryName.parse('acme/web') }],
    prune: async () => 5,
  });
}

function aSchedule(given: Partial<Ports> = {}, sweepIntervalMs = 60_000, reconcileIntervalMs = 60_000) {
  const jobs = memoryJobStore();
  const queue = notingQueue();
  const log = fakeLog();
  const metrics = fakeMetrics();
  const pruned: number[] = [];
  const events: EventStore = { find: async () => null, prune: async (days) => pruned.push(days) };
  const modelCalls = someModelCalls();
  const groups = memoryGroups();
  const ruleFiles = memoryRuleFiles();
  const spentTokens = { spend: async () => true, spendOnce: async () => true, prune: async () => 4 };
  const ports = fakePorts({
    jobs,
    queue,
    log,
    metrics,
    events,
    modelCalls,
    groups,
    ruleFiles,
    spentTokens,
    gaps: someGaps(),
    happenings: only<HappeningStore>({ prune: async () => 6 }),
    ...given,
  });
  const schedule = createSchedule(ports, {
    sweepIntervalMs,
    retention: { jobsDays: 14, eventsDays: 30 },
    reconcile: { intervalMs: reconcileIntervalMs, pollIntervalMs: 900_000 },
  });
  open.push(schedule);
  return { schedule, jobs, queue, log, metrics, pruned, modelCalls };
}

const away = async () => {
  throw new DatabaseUnavailableError('away');
};

describe('the sweep', () => {
  test('wakes at the start what was due before', async () => {
    const { schedule, jobs, queue, metrics } = aSchedule();
    const id = jobs.add('process-event', {});
    schedule.start();

    await eventually(() => expect(queue.woken).toEqual([id]));
    expect(metrics.of('swept')).toEqual([{ metric: 'swept', value: 1, labels: {} }]);
  });

  test('goes on at once after a full batch, until nothing is left', async () => {
    const { schedule, jobs, queue } = aSchedule();
    const ids = Array.from({ length: 1_234 }, () => jobs.add('process-event', {}));
    schedule.start();

    await eventually(() => expect(queue.woken).toHaveLength(ids.length));
    expect(new Set(queue.woken)).toEqual(new Set(ids));
  });

  test('finds on a later tick what became due meanwhile', async () => {
    const { schedule, jobs, queue } = aSchedule({}, 20);
    schedule.start();
    const id = jobs.add('process-event', {});

    await eventually(() => expect(queue.woken).toEqual([id]));
  });

  test('never runs twice at the same time, however short its interval', async () => {
    let running = 0;
    let most = 0;
    let sweeps = 0;
    const gates: Array<() => void> = [];
    const takeDue = async () => {
      running += 1;
      sweeps += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => void gates.push(resolve));
      running -= 1;
      return [];
    };
    let looks = 0;
    const { schedule } = aSchedule({ jobs: { ...memoryJobStore(), takeDue } }, 5);
    schedule.start();
    await eventually(() => {
      looks += 1;
      expect(looks).toBeGreaterThan(10); // several ticks have passed meanwhile
    });
    expect(sweeps).toBe(1);
    gates.shift()?.();

    await eventually(() => expect(sweeps).toBe(2));
    gates.shift()?.();
    expect(most).toBe(1);
    const stopped = schedule.stop();
    for (const gate of gates) gate();
    await stopped;
  });

  test('that failed is a warning, and is tried again on the next tick', async () => {
    const jobs = memoryJobStore();
    let isAway = true;
    const takeDue = async (limit: number) => (isAway ? await away() : await jobs.takeDue(limit));
    const { schedule, queue, log } = aSchedule({ jobs: { ...jobs, takeDue } }, 20);
    const id = jobs.add('process-event', {});
    schedule.start();
    await eventually(() => expect(log.at('warn').length).toBeGreaterThan(0));
    isAway = false;

    await eventually(() => expect(queue.woken).toEqual([id]));
  });

  test('is over when stop resolves', async () => {
    const gate = Promise.withResolvers<JobId[]>();
    let isOver = false;
    const takeDue = async () => {
      const ids = await gate.promise;
      isOver = true;
      return ids;
    };
    const { schedule } = aSchedule({ jobs: { ...memoryJobStore(), takeDue } });
    schedule.start();
    const stopped = schedule.stop();
    gate.resolve([]);
    await stopped;

    expect(isOver).toBe(true);
  });
});

describe('retention', () => {
  test('deletes old jobs, events and model calls at the start, each with its own number of days', async () => {
    const { schedule, jobs, pruned, modelCalls, log } = aSchedule();
    const [old, young] = [jobs.add('process-event', {}), jobs.add('process-event', {})];
    const day = 24 * 60 * 60_000;
    Object.assign(jobs.row(old), { status: 'done', finishedAt: Date.now() - 15 * day });
    Object.assign(jobs.row(young), { status: 'done', finishedAt: Date.now() - 13 * day });
    schedule.start();

    await eventually(() => expect(pruned).toEqual([30]));
    expect([...jobs.rows.keys()]).toEqual([young]);
    await eventually(() =>
      expect(log.at('info')).toMatchObject([
        {
          fields: {
            deletedJobs: 1,
            deletedEvents: 1,
            deletedCalls: 3,
            deletedTokens: 4,
            deletedGaps: 5,
            deletedHappenings: 6,
          },
        },
      ]),
    );
    expect(modelCalls.prunedDays).toEqual([400]);
  });

  test('that failed is a warning and leaves the sweep alone', async () => {
    const jobs = memoryJobStore();
    const { schedule, queue, log } = aSchedule({ jobs: { ...jobs, prune: away } });
    const id = jobs.add(randomUUID(), {});
    schedule.start();

    await eventually(() => expect(queue.woken).toEqual([id]));
    await eventually(() => expect(log.at('warn').map(({ sentence }) => sentence)).toContain(NOT_DELETED));
  });
});

const NOT_DELETED = 'Old rows not deleted, will try again';

describe('tidying', () => {
  test('settles at the start the model calls that nobody settled, and says how many', async () => {
    const { schedule, log } = aSchedule();
    schedule.start();

    await eventually(() =>
      expect(log.at('warn')).toMatchObject([
        { fields: { abandoned: 2 }, sentence: 'Model calls that nobody settled count as spent' },
      ]),
    );
  });

  test('that failed is a warning and leaves the sweep alone', async () => {
    const { schedule, queue, jobs, log } = aSchedule({ modelCalls: only<ModelCallStore>({ tidy: away, prune: away }) });
    const id = jobs.add('process-event', {});
    schedule.start();

    await eventually(() => expect(queue.woken).toEqual([id]));
    await eventually(() =>
      expect(log.at('warn').map(({ sentence }) => sentence)).toEqual(
        expect.arrayContaining(['Model calls not tidied, will try again', NOT_DELETED]),
      ),
    );
  });
});

test('deliveries are looked through once in each interval, and runs once in theirs, however many processes look', async () => {
  const jobs = memoryJobStore();
  const clock = { now: () => new Date('2026-11-28T12:34:00Z') };
  const queues = [1, 2].map(() => {
    const { schedule, queue } = aSchedule({ jobs, clock }, 60_000, 20);
    schedule.start();
    return queue;
  });

  await eventually(() => expect(queues.flatMap(({ woken }) => woken)).toHaveLength(2));
  const slot = clock.now().getTime() / 20;
  expect([...jobs.rows.values()].map(({ kind, payload }) => [kind, payload])).toEqual([
    ['reconcile-deliveries', { slot, part: 0 }],
    ['poll-runs', { workspaceId: 'T0ACME', repository: 'acme/web' }],
  ]);
});

test('topics, teams and files of rules that are old are asked for once, however many processes look', async () => {
  const workspaceId = WorkspaceId.parse('T0ACME');
  const files = [{ workspaceId, repository: RepositoryName.parse('acme/web') }];
  const stale = [{ workspaceId: WorkspaceId.parse('T0ACME'), name: GroupName.parse('topic:pay') }];
  const enqueued: string[] = [];
  const enqueue: JobStore['enqueue'] = async (jobs) => {
    enqueued.push(...jobs.map(({ kind, dedupeKey }) => `${kind} ${dedupeKey}`));
    return [];
  };
  const clock = { now: () => new Date('2026-11-28T12:34:00Z') };
  for (const jobs of [memoryJobStore(), memoryJobStore()]) {
    const ruleFiles = { ...memoryRuleFiles(), stale: async () => files };
    const { schedule } = aSchedule({ groups: memoryGroups(stale), ruleFiles, jobs: { ...jobs, enqueue }, clock });
    schedule.start();
  }

  await eventually(() => expect(enqueued).toHaveLength(4));
  expect(new Set(enqueued).size).toBe(2);
  expect(enqueued[1]).toMatch(/^read-rules read-rules:T0ACME:acme\/web:/u);
  expect(enqueued[0]).toMatch(/^refresh-group refresh-group:T0ACME:topic:pay:/u);
});
