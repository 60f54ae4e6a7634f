import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ingestKey, signBatch } from '../../src/auth/ingest-token.ts';
import { encodeBatch, MAX_BATCH_BYTES } from '../../src/domain/delivery-batch.ts';
import type { Delivery, Intake } from '../../src/domain/ports.ts';
import { DatabaseUnavailableError } from '../../src/errors.ts';
import { createHttpServer, type HttpServer } from '../../src/http/server.ts';
import { accept } from '../../src/pipeline/accept.ts';
import { aDelivery } from '../db/samples.ts';
import { fakeLog } from '../support/fake-log.ts';
import { fakeMetrics } from '../support/fake-metrics.ts';
import { fakePorts } from '../support/fake-ports.ts';
import { anIntake, aQueue } from '../support/pipeline-fakes.ts';

const key = ingestKey(randomBytes(32).toString('hex'));
const previous = ingestKey(randomBytes(32).toString('hex'));
const clock = { now: () => new Date() };
const queue = aQueue();
const log = fakeLog();
const metrics = fakeMetrics();
let intake: Intake & { stored: Delivery[] };
let spent: Set<string>;
let spend: (id: string) => Promise<boolean>;
let server: HttpServer;
let url: string;

beforeEach(async () => {
  intake = anIntake();
  spent = new Set();
  spend = async (id) => spent.size !== spent.add(id).size;
  log.records.length = 0;
  metrics.measured.length = 0;
  const spentTokens = fakePorts({
    spentTokens: { spend: async () => false, spendOnce: ({ id }) => spend(id), prune: async () => 0 },
  }).spentTokens;
  server = createHttpServer({
    log,
    version: '1.2.3',
    checks: { vital: {}, helpful: {} },
    ingest: {
      clock,
      log,
      metrics,
      spentTokens,
      keys: [key, previous],
      take: (delivery) => accept({ intake, queue }, delivery),
    },
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  url = `http://127.0.0.1:${port}/ingest/deliveries`;
});

afterEach(() => server.close(0));

function tokenOf(body: Buffer, by = key): string {
  return signBatch({ key: by, clock }, createHash('sha256').update(body).digest());
}

async function post(body: Buffer, token: string | null = tokenOf(body)) {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(url, { method: 'POST', body: new Uint8Array(body), headers });
  return { status: response.status, answer: await response.json() };
}

const aBatch = (...deliveries: Delivery[]): Buffer => Buffer.concat(encodeBatch(deliveries));
const BAD_TOKEN = { error: 'bad_token', message: 'The token is not good for this.', id: expect.any(String) };

describe('a batch from the edge', () => {
  test('is stored whole before it is answered 202, and says what was known before', async () => {
    const [one, other] = [aDelivery(), aDelivery()];
    await post(aBatch(one));

    const { status, answer } = await post(aBatch(one, other));

    expect([status, answer]).toEqual([202, { outcomes: ['repeated', 'stored'] }]);
    expect(intake.stored).toEqual([one, other]);
    expect(metrics.of('deliveries').map(({ labels }) => labels['outcome'])).toEqual([
      'accepted',
      'repeated',
      'accepted',
    ]);
  });

  test('may be signed with the key before', async () => {
    const body = aBatch(aDelivery());

    expect((await post(body, tokenOf(body, previous))).status).toBe(202);
  });

  test('sent again with the same token is refused', async () => {
    const body = aBatch(aDelivery());
    const token = tokenOf(body);

    const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await post(body, token)).status));

    expect(statuses.filter((status) => status === 202)).toHaveLength(1);
    expect(statuses.filter((status) => status === 401)).toHaveLength(9);
  });

  test('whose body was changed is refused, and its token is still good for the right one', async () => {
    const body = aBatch(aDelivery());
    const token = tokenOf(body);

    expect(await post(aBatch(aDelivery()), token)).toEqual({ status: 401, answer: BAD_TOKEN });
    expect(intake.stored).toEqual([]);
    expect((await post(body, token)).status).toBe(202);
  });

  test.each([
    ['no token', null],
    ["a stranger's token", randomBytes(32).toString('hex')],
  ])('with %s is refused in the same shape, before its body is read', async (_name, secret) => {
    const body = aBatch(aDelivery());
    const given = secret === null ? null : tokenOf(body, ingestKey(secret));

    expect(await post(body, given)).toEqual({ status: 401, answer: BAD_TOKEN });
    expect([intake.stored, spent.size]).toEqual([[], 0]);
  });

  test('that is none is refused', async () => {
    expect((await post(Buffer.from('not a batch'))).status).toBe(400);
    expect((await post(Buffer.alloc(0))).status).toBe(400);
  });

  test('larger than one delivery can be is refused', async () => {
    const body = Buffer.alloc(MAX_BATCH_BYTES + 1);
    const answered = await post(body).catch(() => ({ status: 413 })); // the connection may be cut before all is sent

    expect(answered.status).toBe(413);
    expect(intake.stored).toEqual([]);
  });

  test('of which one could not be stored is refused as a whole, to be sent again', async () => {
    const [one, other] = [aDelivery(), aDelivery()];
    const store = intake.accept.bind(intake);
    intake.accept = (delivery) =>
      delivery.deliveryId === other.deliveryId
        ? Promise.reject(new DatabaseUnavailableError('The database is away'))
        : store(delivery);

    expect((await post(aBatch(one, other))).status).toBe(503);
    intake.accept = store;
    expect((await post(aBatch(one, other))).answer).toEqual({ outcomes: ['repeated', 'stored'] });
  });

  test('reaches nobody where no key is configured', async () => {
    const closed = createHttpServer({ log, version: '1.2.3', checks: { vital: {}, helpful: {} } });
    const { port } = await closed.listen({ port: 0, host: '127.0.0.1' });

    expect((await fetch(`http://127.0.0.1:${port}/ingest/deliveries`, { method: 'POST' })).status).toBe(404);
    await closed.close(0);
  });

  test('is refused while nobody can say whether its token was used', async () => {
    spend = () => Promise.reject(new DatabaseUnavailableError('The database is away'));

    expect((await post(aBatch(aDelivery()))).status).toBe(503);
    expect(intake.stored).toEqual([]);
  });
});
