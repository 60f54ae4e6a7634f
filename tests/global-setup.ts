import { makeEmbeddedTemplate, makePostgresTemplate } from './support/database-template.ts';
import { startPostgres } from './support/postgres.ts';
import { startRedisIfFound } from './support/redis.ts';
import { registerServer } from './support/services-registry.ts';

/**
 * Starts one PostgreSQL and one Redis for the whole run, unless TEST_DATABASE_URL and TEST_REDIS_URL name some, and migrates
 * one database of each kind for test files to copy. Test files find all of it in these variables.
 */
export default async function setUp(): Promise<void> {
  const [postgres, embedded] = await Promise.all([
    provide('TEST_DATABASE_URL', 'PostgreSQL (Debian: apt-get install postgresql)', startPostgres),
    makeEmbeddedTemplate(),
    provide('TEST_REDIS_URL', 'Redis (Debian: apt-get install redis-server)', startRedisIfFound),
  ]);
  process.env['TEST_EMBEDDED_TEMPLATE'] = embedded;
  if (postgres === null) return;
  const template = await makePostgresTemplate(postgres);
  registerServer({ stop: () => template.drop() });
  process.env['TEST_DATABASE_TEMPLATE'] = template.name;
}

/** The address of the server in this variable, or of one that was started; null where none can be had. */
async function provide(
  variable: string,
  name: string,
  start: () => Promise<{ url: string; stop(): Promise<void> } | null>,
): Promise<string | null> {
  const given = process.env[variable] ?? '';
  if (given !== '') return given;
  const server = await start();
  if (server !== null) {
    registerServer(server);
    process.env[variable] = server.url;
    return server.url;
  }
  const sentence = `There is no ${name} here: install it, or set ${variable}.`;
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error(sentence);
  process.stderr.write(`\n*** ${sentence}\n*** The suites that need it are SKIPPED.\n\n`);
  return null;
}
