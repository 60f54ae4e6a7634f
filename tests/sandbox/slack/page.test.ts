import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { z } from 'zod';
import { createLocalSlack, type LocalSlack } from '../../../src/sandbox/slack/local-slack.ts';
import { credentials, SCOPES } from './bolt-app.ts';
import { startPlainApp, type PlainApp } from './plain-app.ts';

let slack: LocalSlack;
let app: PlainApp;
let token: string;

beforeEach(async () => {
  app = await startPlainApp();
  slack = await createLocalSlack({ ...credentials(), appName: 'Cortex', appUrl: app.url });
  token = slack.grant('T0ACME', SCOPES);
});

afterEach(async () => {
  await slack.close();
  await app.close();
});

const State = z.looseObject({
  me: z.looseObject({ id: z.string() }),
  channels: z.array(z.looseObject({ id: z.string(), messages: z.array(z.looseObject({ text: z.string() })) })),
});

async function state(query: string) {
  return State.parse(await (await fetch(`${slack.url}ui/state?${query}`)).json());
}

async function act(name: string, body: object): Promise<{ status: number; body: unknown }> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${slack.url}ui/${name}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

test('the page and all that it loads is served, with no foreign script allowed', async () => {
  const page = await fetch(slack.url);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
  const html = await page.text();
  const seen = new Set<string>();
  const queue = [...html.matchAll(/"(\/page\/[^"]+)"/gu)].map(([, path = '']) => path);
  for (let path = queue.pop(); path; path = queue.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const asset = await fetch(new URL(path, slack.url));
    expect([path, asset.status]).toEqual([path, 200]);
    const source = await asset.text();
    expect(source).not.toMatch(/innerHTML|insertAdjacentHTML|document\.write/u);
    if (path.endsWith('.js'))
      queue.push(...[...source.matchAll(/from '\.\/([^']+)'/gu)].map(([, file = '']) => `/page/${file}`));
  }
  expect(seen.size).toBeGreaterThan(15);
});

test('nothing else of the disk is served', async () => {
  for (const path of ['page/..%2fworld.ts', 'page/world.ts', 'page/nothing.js']) {
    expect((await fetch(slack.url + path)).status).toBe(404);
  }
});

test('each person sees their channels and their own ephemeral messages', async () => {
  const post = (method: string, args: object) =>
    fetch(slack.apiUrl + method, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ channel: 'C0PAYMENTS', ...args }),
    });
  await post('chat.postMessage', { text: 'for all' });
  await post('chat.postEphemeral', { text: 'for Ben', user: 'U0BEN' });
  const texts = async (user: string) => (await state(`user=${user}`)).channels[0]?.messages.map(({ text }) => text);
  expect(await texts('U0BEN')).toEqual(['for all', 'for Ben']);
  expect(await texts('U0ADA')).toEqual(['for all']);
});

test('what a person types is a message with mentions, or the command', async () => {
  await act('message', { user: 'U0BEN', channel: 'C0PAYMENTS', text: '@ada <b> & more' });
  expect(slack.messages('C0PAYMENTS')).toMatchObject([{ text: '<@U0ADA> &lt;b&gt; &amp; more', userId: 'U0BEN' }]);
  const sent = await act('command', { user: 'U0GIO', channel: 'C0PAYMENTS', command: '/cortex', text: 'help' });
  expect(sent).toMatchObject({ status: 200, body: { status: 200 } });
  expect(new URLSearchParams(app.received.at(-1)?.body).get('user_id')).toBe('U0GIO');
});

test('an act that cannot be done is answered with the reason', async () => {
  expect(await act('click', { user: 'U0BEN', channel: 'C0PAYMENTS', ts: '1.1', actionId: 'x' })).toMatchObject({
    status: 400,
    body: { error: expect.stringContaining('sees no message') },
  });
  expect(await act('nothing', { user: 'U0BEN' })).toMatchObject({ status: 400 });
});

test('changes are announced as they happen', async () => {
  const stream = await fetch(`${slack.url}ui/changes`);
  const reader = stream.body?.getReader();
  const read = async (): Promise<string> => new TextDecoder().decode((await reader?.read())?.value);
  expect(await read()).toContain('ready');
  await slack.say({ user: 'U0BEN', channel: 'C0PAYMENTS', text: 'x' });
  expect(await read()).toContain('change');
  await reader?.cancel();
});
