import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM as EmbeddedOrm } from '@mikro-orm/pglite';
import { MikroORM as PostgresOrm } from '@mikro-orm/postgresql';
import { connectDatabase } from '../../src/db/database.ts';
import { ormOptions } from '../../src/db/mikro-orm.config.ts';
import { quietLog } from '../support/database-log.ts';
import { databaseUrl, withServer } from '../support/database-template.ts';
import { createTestDatabase, describeBothDatabases, describeDatabase } from '../support/database.ts';

/** Databases are opened and migrated here: on a busy machine that alone takes more than the usual 5 s. */
const SLOW_MS = 30_000;

describeBothDatabases('the migrations', (open) => {
  test(
    'leave nothing to be changed: they and the entities say the same',
    async () => {
      const copy = await createTestDatabase(open().kind);
      await copy.close();
      const { kind, url, dataDir } = copy;
      const options = ormOptions(() => {});
      const orm =
        kind === 'PGlite'
          ? await EmbeddedOrm.init({ ...options, dbName: `${dataDir}/database` })
          : await PostgresOrm.init({ ...options, clientUrl: url ?? '' });

      const difference = await orm.schema.getUpdateSchemaSQL({ wrap: false });
      await orm.close();
      await copy.remove();

      expect(difference).toBe('');
    },
    SLOW_MS,
  );

  test('run again without an effect', async () => {
    const { database } = open();
    expect(await database.isBehind()).toBe(false);
    await database.migrate();
  });
});

test('the snapshot beside the migrations holds what the entities say', async () => {
  const orm = new EmbeddedOrm({ ...ormOptions(() => {}), dbName: 'memory://' });

  expect(await new Migrator(orm.em).checkSchema()).toBe(false);
});

describeDatabase('the migrations', 'PostgreSQL', () => {
  test(
    'can be run by many processes that start at once',
    async () => {
      const server = process.env['TEST_DATABASE_URL'] ?? '';
      const name = `${process.env['TEST_DATABASE_TEMPLATE']}_empty`;
      await withServer(server, (run) => run(`create database ${name}`));
      const options = {
        url: databaseUrl(server, name),
        dataDir: '',
        encryptionKey: randomBytes(32),
        log: quietLog,
      };
      const databases = await Promise.all(Array.from({ length: 4 }, () => connectDatabase(options)));

      await Promise.all(databases.map((database) => database.migrate()));

      for (const database of databases) {
        expect(await database.isBehind()).toBe(false);
        expect(await database.stores.jobs.counts()).toEqual({ queued: 0, leased: 0, dead: 0 });
        await database.close();
      }
    },
    SLOW_MS,
  );
});
