// Writes a migration for what changed in the entities since the last one: npm run db:new-migration -- name-of-the-change
// It compares the entities with the snapshot beside the migrations, so it needs no server. Read what it wrote before you commit.
import { readdirSync } from 'node:fs';
import { MikroORM } from '@mikro-orm/pglite';
import { ormOptions } from '../src/db/mikro-orm.config.ts';

const options = ormOptions((sentence) => console.warn(sentence));
const name = process.argv[2]?.replaceAll(/\W+/gu, '_');
const isFirst = !readdirSync(options.migrations.path).some((file) => file.startsWith('Migration'));

const orm = await MikroORM.init({ ...options, dbName: 'memory://' });
try {
  const { fileName } = await orm.migrator.create(undefined, false, isFirst, name);
  console.log(
    fileName === '' ? 'The entities have not changed.' : `Wrote migrations/${fileName}: read it before you commit.`,
  );
} finally {
  await orm.close();
}
