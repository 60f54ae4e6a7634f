import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { connectDatabase } from '../../src/db/database.ts';
import { DatabaseUnavailableError } from '../../src/errors.ts';
import { quietLog } from '../support/database-log.ts';
import { describeDatabase } from '../support/database.ts';
import { startPostgres } from '../support/postgres.ts';
import { aDelivery, aJob, aLease, anAsker, aRun, aWorkspaceId } from './samples.ts';

const options = (url: string) => ({ url, dataDir: '', encryptionKey: randomBytes(32), log: quietLog });

describeDatabase('a PostgreSQL server', 'PostgreSQL', (open) => {
  test('that is not there is an unavailable database', async () => {
    const nowhere = new URL(open().url ?? '');
    nowhere.port = '1';

    await expect(connectDatabase(options(nowhere.href))).rejects.toThrow(DatabaseUnavailableError);
  });

  test('does not give its password away in the description', async () => {
    const { url, database } = open();
    const { host, pathname, password } = new URL(url ?? '');

    expect(database.description).toBe(`PostgreSQL at ${host}${pathname}`);
    expect(database.description).not.toContain(password);
  });

  test('that restarts fails what is asked meanwhile, and serves again without a new connect', async () => {
    const server = await startPostgres();
    if (server === null) throw new Error('no server, though there was one');
    const database = await connectDatabase(options(server.url));
    await database.migrate();
    const { stores } = database;
    const lease = await aLease(stores);
    const asker = anAsker();
    await stores.users.saveRole(asker, 'admin', new Date());
    expect(await database.isHealthy()).toBe(true);

    await server.restart();
    const meanwhile = await Promise.allSettled([
      stores.users.findRole(asker),
      stores.jobs.counts(),
      stores.intake.accept(aDelivery()),
      stores.runs.record(aWorkspaceId(), aRun()),
    ]);

    const refusals = meanwhile.filter((outcome) => outcome.status === 'rejected');
    expect(refusals.filter(({ reason }) => !(reason instanceof DatabaseUnavailableError))).toEqual([]);
    expect(await stores.users.findRole(asker)).toMatchObject({ role: 'admin' });
    expect((await stores.intake.accept(aDelivery())).kind).toBe('stored');
    expect(await stores.jobs.complete(lease, [aJob()])).toHaveLength(1);

    await server.stop();
    await expect(stores.intake.accept(aDelivery())).rejects.toThrow(DatabaseUnavailableError);
    await expect(stores.jobs.counts()).rejects.toThrow(DatabaseUnavailableError);
    await expect(stores.users.findRole(asker)).rejects.toThrow(DatabaseUnavailableError);
    await expect(stores.runs.record(aWorkspaceId(), aRun())).rejects.toThrow(DatabaseUnavailableError);
    expect(await database.isHealthy()).toBe(false);
    await database.close();
  }, 30_000);

  test('has no connection of ours left after a close', async () => {
    const { url, sql } = open();
    const before = await sql('select pid from pg_stat_activity where datname = current_database()');
    const database = await connectDatabase(options(url ?? ''));
    await Promise.all(Array.from({ length: 5 }, () => database.stores.intake.accept(aDelivery())));
    await Promise.all(Array.from({ length: 5 }, () => database.stores.jobs.counts()));
    await database.close();

    const known = JSON.stringify(before.map(({ pid }) => pid));
    const left = `select count(*)::int as count from pg_stat_activity where datname = current_database()
      and application_name = '' and backend_type = 'client backend' and pid <> pg_backend_pid()
      and not $1::jsonb @> to_jsonb(pid)`;
    // The server ends a session a moment after its client did.
    let remaining = 1;
    for (let tries = 0; tries < 1000 && remaining > 0; tries += 1)
      remaining = Number((await sql(left, [known]))[0]?.['count']);
    expect(remaining).toBe(0);
  });
});
