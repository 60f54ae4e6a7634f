import { afterEach, expect, test } from '@jest/globals';
import type { EventRelay, RelayedEvent } from '../../src/domain/ports.ts';
import { CoreUnavailableError } from '../../src/errors.ts';
import { createHttpServer, type HttpServer } from '../../src/http/server.ts';
import { fakeLog } from '../support/fake-log.ts';
import { fakeMetrics } from '../support/fake-metrics.ts';

const PROOF = { 'content-type': 'application/json', authorization: 'Bearer a.b.c', cookie: 'mine', 'x-other': '1' };
const SIGNED = {
  'content-type': 'application/json',
  'x-cortex-source': '0b0ce5a4-21b0-4cf7-9f5a-5dbd6d9ba7ac',
  'x-cortex-signature': `t=1,v1=${'a'.repeat(64)}`,
};

let server: HttpServer | null = null;
afterEach(() => server?.close(100));

async function send(answer: EventRelay['relay'], headers: Record<string, string> = SIGNED) {
  const relay = { relay: answer };
  const log = fakeLog();
  const checks = { vital: {}, helpful: {} };
  server = createHttpServer({ log, version: '1', checks, eventRelay: { relay, log, metrics: fakeMetrics() } });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/events`, { method: 'POST', headers, body: '{"a":1}' });
  return { status: response.status, text: await response.text(), retryAfter: response.headers.get('retry-after') };
}

test('the body and the headers of the proof go on, nothing else does, and the answer is that of the core', async () => {
  const seen: RelayedEvent[] = [];
  const answer = await send(
    async (event) => {
      seen.push(event);
      return { status: 429, text: '{"error":"too_many"}', retryAfter: '7' };
    },
    { ...SIGNED, cookie: 'mine', 'x-other': '1' },
  );

  expect(answer).toEqual({ status: 429, text: '{"error":"too_many"}', retryAfter: '7' });
  expect(seen).toEqual([{ headers: SIGNED, body: Buffer.from('{"a":1}') }]);
});

test.each([200, 204, 302, 404, 500])('a core that answers %d has said nothing of the event', async (status) => {
  const answer = await send(async () => ({ status, text: 'inner words', retryAfter: null }));

  expect(answer.status).toBe(503);
  expect(answer.text).not.toContain('inner words');
});

test('a core that is away is 503, and whoever shows no proof is not handed on', async () => {
  const away = await send(async () => {
    throw new CoreUnavailableError('The core does not answer');
  });
  expect(away).toMatchObject({ status: 503, retryAfter: '30' });
  await server?.close(100);

  const nobody = async (): Promise<never> => {
    throw new Error('Nobody was to be asked');
  };
  expect(await send(nobody, { 'content-type': 'application/json' })).toMatchObject({ status: 401 });
  await server?.close(100);
  expect(await send(nobody, { ...PROOF, 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
});
