import { once } from 'node:events';
import type { Server } from 'node:http';
import express from 'express';
import { oauthAccess, type PendingInstall } from './api/auth.ts';
import { uploadRouter } from './api/files.ts';
import { apiRouter } from './api/router.ts';
import { authorizeRouter } from './authorize.ts';
import type { LocalSlack, LocalSlackOptions } from './contract.ts';
import { buildDriver } from './driver/driver.ts';
import { buildFaults, buildMessageRate } from './faults.ts';
import { buildAppClient } from './outgoing/app-client.ts';
import { buildEventSender } from './outgoing/events.ts';
import { buildResponseUrls } from './outgoing/response-urls.ts';
import { pageRouter } from './page-routes.ts';
import { waitForChange } from './wait-for.ts';
import { buildWorld } from './world.ts';

export type * from './contract.ts';

/**
 * Starts a local Slack on loopback: Web API, install page, client page, and a driver that acts as people do. It speaks
 * Slack's protocols, holds everything in memory, and was never compared with Slack's own servers.
 */
export async function createLocalSlack(options: LocalSlackOptions): Promise<LocalSlack> {
  const world = buildWorld(options);
  const faults = buildFaults();
  const rate = buildMessageRate();
  const app = buildAppClient(world, options);
  const events = buildEventSender(world, app, options.eventRetryDelaysMs);
  let address = '';
  const url = (): string => address;
  const urls = buildResponseUrls(world, faults, url);
  const driver = buildDriver(
    { world, app, events, urls },
    { authorizeUrl: () => `${address}/oauth/v2/authorize`, installPath: options.paths?.install ?? '/slack/install' },
  );

  const pending = new Map<string, PendingInstall>();
  const server = express();
  server.disable('x-powered-by');
  const announce = (type: string, teamId: string, fields: Record<string, unknown>): void => {
    // An app that is gone hears nothing; Slack does not wait for it either.
    if (app.appUrl() !== '') events.send(type, teamId, fields).catch(() => undefined);
  };
  const client = { id: options.clientId, secret: options.clientSecret };
  server.use('/api', apiRouter({ world, client, announce, faults, rate, url, oauthAccess: oauthAccess(pending) }));
  server.use(
    '/oauth/v2/authorize',
    authorizeRouter({ world, pending, clientId: options.clientId, appUrl: () => app.appUrl() }),
  );
  server.use('/response', urls.router);
  server.use('/upload', uploadRouter(world));
  server.use(pageRouter({ world, driver, commands: options.commands ?? ['/cortex'] }));
  const listener = await listen(server, options.port ?? 0);
  address = addressOf(listener);

  return {
    ...driver,
    url: `${address}/`,
    apiUrl: `${address}/api/`,
    authorizeUrl: `${address}/oauth/v2/authorize`,
    appId: world.appId,
    setAppUrl: (appUrl) => app.setAppUrl(appUrl),
    faults,
    setMessageRate: (perSecond) => rate.set(perSecond),
    calls: (method) => structuredClone(world.calls.filter((call) => method === undefined || call.method === method)),
    outgoing: (kind) => structuredClone(world.outgoing.filter((sent) => kind === undefined || sent.kind === kind)),
    violations: () => structuredClone(world.violations),
    waitFor: (predicate, wait) => waitForChange(world, predicate, wait),
    async close() {
      events.close();
      app.close();
      listener.closeAllConnections();
      listener.close();
      await once(listener, 'close');
    },
  };
}

async function listen(server: express.Express, port: number): Promise<Server> {
  const listener = server.listen(port, '127.0.0.1');
  await once(listener, 'listening');
  return listener;
}

function addressOf(listener: Server): string {
  const bound = listener.address();
  if (bound === null || typeof bound === 'string') throw new Error('The local Slack has no port');
  return `http://127.0.0.1:${bound.port}`;
}
