import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startBench, type Bench } from './bolt-app.ts';

let bench: Bench;

beforeEach(async () => {
  bench = await startBench();
  const outcome = await bench.slack.install('T0ACME');
  expect(outcome.status).toBeLessThan(400);
});

afterEach(() => bench.close());

test('an install through Bolt walks over the Allow page and ends in a working token', () => {
  const { slack, installs } = bench;

  expect(installs.get('T0ACME')).toMatchObject({ team: { id: 'T0ACME', name: 'Acme' }, user: { id: 'U0ADA' } });
  expect(slack.calls('oauth.v2.access')).toMatchObject([{ ok: true }]);
  expect(slack.calls('auth.test')).toMatchObject([{ ok: true }]);
});

test('a command reaches Bolt signed, and its acknowledgement is seen by the one who typed it', async () => {
  const { slack, app } = bench;
  const seen: unknown[] = [];
  app.command('/cortex', async ({ ack, body }: any) => {
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
  const posted = await app.client.chat.postMessage({
    token: (bench.installs.get('T0ACME') as any).bot.token,
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
  app.action('again', async ({ ack, body, respond, action }: any) => {
    await ack();
    expect(body).toMatchObject({
      container: { message_ts: posted.ts, channel_id: 'C0PAYMENTS' },
      message: { ts: posted.ts, text: 'Broken', blocks: [{ block_id: 'acts' }] },
      team: { id: 'T0ACME' },
    });
    await respond({ replace_original: true, text: `again ${action.value}` });
  });

  await slack.click({ user: 'U0BEN', channel: 'C0PAYMENTS', ts: posted.ts ?? '', text: 'Re-analyze' });
  const edited = await slack.waitFor(() => slack.messages('C0PAYMENTS').find((message) => message.edited));

  expect(edited).toMatchObject({ text: 'again 42', blocks: [] });
});

test('a modal opens from a command, shows errors, then closes', async () => {
  const { slack, app } = bench;
  app.command('/cortex', async ({ ack, body, client }: any) => {
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
  app.view('subscribe', async ({ ack, view }: any) => {
    const name = view.state.values.repository.name.value;
    if (name === 'bad') await ack({ response_action: 'errors', errors: { repository: 'Not owner/name' } });
    else await ack();
  });

  await slack.command({ user: 'U0ADA', channel: 'C0PAYMENTS', text: 'subscribe' });
  const [modal] = await slack.waitFor(() => slack.modals('U0ADA').length > 0 && slack.modals('U0ADA'));
  const empty = await slack.submit(modal!);
  const bad = await slack.submit(modal!, { name: 'bad' });
  const good = await slack.submit(modal!, { name: 'acme/payments' });

  expect(empty).toMatchObject({ status: -1, errors: { repository: 'Please complete this required field.' } });
  expect(bad).toMatchObject({ status: 200, errors: { repository: 'Not owner/name' } });
  expect(good).toMatchObject({ status: 200, errors: {} });
  expect(slack.modals('U0ADA')).toEqual([]);
  expect(slack.violations()).toEqual([]);
});

test('opening the Home sends app_home_opened, and what the app publishes is there', async () => {
  const { slack, app } = bench;
  app.event('app_home_opened', async ({ event, client }: any) => {
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
