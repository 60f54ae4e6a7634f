import { generateKeyPairSync, createPublicKey, randomBytes } from 'node:crypto';
import express from 'express';
import { installationDelivery, pingDelivery, type Scene } from './announce.ts';
import { answerError, apiHeaders, notFound } from './answers.ts';
import { createAppAuth } from './app-auth.ts';
import { type AppManifests, createAppManifests } from './app-manifest.ts';
import { createDriver, type GitHubDriver } from './driver.ts';
import { createFaults, type Faults } from './faults.ts';
import { closeServer, listen } from './listen.ts';
import { createLogHost, type LogHost } from './log-host.ts';
import { webPages } from './pages.ts';
import { actionsRoutes } from './routes/actions.ts';
import type { Api } from './routes/api.ts';
import { answerRoutes } from './routes/answers.ts';
import { appRoutes } from './routes/app.ts';
import { contentsRoutes } from './routes/contents.ts';
import { issueRoutes } from './routes/issues.ts';
import { repositoryRoutes } from './routes/repositories.ts';
import { teamRoutes } from './routes/teams.ts';
import { userRoutes } from './routes/users.ts';
import { createSignIns, type OAuthCredentials, type SignIns } from './sign-in.ts';
import type { Installation } from './state.ts';
import { createWebhookSender, type DeliveryRecord, type WebhookSender } from './webhook-sender.ts';
import { createWorld, type World } from './world.ts';

export interface LocalGitHubOptions {
  /** Of web pages and API; 0 or none takes a free one. */
  port?: number;
  appId: number;
  /** The App's RSA key in PEM. Made anew when missing. */
  privateKey?: string;
  webhookSecret: string;
  /** With what people authorize the App. Made anew when missing. */
  oauth?: OAuthCredentials;
  /** Where deliveries go; may be set later. */
  webhookUrl?: string;
  /** Installations of the App, id to organization. Default: 51423 on `acme`. */
  installations?: Readonly<Record<number, string>>;
}

/** One request to the API, as it came in. */
export interface JournalEntry {
  method: string;
  /** With the query. */
  path: string;
  status: number;
}

/** A GitHub on loopback that speaks the real protocol: REST with App authentication, log downloads, webhooks, web pages. */
export interface LocalGitHub extends GitHubDriver {
  /** Base of the web pages. */
  readonly url: string;
  /** Base of the REST API. */
  readonly apiUrl: string;
  /** `host:port` that log downloads are redirected to. */
  readonly logHost: string;
  readonly privateKey: string;
  readonly faults: Faults;
  /** All requests to the API so far, oldest first. */
  readonly journal: readonly JournalEntry[];
  readonly world: World;
  /** People who link installations: who they are, and where they are sent back to. */
  readonly signIns: SignIns;
  /** Apps that people create from a manifest. */
  readonly manifests: AppManifests;
  /** Where deliveries go. */
  webhookUrl: string | null;
  addInstallation(id: number, organization: string): Installation;
  /** Makes log links given out so far look a minute old. */
  expireLogLinks(): void;
  /** Makes installation tokens given out so far look an hour old. */
  expireTokens(): void;
  /** Makes installation tokens given out so far unknown. */
  revokeTokens(): void;
  /** Sends the hook's `ping`. */
  ping(): Promise<DeliveryRecord>;
  /** Sends `installation` `created`. */
  announceInstallation(id: number, sender: string): Promise<DeliveryRecord>;
  close(): Promise<void>;
}

/** Starts it. Both of its servers listen on 127.0.0.1 only. */
export async function createLocalGitHub(options: LocalGitHubOptions): Promise<LocalGitHub> {
  const privateKey = options.privateKey ?? newPrivateKey();
  const { faults, middleware } = createFaults();
  const logHost = await createLogHost(middleware);
  const server = await listen((request, response) => void application(request, response), options.port ?? 0);
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const scene = newScene(options, url);
  const { app } = scene;
  const sender = createWebhookSender({ app, secret: options.webhookSecret, url: options.webhookUrl ?? null });
  const driver = createDriver({ scene, sender });
  const auth = createAppAuth(scene.world, { appId: app.id, publicKey: publicKeyOf(privateKey) });
  const oauth = options.oauth ?? newCredentials();
  const signIns = createSignIns(scene, oauth);
  const keys = { privateKey, webhookSecret: options.webhookSecret, oauth };
  const manifests = createAppManifests({ scene, sender, signIns, keys });
  const journal: JournalEntry[] = [];
  const application = webApplication(
    { scene, auth, sender, logHost, rerun: driver.answerRerun, track: driver.track },
    { journal, middleware, signIns, manifests },
  );
  return {
    ...driver,
    ...controls({ scene, sender, logHost }),
    url,
    apiUrl: scene.bases.api,
    privateKey,
    faults,
    journal,
    world: scene.world,
    signIns,
    manifests,
    get webhookUrl() {
      return sender.url;
    },
    set webhookUrl(to) {
      sender.url = to;
    },
    expireTokens: auth.expireAll,
    revokeTokens: auth.revokeAll,
    async close() {
      await Promise.all([closeServer(server), logHost.close()]);
      await driver.settled();
    },
  };
}

function controls({ scene, sender, logHost }: { scene: Scene; sender: WebhookSender; logHost: LogHost }) {
  const { world } = scene;
  return {
    logHost: logHost.host,
    expireLogLinks: () => logHost.expireLinks(),
    addInstallation: (id: number, organization: string) => world.addInstallation(id, organization),
    ping: () => sender.send(pingDelivery(scene, { id: sender.hookId, url: sender.url ?? '' })),
    announceInstallation(id: number, login: string) {
      const installation = world.installations.get(id);
      if (!installation) throw new Error(`installation ${id} is not in the local GitHub`);
      return sender.send(installationDelivery(scene, installation, world.account(login)));
    },
  };
}

function newScene({ appId, installations = { 51423: 'acme' } }: LocalGitHubOptions, url: string): Scene {
  const world = createWorld();
  for (const [id, organization] of Object.entries(installations)) world.addInstallation(Number(id), organization);
  const owner = world.account('opsaicortex', 'Organization');
  const app = { id: appId, slug: 'opsaicortex', name: 'OpsAICortex', owner, createdAt: new Date() };
  return { world, app, bases: { web: url, api: `${url}/api/v3` } };
}

interface Recording {
  journal: JournalEntry[];
  middleware: express.RequestHandler;
  signIns: SignIns;
  manifests: AppManifests;
}

function webApplication(api: Api, { journal, middleware, signIns, manifests }: Recording): express.Express {
  const rest = express.Router();
  rest.use((request, response, next) => {
    const entry = { method: request.method, path: request.url, status: 0 };
    journal.push(entry);
    response.on('finish', () => (entry.status = response.statusCode));
    next();
  });
  rest.use(
    apiHeaders,
    middleware,
    appRoutes(api),
    signIns.rest,
    manifests.rest,
    repositoryRoutes(api),
    contentsRoutes(api),
    issueRoutes(api),
    answerRoutes(api),
    userRoutes(api),
    teamRoutes(api),
    actionsRoutes(api),
  );
  rest.use(() => {
    throw notFound();
  });
  const app = express().disable('x-powered-by');
  app.use('/api/v3', rest);
  app.use(signIns.pages);
  app.use(manifests.pages);
  app.use(webPages(api.scene.world));
  app.use(() => {
    throw notFound();
  });
  app.use(answerError);
  return app;
}

function newCredentials(): OAuthCredentials {
  return { clientId: `Iv23li${randomBytes(7).toString('hex')}`, clientSecret: randomBytes(20).toString('hex') };
}

function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

const publicKeyOf = (privateKey: string): string =>
  createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
