import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { Delivery, Intake, Ports } from '../../src/domain/ports.ts';
import { DatabaseUnavailableError } from '../../src/errors.ts';
import { createWebhookVerifier } from '../../src/github/webhook.ts';
import { createHttpServer, type HttpServer, type HttpServerOptions } from '../../src/http/server.ts';
import { createWebhookRoute } from '../../src/http/webhooks.ts';
import { accept } from '../../src/pipeline/accept.ts';
import { eventually } from '../support/eventually.ts';
import { aServer, theseServers } from '../support/github-servers.ts';
import { fakeLog } from '../support/fake-log.ts';
import { fakeMetrics } from '../support/fake-metrics.ts';
import { anIntake, aQueue, sha256 } from '../support/pipeline-fakes.ts';

const MAX_BYTES = 25 * 1024 * 1024;
const secret = randomBytes(24).toString('hex');
const previousSecret = randomBytes(24).toString('hex');
const payload = Buffer.from(
  JSON.stringify({
    action: 'completed',
    installation: { id: 42 },
    repository: { full_name: 'Acme/Web-App' },
    workflow_run: { id: 7 },
  }),
);

let server: HttpServer;
let url: string;
let port: number;
let intake: Intake & { stored: Delivery[] };
const log = fakeLog();
const metrics = fakeMetrics();
const queue = aQueue();

beforeEach(async () => {
  intake = anIntake();
  log.records.length = 0;
  metrics.measured.length = 0;
  queue.woken.length = 0;
  await startServer({ headersMs: 10_000, requestMs: 10_000, checkEveryMs: 50 });
});

async function startServer(limits: HttpServerOptions['limits'] & object): Promise<void> {
  const verifier = createWebhookVerifier(theseServers(aServer({ app: { webhookSecrets: [secret, previousSecret] } })));
  server = createHttpServer({
    log,
    version: '1.2.3',
    checks: { vital: { database: async () => true }, helpful: { queue: async () => true } },
    webhooks: { verifier, take: (delivery) => accept({ intake, queue }, delivery), log, metrics },
    limits,
  });
  ({ port } = await server.listen({ port: 0, host: '127.0.0.1' }));
  url = `http://127.0.0.1:${port}/webhooks/github`;
}

afterEach(() => server.close(0));

function sign(body: Uint8Array, key = secret): string {
  return `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
}

function headersFor(body: Uint8Array, changes: Record<string, string | null> = {}): Record<string, string> {
  const headers = {
    'content-type': 'application/json',
    'x-github-delivery': randomUUID(),
    'x-github-event': 'workflow_run',
    'x-hub-signature-256': sign(body),
    ...changes,
  };
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}

async function deliver(body: Buffer = payload, changes: Record<string, string | null> = {}) {
  const response = await fetch(url, { method: 'POST', body: new Uint8Array(body), headers: headersFor(body, changes) });
  return { status: response.status, headers: response.headers, answer: await response.json() };
}

describe('a good delivery', () => {
  test('is stored before it is answered 202, and wakes a worker', async () => {
    const id = randomUUID();

    const { status, answer } = await deliver(payload, { 'x-github-delivery': id });

    expect([status, answer]).toEqual([202, { status: 'accepted' }]);
    expect(intake.stored).toEqual([
      {
        deliveryId: id,
        name: 'workflow_run',
        action: 'completed',
        installationId: 42,
        repository: 'acme/web-app',
        body: payload,
        bodyHash: sha256(payload),
      },
    ]);
    expect(queue.woken).toHaveLength(1);
  });

  test('that comes again is answered 202 and does nothing', async () => {
    const id = randomUUID();
    await deliver(payload, { 'x-github-delivery': id });

    const again = await Promise.all(Array.from({ length: 10 }, () => deliver(payload, { 'x-github-delivery': id })));

    expect(again.map(({ status, answer }) => [status, answer])).toEqual(again.map(() => [202, { status: 'repeated' }]));
    expect(intake.stored).toHaveLength(1);
    expect(queue.woken).toHaveLength(1);
  });

  test('may be signed with the previous secret', async () => {
    const { status } = await deliver(payload, { 'x-hub-signature-256': sign(payload, previousSecret) });

    expect(status).toBe(202);
  });

  test('may come as a form, signed over the bytes of the form', async () => {
    const form = Buffer.from(new URLSearchParams({ payload: payload.toString() }).toString());

    const { status } = await deliver(form, { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' });

    expect(status).toBe(202);
    expect(intake.stored[0]?.body).toEqual(payload);
  });

  test('leaves one line in the log and one count, without its body', async () => {
    const id = randomUUID();
    await deliver(payload, { 'x-github-delivery': id });

    expect(log.records).toEqual([
      {
        level: 'info',
        fields: { deliveryId: id, event: 'workflow_run', outcome: 'accepted', ms: expect.any(Number) },
        sentence: 'Delivery answered',
      },
    ]);
    expect(metrics.measured).toEqual([
      { metric: 'deliveries', value: 1, labels: { event: 'workflow_run', outcome: 'accepted' } },
    ]);
  });

  test('does not wait for the wake-up', async () => {
    const never = { ...queue, wake: () => Promise.withResolvers<void>().promise };
    const { status } = await throughRoute({ queue: never });

    expect(status).toBe(202);
  });

  test('with names from another world in its body changes nothing here', async () => {
    const hostile = Buffer.from('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');

    const { status } = await deliver(hostile);

    expect(status).toBe(202);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(intake.stored[0]).toMatchObject({ action: null, installationId: null, repository: null });
  });

  test('may nest deeper than any parser of ours recurses', async () => {
    const deep = Buffer.from(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`);

    expect((await deliver(deep)).status).toBe(202);
  });
});

describe("GitHub's own examples", () => {
  const file = createRequire(import.meta.url).resolve('@octokit/webhooks-examples');
  const Examples = z.array(z.object({ name: z.string(), examples: z.array(z.unknown()) }));
  const all = Examples.parse(JSON.parse(readFileSync(file, 'utf8'))).flatMap(({ name, examples }) =>
    examples.map((example) => ({ name, body: Buffer.from(JSON.stringify(example)) })),
  );

  test('are all taken in, with the event they are of, and so is an event that nobody knows yet', async () => {
    const sent = [...all, { name: 'an_event_of_next_year', body: payload }];
    const statuses = [];
    for (const { name, body } of sent) statuses.push((await deliver(body, { 'x-github-event': name })).status);

    expect(all).toHaveLength(329);
    expect(new Set(statuses)).toEqual(new Set([202]));
    const distinct = new Map(sent.toReversed().map(({ name, body }) => [body.toString(), name]));
    expect(new Map(intake.stored.map(({ name, body }) => [body.toString(), name]))).toEqual(distinct);
  });
});

describe('a delivery that is refused', () => {
  test.each([
    ['no signature', { 'x-hub-signature-256': null }],
    ['an empty signature', { 'x-hub-signature-256': '' }],
    [
      'only a SHA-1 signature',
      {
        'x-hub-signature-256': null,
        'x-hub-signature': `sha1=${createHmac('sha1', secret).update(payload).digest('hex')}`,
      },
    ],
    ['a signature in upper case', { 'x-hub-signature-256': `sha256=${sign(payload).slice(7).toUpperCase()}` }],
    ['a short signature', { 'x-hub-signature-256': sign(payload).slice(0, 40) }],
    ['a long signature', { 'x-hub-signature-256': `${sign(payload)}00` }],
    ['a signature by a stranger', { 'x-hub-signature-256': sign(payload, 'a stranger') }],
    [
      'a bad signature and no other header',
      {
        'x-hub-signature-256': sign(payload, 'a stranger'),
        'x-github-delivery': null,
        'x-github-event': null,
        'content-type': 'text/plain',
      },
    ],
  ])('with %s: 401 in one shape', async (_name, changes) => {
    const { status, answer } = await deliver(payload, changes);

    expect(status).toBe(401);
    expect(answer).toEqual({
      error: 'bad_signature',
      message: 'The signature does not match.',
      id: expect.stringMatching(/^\w{6,8}$/u),
    });
    expect(intake.stored).toEqual([]);
    expect(metrics.measured).toEqual([
      { metric: 'deliveries', value: 1, labels: { event: 'unknown', outcome: 'bad_signature' } },
    ]);
  });

  test('shows the caller the id under which it stands in the log', async () => {
    const { answer } = await deliver(payload, { 'x-hub-signature-256': null });

    expect(log.records[0]?.fields).toMatchObject({ errorId: Reflect.get(Object(answer), 'id') });
  });

  test('a bad signature wins over a malformed body', async () => {
    const broken = Buffer.from('{"action":');

    expect((await deliver(broken, { 'x-hub-signature-256': sign(payload) })).status).toBe(401);
    expect((await deliver(broken)).status).toBe(400);
  });

  test.each([
    ['not JSON', Buffer.from('{"action":')],
    ['nothing', Buffer.alloc(0)],
    ['null', Buffer.from('null')],
    ['a list', Buffer.from('[]')],
    ['a number', Buffer.from('7')],
    ['not UTF-8', Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xff, 0xfe), Buffer.from('"}')])],
  ])('whose body is %s: 400', async (_name, body) => {
    const { status, answer } = await deliver(body);

    expect([status, answer]).toEqual([400, expect.objectContaining({ error: 'bad_body' })]);
    expect(intake.stored).toEqual([]);
  });

  test.each([
    ['no delivery id', { 'x-github-delivery': null }, 400],
    ['a delivery id that is none', { 'x-github-delivery': "1' or '1'='1" }, 400],
    ['a delivery id without end', { 'x-github-delivery': 'a'.repeat(65) }, 400],
    ['no event name', { 'x-github-event': null }, 400],
    ['an event name that is none', { 'x-github-event': 'Workflow Run' }, 400],
    ['a compressed body', { 'content-encoding': 'gzip' }, 415],
    ['another type', { 'content-type': 'text/plain' }, 415],
    ['a form type on JSON', { 'content-type': 'application/x-www-form-urlencoded' }, 400],
  ])('with %s', async (_name, changes, expected) => {
    const { status } = await deliver(payload, changes);

    expect(status).toBe(expected);
    expect(intake.stored).toEqual([]);
  });

  test('with a body that is truly compressed, and signed as it is', async () => {
    const packed = gzipSync(payload);

    expect((await deliver(packed, { 'content-encoding': 'gzip' })).status).toBe(415);
    expect((await deliver(packed)).status).toBe(400);
    expect(intake.stored).toEqual([]);
  });

  test('by its method: 405 that names the right one', async () => {
    const response = await fetch(url);

    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('because the database is away: 503, to be sent again', async () => {
    intake.accept = () => Promise.reject(new DatabaseUnavailableError('The database refused the connection'));

    const { status, headers, answer } = await deliver();

    expect(status).toBe(503);
    expect(headers.get('retry-after')).toMatch(/^\d+$/u);
    expect(answer).toMatchObject({ error: 'unavailable' });
    expect(JSON.stringify(answer)).not.toContain('refused');
    expect(queue.woken).toEqual([]);
  });

  test('because the database is silent: 503 at the deadline', async () => {
    const silent = { accept: () => Promise.withResolvers<never>().promise };

    const { status } = await throughRoute({ intake: silent, answerWithinMs: 80 });

    expect(status).toBe(503);
  });
});

/** The route alone, with some of its parts exchanged. */
async function throughRoute({
  answerWithinMs = 8_000,
  ...changes
}: { answerWithinMs?: number } & Partial<Pick<Ports, 'intake' | 'queue'>>) {
  const verifier = createWebhookVerifier(theseServers(aServer({ app: { webhookSecrets: [secret] } })));
  const take = (delivery: Delivery) => accept({ intake, queue, ...changes }, delivery);
  const route = createWebhookRoute({ verifier, take, log, metrics }, answerWithinMs);
  const bare = createServer((req, res) => void route(req, res));
  bare.listen(0, '127.0.0.1');
  await once(bare, 'listening');
  const address = bare.address();
  const bareUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
  const response = await fetch(bareUrl, {
    method: 'POST',
    body: new Uint8Array(payload),
    headers: headersFor(payload),
  });
  bare.closeAllConnections();
  bare.close();
  return { status: response.status };
}

/** A connection of our own making, for what a well-behaved client never sends. */
function openSocket(head: string) {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  let isClosed = false;
  socket.setEncoding('latin1');
  socket.on('data', (text) => (answer += text));
  socket.on('error', () => {});
  socket.on('close', () => (isClosed = true));
  socket.write(head);
  return { socket, answer: () => answer, isClosed: () => isClosed };
}

function rawHead(lines: readonly string[]): string {
  return ['POST /webhooks/github HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', ...lines, '', ''].join(
    '\r\n',
  );
}

async function flood(socket: ReturnType<typeof connect>, bytes: Buffer, isOver: () => boolean): Promise<void> {
  while (!isOver() && !socket.destroyed) {
    if (!socket.write(bytes)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => {});
    await setImmediate();
  }
}

/** By a client that hears an answer that comes before it has sent everything, as GitHub's does; `fetch` may miss it. */
function statusOf(body: Buffer): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const sent = request(url, { method: 'POST', headers: { ...headersFor(body, {}), 'content-length': body.length } });
  sent.once('response', (response) => resolve(response.resume().statusCode));
  sent.on('error', () => resolve(undefined));
  sent.end(body);
  return promise;
}

describe('the limits', () => {
  test('25 MB is the most that is taken', async () => {
    const filler = Buffer.alloc(MAX_BYTES - '{"a":""}'.length, 'x');
    const largest = Buffer.concat([Buffer.from('{"a":"'), filler, Buffer.from('"}')]);
    const larger = Buffer.concat([largest, Buffer.from(' ')]);

    expect((await deliver(largest)).status).toBe(202);
    expect(await statusOf(larger)).toBe(413);
    expect(intake.stored).toHaveLength(1);
  });

  test('a body that announces 26 MB is refused before it is sent', async () => {
    const { socket, answer } = openSocket(rawHead([`Content-Length: ${26 * 1024 * 1024}`]));

    await eventually(() => expect(answer()).toMatch(/^HTTP\/1\.1 413 /u));
    socket.destroy();
  });

  test('a body without end is refused at 25 MB, cut off, and never held in memory', async () => {
    const { socket, answer, isClosed } = openSocket(rawHead(['Transfer-Encoding: chunked']));
    const before = process.memoryUsage().rss;
    let peak = before;
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000, 'x'), Buffer.from('\r\n')]);

    await flood(socket, chunk, () => {
      peak = Math.max(peak, process.memoryUsage().rss);
      return isClosed();
    });

    expect(answer()).toMatch(/^HTTP\/1\.1 413 /u);
    expect((peak - before) / 1024 / 1024).toBeLessThan(150);
    expect(intake.stored).toEqual([]);
  });

  test('two different lengths are no request', async () => {
    const { answer, isClosed } = openSocket(rawHead(['Content-Length: 5', 'Content-Length: 6']) + 'abcdef');

    await eventually(() => expect(isClosed()).toBe(true));
    expect(answer()).toMatch(/^HTTP\/1\.1 400 /u);
    expect(intake.stored).toEqual([]);
  });

  test('headers without end are no request', async () => {
    const { answer, isClosed } = openSocket(rawHead([`X-Long: ${'x'.repeat(40_000)}`]));

    await eventually(() => expect(isClosed()).toBe(true));
    expect(answer()).toMatch(/^HTTP\/1\.1 431 /u);
  });

  test('slow headers and slow bodies are cut off, and hold up nobody', async () => {
    await server.close(0);
    await startServer({ headersMs: 1_000, requestMs: 2_000, checkEveryMs: 50 });
    const slowHeaders = Array.from({ length: 100 }, () => openSocket('POST /webhooks/github HTTP/1.1\r\nHost: x\r\n'));
    const slowBodies = Array.from({ length: 100 }, () => openSocket(rawHead(['Content-Length: 100']) + '{'));
    const startedAt = performance.now();

    expect((await deliver()).status).toBe(202);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await eventually(() => {
      expect([...slowHeaders, ...slowBodies].every(({ isClosed }) => isClosed())).toBe(true);
    });
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    expect(intake.stored).toHaveLength(1);
    expect(slowBodies[0]?.answer()).toMatch(/^HTTP\/1\.1 408 /u);
  });

  test('a sender who goes away in the middle leaves nothing but a line in the log', async () => {
    const { socket, answer } = openSocket(rawHead(['Content-Length: 100', 'Expect: 100-continue']));
    await eventually(() => expect(answer()).toMatch(/^HTTP\/1\.1 100 /u));
    socket.destroy();

    await eventually(() => expect(log.records.map(({ fields }) => fields['outcome'])).toEqual(['aborted']));
    expect(intake.stored).toEqual([]);
  });
});
