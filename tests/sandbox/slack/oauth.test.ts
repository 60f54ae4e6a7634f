import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createLocalSlack, type LocalSlack, type TeamSeed } from '../../../src/sandbox/slack/local-slack.ts';
import { credentials, startBench } from './bolt-app.ts';

const own = credentials();
const back = 'http://127.0.0.1:9/slack/oauth_redirect';
let slack: LocalSlack;

beforeEach(async () => {
  slack = await createLocalSlack({ ...own, appName: 'Cortex <b>' });
});

afterEach(() => slack.close());

const asked = (more: Record<string, string> = {}) =>
  new URLSearchParams({
    client_id: own.clientId,
    scope: 'chat:write,commands',
    state: 's"1',
    redirect_uri: back,
    ...more,
  });

async function allow(): Promise<URL> {
  const address = `${slack.authorizeUrl}?${asked({ auto: 'allow', user: 'U0ADA' }).toString()}`;
  const response = await fetch(address, { redirect: 'manual' });
  return new URL(response.headers.get('location') ?? '');
}

async function access(form: Record<string, string>): Promise<Record<string, unknown>> {
  const body = new URLSearchParams({ client_id: own.clientId, client_secret: own.clientSecret, ...form });
  const response = await fetch(`${slack.apiUrl}oauth.v2.access`, { method: 'POST', body });
  const answer: Record<string, unknown> = JSON.parse(await response.text());
  return answer;
}

test('the Allow page shows workspace and scopes, with everything escaped', async () => {
  const html = await (await fetch(`${slack.authorizeUrl}?${asked().toString()}`)).text();
  expect(html).toContain('Cortex &lt;b&gt; asks for access');
  expect(html).toContain('value="s&quot;1"');
  expect(html).toContain('<code>commands</code>');
  expect(html).toContain('<option value="T0ACME">Acme</option>');
});

test('Allow goes back with a code and the state, Cancel with access_denied', async () => {
  const press = async (decision: string) => {
    const body = asked({ team: 'T0ACME', decision });
    const response = await fetch(slack.authorizeUrl, { method: 'POST', body, redirect: 'manual' });
    return new URL(response.headers.get('location') ?? '').searchParams;
  };
  expect(Object.fromEntries(await press('allow'))).toEqual({ code: expect.any(String), state: 's"1' });
  expect(Object.fromEntries(await press('cancel'))).toEqual({ error: 'access_denied', state: 's"1' });
});

test('a wrong client or no scope is not let through', async () => {
  for (const wrong of [{ client_id: 'x' }, { scope: '' }, { team: 'T0NONE' }]) {
    expect((await fetch(`${slack.authorizeUrl}?${asked(wrong).toString()}`)).status).toBe(400);
  }
});

test('a code is worth one token, with the right secret and address', async () => {
  const code = (await allow()).searchParams.get('code') ?? '';
  expect(await access({ code, client_secret: 'x' })).toEqual({ ok: false, error: 'bad_client_secret' });
  expect(await access({ code, client_id: 'x' })).toEqual({ ok: false, error: 'invalid_client_id' });
  expect(await access({ code })).toMatchObject({
    ok: true,
    token_type: 'bot',
    scope: 'chat:write,commands',
    bot_user_id: 'U0BOT0ACME',
    app_id: slack.appId,
    team: { id: 'T0ACME', name: 'Acme' },
    enterprise: null,
    authed_user: { id: 'U0ADA' },
    is_enterprise_install: false,
  });
  expect(await access({ code })).toEqual({ ok: false, error: 'invalid_code' });
  const other = (await allow()).searchParams.get('code') ?? '';
  expect(await access({ code: other, redirect_uri: 'http://else' })).toEqual({ ok: false, error: 'bad_redirect_uri' });
});

test('an org-wide install through Bolt works in every team of the enterprise', async () => {
  const enterprise = { id: 'E0BIG', name: 'Big' };
  const team = (id: string): TeamSeed => ({
    id,
    name: id,
    enterprise,
    members: [{ id: `U${id}`, isAdmin: true }],
    channels: [{ id: `C${id}`, name: 'general' }],
  });
  const bench = await startBench({ teams: [team('T0ONE'), team('T0TWO')] });
  try {
    const outcome = await bench.slack.install('T0ONE', { orgWide: true });
    expect(outcome.status).toBeLessThan(400);
    const installation = bench.installs.get('E0BIG');
    expect(installation).toMatchObject({ isEnterpriseInstall: true, enterprise });
    const token = installation?.bot?.token ?? '';
    await bench.app.client.apiCall('chat.postMessage', { token, channel: 'CT0TWO', text: 'hello' });
    expect(bench.slack.messages('CT0TWO')).toMatchObject([{ text: 'hello', teamId: 'T0TWO' }]);
  } finally {
    await bench.close();
  }
});
