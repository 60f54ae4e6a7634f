import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DatabaseUnavailableError } from '../../src/errors.ts';
import { eventually } from '../support/eventually.ts';
import {
  BEN,
  CHANNEL,
  seenBy,
  sendSigned,
  startSlackApp,
  TEAM,
  waitForWords,
  type SlackApp,
} from '../support/slack-app.ts';

let app: SlackApp;

beforeEach(async () => {
  app = await startSlackApp();
});

afterEach(async () => {
  await app.close();
});

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

function aCommand(text = 'summarize acme/web'): string {
  return new URLSearchParams({
    command: '/cortex',
    text,
    team_id: TEAM,
    user_id: BEN,
    channel_id: CHANNEL,
    trigger_id: '1.2.3',
    response_url: `${app.local.url}response/none`,
    is_enterprise_install: 'false',
  }).toString();
}

describe('a signed request', () => {
  test.each([
    [0, 200],
    [-4 * MINUTE, 200],
    [4 * MINUTE, 200],
    [-6 * MINUTE, 401],
    [6 * MINUTE, 401],
  ])('whose time is off by %i ms is answered %i', async (offMs, status) => {
    expect(await sendSigned(app, { body: aCommand('help'), atMs: Date.now() + offMs })).toBe(status);
  });

  test('with another signature, or none, is refused', async () => {
    const atMs = Date.now();
    const wrong = { 'x-slack-signature': `v0=${'0'.repeat(64)}` };
    expect(await sendSigned(app, { body: aCommand(), atMs, headers: wrong })).toBe(401);
    const response = await fetch(`${app.url}/slack/events`, { method: 'POST', body: aCommand() });
    expect(response.status).toBe(401);
    expect(app.jobs).toEqual([]);
  });

  test('that is sent ten times has one effect', async () => {
    const atMs = Date.now();
    const body = aCommand();
    const statuses = await Promise.all(Array.from({ length: 10 }, () => sendSigned(app, { body, atMs })));
    expect(new Set(statuses)).toEqual(new Set([200]));
    const repeated = () => app.log.at('info').filter(({ sentence }) => sentence.startsWith('Repeated'));
    await eventually(() => expect(repeated()).toHaveLength(9));
  });

  test('that is disguised behind its checked part is still the same request', async () => {
    const atMs = Date.now();
    const stamp = String(Math.floor(atMs / SECOND));
    expect(await sendSigned(app, { body: aCommand(), atMs })).toBe(200);
    const { createHmac } = await import('node:crypto');
    const hash = createHmac('sha256', app.signingSecret).update(`v0:${stamp}:${aCommand()}`).digest('hex');
    await sendSigned(app, { body: aCommand(), atMs, headers: { 'x-slack-signature': `v0=${hash}=again` } });
    await eventually(() =>
      expect(app.log.at('info').map(({ sentence }) => sentence)).toContain(
        'Repeated Slack request, acknowledged without effect',
      ),
    );
  });

  test('is acknowledged at once while the database hangs', async () => {
    app.workspaces.isActive = () => new Promise(() => undefined);
    const startedAt = performance.now();
    expect(await sendSigned(app, { body: aCommand(), atMs: Date.now() })).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  test('that is too large is refused', async () => {
    const body = `${aCommand()}&filler=${'x'.repeat(5_000_000)}`;
    expect(await sendSigned(app, { body, atMs: Date.now() })).toBe(413);
  });
});

test('Slack can check our address', async () => {
  expect(await app.local.verifyUrl()).toMatchObject({ status: 200 });
});

test('an event that Slack sends again has one effect', async () => {
  const { eventId } = await app.local.event('app_home_opened', { fields: { user: BEN, tab: 'home', channel: 'D1' } });
  await eventually(() => expect(app.local.calls('views.publish')).toHaveLength(1));
  expect(await app.local.redeliver(eventId)).toMatchObject({ status: 200 });
  await eventually(() => expect(app.log.at('info').map(({ fields }) => fields['eventId'])).toContain(eventId));
  expect(app.local.calls('views.publish')).toHaveLength(1);
});

describe('a listener that fails', () => {
  test('tells the person and the log the same id, and the log the cause', async () => {
    app.subscriptions.inChannel = () => Promise.reject(new DatabaseUnavailableError('The database is away'));
    await app.local.command({ user: BEN, channel: CHANNEL, text: 'subscriptions' });
    const text = await waitForWords(app, BEN, 'Nothing was lost');
    const [record] = app.log.at('warn').filter(({ sentence }) => sentence === 'Slack request failed');
    expect(record?.fields).toMatchObject({ code: 'db.unavailable' });
    expect(text).toContain(String(record?.fields['errorId']));
    expect(text).not.toContain('database');
  });

  test('with a bug is logged as an error, and its words stay with us', async () => {
    app.subscriptions.inChannel = () => Promise.reject(new Error('undefined is not a function'));
    await app.local.command({ user: BEN, channel: CHANNEL, text: 'subscriptions' });
    const text = await waitForWords(app, BEN, 'something went wrong on my side');
    expect(text).not.toContain('undefined');
    expect(app.log.at('error')).toMatchObject([{ fields: { code: 'bug' } }]);
  });
});

test('a workspace without the app is told so, and nothing is done', async () => {
  await app.workspaces.markRevoked(TEAM, 'token_revoked');
  await app.local.command({ user: BEN, channel: CHANNEL, text: 'summarize acme/web' });
  await waitForWords(app, BEN, 'not installed in this workspace any more');
  expect(app.jobs).toEqual([]);
});

test('other addresses are answered 404 without a word about what serves them', async () => {
  const response = await fetch(`${app.url}/nowhere`);
  expect(response.status).toBe(404);
  expect(response.headers.get('x-powered-by')).toBeNull();
  expect(await response.text()).toBe('There is nothing here.\n');
  expect(seenBy(app, BEN)).toEqual([]);
});
