import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ChannelId, MessageTs, RepositoryName, UserId } from '../../src/domain/ids.ts';
import { BEN, ADA, CHANNEL, GIA, startSlackApp, TEAM, waitForWords, type SlackApp } from '../support/slack-app.ts';
import { aRule } from '../support/rules.ts';
import { aFailure, aResolution, aRun } from '../support/report-builders.ts';

let app: SlackApp;
const channelId = ChannelId.parse(CHANNEL);
const web = RepositoryName.parse('acme/web');

beforeEach(async () => {
  app = await startSlackApp();
});

afterEach(async () => {
  await app.close();
});

const cortex = (text: string, user = BEN) => app.local.command({ user, channel: CHANNEL, text });

const subscribe = () =>
  app.subscriptions.create({ workspaceId: TEAM, userId: UserId.parse(ADA) }, channelId, aRule('acme/web'));

test('whoami tells the role and what follows from it', async () => {
  await cortex('whoami');
  const words = await waitForWords(app, BEN, 'your role here is member');
  expect(words).toContain('✅ ask for explanations');
  expect(words).toMatch(/You may not[^]*change models and budgets/u);
  await cortex('whoami', GIA);
  expect(await waitForWords(app, GIA, 'your role here is viewer')).toContain('you are a guest');
});

test('status of a channel shows its repositories and links its failures to their messages', async () => {
  await cortex('status');
  expect(await waitForWords(app, BEN, 'there is nothing to show')).toContain('/cortex subscribe owner/repo');
  await subscribe();
  app.runs.listed.push({ repository: web, latest: aRun(), openFailures: 1 });
  const ts = MessageTs.parse('1764000000.000100');
  app.overview.listed.push({
    workspaceId: TEAM,
    failure: aFailure(),
    headline: 'rounds half to even fails',
    threads: [{ channelId, ts }],
  });
  await cortex('status');
  expect(await waitForWords(app, BEN, 'rounds half to even fails')).toContain('Repositories of this channel');
  expect(JSON.stringify(app.local.ephemerals(BEN).at(-1)?.blocks)).toContain('/archives/C0PAYMENTS/p1764000000000100');
});

test('status has no links, and is there, where Slack does not answer', async () => {
  await subscribe();
  app.local.faults.add({ method: 'auth.test', status: 500, times: Infinity });
  await cortex('status');
  expect(await waitForWords(app, BEN, 'Repositories of this channel')).toContain('no run on the default branch seen');
});

test('flaky lists what passed on the same commit', async () => {
  const at = app.clock.now();
  const resolution = aResolution({ kind: 'passed-on-rerun', at });
  const failure = aFailure({ status: 'resolved', resolution });
  app.overview.listed.push({ workspaceId: TEAM, failure, headline: 'retries the upload', threads: [] });
  await cortex('flaky acme/web');
  expect(await waitForWords(app, BEN, 'retries the upload')).toContain('1 time');
  app.clock.move(15 * 86_400_000);
  app.users.roles.clear();
  await cortex('flaky acme/web');
  expect(await waitForWords(app, BEN, 'Nothing flaky in acme/web')).toContain('14 days');
});

test.each(['status', 'flaky'])('%s shows a guest what the channel hears about, and nothing else', async (command) => {
  await cortex(`${command} acme/web`, GIA);
  expect(await waitForWords(app, GIA, 'this is for full members')).toContain('Nothing was done');
  await subscribe();
  await cortex(`${command} acme/web`, GIA);
  expect(await waitForWords(app, GIA, command === 'status' ? '🟢 acme/web' : 'Nothing flaky')).toContain('acme/web');
});

test.each(['status', 'flaky'])('%s of a repository that the workspace does not see says so', async (command) => {
  await cortex(`${command} other/secret`);
  expect(await waitForWords(app, BEN, 'I cannot see other/secret')).toContain('I cannot see');
  await cortex(`${command} nonsense`);
  expect(await waitForWords(app, BEN, 'I can read owner/repo')).toContain('nonsense');
  await cortex(`${command} one two`);
  expect(await waitForWords(app, BEN, 'Tell me one repository, or nothing')).toContain('For example');
});
