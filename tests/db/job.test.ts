import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';

import { EventId, JobId } from '../../src/domain/ids.ts';
import type { Lease, NewJob } from '../../src/domain/jobs.ts';
import type { Stores } from '../../src/db/database.ts';
import { LeaseLostError } from '../../src/errors.ts';
import { describeBothDatabases, describeDatabase, type TestDatabase } from '../support/database.ts';
import { aChannelId, aDelivery, aJob, aRun, aUserId, aWorkspaceId, claimed, LIMITS } from './samples.ts';

async function enqueued(stores: Stores, changes: Parameters<typeof aJob>[0] = {}): Promise<JobId> {
  const [id] = await stores.jobs.enqueue([aJob(changes)]);
  if (id === undefined) throw new Error('The job was not stored');
  return id;
}

const anEvent = (): NewJob => ({
  kind: 'process-event',
  payload: { eventId: EventId.parse(randomUUID()) },
  dedupeKey: randomUUID(),
});

/** Time passes in the database alone: leases go by its clock. */
async function expire({ sql }: TestDatabase, id: JobId): Promise<void> {
  await sql(`update jobs set lease_expires_at = now() - interval '1 second' where id = $1`, [id]);
}

async function makeDue({ sql }: TestDatabase, id: JobId): Promise<void> {
  await sql('update jobs set due_at = now() where id = $1', [id]);
}

describeBothDatabases('the job store', (open) => {
  test('a job comes back from its claim as it was enqueued', async () => {
    const { stores } = open();
    const job = aJob();
    const [id] = await stores.jobs.enqueue([job]);

    const { kind, payload, attempt } = await claimed(stores, JobId.parse(id));

    expect({ kind, payload, attempt }).toEqual({ kind: job.kind, payload: job.payload, attempt: 1 });
  });

  test('two jobs with one dedupe key are one, also in one call', async () => {
    const { stores } = open();
    const job = aJob();

    expect(await stores.jobs.enqueue([job, job])).toHaveLength(1);
    expect(await stores.jobs.enqueue([job])).toEqual([]);
    expect(await stores.jobs.enqueue([])).toEqual([]);
  });

  test('a claimed job cannot be claimed again while its lease runs', async () => {
    const { stores } = open();
    const id = await enqueued(stores);
    await claimed(stores, id);

    expect(await stores.jobs.claim(id, LIMITS)).toEqual({ kind: 'unavailable' });
  });

  test('whoever is prompt is next, then who was handed out, then who waits for longest', async () => {
    const database = open();
    const { stores, sql } = database;
    await sql("delete from jobs where status = 'queued'");
    const [first = null, handed] = await stores.jobs.enqueue([anEvent(), anEvent()]);
    await sql("update jobs set due_at = now() - interval '1 hour' where id = $1", [first]);
    const told = await enqueued(stores);
    await enqueued(stores, { delayMs: 60_000 });
    const next = async () => {
      const outcome = await stores.jobs.claimNext(JobId.parse(handed), LIMITS);
      return outcome.kind === 'claimed' ? outcome.job.lease.jobId : outcome.kind;
    };

    expect([await next(), await next(), await next(), await next()]).toEqual([told, handed, first, 'unavailable']);
  });

  test('a delayed job cannot be claimed before it is due', async () => {
    const database = open();
    const id = await enqueued(database.stores, { delayMs: 60_000 });
    expect(await database.stores.jobs.claim(id, LIMITS)).toEqual({ kind: 'unavailable' });

    await makeDue(database, id);

    expect((await database.stores.jobs.claim(id, LIMITS)).kind).toBe('claimed');
  });

  test('an unknown job is unavailable', async () => {
    const id = JobId.parse('00000000-0000-4000-8000-000000000000');
    expect(await open().stores.jobs.claim(id, LIMITS)).toEqual({ kind: 'unavailable' });
  });

  test('completing stores what follows, once', async () => {
    const { stores } = open();
    const { lease } = await claimed(stores, await enqueued(stores));
    const next = aJob();

    expect(await stores.jobs.complete(lease, [next, next])).toHaveLength(1);

    expect(await stores.jobs.enqueue([next])).toEqual([]);
    expect(await stores.jobs.claim(lease.jobId, LIMITS)).toEqual({ kind: 'unavailable' });
  });

  test('a retry waits as long as was asked, keeps the count and the error', async () => {
    const database = open();
    const { stores } = database;
    const { lease } = await claimed(stores, await enqueued(stores));
    await stores.jobs.retry(lease, { delayMs: 30_000, error: 'GitHub\u0000 is away' });
    const id = lease.jobId;

    expect(await stores.jobs.claim(id, LIMITS)).toEqual({ kind: 'unavailable' });
    const [row] = await database.sql(
      `select last_error, due_at > now() + interval '29 seconds' and due_at < now() + interval '31 seconds' as waits
       from jobs where id = $1`,
      [id],
    );
    expect(row).toEqual({ last_error: 'GitHub is away', waits: true });
    await makeDue(database, id);
    expect((await claimed(stores, id)).attempt).toBe(2);
  });

  test('a retry can leave the try uncounted, but not for ever', async () => {
    const database = open();
    const { stores } = database;
    const id = await enqueued(stores);
    const again = { delayMs: 0, error: 'limited', isUncounted: true };
    await stores.jobs.retry((await claimed(stores, id)).lease, again);

    const second = await claimed(stores, id);
    await database.sql(`update jobs set created_at = now() - interval '25 hours' where id = $1`, [id]);
    await stores.jobs.retry(second.lease, again);

    expect(second.attempt).toBe(1);
    expect((await claimed(stores, id)).attempt).toBe(2);
  });

  test('a job whose tries are used up is parked, and says why', async () => {
    const { stores } = open();
    const id = await enqueued(stores);
    const limits = { ...LIMITS, maxAttempts: 2 };
    for (const error of ['first', 'second']) {
      await stores.jobs.retry((await claimed(stores, id, limits)).lease, { delayMs: 0, error });
    }

    const outcome = await stores.jobs.claim(id, limits);

    expect(outcome).toEqual({
      kind: 'buried',
      jobId: id,
      jobKind: 'deliver-recovery',
      reason: 'Its 2 tries are used up. Last error: second',
    });
    expect(await stores.jobs.claim(id, limits)).toEqual({ kind: 'unavailable' });
  });

  test('a job that ends its process three times is parked at the next claim', async () => {
    const database = open();
    const { stores } = database;
    const id = await enqueued(stores);
    for (const attempt of [1, 2, 3]) {
      expect((await claimed(stores, id)).attempt).toBe(attempt);
      await expire(database, id);
    }

    expect(await stores.jobs.claim(id, LIMITS)).toEqual({
      kind: 'buried',
      jobId: id,
      jobKind: 'deliver-recovery',
      reason: 'The process ended in the middle of it 3 times',
    });
  });

  test('a try that failed with a word is no crash', async () => {
    const { stores, sql } = open();
    const id = await enqueued(stores);
    await stores.jobs.retry((await claimed(stores, id)).lease, { delayMs: 0, error: 'no' });
    await claimed(stores, id);

    expect(await sql('select crashes, attempt from jobs where id = $1', [id])).toEqual([{ crashes: 0, attempt: 2 }]);
  });

  test('renewing keeps a lease, and says when it is lost', async () => {
    const database = open();
    const { stores } = database;
    const id = await enqueued(stores);
    const { lease } = await claimed(stores, id, { leaseMs: 1000 });

    expect(await stores.jobs.renew(lease, 60_000)).toBe(true);
    const [row] = await database.sql(
      `select lease_expires_at > now() + interval '50 seconds' as renewed from jobs where id = $1`,
      [id],
    );
    expect(row).toEqual({ renewed: true });
    await expire(database, id);
    expect(await stores.jobs.renew(lease, 60_000)).toBe(false);
  });

  const lateWrites: Array<[string, (stores: Stores, lease: Lease) => Promise<unknown>]> = [
    ['complete', (stores, lease) => stores.jobs.complete(lease, [aJob({ dedupeKey: `late ${lease.token}` })])],
    ['retry', (stores, lease) => stores.jobs.retry(lease, { delayMs: 0, error: 'late' })],
    ['bury', (stores, lease) => stores.jobs.bury(lease, 'late')],
  ];

  test.each(lateWrites)('%s with a lease that somebody else holds now writes nothing', async (_name, write) => {
    const database = open();
    const { stores } = database;
    const id = await enqueued(stores);
    const old = (await claimed(stores, id)).lease;
    await expire(database, id);
    const current = (await claimed(stores, id)).lease;

    await expect(write(stores, old)).rejects.toThrow(LeaseLostError);

    expect(await stores.jobs.renew(old, 1000)).toBe(false);
    expect(await database.sql('select 1 from jobs where dedupe_key = $1', [`late ${old.token}`])).toEqual([]);
    expect(await stores.jobs.complete(current, [])).toEqual([]);
  });

  test.each(lateWrites)('%s with a lease that ran out writes nothing', async (_name, write) => {
    const database = open();
    const { stores } = database;
    const { lease } = await claimed(stores, await enqueued(stores));
    await expire(database, lease.jobId);

    await expect(write(stores, lease)).rejects.toThrow(LeaseLostError);

    expect((await claimed(stores, lease.jobId)).attempt).toBe(2);
  });

  test('a buried job is neither claimed nor swept', async () => {
    const { stores, sql } = open();
    const { lease } = await claimed(stores, await enqueued(stores));
    await stores.jobs.bury(lease, 'It will never work');

    expect(await stores.jobs.claim(lease.jobId, LIMITS)).toEqual({ kind: 'unavailable' });
    expect(await stores.jobs.takeDue(1000)).not.toContain(lease.jobId);
    expect(await sql('select status, last_error from jobs where id = $1', [lease.jobId])).toEqual([
      { status: 'dead', last_error: 'It will never work' },
    ]);
  });

  test('a sweep finds what is due and unleased, and not again within ten seconds', async () => {
    const database = open();
    const { stores } = database;
    const due = await enqueued(stores);
    const later = await enqueued(stores, { delayMs: 60_000 });
    const leased = await enqueued(stores);
    const crashed = await enqueued(stores);
    await claimed(stores, leased);
    await claimed(stores, crashed);
    await expire(database, crashed);

    const taken = await stores.jobs.takeDue(1000);

    expect(taken).toEqual(expect.arrayContaining([due, crashed]));
    expect(taken).not.toContain(later);
    expect(taken).not.toContain(leased);
    expect(await stores.jobs.takeDue(1000)).toEqual([]);
    await database.sql(`update jobs set woken_at = now() - interval '11 seconds' where id = $1`, [due]);
    expect(await stores.jobs.takeDue(1000)).toEqual([due]);
  });

  test('a sweep takes no more than it is asked for, the oldest first', async () => {
    const database = open();
    const { stores } = database;
    await stores.jobs.takeDue(1000);
    const ids = [await enqueued(stores), await enqueued(stores), await enqueued(stores)];

    expect((await stores.jobs.takeDue(2)).toSorted()).toEqual(ids.slice(0, 2).toSorted());
  });

  test('pruning removes what ended long ago, and no waiting job or its event', async () => {
    const { stores, sql } = open();
    const done = (await claimed(stores, await enqueued(stores))).lease;
    await stores.jobs.complete(done, []);
    const waiting = await enqueued(stores);
    const accepted = await stores.intake.accept(aDelivery());
    if (accepted.kind !== 'stored') throw new Error(accepted.kind);
    await sql(`update jobs set finished_at = now() - interval '15 days' where finished_at is not null`);
    await sql(`update jobs set created_at = now() - interval '15 days'`);
    await sql(`update events set received_at = now() - interval '31 days'`);

    expect(await stores.jobs.prune(14)).toBeGreaterThanOrEqual(1);
    expect(await stores.events.prune(30)).toBe(0);

    expect(await sql('select id from jobs where id = $1', [done.jobId])).toEqual([]);
    expect((await claimed(stores, waiting)).attempt).toBe(1);
    await stores.jobs.complete((await claimed(stores, accepted.jobId)).lease, []);
    expect(await stores.events.prune(30)).toBe(1);
  });

  test('what PostgreSQL cannot store in json is left out of a payload', async () => {
    const { stores } = open();
    const text = 'a\u0000b \ud800 back\\u0000slash \' " ? $1 :name 🐘';
    const job = aJob();
    // Other strings of a payload are ids; a person's words come in with the address of an answer.
    const [id] = await stores.jobs.enqueue([
      {
        kind: 'answer-request',
        dedupeKey: job.dedupeKey,
        payload: { ...targetOf(), responseUrl: `https://hooks.example/${text}` },
      },
    ]);

    const { payload } = await claimed(stores, JobId.parse(id));

    expect(payload).toMatchObject({
      responseUrl: 'https://hooks.example/ab \ufffd back\\u0000slash \' " ? $1 :name 🐘',
    });
  });
});

function targetOf() {
  const asked = aRun();
  return {
    workspaceId: aWorkspaceId(),
    channelId: aChannelId(),
    userId: aUserId(),
    target: { kind: 'latest' as const, repository: asked.repository },
  };
}

describeDatabase('the job store', 'PostgreSQL', (open) => {
  test('of 50 claims of one job at once one wins', async () => {
    const { stores } = open();
    const id = await enqueued(stores);

    const outcomes = await Promise.all(Array.from({ length: 50 }, () => stores.jobs.claim(id, LIMITS)));

    expect(outcomes.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'unavailable')).toHaveLength(49);
  });

  test('of 50 claims of the next job at once each has another one', async () => {
    const { stores, sql } = open();
    await sql("delete from jobs where status = 'queued'");
    const ids = await stores.jobs.enqueue([
      ...Array.from({ length: 20 }, () => aJob()),
      ...Array.from({ length: 20 }, anEvent),
    ]);
    const [handed] = ids;

    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => stores.jobs.claimNext(JobId.parse(handed), LIMITS)),
    );
    const rest = await Promise.all(ids.map((id) => stores.jobs.claimNext(id, LIMITS)));

    const claims = [...outcomes, ...rest].flatMap((outcome) =>
      outcome.kind === 'claimed' ? [outcome.job.lease.jobId] : [],
    );
    expect(claims.toSorted()).toEqual(ids.toSorted());
  });

  test('sweeps at the same time share the work and hand nothing out twice', async () => {
    const { stores } = open();
    await stores.jobs.takeDue(1000);
    const ids = await stores.jobs.enqueue(Array.from({ length: 100 }, () => aJob()));

    const taken = await Promise.all(Array.from({ length: 10 }, () => stores.jobs.takeDue(100)));

    expect(taken.flat().toSorted()).toEqual(ids.toSorted());
  });

  test('of 20 enqueues with one dedupe key at once one stores', async () => {
    const { stores } = open();
    const job = aJob();

    const stored = await Promise.all(Array.from({ length: 20 }, () => stores.jobs.enqueue([job])));

    expect(stored.flat()).toHaveLength(1);
  });

  test('waiting, leased and parked jobs are counted', async () => {
    const database = open();
    const { stores } = database;
    await database.sql('delete from jobs');
    await enqueued(stores);
    await enqueued(stores, { delayMs: 60_000 });
    await claimed(stores, await enqueued(stores));
    await stores.jobs.bury((await claimed(stores, await enqueued(stores))).lease, 'no');
    await stores.jobs.complete((await claimed(stores, await enqueued(stores))).lease, []);

    expect(await stores.jobs.counts()).toEqual({ queued: 2, leased: 1, dead: 1 });
  });
});
