import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createHttpServer, type HttpServer, type HttpServerOptions } from '../../src/http/server.ts';
import { eventually } from '../support/eventually.ts';
import { fakeLog } from '../support/fake-log.ts';

const log = fakeLog();
let server: HttpServer;

async function start(options: Partial<HttpServerOptions> = {}): Promise<string> {
  log.records.length = 0;
  server = createHttpServer({
    log,
    version: '1.2.3',
    checks: { vital: { database: async () => true }, helpful: { queue: async () => true } },
    ...options,
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  return `http://127.0.0.1:${port}`;
}

afterEach(() => server.close(0));

describe('our own pages', () => {
  test('/health says that the process lives, and no more', async () => {
    const url = await start({
      checks: { vital: { database: () => Promise.reject(new Error('never asked')) }, helpful: {} },
    });

    const response = await fetch(`${url}/health`);

    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });

  test('/version says which version runs', async () => {
    const url = await start();

    expect(await (await fetch(`${url}/version`)).json()).toEqual({ version: '1.2.3' });
  });

  const up = async () => true;
  const down = async () => false;
  const broken = () => Promise.reject(new Error('connection refused'));
  test.each([
    ['all is well', { database: up, queue: up }, 200, { status: 'ok', database: 'up', queue: 'up' }],
    [
      'the queue is down',
      { database: up, queue: down },
      200,
      { status: 'degraded', database: 'up', queue: 'degraded' },
    ],
    [
      'the queue cannot be asked',
      { database: up, queue: broken },
      200,
      { status: 'degraded', database: 'up', queue: 'degraded' },
    ],
    [
      'the database is down',
      { database: down, queue: up },
      503,
      { status: 'unavailable', database: 'down', queue: 'up' },
    ],
    [
      'the database cannot be asked',
      { database: broken, queue: down },
      503,
      { status: 'unavailable', database: 'down', queue: 'degraded' },
    ],
  ])('/ready when %s', async (_name, { database, queue }, status, body) => {
    const url = await start({ checks: { vital: { database }, helpful: { queue } } });

    const response = await fetch(`${url}/ready`);

    expect([response.status, await response.json()]).toEqual([status, body]);
  });

  test('/ready counts a database that says nothing as down', async () => {
    const database = () => Promise.withResolvers<boolean>().promise;
    const url = await start({ checks: { vital: { database }, helpful: { queue: up } } });

    expect((await fetch(`${url}/ready`)).status).toBe(503);
  });

  test('no page can be framed, sniffed or cached, and none says what serves it', async () => {
    const url = await start();

    const { headers } = await fetch(`${url}/health`);

    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
  });

  test('are only there to be read', async () => {
    const url = await start();

    expect((await fetch(`${url}/health`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${url}/health`, { method: 'HEAD' })).status).toBe(200);
  });
});

describe('/metrics', () => {
  const token = randomBytes(24).toString('hex');
  const render = async () => ({ type: 'text/plain; version=0.0.4', body: 'cortex_build 1\n' });

  test.each([
    ['the right token', { authorization: `Bearer ${token}` }, 200],
    ['no token', {}, 404],
    ['a wrong token', { authorization: `Bearer ${token.slice(1)}` }, 404],
    ['the token without its scheme', { authorization: token }, 404],
  ])('with %s', async (_name, headers, status) => {
    const url = await start({ metricsPage: { render, token } });

    const response = await fetch(`${url}/metrics`, { headers });

    expect(response.status).toBe(status);
    expect((await response.text()).includes('cortex_build')).toBe(status === 200);
  });

  test('without a configured token is not there', async () => {
    const url = await start();

    expect((await fetch(`${url}/metrics`)).status).toBe(404);
  });
});

describe('everything else', () => {
  test('is handed on, untouched', async () => {
    const url = await start({
      fallback(req, res) {
        res.end(`${req.method} ${req.url}`);
      },
    });

    expect(await (await fetch(`${url}/slack/events?x=1`, { method: 'POST' })).text()).toBe('POST /slack/events?x=1');
    expect(await (await fetch(`${url}/webhooks/github`, { method: 'POST' })).text()).toBe('POST /webhooks/github');
  });

  test('is a 404 in JSON where nothing else is served', async () => {
    const url = await start();

    const response = await fetch(`${url}/.env`);

    expect([response.status, await response.json()]).toEqual([
      404,
      { error: 'not_found', message: 'There is nothing here.', id: expect.any(String) },
    ]);
  });

  test('that breaks shows an id, and keeps the rest for the log', async () => {
    const url = await start({
      fallback() {
        throw new Error('a detail of ours');
      },
    });

    const response = await fetch(`${url}/anything`);
    const body = await response.text();

    expect(response.status).toBe(500);
    expect(body).not.toContain('detail');
    expect(log.records).toMatchObject([{ level: 'error', sentence: 'Request failed' }]);
    expect(body).toContain(String(log.records[0]?.fields['errorId']));
  });
});

test('more connections than the cap are cut off, and there is room again when others end', async () => {
  const url = await start({ limits: { maxConnections: 2 } });
  const port = Number(new URL(url).port);
  const open = () => {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    return { socket, over: once(socket, 'close') };
  };
  const [first, second, third] = [open(), open(), open()];

  await third.over;
  expect([first.socket.destroyed, second.socket.destroyed]).toEqual([false, false]);
  for (const { socket } of [first, second]) socket.destroy();
  await eventually(async () => expect((await fetch(`${url}/health`)).status).toBe(200));
});

describe('closing', () => {
  test('lets a request in hand end, refuses new ones, and is not ready meanwhile', async () => {
    const gate = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    const url = await start({
      async fallback(_req, res) {
        entered.resolve();
        await gate.promise;
        res.end('done');
      },
    });
    const inHand = fetch(`${url}/slow`);
    await entered.promise;

    const closed = server.close(5_000);
    await expect(fetch(`${url}/health`)).rejects.toThrow('fetch failed');
    gate.resolve();

    const response = await inHand;
    expect([response.headers.get('connection'), await response.text()]).toEqual(['close', 'done']);
    await closed;
  });

  test('cuts what does not end within the grace', async () => {
    const entered = Promise.withResolvers<void>();
    const url = await start({ fallback: () => entered.resolve() });
    const hanging = fetch(`${url}/never`).catch((error: unknown) => error);
    await entered.promise;

    await server.close(50);

    expect(await hanging).toMatchObject({ message: 'fetch failed' });
  });

  test('is soon done when nothing is in hand, even with connections kept alive', async () => {
    const url = await start();
    await fetch(`${url}/health`);
    const startedAt = performance.now();

    await server.close(5_000);

    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });

  test('twice is the same as once', async () => {
    const url = await start();

    await Promise.all([server.close(0), server.close(0)]);

    await expect(fetch(`${url}/health`)).rejects.toThrow('fetch failed');
  });

  test('answers 503 to a readiness question on a connection that is still open', async () => {
    const gate = Promise.withResolvers<boolean>();
    const asked = Promise.withResolvers<void>();
    const url = await start({
      checks: {
        vital: {
          database: () => {
            asked.resolve();
            return gate.promise;
          },
        },
        helpful: {},
      },
    });
    const answer = Promise.withResolvers<number | undefined>();
    request(`${url}/ready`, (res) => answer.resolve(res.resume().statusCode)).end();
    await asked.promise;

    const closed = server.close(5_000);
    gate.resolve(true);

    expect(await answer.promise).toBe(503);
    await closed;
  });
});
