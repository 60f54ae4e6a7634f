import { hash, randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { JOB_PAYLOADS } from '../../src/domain/jobs.ts';
import { DatabaseUnavailableError } from '../../src/errors.ts';
import { openPostgres } from '../../src/db/connection.ts';
import { createDatabase } from '../../src/db/database.ts';
import { quietLog } from '../support/database-log.ts';
import { describeBothDatabases, describeDatabase } from '../support/database.ts';
import { aDelivery, claimed, LIMITS } from './samples.ts';

describeBothDatabases('the intake', (open) => {
  test('a delivery is stored with its first job, byte for byte', async () => {
    const { stores } = open();
    const body = Buffer.from([0, 1, 2, 255, 254, 0x5c, 0x27, 0x3f]);
    const delivery = aDelivery({ body });

    const outcome = await stores.intake.accept(delivery);

    if (outcome.kind !== 'stored') throw new Error(outcome.kind);
    const job = await claimed(stores, outcome.jobId);
    expect(job.kind).toBe('process-event');
    const { eventId } = JOB_PAYLOADS['process-event'].parse(job.payload);
    expect(await stores.events.find(eventId)).toEqual({
      id: eventId,
      deliveryId: delivery.deliveryId,
      name: 'workflow_run',
      installationId: delivery.installationId,
      body,
    });
  });

  test('the same body is repeated, whatever its delivery id', async () => {
    const { stores } = open();
    const delivery = aDelivery();
    await stores.intake.accept(delivery);

    expect(await stores.intake.accept(delivery)).toEqual({ kind: 'repeated' });
    expect(await stores.intake.accept({ ...delivery, deliveryId: 'another' })).toEqual({ kind: 'repeated' });
  });

  test('another body under the same delivery id is a delivery of its own', async () => {
    const { stores } = open();
    const first = aDelivery();
    await stores.intake.accept(first);

    const outcome = await stores.intake.accept(aDelivery({ deliveryId: first.deliveryId }));

    expect(outcome.kind).toBe('stored');
  });

  test('of 200 deliveries at once with repeats among them each body is stored once', async () => {
    const { stores, sql } = open();
    const distinct = Array.from({ length: 50 }, () => aDelivery());
    const all = Array.from({ length: 4 }, () => distinct).flat();

    const outcomes = await Promise.all(all.map((delivery) => stores.intake.accept(delivery)));

    expect(outcomes.filter(({ kind }) => kind === 'stored')).toHaveLength(50);
    expect(outcomes.filter(({ kind }) => kind === 'repeated')).toHaveLength(150);
    const ids = distinct.map(({ deliveryId }) => deliveryId);
    const [row] = await sql(
      `select count(distinct events.id)::int as events, count(jobs.id)::int as jobs
       from events left join jobs on jobs.dedupe_key = 'event:' || events.id
       where delivery_id in (select jsonb_array_elements_text($1::jsonb))`,
      [JSON.stringify(ids)],
    );
    expect(row).toEqual({ events: 50, jobs: 50 });
  });

  test('a repeat starts a parked job again, from its first try', async () => {
    const { stores } = open();
    const delivery = aDelivery();
    const first = await stores.intake.accept(delivery);
    if (first.kind !== 'stored') throw new Error(first.kind);
    const job = await claimed(stores, first.jobId);
    await stores.jobs.bury(job.lease, 'It never works');

    expect(await stores.intake.accept(delivery)).toEqual({ kind: 'stored', jobId: first.jobId });

    expect((await claimed(stores, first.jobId)).attempt).toBe(1);
    expect(await stores.intake.accept(delivery)).toEqual({ kind: 'repeated' });
  });

  test('a parked job starts again beside deliveries that are new', async () => {
    const { stores } = open();
    const parked = aDelivery();
    const first = await stores.intake.accept(parked);
    if (first.kind !== 'stored') throw new Error(first.kind);
    await stores.jobs.bury((await claimed(stores, first.jobId)).lease, 'It never works');

    const all = [aDelivery(), aDelivery(), aDelivery(), parked, aDelivery()];
    const outcomes = await Promise.all(all.map((delivery) => stores.intake.accept(delivery)));

    expect(outcomes.map(({ kind }) => kind)).toEqual(['stored', 'stored', 'stored', 'stored', 'stored']);
    expect(outcomes[3]).toEqual({ kind: 'stored', jobId: first.jobId });
  });

  test('the sweep leaves a job alone whose delivery was answered a moment ago', async () => {
    const { stores } = open();
    const outcome = await stores.intake.accept(aDelivery());
    if (outcome.kind !== 'stored') throw new Error(outcome.kind);

    expect(await stores.jobs.takeDue(1000)).not.toContain(outcome.jobId);
  });

  test('a repeat of a processed delivery starts nothing', async () => {
    const { stores } = open();
    const delivery = aDelivery();
    const first = await stores.intake.accept(delivery);
    if (first.kind !== 'stored') throw new Error(first.kind);
    await stores.jobs.complete((await claimed(stores, first.jobId)).lease, []);

    expect(await stores.intake.accept(delivery)).toEqual({ kind: 'repeated' });
    expect(await stores.jobs.claim(first.jobId, LIMITS)).toEqual({ kind: 'unavailable' });
  });

  test('a NUL in what GitHub sends beside the body stops neither it nor its neighbours', async () => {
    const { stores } = open();
    const strange = aDelivery({ action: 'comp\u0000leted', deliveryId: 'a\u0000b\ud800' });

    const outcomes = await Promise.all([stores.intake.accept(strange), stores.intake.accept(aDelivery())]);

    expect(outcomes.map(({ kind }) => kind)).toEqual(['stored', 'stored']);
  });
});

describeDatabase('the intake', 'PostgreSQL', (open) => {
  test('a body of 24 MB is stored', async () => {
    const { stores } = open();
    const delivery = aDelivery({ body: Buffer.alloc(24 * 1024 * 1024, 'x') });

    expect((await stores.intake.accept(delivery)).kind).toBe('stored');
  });

  test('bodies of all sizes are stored as they came, batch after batch over the same connections', async () => {
    const { stores, sql } = open();
    const sizes = [0, 1, 100, 25_000, 70_000, 300_000, 2_000_000];
    const all = Array.from({ length: 140 }, (_, at) => {
      const body = randomBytes(sizes[at % sizes.length] ?? 0);
      return aDelivery({ body, bodyHash: hash('sha256', Buffer.concat([body, randomBytes(8)]), 'buffer') });
    });
    const sums = new Map(all.map(({ bodyHash, body }) => [bodyHash.toString('hex'), hash('sha256', body)]));
    for (const from of [0, 70]) {
      const outcomes = await Promise.all(all.slice(from, from + 70).map((delivery) => stores.intake.accept(delivery)));
      expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['stored']));
    }

    const rows = await sql(
      `select encode(body_hash, 'hex') as key, encode(sha256(body), 'hex') as sum from events
       where encode(body_hash, 'hex') in (select jsonb_array_elements_text($1::jsonb))`,
      [JSON.stringify([...sums.keys()])],
    );
    expect(new Map(rows.map(({ key, sum }) => [key, sum]))).toEqual(sums);
  }, 60_000);

  test('bodies are compressed with lz4 where the server can', async () => {
    const { stores, sql } = open();
    await stores.intake.accept(aDelivery({ body: Buffer.alloc(30_000, 'compress me ') }));

    const rows = await sql('select distinct pg_column_compression(body) as way from events where length(body) = 30000');
    expect(rows).toEqual([{ way: 'lz4' }]);
  });

  test('a locked table refuses deliveries before GitHub gives up, and stores none of them', async () => {
    const { stores, url } = open();
    const other = await openPostgres(url ?? '', quietLog);
    const delivery = aDelivery();
    const started = performance.now();
    await other.orm.em.fork().transactional(async (em) => {
      await em.execute('lock table events in access exclusive mode');
      await expect(stores.intake.accept(delivery)).rejects.toThrow(DatabaseUnavailableError);
    });
    await other.close();

    expect(performance.now() - started).toBeLessThan(8000);
    expect((await stores.intake.accept(delivery)).kind).toBe('stored');
  }, 20_000);

  test('a killed connection fails its whole batch, and the next delivery is stored', async () => {
    const { url } = open();
    const connection = await openPostgres(url ?? '', quietLog);
    const database = createDatabase(connection, Buffer.alloc(32));
    const other = await openPostgres(url ?? '', quietLog);
    // The first two start at once, one by one; the others gather behind them and make up the third batch.
    const deliveries = Array.from({ length: 6 }, () => aDelivery());
    await other.orm.em.fork().transactional(async (em) => {
      await em.execute('lock table events in access exclusive mode');
      const outcomes = deliveries.map((delivery) => database.stores.intake.accept(delivery));
      const refusals = Promise.all(
        outcomes.map((outcome) => expect(outcome).rejects.toThrow(DatabaseUnavailableError)),
      );
      await terminateWaiting(em, 2);
      await terminateWaiting(em, 1);
      await refusals;
    });
    await other.close();

    for (const delivery of deliveries) expect((await database.stores.intake.accept(delivery)).kind).toBe('stored');
    await database.close();
  }, 20_000);
});

/** Ends the other sessions of this database that wait for a lock, as soon as `count` of them do. */
async function terminateWaiting(em: { execute(text: string): Promise<unknown[]> }, count: number): Promise<void> {
  const waiting = `from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  for (;;) {
    await em.execute('select pg_stat_clear_snapshot()');
    const rows = await em.execute(`select pid ${waiting}`);
    if (rows.length < count) continue;
    await em.execute(`select pg_terminate_backend(pid, 5000) ${waiting}`);
    return;
  }
}
