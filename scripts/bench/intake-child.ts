// What the bench `intake` compares ours with, in a process of its own: CONTENDER, and its settings in the environment.
import { createHmac, generateKeyPairSync, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { defineEntity, MikroORM, p } from '@mikro-orm/postgresql';
import { createNodeMiddleware as octokitMiddleware, Webhooks } from '@octokit/webhooks';
import { App, ExpressReceiver } from '@slack/bolt';
import BeeQueue from 'bee-queue';
import { createNodeMiddleware as probotMiddleware, Probot } from 'probot';
import { z } from 'zod';
import { openPostgres } from '../../src/db/connection.ts';
import type { Log } from '../../src/domain/ports.ts';
import { WEBHOOK_PATH } from './intake-load.ts';

const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => SILENT };
const CONNECTIONS = 10;
const Settings = z.object({
  PORT: z.coerce.number(),
  GITHUB_WEBHOOK_SECRET: z.string(),
  DATABASE_URL: z.string(),
  REDIS_URL: z.string(),
});
const settings = Settings.parse(process.env);
const secret = settings.GITHUB_WEBHOOK_SECRET;

const CONTENDERS: Readonly<Record<string, () => Promise<RequestListener>>> = {
  bare: async () => (req, res) => void takeBare(req, res, async () => {}),
  insert: insertEach,
  probot: async () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const probot = new Probot({ appId: 4711, privateKey, secret, logLevel: 'fatal', logFormat: 'json' });
    const app = (hooks: Probot): void => hooks.on('workflow_run', async () => {});
    const middleware = await probotMiddleware(app, { probot, webhooksPath: WEBHOOK_PATH });
    return (req, res) => void middleware(req, res);
  },
  naive: takeNaively,
};

/** The least that anybody must do: read, verify, parse, answer. */
async function takeBare(
  req: IncomingMessage,
  res: ServerResponse,
  keep: (deliveryId: string, body: Buffer) => Promise<unknown>,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const given = Buffer.from(String(req.headers['x-hub-signature-256']));
  const wanted = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
  const isSigned = given.length === wanted.length && timingSafeEqual(given, wanted);
  const parsed: unknown = isSigned ? JSON.parse(body.toString('utf8')) : null;
  if (parsed !== null) await keep(String(req.headers['x-github-delivery']), body);
  res.writeHead(parsed === null ? 401 : 202, { 'content-type': 'application/json' });
  res.end('{"status":"accepted"}');
}

async function insertEach(): Promise<RequestListener> {
  const { statements } = await openPostgres(settings.DATABASE_URL, SILENT);
  const run = (text: string, values: Array<string | Buffer> = []) => statements.query(z.unknown(), text, values);
  await run('create table bench_insert (delivery_id text primary key, body bytea compression lz4 not null)');
  const insert = 'insert into bench_insert (delivery_id, body) values ($1, $2)';
  return (req, res) => void takeBare(req, res, (deliveryId, body) => run(insert, [deliveryId, body]));
}

const Delivery = defineEntity({
  name: 'Delivery',
  tableName: 'bench_naive',
  properties: {
    id: p.text().primary(),
    name: p.text(),
    payload: p.json<object>(),
    receivedAt: p.datetime().defaultRaw('now()'),
  },
});

/** As the libraries' own documents put it together: their middleware, the ORM for every delivery, the whole payload in the queue. */
async function takeNaively(): Promise<RequestListener> {
  const pool = { min: 0, max: CONNECTIONS };
  const orm = await MikroORM.init({ entities: [Delivery], clientUrl: settings.DATABASE_URL, pool });
  await orm.em.execute(
    `create table bench_naive (id text primary key, name text not null, payload jsonb not null,
     received_at timestamptz not null default now())`,
  );
  const queue = new BeeQueue('bench-naive', { redis: settings.REDIS_URL, isWorker: false, getEvents: false });
  const webhooks = new Webhooks({ secret });
  webhooks.on('workflow_run', async ({ id, name, payload }) => {
    const em = orm.em.fork();
    em.persist(em.create(Delivery, { id, name, payload }));
    await em.flush();
    await queue.createJob({ id, name, payload }).save();
  });
  const receiver = new ExpressReceiver({ signingSecret: secret });
  receiver.app.use(octokitMiddleware(webhooks, { path: WEBHOOK_PATH }));
  const app = new App({ receiver, authorize: async () => ({}) });
  app.event('app_mention', async () => {});
  return receiver.app;
}

const contender = CONTENDERS[process.argv[2] ?? ''];
if (contender === undefined) throw new RangeError('No contender has this name');
createServer(await contender()).listen(settings.PORT, '127.0.0.1');
