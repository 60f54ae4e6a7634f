import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startBench, type Bench } from './bolt-app.ts';

let bench: Bench;

beforeEach(async () => {
  bench = await startBench();
  const outcome = await bench.slack.install('T0ACME');
  if (outcome.status >= 400) throw new Error(outcome.body);
});

const toClose: Server[] = [];

afterEach(async () => {
  for (const server of toClose.splice(0)) server.close();
  await bench.close();
});

test('an install through Bolt walks over the Allow page and ends in a working token', () => {
  const { slack, installs } = bench;

  expect(installs.get('T0ACME')).toMatchObject({ team: { id: 'T0ACME', name: 'Acme' }, user: { id: 'U0ADA' } });
  expect(slack.calls('oauth.v2.access')).toMatchObject([{ ok: true }]);
  expect(slack.calls('auth.test')).toMatchObject([{ ok: true }]);
});

test('a command reaches Bolt signed, and its acknowledgement is seen by the one who typed it', async () => {
  const { slack, app } = bench;
  const seen: unknown[] = [];
  app.command('/cortex', async ({ ack, body }) => {
    seen.push(body);
    await ack({ text: 'On *it*' });
  });

  const ack = await slack.command({ user: 'U0BEN', channel: 'C0PAYMENTS', text: 'help me' });

  expect(ack.status).toBe(200);
  expect(ack.ackMs).toBeLessThan(3000);
  expect(seen).toMatchObject([
    {
      text: 'help me',
      user_id: 'U0BEN',
      channel_name: 'payments-ci',
      team_id: 'T0ACME',
      is_enterprise_install: 'false',
    },
  ]);
  expect(slack.ephemerals('U0BEN')).toMatchObject([{ text: 'On *it*', ephemeralFor: 'U0BEN' }]);
  expect(slack.messages('C0PAYMENTS')).toEqual([]);
});

test('a button click carries the message, and respond() replaces it', async () => {
  const { slack, app } = bench;
  await app.client.apiCall('chat.postMessage', {
    token: bench.installs.get('T0ACME')?.bot?.token ?? '',
    channel: 'C0PAYMENTS',
    text: 'Broken',
    blocks: [
      {
        type: 'actions',
        block_id: 'acts',
        elements: [
          { type: 'button', action_id: 'again', value: '42', text: { type: 'plain_text', text: 'Re-analyze' } },
        ],
      },
    ],
  });
  const [posted] = slack.messages('C0PAYMENTS');
  app.action('again', async ({ ack, body, respond, action }) => {
    await ack();
    expect(body).toMatchObject({
      container: { message_ts: posted?.ts, channel_id: 'C0PAYMENTS' },
      message: { ts: posted?.ts, text: 'Broken', blocks: [{ block_id: 'acts' }] },
      team: { id: 'T0ACME' },
    });
    await respond({ replace_original: true, text: `again ${'value' in action ? action.value : ''}` });
  });

  await slack.click({ user: 'U0BEN', channel: 'C0PAYMENTS', ts: posted?.ts ?? '', text: 'Re-analyze' });
  const edited = await slack.waitFor(() => slack.messages('C0PAYMENTS').find((message) => message.edited));

  expect(edited).toMatchObject({ text: 'again 42', blocks: [] });
});

test('a modal opens from a command, shows errors, then closes', async () => {
  const { slack, app } = bench;
  app.command('/cortex', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({
      trigger_id: body.trigger_id,
      view: {
        type: 'modal',
        callback_id: 'subscribe',
        title: { type: 'plain_text', text: 'Subscribe' },
        submit: { type: 'plain_text', text: 'Save' },
        blocks: [
          {
            type: 'input',
            block_id: 'repository',
            label: { type: 'plain_text', text: 'Repository' },
            element: { type: 'plain_text_input', action_id: 'name' },
          },
        ],
      },
    });
  });
  app.view('subscribe', async ({ ack, view }) => {
    const name = view.state.values['repository']?.['name']?.value;
    if (name === 'bad') await ack({ response_action: 'errors', errors: { repository: 'Not owner/name' } });
    else await ack();
  });

  await slack.command({ user: 'U0ADA', channel: 'C0PAYMENTS', text: 'subscribe' });
  const [modal] = await slack.waitFor(() => slack.modals('U0ADA').length > 0 && slack.modals('U0ADA'));
  const empty = await slack.submit(modal ?? '');
  const bad = await slack.submit(modal ?? '', { name: 'bad' });
  const good = await slack.submit(modal ?? '', { name: 'acme/payments' });

  expect(empty).toMatchObject({ status: -1, errors: { repository: 'Please complete this required field.' } });
  expect(bad).toMatchObject({ status: 200, errors: { repository: 'Not owner/name' } });
  expect(good).toMatchObject({ status: 200, errors: {} });
  expect(slack.modals('U0ADA')).toEqual([]);
  expect(slack.violations()).toEqual([]);
});

test.each([{ nowhere: 'Not a field' }, { note: 'No input' }, { repository: '' }, {}])(
  'sentences at fields that there are not, or without words, are noted as Slack would refuse them: %j',
  async (errors) => {
    const { slack, app } = bench;
    const words = (text: string) => ({ type: 'plain_text' as const, text });
    app.command('/cortex', async ({ ack, body, client }) => {
      await ack();
      const note = { type: 'section' as const, block_id: 'note', text: words('Which one?') };
      const element = { type: 'plain_text_input' as const, action_id: 'name' };
      const input = {
        type: 'input' as const,
        block_id: 'repository',
        optional: true,
        label: words('Repository'),
        element,
      };
      const view = {
        type: 'modal' as const,
        callback_id: 'subscribe',
        title: words('Subscribe'),
        submit: words('Save'),
      };
      await client.views.open({ trigger_id: body.trigger_id, view: { ...view, blocks: [note, input] } });
    });
    app.view('subscribe', async ({ ack }) => ack({ response_action: 'errors', errors: { ...errors } }));

    await slack.command({ user: 'U0ADA', channel: 'C0PAYMENTS', text: 'subscribe' });
    const [modal] = await slack.waitFor(() => slack.modals('U0ADA').length > 0 && slack.modals('U0ADA'));
    await slack.submit(modal ?? '');

    expect(slack.modals('U0ADA')).toHaveLength(1);
    expect(slack.violations()).toMatchObject([{ method: 'response_action errors', error: 'invalid_arguments' }]);
  },
);

test('opening the Home sends app_home_opened, and what the app publishes is there', async () => {
  const { slack, app } = bench;
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({
      user_id: event.user,
      view: { type: 'home', blocks: [{ type: 'header', text: { type: 'plain_text', text: 'Recent' } }] },
    });
  });

  await slack.openHome('U0GIO');
  const home = await slack.waitFor(() => slack.home('U0GIO'));

  expect(slack.render(home)).toBe('== Recent ==');
});

test('a check of the Request URL is answered by Bolt', async () => {
  const ack = await bench.slack.verifyUrl();
  expect(JSON.parse(ack.body)).toHaveProperty('challenge');
});

test('a forged or changed request is refused by Bolt, so the signatures are what it checks', async () => {
  const { slack, app } = bench;
  app.command('/cortex', async ({ ack }) => ack());
  slack.setAppUrl(await proxyThatChangesBodies());

  const ack = await slack.command({ user: 'U0BEN', channel: 'C0PAYMENTS', text: 'help' });

  expect(ack.status).toBe(401);
  expect(slack.ephemerals('U0BEN')).toMatchObject([{ text: '/cortex failed with the error "dispatch_failed"' }]);
});

test('a Home button carries the view with its hash, and a modal pushed from it goes back on close', async () => {
  const { slack, app } = bench;
  const button = { type: 'button' as const, action_id: 'open', text: { type: 'plain_text' as const, text: 'Open' } };
  const title = { type: 'plain_text' as const, text: 'Settings' };
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({
      user_id: event.user,
      view: { type: 'home', blocks: [{ type: 'actions', elements: [button] }] },
    });
  });
  app.action('open', async ({ ack, body, client }) => {
    await ack();
    if (body.type !== 'block_actions') return;
    expect(body.view).toMatchObject({ type: 'home', hash: expect.any(String), root_view_id: body.view?.id });
    await client.views.open({
      trigger_id: body.trigger_id,
      view: { type: 'modal', callback_id: 'first', title, submit: title, notify_on_close: true, blocks: [] },
    });
  });
  app.view('first', async ({ ack }) => {
    await ack({ response_action: 'push', view: { type: 'modal', callback_id: 'second', title, blocks: [] } });
  });
  const closed: string[] = [];
  app.view({ callback_id: 'first', type: 'view_closed' }, async ({ ack, view }) => {
    await ack();
    closed.push(view.callback_id);
  });

  await slack.openHome('U0ADA');
  await slack.waitFor(() => slack.home('U0ADA'));
  await slack.click({ user: 'U0ADA', view: 'home', text: 'Open' });
  const [first] = await slack.waitFor(() => slack.modals('U0ADA').length > 0 && slack.modals('U0ADA'));
  await slack.submit(first ?? '');
  const stack = slack.modals('U0ADA');
  await slack.dismiss(stack.at(-1) ?? '');
  await slack.dismiss(first ?? '');

  expect(stack).toMatchObject([
    { callbackId: 'first' },
    { callbackId: 'second', previousViewId: first?.id, rootViewId: first?.id },
  ]);
  expect(closed).toEqual(['first']);
  expect(slack.modals('U0ADA')).toEqual([]);
});

test('removing the app kills its token and says so to Bolt', async () => {
  const { slack, app, installs } = bench;
  const heard: string[] = [];
  app.event('app_uninstalled', async ({ event }) => void heard.push(event.type));
  app.event('tokens_revoked', async ({ event }) => void heard.push(event.type));

  await slack.revoke('T0ACME');

  expect(slack.outgoing('event').map((sent) => [sent.subject, sent.status])).toEqual([
    ['tokens_revoked', 200],
    ['app_uninstalled', 200],
  ]);
  const token = installs.get('T0ACME')?.bot?.token ?? '';
  await expect(app.client.auth.test({ token })).rejects.toMatchObject({ data: { error: 'account_inactive' } });
});

test('a person who talks to the app in a channel or directly is heard as an event', async () => {
  const { slack, app } = bench;
  const heard: unknown[] = [];
  app.event('app_mention', async ({ event }) => void heard.push(['mention', event.text]));
  app.message(async ({ message }) => void heard.push(['direct', 'text' in message ? message.text : '']));
  const bot = slack.member('U0BOT0ACME');

  await slack.say({ user: 'U0BEN', channel: 'C0PLATFORM', text: `<@${bot.id}> why?` });
  await slack.say({ user: 'U0BEN', channel: 'C0PLATFORM', text: 'not for you' });
  await slack.openHome('U0BEN', 'messages');
  await slack.say({ user: 'U0BEN', channel: 'D0BEN', text: 'hello' });

  expect(heard).toEqual([
    ['mention', `<@${bot.id}> why?`],
    ['direct', 'hello'],
  ]);
});

/** Stands between the local Slack and the app, and adds a space to each body. */
async function proxyThatChangesBodies(): Promise<string> {
  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const headers = new Headers();
      for (const name of ['content-type', 'x-slack-signature', 'x-slack-request-timestamp']) {
        headers.set(name, String(request.headers[name]));
      }
      const answer = await fetch(bench.appUrl + String(request.url), { method: 'POST', body: `${body}+`, headers });
      response.writeHead(answer.status).end(await answer.text());
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  toClose.push(server);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}
