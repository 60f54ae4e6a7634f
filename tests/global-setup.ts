import { startPostgres } from './support/postgres.ts';
import { startRedisIfFound } from './support/redis.ts';
import { registerServer } from './support/services-registry.ts';

/**
 * Starts one PostgreSQL and one Redis for the whole run, unless TEST_DATABASE_URL and TEST_REDIS_URL name some. Test files
 * find both in these variables.
 */
export default async function setUp(): Promise<void> {
  await Promise.all([
    provide('TEST_DATABASE_URL', 'PostgreSQL (Debian: apt-get install postgresql)', startPostgres),
    provide('TEST_REDIS_URL', 'Redis (Debian: apt-get install redis-server)', startRedisIfFound),
  ]);
}

async function provide(
  variable: string,
  name: string,
  start: () => Promise<{ url: string; stop(): Promise<void> } | null>,
): Promise<void> {
  if ((process.env[variable] ?? '') !== '') return;
  const server = await start();
  if (server !== null) {
    registerServer(server);
    process.env[variable] = server.url;
    return;
  }
  const sentence = `There is no ${name} here: install it, or set ${variable}.`;
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error(sentence);
  process.stderr.write(`\n*** ${sentence}\n*** The suites that need it are SKIPPED.\n\n`);
}
