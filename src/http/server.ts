import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Log } from '../domain/ports.ts';
import { AddressUnavailableError, AppError, errorId } from '../errors.ts';
import { refuse, sendJson } from './answer.ts';
import { CI_EVENTS_PATH, type CiEventDeps, createCiEventRoute } from './api/events.ts';
import { createEventRelayRoute, type EventRelayDeps } from './api/relay.ts';
import { CALLBACK_PATH, CHOICE_PATH, type ConnectDeps, createCallbackRoute, createChoiceRoute } from './connect.ts';
import { answerHealth, answerMetrics, answerReadiness, type Checks, type MetricsPage } from './health.ts';
import { CREATED_PATH, createCreatedRoute, createSetupRoute, SETUP_PATH, type SetupDeps } from './setup.ts';
import { createIngestRoute, INGEST_PATH, type IngestDeps } from './ingest.ts';
import { createWebhookRoute, type WebhookDeps } from './webhooks.ts';

/** Times in milliseconds. A sender of ours waits 10 s at most, so what is slower than these is no sender of ours. */
export interface HttpLimits {
  headersMs: number;
  requestMs: number;
  keepAliveMs: number;
  /** How often the first two are checked; a slow connection lives that much longer. */
  checkEveryMs: number;
  maxConnections: number;
}

export interface HttpServerOptions {
  log: Log;
  checks: Checks;
  version: string;
  /** Without it there is no /metrics. */
  metricsPage?: MetricsPage;
  /** With these, deliveries from GitHub are taken in. */
  webhooks?: WebhookDeps;
  /** With these, other CI systems tell of their runs. */
  ciEvents?: CiEventDeps;
  /** With these, what other CI systems tell is handed on to the core. */
  eventRelay?: EventRelayDeps;
  /** With these, batches of deliveries from the edge are taken in. */
  ingest?: IngestDeps;
  /** With these, people link GitHub installations to Slack workspaces. */
  connect?: ConnectDeps;
  /** With these, the operator creates the GitHub App. */
  setup?: SetupDeps;
  /** Whatever is not ours. */
  fallback?: (req: IncomingMessage, res: ServerResponse) => void;
  limits?: Partial<HttpLimits>;
}

export interface HttpServer {
  /** Resolves once connections are accepted; port 0 takes a free one. Throws AddressUnavailableError. */
  listen(address: { port: number; host: string }): Promise<{ port: number }>;
  /** Takes no new connection, lets requests in hand end within `graceMs`, then cuts what is left. */
  close(graceMs: number): Promise<void>;
}

const LIMITS: HttpLimits = {
  headersMs: 10_000,
  requestMs: 15_000,
  keepAliveMs: 5_000,
  checkEveryMs: 1_000,
  maxConnections: 10_000,
};
const MAX_HEADERS = 100;
const MAX_HEADER_BYTES = 16 * 1024;

type Route = (req: IncomingMessage, res: ServerResponse) => void | Promise<void>;
interface RouteEntry {
  methods: readonly string[];
  answer: Route;
}

/** The front door: our own few routes on the bare server, everything else handed on. Starts nothing until `listen`. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const state = { isStopping: false };
  const active = new Set<ServerResponse>();
  const routes = createRoutes(options, () => state.isStopping);
  const server = createGuardedServer({ ...LIMITS, ...options.limits }, (req, res) => {
    active.add(res);
    res.once('close', () => active.delete(res));
    if (state.isStopping) res.setHeader('connection', 'close');
    void dispatch(req, res, { options, routes });
  });
  return {
    listen: (address) => listen(server, address),
    close(graceMs) {
      state.isStopping = true;
      for (const res of active) if (!res.headersSent) res.setHeader('connection', 'close');
      return close(server, graceMs);
    },
  };
}

function createRoutes(options: HttpServerOptions, isStopping: () => boolean): ReadonlyMap<string, RouteEntry> {
  const { checks, version, metricsPage, webhooks, ciEvents, eventRelay, ingest, connect, setup } = options;
  const read = (answer: Route): RouteEntry => ({ methods: ['GET', 'HEAD'], answer });
  const routes = new Map<string, RouteEntry>([
    ['/health', read((_req, res) => answerHealth(res))],
    ['/ready', read((_req, res) => answerReadiness(res, { checks, isStopping }))],
    ['/version', read((_req, res) => sendJson(res, 200, { version }))],
  ]);
  if (metricsPage)
    routes.set(
      '/metrics',
      read((req, res) => answerMetrics(req, res, metricsPage)),
    );
  if (webhooks) routes.set('/webhooks/github', { methods: ['POST'], answer: createWebhookRoute(webhooks) });
  if (ciEvents) routes.set(CI_EVENTS_PATH, { methods: ['POST'], answer: createCiEventRoute(ciEvents) });
  if (eventRelay) routes.set(CI_EVENTS_PATH, { methods: ['POST'], answer: createEventRelayRoute(eventRelay) });
  if (ingest) routes.set(INGEST_PATH, { methods: ['POST'], answer: createIngestRoute(ingest) });
  if (connect) {
    // Not for HEAD: whoever looks at a link before a person does must not use it up.
    routes.set(CALLBACK_PATH, { methods: ['GET'], answer: createCallbackRoute(connect) });
    routes.set(CHOICE_PATH, { methods: ['POST'], answer: createChoiceRoute(connect) });
  }
  if (setup) {
    routes.set(SETUP_PATH, { methods: ['GET'], answer: createSetupRoute(setup) });
    routes.set(CREATED_PATH, { methods: ['GET'], answer: createCreatedRoute(setup) });
  }
  return routes;
}

async function dispatch(
  req: IncomingMessage,
  res: ServerResponse,
  { options: { log, fallback }, routes }: { options: HttpServerOptions; routes: ReadonlyMap<string, RouteEntry> },
): Promise<void> {
  const path = (req.url ?? '/').split('?', 1)[0] ?? '/';
  const route = routes.get(path);
  try {
    if (route === undefined && fallback) return fallback(req, res);
    if (route === undefined) return refuseUnknown(res);
    if (!route.methods.includes(req.method ?? '')) return refuseMethod(res, route.methods);
    await route.answer(req, res);
  } catch (error) {
    const id = error instanceof AppError ? error.id : errorId();
    log.error({ errorId: id, error }, 'Request failed');
    refuse(res, { status: 500, error: 'internal', message: 'Something went wrong on our side.' }, id);
  }
}

function refuseUnknown(res: ServerResponse): void {
  refuse(res, { status: 404, error: 'not_found', message: 'There is nothing here.' });
}

function refuseMethod(res: ServerResponse, methods: readonly string[]): void {
  const allow = methods.join(', ');
  refuse(res, { status: 405, error: 'method_not_allowed', message: `Use ${allow}.`, headers: { allow } });
}

function createGuardedServer(limits: HttpLimits, onRequest: Route): Server {
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      maxHeaderSize: MAX_HEADER_BYTES,
      insecureHTTPParser: false,
      noDelay: true,
    },
    (req, res) => void onRequest(req, res),
  );
  server.maxConnections = limits.maxConnections;
  server.maxHeadersCount = MAX_HEADERS;
  return server;
}

async function listen(server: Server, { port, host }: { port: number; host: string }): Promise<{ port: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (error: NodeJS.ErrnoException) => reject(addressError(error, { port, host }));
  server.once('error', fail);
  server.listen({ port, host }, resolve);
  await promise;
  server.off('error', fail);
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : port };
}

function addressError(error: NodeJS.ErrnoException, { port, host }: { port: number; host: string }): Error {
  const { code = 'unknown' } = error;
  const sentences: Record<string, string> = {
    EADDRINUSE: `Port ${port} on ${host} is in use by another process. Stop that process, or set PORT to another port.`,
    EACCES: `Port ${port} on ${host} needs rights that this process does not have. Set PORT to one above 1023.`,
    EADDRNOTAVAIL: `This machine does not have the address ${host}. Set HOST to one of its own, such as 0.0.0.0.`,
    ENOTFOUND: `The name ${host} has no address. Set HOST to an address of this machine, such as 0.0.0.0.`,
  };
  const sentence = sentences[code] ?? `This process cannot listen on port ${port} of ${host} (${code}).`;
  return new AddressUnavailableError(sentence, { cause: error });
}

async function close(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await promise;
  clearTimeout(cut);
}
