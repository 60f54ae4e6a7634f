import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Options } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { ENTITIES } from './entities/index.ts';

// Computed from this file, so that it holds for the sources and for the built copy below dist/ alike.
const MIGRATIONS = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../migrations');

/** What both drivers share; `warn` gets what the ORM has to say, such as a connection that the server dropped. */
export function ormOptions(warn: (sentence: string) => void) {
  return {
    entities: ENTITIES,
    extensions: [Migrator],
    migrations: {
      path: MIGRATIONS,
      pathTs: MIGRATIONS,
      snapshotName: '.snapshot',
      // Only the script that makes a migration writes the snapshot; a running server never does.
      snapshotOnMigrate: false,
      silent: true,
    },
    // A database that is not there is an operator's mistake; creating one would hide it.
    ensureDatabase: false,
    forceUtcTimezone: true,
    logger: warn,
  } satisfies Partial<Options>;
}
