import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { InstallationId, JobId, RepositoryName, RunId, WorkspaceId } from '../../src/domain/ids.ts';
import type { Delivery, GapStore, Ports } from '../../src/domain/ports.ts';
import type {
  DeliverySource,
  DeliveryTry,
  EndedRun,
  EndedRunSource,
  OpenGap,
  Walk,
} from '../../src/domain/reconciling.ts';
import { type AppError, GitHubForbiddenError, GitHubNotFoundError, GitHubUnavailableError } from '../../src/errors.ts';
import type { JobContext } from '../../src/pipeline/job.ts';
import { createPollRuns } from '../../src/pipeline/jobs/poll-runs.ts';
import { createReconcileDeliveries } from '../../src/pipeline/jobs/reconcile-deliveries.ts';
import { fakePorts } from '../support/fake-ports.ts';
import { fakeMetrics } from '../support/fake-metrics.ts';
import { only } from '../support/memory-stores.ts';

const NOW = new Date('2026-11-28T12:00:00Z');
const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
const ago = (ms: number) => new Date(NOW.getTime() - ms);

function aContext(given: Partial<Ports>): JobContext {
  return {
    ...fakePorts({ clock: { now: () => NOW }, ...given }),
    lease: { jobId: JobId.parse(randomUUID()), token: 'a' },
    signal: new AbortController().signal,
    isLastAttempt: false,
    isRepeat: false,
    wasLimited: false,
  };
}

const aTry = (at: Date): DeliveryTry => ({
  id: '1',
  guid: randomUUID(),
  event: 'push',
  action: null,
  installationId: null,
  at,
  isSuccess: false,
  answer: '502',
});

interface Walked {
  walk?: Walk;
  /** What GitHub lists on each page. */
  pages: Date[];
  open?: OpenGap[];
  redeliver?: DeliverySource['redeliver'];
}

function aWalk({ walk = { seenUntil: null, open: null }, pages, open = [], redeliver }: Walked) {
  const told: string[] = [];
  const saved: Walk[] = [];
  const observed: Date[] = [];
  const gaps = only<GapStore>({
    beginWalk: async () => walk,
    saveWalk: async (_lease, _name, next) => void saved.push(next),
    observe: async (_name, tries) => {
      observed.push(...tries.map(({ at }) => at));
      return { missed: 0, recovered: 0 };
    },
    settleHeld: async () => 0,
    open: async () => ({ gaps: open, lastReceivedAt: NOW }),
    async countAsk({ key }) {
      told.push(`count ${key}`);
      return key !== 'taken';
    },
    takeBackAsk: async ({ key }) => void told.push(`take back ${key}`),
    lose: async (keys, reason) => void (keys.length > 0 && told.push(`lose ${keys.join(' ')}: ${reason}`)),
    addPeriod: async (_name, { from, to }) => void told.push(`period ${from.toISOString()} ${to.toISOString()}`),
  });
  const source: DeliverySource = {
    name: 'api',
    keptMs: 3 * DAY_MS,
    async list(cursor) {
      const page = Number(cursor ?? 0);
      const [at] = pages.slice(page);
      const next = page + 1 < pages.length ? String(page + 1) : null;
      return { tries: at ? [aTry(at)] : [], next, isFirst: cursor === null };
    },
    async redeliver(id, signal) {
      if (redeliver !== undefined) return await redeliver(id, signal);
      told.push(`ask ${id}`);
      return { kind: 'asked' };
    },
  };
  const metrics = fakeMetrics();
  const context = aContext({ gaps, deliverySources: { all: () => [source] }, metrics });
  const run = () => createReconcileDeliveries({ redeliveriesPerMinute: 60_000 })(context, { slot: 7, part: 0 });
  return { run, told, saved, observed, metrics, source, context };
}

const aGap = (key: string): OpenGap => ({
  key,
  tryId: key,
  failedAt: ago(HOUR_MS),
  lastFailedAt: ago(HOUR_MS),
  asks: 0,
  askedAt: null,
});

describe('the walk over deliveries', () => {
  test('goes down to where the last one began, with a little overlap', async () => {
    const pages = [ago(0), ago(HOUR_MS), ago(HOUR_MS + 60_000), ago(HOUR_MS + 180_000), ago(2 * HOUR_MS)];
    const { run, saved, observed } = aWalk({ walk: { seenUntil: ago(HOUR_MS), open: null }, pages });

    expect(await run()).toEqual([]);

    expect(observed).toEqual(pages.slice(0, 4));
    expect(saved.at(-1)).toEqual({ seenUntil: NOW, open: null });
  });

  test('of a long list is made in parts, and looks at what came meanwhile the next time', async () => {
    const pages = Array.from({ length: 40 }, (_, index) => ago(index * 60_000));
    const first = aWalk({ pages });
    const [next] = await first.run();
    const open = { cursor: '30', startedAt: NOW };

    expect(next).toMatchObject({ kind: 'reconcile-deliveries', payload: { slot: 7, part: 1 } });
    expect(first.saved.at(-1)).toEqual({ seenUntil: null, open });

    const startedAt = ago(HOUR_MS);
    const second = aWalk({ walk: { seenUntil: null, open: { ...open, startedAt } }, pages });
    expect(await second.run()).toEqual([]);
    expect(second.observed).toEqual(pages.slice(30));
    expect(second.saved.at(-1)).toEqual({ seenUntil: startedAt, open: null });
  });

  test('that nobody made for longer than GitHub keeps deliveries leaves a gap that is told', async () => {
    const { run, told } = aWalk({ walk: { seenUntil: ago(5 * DAY_MS), open: null }, pages: [ago(DAY_MS)] });
    await run();

    expect(told).toEqual([`period ${ago(5 * DAY_MS).toISOString()} ${ago(3 * DAY_MS).toISOString()}`]);
  });

  test('is left to the next one while GitHub is away, and no job piles up', async () => {
    const { run, source, saved } = aWalk({ pages: [ago(0)] });
    for (const error of [
      new GitHubUnavailableError('x'),
      new GitHubForbiddenError('x'),
      new GitHubNotFoundError('x'),
    ]) {
      source.list = () => Promise.reject(error);
      expect(await run()).toEqual([]);
    }
    expect(saved).toEqual([]);
  });
});

describe('a delivery that failed', () => {
  test('is asked for once it was counted, and by nobody who was second', async () => {
    const { run, told, metrics } = aWalk({ pages: [ago(0)], open: [aGap('a'), aGap('taken'), aGap('b')] });
    await run();

    expect(told).toEqual(['count a', 'ask a', 'count taken', 'count b', 'ask b']);
    expect(metrics.of('reconciled').filter(({ labels }) => labels['outcome'] === 'asked')).toHaveLength(2);
  });

  test('is not counted as asked for where GitHub did not take the question', async () => {
    const redeliver = () => Promise.reject(new GitHubUnavailableError('limited', { retryAfterMs: 1_000 }));
    const { run, told } = aWalk({ pages: [ago(0)], open: [aGap('a'), aGap('b')], redeliver });
    await run();

    expect(told).toEqual(['count a', 'take back a']);
  });

  test('is lost where GitHub has it no more', async () => {
    const { run, told } = aWalk({
      pages: [ago(0)],
      open: [{ ...aGap('old'), failedAt: ago(4 * DAY_MS) }, aGap('a')],
      redeliver: async () => ({ kind: 'gone' }),
    });
    await run();

    const reason = 'GitHub does not keep it any more';
    expect(told).toEqual([`lose old: ${reason}`, 'count a', `lose a: ${reason}`]);
  });
});

describe('a look at the runs of a repository', () => {
  const look = { workspaceId: WorkspaceId.parse('T0ACME'), repository: RepositoryName.parse('acme/web') };
  const aRun = (runId: number, endedMsAgo: number) => ({
    runId: RunId.parse(runId),
    attempt: 1,
    conclusion: 'failure' as const,
    updatedAt: ago(endedMsAgo),
  });
  const known = { since: ago(DAY_MS), mark: 'old' };

  interface Open {
    isRepeated?: boolean;
    /** Runs that are known to go on, with what GitHub says of them. */
    open?: ReadonlyArray<readonly [number, EndedRun | null]>;
  }

  function aLook(ended: EndedRunSource['ended'], { isRepeated = false, open = [] }: Open = {}) {
    const accepted: Delivery[] = [];
    const seen: Array<{ until: Date; mark: string | null }> = [];
    const noted: number[] = [];
    const context = aContext({
      workspaces: only<Ports['workspaces']>({ isActive: async () => true }),
      gaps: only<GapStore>({
        findLook: async () => known,
        saveLook: async (_look, saved) => void seen.push(saved),
        unknownRuns: async (_look, runs) => runs.filter(({ runId }) => runId > 10),
        openRuns: async () => open.map(([runId]) => RunId.parse(runId)),
        addRun: async ({ runId }) => void noted.push(runId),
      }),
      endedRuns: {
        ended,
        endOf: async (_workspace, { runId }) => open.find(([id]) => id === runId)?.[1] ?? null,
        body: async (_workspace, { runId }) => ({
          installationId: InstallationId.parse(51_423),
          body: Buffer.from(`${runId} ${randomUUID()}`),
        }),
      },
      intake: {
        async accept(delivery) {
          accepted.push(delivery);
          return isRepeated ? { kind: 'repeated' } : { kind: 'stored', jobId: JobId.parse(randomUUID()) };
        },
      },
      queue: only<Ports['queue']>({ wake: async () => {} }),
    });
    const run = () => createPollRuns({ pollIntervalMs: HOUR_MS })(context, look);
    return { run, accepted, seen, noted };
  }

  test('takes those in of which nobody told, the oldest first, under a key that the next look makes too', async () => {
    const ended: EndedRunSource['ended'] = async () => ({
      kind: 'listed',
      runs: [aRun(13, 2 * HOUR_MS), aRun(5, 3 * HOUR_MS), aRun(12, 4 * HOUR_MS)],
      mark: 'new',
    });
    const [first, second] = [aLook(ended), aLook(ended, { isRepeated: true })];
    await first.run();
    await second.run();

    expect(first.accepted.map(({ deliveryId }) => deliveryId)).toEqual([
      'reconciled acme/web 12 1',
      'reconciled acme/web 13 1',
    ]);
    expect(first.accepted[0]).toMatchObject({ name: 'workflow_run', action: 'completed', installationId: 51_423 });
    const hashes = [first, second].map(({ accepted }) => accepted.map(({ bodyHash }) => bodyHash.toString('hex')));
    expect(hashes[0]).toEqual(hashes[1]);
    expect([first.noted, second.noted]).toEqual([
      [12, 13],
      [12, 13],
    ]);
    expect(first.seen).toEqual([{ until: ago(HOUR_MS), mark: 'new' }]);
  });

  test('asks for those that are known to go on by their number, also where the list has not changed', async () => {
    const open = [
      [21, aRun(21, 2 * HOUR_MS)],
      [22, null],
      [23, aRun(23, HOUR_MS / 2)],
    ] as const;
    const { run, accepted } = aLook(async () => ({ kind: 'unchanged' }), { open });
    await run();

    expect(accepted.map(({ deliveryId }) => deliveryId)).toEqual(['reconciled acme/web 21 1']);
  });

  test('leaves those alone whose delivery may still come, and looks again even if nothing changes', async () => {
    const runs = [aRun(13, HOUR_MS / 2), aRun(5, 3 * HOUR_MS)];
    const { run, accepted, seen } = aLook(async () => ({ kind: 'listed', runs, mark: 'new' }));
    await run();

    expect(accepted).toEqual([]);
    expect(seen).toEqual([{ until: ago(HOUR_MS), mark: null }]);
  });

  test('keeps its mark where nothing has changed', async () => {
    const { run, seen } = aLook(async () => ({ kind: 'unchanged' }));
    await run();

    expect(seen).toEqual([{ until: ago(HOUR_MS), mark: 'old' }]);
  });

  test.each<[AppError, { until: Date; mark: string | null }]>([
    [new GitHubNotFoundError('hidden'), { until: NOW, mark: null }],
    [new GitHubForbiddenError('refused'), { until: known.since, mark: 'old' }],
  ])('of one that is not shown to us misses nothing, and one that is refused stays open: %s', async (reason, saved) => {
    const { run, seen } = aLook(async () => {
      throw reason;
    });

    expect(await run()).toEqual([]);
    expect(seen).toEqual([saved]);
  });

  test('is made again while GitHub is away', async () => {
    const { run, seen } = aLook(() => Promise.reject(new GitHubUnavailableError('away')));

    await expect(run()).rejects.toThrow('away');
    expect(seen).toEqual([]);
  });
});
