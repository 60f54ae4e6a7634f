import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createLocalSlack, type LocalSlack } from '../../../src/sandbox/slack/local-slack.ts';
import { credentials, SCOPES } from './bolt-app.ts';

let slack: LocalSlack;
let token: string;

beforeEach(async () => {
  slack = await createLocalSlack({ ...credentials(), appName: 'Cortex' });
  token = slack.grant('T0ACME', SCOPES);
});

afterEach(() => slack.close());

function post(channel = 'C0PAYMENTS', signal?: AbortSignal): Promise<Response> {
  return fetch(`${slack.apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel, text: 'x' }),
    ...(signal ? { signal } : {}),
  });
}

test('a rate limit is 429 with Retry-After in seconds, for as many calls as asked', async () => {
  slack.faults.add({ method: 'chat.postMessage', times: 2, retryAfter: 30 });
  for (const _ of [1, 2]) {
    const refused = await post();
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('30');
    expect(await refused.json()).toEqual({ ok: false, error: 'ratelimited' });
  }
  expect((await post()).status).toBe(200);
});

test('an error, a status and a channel can be chosen', async () => {
  slack.faults.add({ method: 'chat.postMessage', channel: 'C0PLATFORM', error: 'is_archived' });
  slack.faults.add({ method: '*', status: 503 });
  expect(await (await post('C0PLATFORM')).json()).toEqual({ ok: false, error: 'is_archived' });
  expect((await post('C0PLATFORM')).status).toBe(503);
  expect((await post('C0PLATFORM')).status).toBe(200);
});

test('a message can be taken in while its answer is lost', async () => {
  slack.faults.add({ method: 'chat.postMessage', dropAfterAccept: true });
  await expect(post()).rejects.toThrow('fetch failed');
  expect(slack.messages('C0PAYMENTS')).toHaveLength(1);
});

test('a call can hang until its caller gives up, and does not keep the sandbox open', async () => {
  slack.faults.add({ method: 'chat.postMessage', hang: true });
  await expect(post('C0PAYMENTS', AbortSignal.timeout(50))).rejects.toThrow('timeout');
  expect(slack.messages('C0PAYMENTS')).toEqual([]);
});

test('a delay comes before the answer, and clear() ends all faults', async () => {
  slack.faults.add({ method: '*', times: Infinity, delayMs: 40 });
  const startedAt = performance.now();
  await post();
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(38);
  slack.faults.add({ method: '*', times: Infinity, status: 500 });
  slack.faults.clear();
  expect((await post()).status).toBe(200);
});

test('one message a second and channel, where that is switched on', async () => {
  slack.setMessageRate(1);
  expect((await post()).status).toBe(200);
  expect((await post()).status).toBe(429);
  expect((await post('C0PLATFORM')).status).toBe(200);
  slack.setMessageRate(null);
  expect((await post()).status).toBe(200);
});

test('waiting for what never happens ends with its name', async () => {
  const wait = slack.waitFor(() => null, { timeoutMs: 20, what: 'a message' });
  await expect(wait).rejects.toThrow('The local Slack did not see a message within 20 ms');
});
