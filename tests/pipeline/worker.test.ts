import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ChannelId, EventId, type JobId, WorkspaceId } from '../../src/domain/ids.ts';
import type { NewJob } from '../../src/domain/jobs.ts';
import type { JobQueue, Ports } from '../../src/domain/ports.ts';
import {
  DatabaseUnavailableError,
  GitHubNotFoundError,
  GitHubUnavailableError,
  LeaseLostError,
} from '../../src/errors.ts';
import type { JobContext, JobHandler, JobTable } from '../../src/pipeline/job.ts';
import { createWorker, type Worker } from '../../src/pipeline/worker.ts';
import { createInProcessQueue } from '../../src/queue/in-process.ts';
import { eventually } from '../support/eventually.ts';
import { fakeLog } from '../support/fake-log.ts';
import { fakeMetrics } from '../support/fake-metrics.ts';
import { fakePorts } from '../support/fake-ports.ts';
import { memoryJobStore } from '../support/memory-job-store.ts';

type Handler = JobHandler<'process-event'>;

const unexpected = async () => {
  throw new Error('not in this test');
};

function tableOf(handler: Handler): JobTable {
  return {
    'process-event': handler,
    'analyze-run': unexpected,
    'answer-request': unexpected,
    'unfurl-links': unexpected,
    'deliver-summary': unexpected,
    'deliver-recovery': unexpected,
    'deliver-roundup': unexpected,
    'tell-run': unexpected,
    'tell-happening': unexpected,
    'tell-happenings': unexpected,
    'refresh-failure': unexpected,
    'refresh-group': unexpected,
    'read-rules': unexpected,
    'tell-rules': unexpected,
    'answer-on-github': unexpected,
    // The one prompt kind of these tests.
    'end-mute': (context) => handler(context, payload()),
    'notify-admins': unexpected,
    'notify-admin': unexpected,
  };
}

const open: Worker[] = [];
afterEach(async () => {
  for (const worker of open.splice(0)) await worker.stop(0);
});

interface Setting {
  ports?: Partial<Ports>;
  leaseMs?: number;
  maxAttempts?: number;
  maxOutageAttempts?: number;
  store?: ReturnType<typeof memoryJobStore>;
}

/** A worker on a queue of its own; the store may be shared between workers. */
async function aWorker(
  handler: Handler,
  { ports: given = {}, leaseMs = 10_000, maxAttempts = 8, maxOutageAttempts = maxAttempts, store }: Setting = {},
) {
  const jobs = store ?? memoryJobStore();
  const log = fakeLog();
  const metrics = fakeMetrics();
  const queue = createInProcessQueue({ log });
  const ports = fakePorts({ jobs, queue, log, metrics, ...given });
  const options = {
    table: tableOf(handler),
    concurrency: 4,
    leaseMs,
    maxAttempts,
    maxOutageAttempts,
    maxCrashes: 3,
    random: () => 0,
  };
  const worker = createWorker(ports, options);
  open.push(worker);
  await worker.start();
  return { jobs, log, metrics, queue, worker };
}

const payload = () => ({ eventId: EventId.parse(randomUUID()) });
const followUp = () => ({ kind: 'process-event' as const, payload: payload(), dedupeKey: randomUUID() });

const aTelling = (): NewJob => ({
  kind: 'end-mute',
  payload: { workspaceId: WorkspaceId.parse('T0ACME'), channelId: ChannelId.parse('C0PAYMENTS') },
  dedupeKey: randomUUID(),
});

async function aJobOn(setting: { jobs: ReturnType<typeof memoryJobStore>; queue: JobQueue }): Promise<JobId> {
  const id = setting.jobs.add('process-event', payload());
  await setting.queue.wake([id]);
  return id;
}

const untilStatus = (jobs: ReturnType<typeof memoryJobStore>, id: JobId, status: string) =>
  eventually(() => expect(jobs.row(id).status).toBe(status));

describe('a job that succeeds', () => {
  test('is done once, and what follows from it runs at once', async () => {
    const seen: number[] = [];
    const next = followUp();
    const setting = await aWorker(async ({ isLastAttempt }) => {
      seen.push(Number(isLastAttempt));
      return seen.length === 1 ? [next] : [];
    });
    const id = await aJobOn(setting);

    await untilStatus(setting.jobs, id, 'done');
    await eventually(() =>
      expect([...setting.jobs.rows.values()].map(({ status }) => status)).toEqual(['done', 'done']),
    );
    expect(seen).toEqual([0, 0]);
    expect(setting.metrics.of('jobsFinished')).toContainEqual(
      expect.objectContaining({ value: 1, labels: { kind: 'process-event', outcome: 'done' } }),
    );
    expect(setting.metrics.of('jobSeconds')).toHaveLength(2);
    expect(setting.log.at('warn')).toEqual([]);
  });

  test('that a person waits for, or that tells a channel, comes before what waits already, and nothing is left', async () => {
    const seen: string[] = [];
    const gate = Promise.withResolvers<void>();
    const setting = await aWorker(async ({ log }) => {
      log.info({}, 'Seen');
      await gate.promise;
      return [];
    });
    const ids = [];
    for (let each = 0; each < 20; each += 1) ids.push(await aJobOn(setting));
    const told = await setting.jobs.enqueue([aTelling()]);
    await setting.queue.wake(told);
    gate.resolve();

    await eventually(() => expect([...setting.jobs.rows.values()].every(({ status }) => status === 'done')).toBe(true));
    for (const { fields, sentence } of setting.log.records) if (sentence === 'Seen') seen.push(String(fields['jobId']));
    // Four were in hand before it came.
    expect(seen.indexOf(String(told[0]))).toBe(4);
    expect(seen).toHaveLength(21);
  });

  test('names itself in every line that its handler logs', async () => {
    const setting = await aWorker(async ({ log }) => {
      log.info({ own: 1 }, 'From the handler');
      return [];
    });
    const id = await aJobOn(setting);
    await untilStatus(setting.jobs, id, 'done');

    const [line] = setting.log.records.filter(({ sentence }) => sentence === 'From the handler');
    expect(line?.fields).toEqual({ jobId: id, kind: 'process-event', attempt: 1, own: 1 });
  });

  test('that follows with a short delay runs when it is due, without a sweep', async () => {
    const next = { ...followUp(), delayMs: 60 };
    let runs = 0;
    const setting = await aWorker(async () => ((runs += 1) === 1 ? [next] : []));
    await aJobOn(setting);

    await eventually(() =>
      expect([...setting.jobs.rows.values()].map(({ status }) => status)).toEqual(['done', 'done']),
    );
  });
});

describe('a job that fails', () => {
  test('is tried again after its wait, without a sweep, and says why', async () => {
    let tries = 0;
    const setting = await aWorker(async () => {
      tries += 1;
      if (tries === 1) throw new GitHubUnavailableError('GitHub is away');
      return [];
    });
    const id = await aJobOn(setting);

    await eventually(() => expect(setting.jobs.row(id).lastError).toBe('github.unavailable: GitHub is away'));
    expect(setting.jobs.row(id)).toMatchObject({ status: 'queued', attempt: 1, lease: null });
    await untilStatus(setting.jobs, id, 'done');
    expect(setting.jobs.row(id)).toMatchObject({ attempt: 2, crashes: 0 });
    expect(setting.metrics.of('jobsRetried')).toEqual([
      { metric: 'jobsRetried', value: 1, labels: { kind: 'process-event', code: 'github.unavailable' } },
    ]);
    expect(setting.log.at('warn')).toMatchObject([{ fields: { code: 'github.unavailable', retryInMs: 500 } }]);
  });

  test('for a bug of ours is tried again as well', async () => {
    const setting = await aWorker(async () => {
      throw new TypeError('a bug');
    });
    const id = await aJobOn(setting);

    await eventually(() => expect(setting.jobs.row(id).lastError).toBe('unknown: a bug'));
    expect(setting.jobs.row(id).status).toBe('queued');
  });

  test('waits as long as the other side asks', async () => {
    const setting = await aWorker(async () => {
      throw new GitHubUnavailableError('limited', { retryAfterMs: 90_000 });
    });
    const id = await aJobOn(setting);

    await eventually(() => expect(setting.jobs.row(id).lastError).not.toBeNull());
    expect(setting.jobs.row(id).dueAt - Date.now()).toBeGreaterThan(85_000);
  });

  test('without hope is parked at once, with an error id in the log', async () => {
    const error = new GitHubNotFoundError('no such run');
    const setting = await aWorker(async () => {
      throw error;
    });
    const id = await aJobOn(setting);

    await untilStatus(setting.jobs, id, 'dead');
    expect(setting.jobs.row(id)).toMatchObject({ attempt: 1, lastError: 'github.not_found: no such run' });
    await eventually(() =>
      expect(setting.log.at('error')).toMatchObject([{ fields: { errorId: error.id, code: 'github.not_found' } }]),
    );
    expect(setting.metrics.of('jobsFinished')).toMatchObject([{ labels: { outcome: 'parked' } }]);
  });

  test('in its last attempt is told so, and is parked without another wait', async () => {
    const last: boolean[] = [];
    const setting = await aWorker(
      async ({ isLastAttempt }) => {
        last.push(isLastAttempt);
        throw new GitHubUnavailableError('away');
      },
      { maxAttempts: 2 },
    );
    const id = await aJobOn(setting);

    await untilStatus(setting.jobs, id, 'dead');
    expect(last).toEqual([false, true]);
  });

  test.each([
    ['an outage', new GitHubUnavailableError('away'), {}, 'queued'],
    ['a bug', new TypeError('a bug'), {}, 'dead'],
    ['an outage while a person waits', new GitHubUnavailableError('away'), { responseUrl: 'https://slack' }, 'dead'],
  ])('for %s has its own patience', async (_name, error, more, status) => {
    const setting = await aWorker(
      async () => {
        throw error;
      },
      { maxAttempts: 1, maxOutageAttempts: 3 },
    );
    const id = setting.jobs.add('process-event', { ...payload(), ...more });
    await setting.queue.wake([id]);

    await eventually(() => expect(setting.jobs.row(id).lastError).not.toBeNull());
    expect(setting.jobs.row(id)).toMatchObject({ status, attempt: 1 });
  });

  test('because it is not its turn yet uses up no try', async () => {
    const tries: number[] = [];
    const setting = await aWorker(
      async (context) => {
        tries.push(setting.jobs.row(context.lease.jobId).attempt);
        if (tries.length < 4) throw new GitHubUnavailableError('limited', { retryAfterMs: 1 });
        return [];
      },
      { maxAttempts: 2 },
    );
    const id = await aJobOn(setting);

    await untilStatus(setting.jobs, id, 'done');
    expect(tries).toEqual([1, 1, 1, 1]);
  });

  test('by taking three processes down is parked before it takes a fourth', async () => {
    const setting = await aWorker(async () => []);
    const id = setting.jobs.add('process-event', payload());
    for (let crash = 0; crash < 3; crash += 1) {
      await setting.jobs.claim(id, { leaseMs: 1_000, maxAttempts: 8, maxCrashes: 3 });
      setting.jobs.expire(id);
    }
    await setting.queue.wake([id]);

    await untilStatus(setting.jobs, id, 'dead');
    await eventually(() => expect(setting.log.at('error')).toMatchObject([{ fields: { kind: 'process-event' } }]));
  });
});

describe('a job that this version cannot read', () => {
  test('is parked when its kind is unknown, without a metric of its own', async () => {
    const setting = await aWorker(async () => []);
    const id = setting.jobs.add('write-poem', {});
    await setting.queue.wake([id]);

    await untilStatus(setting.jobs, id, 'dead');
    expect(setting.jobs.row(id).lastError).toContain('write-poem');
    await eventually(() =>
      expect(setting.metrics.of('jobsFinished')).toMatchObject([{ labels: { kind: 'unknown', outcome: 'parked' } }]),
    );
  });

  test('is parked when its payload is of another version; the reason names fields, not values', async () => {
    const setting = await aWorker(async () => []);
    const id = setting.jobs.add('process-event', { eventId: 'private words' });
    await setting.queue.wake([id]);

    await untilStatus(setting.jobs, id, 'dead');
    expect(setting.jobs.row(id).lastError).toContain('eventId');
    expect(setting.jobs.row(id).lastError).not.toContain('private words');
  });
});

describe('the lease', () => {
  test('is renewed for as long as the handler works', async () => {
    const finish = Promise.withResolvers<[]>();
    const setting = await aWorker(() => finish.promise, { leaseMs: 900 });
    const id = await aJobOn(setting);
    const claimed = await eventually(() => {
      const { lease } = setting.jobs.row(id);
      expect(lease).not.toBeNull();
      return lease?.expiresAt ?? 0;
    });

    await eventually(() => expect(setting.jobs.row(id).lease?.expiresAt).toBeGreaterThan(claimed + 180));
    finish.resolve([]);
    await untilStatus(setting.jobs, id, 'done');
    expect(setting.jobs.row(id)).toMatchObject({ attempt: 1, crashes: 0 });
  });

  test('when lost, fires the signal and frees the worker, and nothing is written', async () => {
    const fired = Promise.withResolvers<unknown>();
    const setting = await aWorker(
      ({ signal }) => {
        signal.addEventListener('abort', () => fired.resolve(signal.reason));
        return new Promise(() => {}); // never looks at its signal
      },
      { leaseMs: 90 },
    );
    const id = await aJobOn(setting);
    await eventually(() => expect(setting.jobs.row(id).lease).not.toBeNull());
    setting.jobs.expire(id);
    const other = await setting.jobs.claim(id, { leaseMs: 60_000, maxAttempts: 8, maxCrashes: 3 });

    await expect(fired.promise).resolves.toBeInstanceOf(LeaseLostError);
    await eventually(() => expect(setting.log.at('warn')).toMatchObject([{ fields: { jobId: id } }]));
    expect(other.kind === 'claimed' && setting.jobs.row(id).lease?.token === other.job.lease.token).toBe(true);
    expect(setting.jobs.row(id)).toMatchObject({ status: 'queued', lastError: null });
  });

  test('when lost unnoticed, has the late completion refused', async () => {
    const finish = Promise.withResolvers<[]>();
    const setting = await aWorker(() => finish.promise);
    const id = await aJobOn(setting);
    await eventually(() => expect(setting.jobs.row(id).lease).not.toBeNull());
    setting.jobs.expire(id);
    await setting.jobs.claim(id, { leaseMs: 60_000, maxAttempts: 8, maxCrashes: 3 });
    finish.resolve([]);

    await eventually(() => expect(setting.log.at('warn')).toHaveLength(1));
    expect(setting.jobs.row(id)).toMatchObject({ status: 'queued', crashes: 1 });
    expect(setting.metrics.of('jobsFinished')).toEqual([]);
  });

  test('ends at its time when the database does not answer a renewal', async () => {
    const store = memoryJobStore();
    const fired = Promise.withResolvers<unknown>();
    const setting = await aWorker(
      ({ signal }) => {
        signal.addEventListener('abort', () => fired.resolve(signal.reason));
        return new Promise(() => {});
      },
      { leaseMs: 90, store, ports: { jobs: { ...store, renew: () => new Promise(() => {}) } } },
    );
    await aJobOn(setting);

    await expect(fired.promise).resolves.toBeInstanceOf(LeaseLostError);
  });

  test('survives a renewal that failed once', async () => {
    const store = memoryJobStore();
    let renewals = 0;
    const finish = Promise.withResolvers<[]>();
    const renew: typeof store.renew = async (lease, leaseMs) => {
      renewals += 1;
      if (renewals === 1) throw new DatabaseUnavailableError('a hiccup');
      return await store.renew(lease, leaseMs);
    };
    const setting = await aWorker(() => finish.promise, {
      leaseMs: 1_500,
      store,
      ports: { jobs: { ...store, renew } },
    });
    const id = await aJobOn(setting);
    await eventually(() => expect(renewals).toBeGreaterThan(4));
    finish.resolve([]);

    await untilStatus(store, id, 'done');
  });
});

describe('a database that fails', () => {
  test('at the claim leaves the job to the sweep', async () => {
    const store = memoryJobStore();
    let isAway = true;
    const claimNext: typeof store.claimNext = async (id, limits) => {
      if (isAway) throw new DatabaseUnavailableError('away');
      return await store.claimNext(id, limits);
    };
    const setting = await aWorker(async () => [], { store, ports: { jobs: { ...store, claimNext } } });
    const id = await aJobOn(setting);
    await eventually(() => expect(setting.log.at('warn')).toHaveLength(1));

    isAway = false;
    await setting.queue.wake([id]);
    await untilStatus(store, id, 'done');
  });

  test('at the completion is asked again, so that work that was done is not done twice', async () => {
    const store = memoryJobStore();
    let runs = 0;
    let failures = 0;
    const complete: typeof store.complete = async (lease, followUps) => {
      failures += 1;
      if (failures === 1) throw new DatabaseUnavailableError('away');
      return await store.complete(lease, followUps);
    };
    const handler: Handler = async () => {
      runs += 1;
      return [];
    };
    const setting = await aWorker(handler, { store, ports: { jobs: { ...store, complete } } });
    const id = await aJobOn(setting);

    await untilStatus(store, id, 'done');
    expect(runs).toBe(1);
  });

  test('for good after the work leaves the job with its lease, and the worker goes on', async () => {
    const store = memoryJobStore();
    const away = async () => {
      throw new DatabaseUnavailableError('away');
    };
    let isAway = true;
    const jobs = {
      ...store,
      complete: (...args: Parameters<typeof store.complete>) => (isAway ? away() : store.complete(...args)),
      retry: (...args: Parameters<typeof store.retry>) => (isAway ? away() : store.retry(...args)),
    };
    const setting = await aWorker(async () => [], { store, ports: { jobs } });
    const first = await aJobOn(setting);
    await eventually(() =>
      expect(setting.log.at('warn').map(({ sentence }) => sentence)).toContain(
        'Job left to the sweep, the database failed',
      ),
    );
    expect(store.row(first)).toMatchObject({ status: 'queued', lease: expect.anything() });

    isAway = false;
    await untilStatus(store, await aJobOn(setting), 'done');
  });
});

describe('stopping', () => {
  test('lets what is in hand end within the grace', async () => {
    const finish = Promise.withResolvers<[]>();
    const setting = await aWorker(() => finish.promise);
    const id = await aJobOn(setting);
    await eventually(() => expect(setting.jobs.row(id).lease).not.toBeNull());

    const stopped = setting.worker.stop(5_000);
    finish.resolve([]);
    await stopped;

    expect(setting.jobs.row(id).status).toBe('done');
  });

  test('fires the signal after the grace and gives the lease back, so that another worker goes on at once', async () => {
    const contexts: JobContext[] = [];
    const first = await aWorker((context) => {
      contexts.push(context);
      return new Promise((_resolve, reject) => {
        context.signal.addEventListener('abort', () => reject(new Error('stopped in the middle')));
      });
    });
    const id = await aJobOn(first);
    await eventually(() => expect(contexts).toHaveLength(1));
    await first.worker.stop(0);

    expect(first.jobs.row(id)).toMatchObject({ status: 'queued', lease: null, crashes: 0 });
    const second = await aWorker(async () => [], { store: first.jobs });
    await second.queue.wake(await first.jobs.takeDue(10));
    await untilStatus(first.jobs, id, 'done');
  });

  test('does not wait for a handler that never looks at its signal', async () => {
    const setting = await aWorker(() => new Promise(() => {}));
    const id = await aJobOn(setting);
    await eventually(() => expect(setting.jobs.row(id).lease).not.toBeNull());
    const startedAt = performance.now();
    await setting.worker.stop(50);

    expect(performance.now() - startedAt).toBeLessThan(4_000);
    expect(setting.jobs.row(id).lease).toBeNull();
  });

  test('takes nothing more', async () => {
    const setting = await aWorker(async () => []);
    await setting.worker.stop(0);
    const id = await aJobOn(setting);

    expect(setting.jobs.row(id)).toMatchObject({ status: 'queued', attempt: 0 });
  });
});
