import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WorkspaceId } from '../../src/domain/ids.ts';
import { SCOPES } from '../../src/slack/options.ts';
import { eventually } from '../support/eventually.ts';
import { BEN, CHANNEL, startSlackApp, TEAM, waitForWords, type SlackApp } from '../support/slack-app.ts';

const ORG = WorkspaceId.parse('E0CORP');

let app: SlackApp;

beforeEach(async () => {
  const members = [{ id: BEN, name: 'ben' }];
  const channels = [{ id: CHANNEL, name: 'payments-ci' }];
  const enterprise = { id: ORG, name: 'Corp' };
  app = await startSlackApp({ install: false, teams: [{ id: TEAM, name: 'Acme', enterprise, members, channels }] });
});

afterEach(async () => {
  await app.close();
});

describe('installing', () => {
  test('goes to Slack with our scopes, comes back, and keeps the installation', async () => {
    const page = await fetch(`${app.url}/slack/install`, { redirect: 'manual' });
    const to = new URL(page.headers.get('location') ?? '');
    expect(page.status).toBe(302);
    expect(to.searchParams.get('scope')?.split(',')).toEqual([...SCOPES]);
    const { status } = await app.local.install(TEAM);
    expect(status).toBe(200);
    expect(app.workspaces.installs.get(TEAM)).toMatchObject({ name: 'Acme', installation: { team: { id: TEAM } } });
    await app.local.command({ user: BEN, channel: CHANNEL, text: 'help' });
    await waitForWords(app, BEN, '/cortex summarize');
  });

  test('for a whole organization is kept under its id, and requests find it', async () => {
    await app.local.install(TEAM, { orgWide: true });
    expect([...app.workspaces.installs.keys()]).toEqual([ORG]);
    await app.local.command({ user: BEN, channel: CHANNEL, text: 'help' });
    await eventually(() => expect([...app.users.roles.keys()]).toEqual([`${ORG} ${BEN}`]));
  });

  test('needs the state that we gave to this browser, once', async () => {
    const page = await fetch(`${app.url}/slack/install`, { redirect: 'manual' });
    const [cookie = ''] = (page.headers.get('set-cookie') ?? '').split(';');
    const state = new URL(page.headers.get('location') ?? '').searchParams.get('state') ?? '';
    const back = (query: string, headers: Record<string, string> = {}) =>
      fetch(`${app.url}/slack/oauth_redirect?${query}`, { headers }).then((response) => response.status);
    const whole = `code=wrong&state=${encodeURIComponent(state)}`;
    expect(await back('code=wrong')).toBe(400);
    expect(await back('code=wrong&state=forged', { cookie: 'slack-app-oauth-state=forged' })).toBe(400);
    expect(await back(whole)).toBe(400);
    // The right browser gets past the state, and fails at Slack, since its code is made up.
    expect(await back(whole, { cookie })).toBe(500);
    expect(await back(whole, { cookie })).toBe(400);
    expect(app.workspaces.installs.size).toBe(0);
  });
});

describe('removing the app', () => {
  test('marks the workspace and deletes its tokens', async () => {
    await app.local.install(TEAM);
    await app.local.revoke(TEAM);
    await eventually(() => expect(app.workspaces.revoked.has(TEAM)).toBe(true));
    expect(app.workspaces.installs.size).toBe(0);
  });

  test('a person whose own token is revoked changes nothing', async () => {
    await app.local.install(TEAM);
    await app.local.event('tokens_revoked', { fields: { tokens: { oauth: [BEN], bot: [] } } });
    await app.local.event('user_change', { fields: { user: { id: BEN } } });
    expect(app.workspaces.revoked.size).toBe(0);
  });
});
