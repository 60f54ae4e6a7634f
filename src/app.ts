import { randomBytes } from 'node:crypto';
import { assemblePorts, createCoordination } from './assembly.ts';
import { ingestKey } from './auth/ingest-token.ts';
import { connectKeyOf } from './auth/connect-key.ts';
import { type Config, heldSecrets } from './config.ts';
import { connectDatabase, type Database } from './db/database.ts';
import type { Delivery, Log, Ports } from './domain/ports.ts';
import { isHome } from './cli/setup-github.ts';
import { GitHubHost } from './domain/servers.ts';
import { createGitHubSetup } from './github/setup.ts';
import { createHttpServer, type HttpServerOptions } from './http/server.ts';
import { createModels } from './llm/models.ts';
import { addGauges, createMetrics, metricsPage } from './metrics.ts';
import { accept } from './pipeline/accept.ts';
import { createJobs } from './pipeline/jobs/index.ts';
import { createSchedule } from './pipeline/schedule.ts';
import { createWorker } from './pipeline/worker.ts';
import { PROCESS_ROLES, type ProcessRoleName } from './processes.ts';
import { createLogThreads } from './threads/log-reader.ts';
import { SchemaBehindError } from './errors.ts';

/** Tries of one job that ended with a word, and holders of one job that ended without one. */
const MAX_ATTEMPTS = 10;
/** About six hours, since the wait grows to five minutes. */
const MAX_OUTAGE_ATTEMPTS = 100;
const MAX_CRASHES = 3;

/** The whole product, built and not started. */
export interface App {
  /**
   * Brings the embedded schema up to date, links installations, starts listening and working. Resolves with the port. Throws
   * AppErrors, after which `stop` lets go of what was taken; so does a `stop` that comes before the end of it.
   */
  start(): Promise<{ port: number }>;
  /** Readiness off, intake closed, work finished or handed back, connections closed; within the configured grace. */
  stop(): Promise<void>;
}

export interface AppOptions {
  config: Config;
  role: ProcessRoleName;
  log: Log;
  version: string;
}

/** Builds everything that `role` needs. Throws DataFolderLockedError or DatabaseUnavailableError; starts nothing. */
export async function createApp({ config, role, log, version }: AppOptions): Promise<App> {
  const database = await connectDatabase({ ...config.database, log });
  const registry = createMetrics(version);
  const coordination = createCoordination(config.redis.url, log);
  const redaction = { salt: randomBytes(16).toString('hex'), secrets: heldSecrets(config) };
  const { logThreads: threads } = config.work;
  const logReader = createLogThreads({ log, metrics: registry.metrics, redaction, threads });
  const models = createModels(config.models, { log });
  const { ports, slack } = assemblePorts(config, { log, database, registry, coordination, logReader, models });
  const runs = PROCESS_ROLES[role];
  const http = createHttpServer({
    log,
    version,
    checks: {
      vital: { database: () => database.isHealthy() },
      helpful: { queue: () => ports.queue.isHealthy() },
    },
    ...metricsPage(config.http.metricsToken, registry),
    ...(runs.webhooks ? waysIn(config, ports) : {}),
    ...(runs.slack
      ? { fallback: slack.handler, connect: { ...ports, connectKey: connectKeyOf(config.database) } }
      : {}),
    ...(runs.slack ? setupPages(config, ports) : {}),
  });
  const worker = createWorker(ports, {
    table: createJobs({
      deadlineMs: config.models.deadlineMs,
      redaction,
      room: config.slack.room,
      reconcile: config.work.reconcile,
    }),
    concurrency: config.work.concurrency,
    leaseMs: config.work.leaseMs,
    maxAttempts: MAX_ATTEMPTS,
    maxOutageAttempts: MAX_OUTAGE_ATTEMPTS,
    maxCrashes: MAX_CRASHES,
  });
  const schedule = createSchedule(ports, config.work);
  addGauges(registry, { ...ports, logs: () => logReader.load(), circuits: () => models.circuits() });

  const stopping = new AbortController();
  let starting: Promise<{ port: number }> | null = null;

  async function bringUp(): Promise<{ port: number }> {
    const { description } = database;
    log.info({ role, database: description, queue: ports.queue.description, models: ports.models.routes }, 'Starting');
    await prepareSchema(database, config);
    await ports.githubServers.load();
    ports.githubServers.start();
    for (const link of config.github.links) await ports.installations.link(link.workspaceId, link.installationId);
    await coordination.connect();
    stopping.signal.throwIfAborted();
    // Before the work: a port that is taken must not end a process that has claimed jobs.
    const address = await http.listen(config.http);
    if (runs.work) {
      void logReader.warmUp();
      await worker.start();
      schedule.start();
    }
    log.info({ role, host: config.http.host, port: address.port }, 'Ready');
    return address;
  }

  return {
    start: () => (starting ??= bringUp()),
    async stop() {
      stopping.abort(new Error('The process was stopped while it started'));
      await starting?.catch(() => {}); // whoever started it was told
      const graceMs = config.work.stopGraceMs;
      ports.githubServers.stop();
      const stopWork = () => (runs.work ? worker.stop(graceMs) : ports.queue.close(graceMs));
      await Promise.all([http.close(graceMs), schedule.stop(), stopWork()]);
      await Promise.all([slack.stop(), coordination.close(), logReader.close()]);
      await database.close();
      log.info({ role }, 'Stopped');
    },
  };
}

/** The embedded schema is ours to change; a server's is changed by `cortex migrate`, with rights that we need not have. */
async function prepareSchema(database: Database, { database: { url } }: Config): Promise<void> {
  if (url === null) return database.migrate();
  if (await database.isBehind())
    throw new SchemaBehindError('The database schema is behind. Run "cortex migrate" first.');
}

/** Without an address of our own, GitHub could not be told where to deliver. */
function setupPages({ http: { publicUrl }, github, database }: Config, ports: Ports): Pick<HttpServerOptions, 'setup'> {
  if (publicUrl === null) return {};
  const { log, clock, githubApps, githubServers, spentTokens } = ports;
  return {
    setup: {
      log,
      clock,
      publicUrl,
      browserUrl: () => publicUrl,
      setupKey: connectKeyOf(database),
      githubSetup: createGitHubSetup(),
      isTaken: (plan) => isHome(plan, github) && github.appId !== null,
      spend: (once) => spentTokens.spendOnce(once),
      async keep(plan, { slug, keys }) {
        const host = isHome(plan, github) ? null : GitHubHost.parse(new URL(plan.webUrl).host);
        const { apiUrl, webUrl, logHosts } = plan;
        await githubApps.save({ host, apiUrl, webUrl, logHosts, slug, keys });
        await githubServers.load();
        return 'kept';
      },
    },
  };
}

/** Deliveries come from GitHub itself, and from the edge where there is one; other CI systems tell of their runs. */
function waysIn({ ingest }: Config, ports: Ports): Pick<HttpServerOptions, 'webhooks' | 'ciEvents' | 'ingest'> {
  const take = (delivery: Delivery) => accept(ports, delivery);
  const webhooks = { ...ports, take };
  if (ingest.keys.length === 0) return { webhooks, ciEvents: ports };
  return { webhooks, ciEvents: ports, ingest: { ...webhooks, keys: ingest.keys.map(ingestKey) } };
}
