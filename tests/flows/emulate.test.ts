import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { askCortex } from '../support/asking.ts';
import { ACME, type EmulatedGitHub, GLOBEX, startEmulatedGitHub } from '../support/emulated-github.ts';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { freePort } from '../support/services.ts';
import { ADMIN, MEMBER, WORKSPACE } from '../support/stage.ts';

describeOnServers('the product beside a GitHub that others wrote', (openStage) => {
  let stage: ServerStage;
  let emulated: EmulatedGitHub;

  beforeAll(async () => {
    stage = await openStage([]);
    const port = await freePort();
    emulated = await startEmulatedGitHub({ webhookUrl: `http://127.0.0.1:${port}/webhooks/github` });
    const changes = {
      PORT: String(port),
      GITHUB_API_URL: emulated.url,
      GITHUB_WEB_URL: emulated.url,
      GITHUB_APP_ID: String(emulated.app.appId),
      GITHUB_PRIVATE_KEY: emulated.app.privateKey,
      GITHUB_WEBHOOK_SECRET: emulated.app.webhookSecret,
      GITHUB_INSTALLATION_LINKS: `${WORKSPACE}:${ACME}`,
    };
    await stage.open(await stage.start('all', changes));
  });

  afterAll(async () => {
    expect(stage.slack.violations()).toEqual([]);
    await stage.close();
    await emulated.close();
  });

  test('a channel hears of repositories where the App is installed and linked, and of no others', async () => {
    await askCortex(stage, { user: MEMBER, text: 'subscribe acme/checkout-api' }, 'now hears');

    // Installed for another workspace, not selected, not installed, not there: one answer for all.
    for (const repository of ['globex/site', 'globex/hidden', 'initech/tps', 'acme/missing'])
      await askCortex(stage, { user: MEMBER, text: `subscribe ${repository}` }, `I cannot see ${repository}`);
    expect(await stage.query('select repository from subscriptions')).toEqual([{ repository: 'acme/checkout-api' }]);
  });

  test('what the App is signed and sent is taken, with the installation that it is of', async () => {
    await emulated.openIssue('acme/checkout-api', 'ada');
    await emulated.openIssue('globex/site', 'ada');

    await eventually(async () => {
      const taken = await stage.query(`select name, installation_id from events where name = 'issues' order by 2`);
      expect(taken.map((event) => Number(event['installation_id']))).toEqual([ACME, GLOBEX]);
    });
  });

  test('the doctor finds the App and its installation', async () => {
    const answer = await askCortex(stage, { user: ADMIN, text: 'doctor' }, 'acme');

    expect(answer).toContain('cortex');
  });
});
