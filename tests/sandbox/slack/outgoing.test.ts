import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createLocalSlack, type LocalSlack } from '../../../src/sandbox/slack/local-slack.ts';
import { credentials, SCOPES } from './bolt-app.ts';
import { startPlainApp, type PlainApp } from './plain-app.ts';

let app: PlainApp;
let slack: LocalSlack;
let time: number;
const own = credentials();

beforeEach(async () => {
  time = Date.now();
  app = await startPlainApp();
  slack = await createLocalSlack({
    ...own,
    appName: 'Cortex',
    appUrl: app.url,
    now: () => time,
    ackTimeoutMs: 150,
    eventRetryDelaysMs: [0, 10],
  });
});

afterEach(async () => {
  await slack.close();
  await app.close();
});

function formOf(index = 0): URLSearchParams {
  return new URLSearchParams(app.received[index]?.body);
}

async function respond(url: string | null, answer: unknown): Promise<{ status: number; body: string }> {
  const response = await fetch(url ?? '', { method: 'POST', body: JSON.stringify(answer) });
  return { status: response.status, body: await response.text() };
}

test('each request is signed over its own bytes and time', async () => {
  await slack.command({ user: 'U0BEN', channel: 'C0PAYMENTS', text: 'über & <ünder>' });

  const [request] = app.received;
  const stamp = String(request?.headers['x-slack-request-timestamp']);
  const wanted = createHmac('sha256', own.signingSecret).update(`v0:${stamp}:${request?.body}`).digest('hex');
  expect(request?.headers['x-slack-signature']).toBe(`v0=${wanted}`);
  expect(Math.abs(Number(stamp) - Date.now() / 1000)).toBeLessThan(5);
  expect(formOf().get('text')).toBe('über & <ünder>');
  expect(formOf().get('api_app_id')).toBe(slack.appId);
  expect(formOf().get('trigger_id')).toMatch(/^\d+\.\d+\.\w+$/u);
});

test('an acknowledgement that does not come is shown to the person, and its time is kept', async () => {
  app.answerWith(() => undefined);
  const ack = await slack.command({ user: 'U0BEN', channel: 'C0PAYMENTS', text: 'help' });
  expect(ack.status).toBe(0);
  expect(ack.ackMs).toBeGreaterThanOrEqual(140);
  expect(slack.ephemerals('U0BEN')).toMatchObject([{ text: '/cortex failed with the error "operation_timeout"' }]);
  expect(slack.outgoing('command')).toMatchObject([{ subject: '/cortex help', status: 0 }]);
});

test('the body of an acknowledgement is shown, to one or to all', async () => {
  app.answerWith((_request, response) => response.end('plain words'));
  await slack.command({ user: 'U0BEN', channel: 'C0PAYMENTS', text: '' });
  app.answerWith((_request, response) =>
    response.end(JSON.stringify({ response_type: 'in_channel', text: 'for all' })),
  );
  await slack.command({ user: 'U0BEN', channel: 'C0PAYMENTS', text: '' });
  expect(slack.ephemerals('U0BEN')).toMatchObject([{ text: 'plain words' }]);
  expect(slack.messages('C0PAYMENTS')).toMatchObject([{ text: 'for all' }]);
});

test('a response_url answers, replaces its own answer, posts to all and into threads', async () => {
  await slack.command({ user: 'U0BEN', channel: 'C0PAYMENTS', text: 'x' });
  const url = formOf().get('response_url');
  expect(await respond(url, { text: 'working' })).toEqual({ status: 200, body: 'ok' });
  await respond(url, { text: 'done', replace_original: true });
  expect(slack.ephemerals('U0BEN')).toMatchObject([{ text: 'done' }]);
  await respond(url, { text: 'all', response_type: 'in_channel' });
  const [parent] = slack.messages('C0PAYMENTS');
  await respond(url, { text: 'below', response_type: 'in_channel', thread_ts: parent?.ts });
  expect(slack.thread('C0PAYMENTS', parent?.ts ?? '').map(({ text }) => text)).toEqual(['all', 'below']);
  await respond(url, { delete_original: true });
  expect(slack.ephemerals('U0BEN')).toEqual([]);
});

test('a response_url works five times, for thirty minutes, with valid messages only', async () => {
  await slack.command({ user: 'U0BEN', channel: 'C0PAYMENTS', text: 'x' });
  const url = formOf().get('response_url');
  const bad = { text: 'x', blocks: [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }] };
  expect(await respond(url, bad)).toMatchObject({ status: 404, body: expect.stringContaining('invalid_blocks') });
  expect(slack.violations()).toMatchObject([{ method: 'response_url', error: 'invalid_blocks' }]);
  for (const text of ['2', '3', '4', '5']) expect(await respond(url, { text })).toMatchObject({ status: 200 });
  expect(await respond(url, { text: '6' })).toMatchObject({ status: 404, body: expect.stringContaining('used_url') });

  await slack.command({ user: 'U0BEN', channel: 'C0PAYMENTS', text: 'x' });
  time += 30 * 60_000 + 1;
  const late = await respond(formOf(1).get('response_url'), { text: 'late' });
  expect(late).toMatchObject({ status: 404, body: expect.stringContaining('expired_url') });
  expect(await respond(`${slack.url}response/none`, { text: 'x' })).toMatchObject({ status: 404 });
});

test('an event that is not taken is sent again with its id, its bytes and the reason', async () => {
  app.answerWith((_request, response) => response.writeHead(500).end());
  const { eventId } = await slack.event('app_mention', { fields: { user: 'U0BEN', text: 'hi' } });
  await slack.waitFor(() => slack.outgoing('event').filter(({ status }) => status === 500).length === 3);

  expect(app.received.map(({ headers }) => headers['x-slack-retry-num'])).toEqual([undefined, '1', '2']);
  expect(app.received[1]?.headers['x-slack-retry-reason']).toBe('http_error');
  expect(new Set(app.received.map(({ body }) => body)).size).toBe(1);
  expect(JSON.parse(app.received[0]?.body ?? '')).toMatchObject({
    type: 'event_callback',
    event_id: eventId,
    team_id: 'T0ACME',
    api_app_id: slack.appId,
    event: { type: 'app_mention', user: 'U0BEN' },
  });
});

test('a silent app is told of the timeout, and an event that is taken is not sent again', async () => {
  app.answerWith((request, response) => {
    if (request.headers['x-slack-retry-num'] !== undefined) response.end();
  });
  await slack.event('app_home_opened', { fields: { user: 'U0BEN' } });
  await slack.waitFor(() => slack.outgoing('event').some(({ status }) => status === 200));
  expect(app.received.map(({ headers }) => headers['x-slack-retry-reason'])).toEqual([undefined, 'http_timeout']);
});

test('an event is sent once more on demand', async () => {
  const { eventId } = await slack.event('app_mention', { fields: { user: 'U0BEN' } });
  expect(await slack.redeliver(eventId, { num: 2, reason: 'http_timeout' })).toMatchObject({ status: 200 });
  expect(app.received[1]).toMatchObject({ body: app.received[0]?.body, headers: { 'x-slack-retry-num': '2' } });
});

test('changes of people and invitations are events', async () => {
  await slack.setMember('U0BEN', { isAdmin: true });
  slack.setChannel('C0PLATFORM', { isMember: false });
  await slack.invite('C0PLATFORM');
  const events = app.received.map(({ body }) => JSON.parse(body).event);
  expect(events).toMatchObject([
    { type: 'user_change', user: { id: 'U0BEN', is_admin: true } },
    { type: 'member_joined_channel', user: 'U0BOT0ACME', channel: 'C0PLATFORM' },
  ]);
});

test('a trigger opens one modal, and only for three seconds', async () => {
  const token = slack.grant('T0ACME', SCOPES);
  const view = { type: 'modal', title: { type: 'plain_text', text: 'T' }, blocks: [] };
  const open = async (trigger: string | null): Promise<unknown> => {
    const response = await fetch(`${slack.apiUrl}views.open`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ trigger_id: trigger, view }),
    });
    return response.json();
  };
  await slack.command({ user: 'U0BEN', channel: 'C0PAYMENTS', text: 'x' });
  expect(await open(formOf().get('trigger_id'))).toMatchObject({ ok: true });
  expect(await open(formOf().get('trigger_id'))).toMatchObject({ error: 'exchanged_trigger_id' });
  await slack.command({ user: 'U0BEN', channel: 'C0PAYMENTS', text: 'x' });
  time += 3001;
  expect(await open(formOf(1).get('trigger_id'))).toMatchObject({ error: 'expired_trigger_id' });
});

test('a click on what only one person sees carries no message, as in Slack', async () => {
  await slack.command({ user: 'U0BEN', channel: 'C0PAYMENTS', text: 'x' });
  const menu = {
    type: 'static_select',
    action_id: 'pick',
    options: ['a', 'b'].map((value) => ({ value, text: { type: 'plain_text', text: value.toUpperCase() } })),
  };
  await respond(formOf().get('response_url'), {
    text: 'choose',
    blocks: [{ type: 'actions', block_id: 'm', elements: [menu] }],
  });
  const [shown] = slack.ephemerals('U0BEN');
  await slack.click({ user: 'U0BEN', channel: 'C0PAYMENTS', ts: shown?.ts ?? '', text: 'B' });
  const payload = JSON.parse(formOf(1).get('payload') ?? '');
  expect(payload).toMatchObject({
    type: 'block_actions',
    container: { is_ephemeral: true, message_ts: shown?.ts },
    actions: [{ action_id: 'pick', selected_option: { value: 'b' } }],
    state: { values: { m: { pick: { selected_option: { value: 'b' } } } } },
  });
  expect(payload).not.toHaveProperty('message');
});

test('clicking what is not there says what is', async () => {
  await slack.command({ user: 'U0BEN', channel: 'C0PAYMENTS', text: 'x' });
  await respond(formOf().get('response_url'), { text: 'words only' });
  const click = slack.click({
    user: 'U0BEN',
    channel: 'C0PAYMENTS',
    ts: slack.ephemerals('U0BEN')[0]?.ts ?? '',
    text: 'Go',
  });
  await expect(click).rejects.toThrow('There is no "Go" to click; there is: nothing');
});
