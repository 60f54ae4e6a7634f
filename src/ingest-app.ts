import type { App } from './app.ts';
import { ingestKey } from './auth/ingest-token.ts';
import type { IngestConfig } from './config.ts';
import type { Log, Spool } from './domain/ports.ts';
import { HOME } from './domain/servers.ts';
import { createWebhookVerifier } from './github/webhook.ts';
import type { Checks } from './http/health.ts';
import { createHttpServer } from './http/server.ts';
import { createDrain } from './ingest/drain.ts';
import { createForwarder, type Forwarder } from './ingest/forward.ts';
import { createEventRelay } from './ingest/relay.ts';
import { createTake } from './ingest/take.ts';
import { createMetrics, metricsPage } from './metrics.ts';
import { createSpool } from './queue/spool.ts';

export interface IngestAppOptions {
  config: IngestConfig;
  log: Log;
  version: string;
}

/** The edge: takes GitHub's deliveries and hands them on to the core. It has no database and knows nothing of Slack. */
export function createIngestApp({ config, log, version }: IngestAppOptions): App {
  const clock = { now: () => new Date() };
  const registry = createMetrics(version);
  const core = createForwarder({ coreUrl: config.coreUrl, key: ingestKey(config.key), clock });
  const relay = createEventRelay(config.coreUrl);
  const spool = config.spoolUrl === null ? null : createSpool({ redisUrl: config.spoolUrl, log });
  const drain = spool && createDrain(core, { spool, log });
  const home = { ...HOME, webUrl: config.webUrl, app: { webhookSecrets: config.webhookSecrets } };
  const verifier = createWebhookVerifier({ all: () => [home] });
  const http = createHttpServer({
    log,
    version,
    checks: checksOf(core, spool),
    ...metricsPage(config.http.metricsToken, registry),
    webhooks: { verifier, log, metrics: registry.metrics, take: createTake(core, spool) },
    eventRelay: { relay, log, metrics: registry.metrics },
  });
  const gauge = { name: 'cortex_ingest_deliveries', help: 'Deliveries on their way to the core.', label: 'where' };
  registry.addGauge(gauge, async () => ({
    waiting: core.waiting(),
    ...(spool && { spool: await spool.size().catch(() => Number.NaN) }),
  }));
  return {
    async start() {
      log.info({ role: 'ingest', core: config.coreUrl, spool: spool !== null }, 'Starting');
      await spool?.connect();
      const address = await http.listen(config.http);
      drain?.start();
      log.info({ role: 'ingest', host: config.http.host, port: address.port }, 'Ready');
      return address;
    },
    async stop() {
      await http.close(config.stopGraceMs);
      await drain?.stop();
      await core.close();
      relay.close();
      await spool?.close();
      log.info({ role: 'ingest' }, 'Stopped');
    },
  };
}

/** With a spool, either of the two is enough to take deliveries. */
function checksOf(core: Forwarder, spool: Spool | null): Checks {
  if (spool === null) return { vital: { core: () => core.isReady() }, helpful: {} };
  const helpful = { core: () => core.isReady(), spool: () => spool.isHealthy() };
  return { vital: { intake: async () => (await core.isReady()) || (await spool.isHealthy()) }, helpful };
}
