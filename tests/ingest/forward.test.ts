import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ingestKey, readBatchPass } from '../../src/auth/ingest-token.ts';
import { decodeBatch } from '../../src/domain/delivery-batch.ts';
import type { Delivery } from '../../src/domain/ports.ts';
import { CoreUnavailableError, SpoolUnavailableError } from '../../src/errors.ts';
import { createForwarder, type Forwarder } from '../../src/ingest/forward.ts';
import { createTake } from '../../src/ingest/take.ts';
import { aDelivery } from '../db/samples.ts';
import { eventually } from '../support/eventually.ts';

const key = ingestKey(randomBytes(32).toString('hex'));
const clock = { now: () => new Date() };
let core: Server;
let forwarder: Forwarder;
let batches: Delivery[][];
let passes: string[];
let sockets: Set<Socket>;
let answer: (res: ServerResponse, batch: readonly Delivery[]) => void;

beforeEach(async () => {
  batches = [];
  passes = [];
  sockets = new Set();
  answer = (res, batch) => res.writeHead(202).end(JSON.stringify({ outcomes: batch.map(() => 'stored') }));
  core = createServer((req, res) => void receive(req, res));
  core.on('connection', (socket: Socket) => sockets.add(socket));
  core.listen(0, '127.0.0.1');
  await once(core, 'listening');
  const address = core.address();
  const port = typeof address === 'object' ? address?.port : 0;
  forwarder = createForwarder({ coreUrl: `http://127.0.0.1:${port}/behind/a/path/`, key, clock });
});

afterEach(async () => {
  core.closeAllConnections();
  core.close();
  await forwarder.close();
});

async function receive(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const body = await buffer(req);
  if (req.url === '/behind/a/path/ready') return void res.writeHead(200).end();
  const pass = readBatchPass({ keys: [key], clock }, (req.headers.authorization ?? '').slice('Bearer '.length));
  const batch = decodeBatch(body);
  const isGood = pass?.bodyHash.equals(createHash('sha256').update(body).digest());
  if (req.url !== '/behind/a/path/ingest/deliveries' || pass === null || batch === null || !isGood)
    return void res.writeHead(401).end();
  passes.push(pass.once.id);
  batches.push(batch);
  answer(res, batch);
}

test('under load deliveries travel together, each batch with a token of its own, over few connections', async () => {
  const deliveries = Array.from({ length: 500 }, () => aDelivery());

  const outcomes = await Promise.all(deliveries.map((delivery) => forwarder.forward(delivery)));

  expect(outcomes).toEqual(deliveries.map(() => ({ kind: 'stored' })));
  expect(batches.flat().map(({ deliveryId }) => deliveryId)).toEqual(deliveries.map(({ deliveryId }) => deliveryId));
  expect(batches.length).toBeLessThan(20);
  expect(Math.max(...batches.map(({ length }) => length))).toBeLessThanOrEqual(200);
  expect(new Set(passes).size).toBe(batches.length);
  expect(sockets.size).toBeLessThanOrEqual(2);
});

test('a connection that the core had closed just then is no failure', async () => {
  await forwarder.forward(aDelivery());
  const [first] = sockets;
  first?.once('data', () => first.destroy());

  expect(await forwarder.forward(aDelivery())).toEqual({ kind: 'stored' });
  expect(new Set(passes).size).toBe(passes.length);
});

test.each([
  ['503', (res: ServerResponse) => void res.writeHead(503).end()],
  ['401', (res: ServerResponse) => void res.writeHead(401).end()],
  ['200', (res: ServerResponse) => void res.writeHead(200).end('{"outcomes":["stored"]}')],
  ['a redirect', (res: ServerResponse) => void res.writeHead(307, { location: 'http://127.0.0.1:1/' }).end()],
  ['something else', (res: ServerResponse) => void res.writeHead(202).end('<html>')],
  ['of another batch', (res: ServerResponse) => void res.writeHead(202).end('{"outcomes":["stored","stored"]}')],
  ['too much', (res: ServerResponse) => void res.writeHead(202).end('x'.repeat(1_000_000))],
  ['half of it', (res: ServerResponse) => void res.writeHead(202, { 'content-length': 99 }).write('{')],
  ['nothing', () => {}],
])('an answer of %s is not taken for a commit', async (_name, given) => {
  answer = (res) => {
    given(res);
    if (_name === 'half of it') setImmediate(() => res.destroy());
  };

  await expect(forwarder.forward(aDelivery())).rejects.toThrow(CoreUnavailableError);
});

test('whether the core is there is asked of its readiness', async () => {
  expect(await forwarder.isReady()).toBe(true);
  core.closeAllConnections();
  core.close();

  await eventually(async () => expect(await forwarder.isReady()).toBe(false));
  await expect(forwarder.forward(aDelivery())).rejects.toThrow(CoreUnavailableError);
});

test('without a spool what the core does not take is refused; with one it is kept, and the core is left alone for a while', async () => {
  const kept: Delivery[] = [];
  const keep = async (delivery: Delivery) => void kept.push(delivery);
  const forward = () => Promise.reject(new CoreUnavailableError('away'));
  let tries = 0;
  const counted = () => {
    tries += 1;
    return forward();
  };
  const [one, other] = [aDelivery(), aDelivery()];

  await expect(createTake({ forward }, null)(one)).rejects.toThrow(CoreUnavailableError);
  const take = createTake({ forward: counted }, { keep });
  expect([await take(one), await take(other)]).toEqual([{ kind: 'spooled' }, { kind: 'spooled' }]);
  expect([kept, tries]).toEqual([[one, other], 1]);
  const full = { keep: () => Promise.reject(new SpoolUnavailableError('full')) };
  await expect(createTake({ forward }, full)(one)).rejects.toThrow(SpoolUnavailableError);
});
