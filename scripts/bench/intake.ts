import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { openPostgres } from '../../src/db/connection.ts';
import { createDatabase } from '../../src/db/database.ts';
import type { Statements } from '../../src/db/statements.ts';
import type { Log } from '../../src/domain/ports.ts';
import { anEnvironment } from '../../tests/support/environment.ts';
import { startPostgres } from '../../tests/support/postgres.ts';
import { startRedisIfFound } from '../../tests/support/redis.ts';
import { type Bench, type BenchOptions, median, percentile, startBar } from './bench.ts';
import { compile } from './compile.ts';
import { leaveOneCore, oneCore } from './cores.ts';
import { DELIVERY_BYTES } from './intake-deliveries.ts';
import { createLoader, type Loader } from './intake-load.ts';
import { BARE, OURS, PROBOT, report, type Sample, STEADY_PER_SECOND, TITLES } from './intake-report.ts';
import { type Launch, type Program, type RunningServer, startServer, type Usage } from './intake-servers.ts';

const CONNECTIONS = 50;
const SECONDS = 4;
/** Opens the connections and compiles the code; not counted. */
const WARM_SECONDS = 1;
/** Before the first turn: some ten thousands, after which its code runs as it does for good. A slow one gets no more than so many seconds for it. */
const FIRST = { deliveries: 20_000, seconds: 10 };
const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => SILENT };
const CHILD = 'scripts/bench/intake-child.js';
const USAGE = 'scripts/bench/usage-preload.ts';

/** What taking in a delivery costs until it is committed, beside servers that do less, and one that does it as the libraries say. */
export const intake: Bench = {
  name: 'intake',
  summary: 'signed deliveries, committed before the answer: beside a bare server, Probot and the usual stack',
  async run(options) {
    const undo: Array<() => Promise<unknown>> = [];
    try {
      return await measure(options, (step) => void undo.push(step));
    } finally {
      for (const step of undo.toReversed()) await step();
    }
  },
};

/** Remembers how something that was opened is closed again. */
type Later = (step: () => Promise<unknown>) => void;

async function measure({ rounds }: BenchOptions, later: Later): Promise<string> {
  const cores = await leaveOneCore();
  later(() => cores.giveBack());
  const launcher = cores.isLeft ? await oneCore() : [];
  const services = await openServices(later);
  const folder = await mkdtemp(path.join(tmpdir(), 'cortex-bench-'));
  later(() => rm(folder, { recursive: true, force: true }));
  const built = await compile(folder, ['src/main.ts', 'migrations/*.ts', 'scripts/bench/intake-child.ts', USAGE]);
  const contenders = await startAll({ built, launcher, folder, environment: services.environment }, later);
  const loader = createLoader(services.secret);
  const bar = startBar('Measuring', rounds * contenders.length);
  const samples = new Map<string, Sample[]>(TITLES.map(([name]) => [name, []]));
  const loaderShares: number[] = [];
  for (const contender of contenders) await warmUp(contender, { loader, services });
  // The contenders take turns, so that a busy minute of the machine is shared by all of them.
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, contender] of contenders.entries()) {
      const { sample, loaderShare } = await takeTurn(contender, { loader, services });
      samples.get(contender.name)?.push(sample);
      if (contender.name === BARE) loaderShares.push(loaderShare);
      bar.update(round * contenders.length + at + 1);
    }
  }
  bar.stop();
  const conditions = { rounds, connections: CONNECTIONS, bytes: DELIVERY_BYTES, isApart: launcher.length > 0 };
  return report(samples, { ...conditions, loaderShare: median(loaderShares) });
}

interface Services {
  readonly environment: Record<string, string | undefined>;
  readonly secret: string;
  readonly statements: Statements;
  readonly redis: Redis;
}

async function openServices(later: Later): Promise<Services> {
  const postgres = await startPostgres({ isDurable: true });
  if (postgres === null) throw new Error('There is no PostgreSQL here (Debian: apt-get install postgresql)');
  later(() => postgres.stop());
  const server = await startRedisIfFound();
  if (server === null) throw new Error('There is no Redis here (Debian: apt-get install redis-server)');
  later(() => server.stop());
  const redis = new Redis(server.url);
  later(async () => redis.disconnect());
  const connection = await openPostgres(postgres.url, SILENT);
  const database = createDatabase(connection, randomBytes(32));
  later(() => database.close());
  await database.migrate();
  const environment = anEnvironment({
    DATABASE_URL: postgres.url,
    REDIS_URL: server.url,
    INGEST_KEY: randomBytes(32).toString('hex'),
  });
  return { environment, secret: environment['GITHUB_WEBHOOK_SECRET'] ?? '', statements: connection.statements, redis };
}

interface Contender {
  readonly name: string;
  /** Takes the deliveries. */
  readonly front: RunningServer;
  /** All that work for it. */
  readonly servers: readonly RunningServer[];
  /** Where it stores them, if it does. */
  readonly table: string | null;
}

async function startAll(launch: Launch, later: Later): Promise<Contender[]> {
  const start = async (program: Program, changes: Record<string, string> = {}): Promise<RunningServer> => {
    const server = await startServer({ ...launch, environment: { ...launch.environment, ...changes } }, program);
    later(() => server.stop());
    return server;
  };
  const alone = async (name: string, table: string | null): Promise<Contender> => {
    const front = await start({ file: CHILD, words: [name] });
    return { name, front, servers: [front], table };
  };
  const web = await start(cortex('web'));
  const edge = await start(cortex('ingest'), { INGEST_CORE_URL: web.origin });
  return [
    await alone(BARE, null),
    { name: OURS, front: web, servers: [web], table: 'events' },
    await alone('insert', 'bench_insert'),
    await alone(PROBOT, null),
    await alone('naive', 'bench_naive'),
    { name: 'edge', front: edge, servers: [edge, web], table: 'events' },
  ];
}

/** As the image starts it. */
function cortex(role: string): Program {
  return { file: 'src/main.js', words: [role], options: ['--max-semi-space-size=8'] };
}

interface Turn {
  readonly loader: Loader;
  readonly services: Services;
}

async function warmUp(contender: Contender, { loader, services }: Turn): Promise<void> {
  let [answered, seconds] = [0, 0];
  while (answered < FIRST.deliveries && seconds < FIRST.seconds) {
    const { times } = await loader.closed(contender.front.origin, { connections: CONNECTIONS, seconds: WARM_SECONDS });
    answered += times.length;
    seconds += WARM_SECONDS;
  }
  await checkStored(contender, services, answered);
}

async function takeTurn(
  contender: Contender,
  { loader, services }: Turn,
): Promise<{ sample: Sample; loaderShare: number }> {
  const { origin } = contender.front;
  const closed = (forSeconds: number) => loader.closed(origin, { connections: CONNECTIONS, seconds: forSeconds });
  const warm = await closed(WARM_SECONDS);
  const [before, loaderBefore] = [await usageOf(contender), process.cpuUsage()];
  const full = await closed(SECONDS);
  const [after, loaderUsed] = [await usageOf(contender), process.cpuUsage(loaderBefore)];
  const paced = await loader.open(origin, { perSecond: STEADY_PER_SECOND, seconds: SECONDS });
  await checkStored(contender, services, warm.times.length + full.times.length + paced.times.length);
  return {
    sample: {
      perSecond: full.times.length / full.seconds,
      p50Ms: median(full.times),
      p99Ms: percentile(full.times, 0.99),
      cpuUs: ((after.cpuMs - before.cpuMs) * 1000) / full.times.length,
      pacedP99Ms: percentile(paced.times, 0.99),
      peakMb: after.peakMb,
    },
    loaderShare: (loaderUsed.user + loaderUsed.system) / 1e6 / full.seconds,
  };
}

async function usageOf({ servers }: Contender): Promise<Usage> {
  const used = await Promise.all(servers.map((server) => server.usage()));
  const sum = (pick: (usage: Usage) => number): number => used.reduce((total, usage) => total + pick(usage), 0);
  return { cpuMs: sum(({ cpuMs }) => cpuMs), peakMb: sum(({ peakMb }) => peakMb) };
}

/** What was answered 202 is in the database, each once; then room is made, so that no turn pays for the one before it. */
async function checkStored(
  { name, table }: Contender,
  { statements, redis }: Services,
  answered: number,
): Promise<void> {
  if (table === null) return;
  const count = z.object({ count: z.coerce.number() });
  const [found] = await statements.query(count, `select count(*) from ${table}`, []);
  if (found?.count !== answered) throw new Error(`${name} answered ${answered} and stored ${found?.count}`);
  await statements.query(z.unknown(), `truncate ${table}`, []);
  await statements.query(z.unknown(), 'truncate jobs', []);
  await statements.query(z.unknown(), 'checkpoint', []);
  await redis.flushall();
}
