import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { askCortex } from '../support/asking.ts';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { aRun } from '../support/scripts.ts';
import { ADMIN, CHANNEL, INSTALLATION, MEMBER, OTHER_CHANNEL, REPOSITORY } from '../support/stage.ts';

describeOnServers('what becomes of installations and repositories', (openStage) => {
  let stage: ServerStage;

  beforeAll(async () => {
    stage = await openStage(['web', 'worker']);
    await askCortex(stage, { user: MEMBER, text: `subscribe ${REPOSITORY}` }, 'now hears');
  });
  afterAll(async () => {
    expect(stage.slack.violations()).toEqual([]);
    await stage.close();
  });

  const told = (): string[] => stage.slack.messages(CHANNEL).map((message) => stage.slack.render(message));
  const hears = (text: string) => eventually(() => expect(told().join('\n')).toContain(text));
  const times = (text: string): number => told().filter((each) => each.includes(text)).length;
  const paused = async () =>
    (await stage.query('select paused_reason from subscriptions')).map((row) => row['paused_reason']);

  test('a suspension pauses the rules and is told once, however often GitHub delivers it; its end wakes them', async () => {
    const { guid } = await stage.github.changeInstallation(INSTALLATION, 'suspend');
    await hears('is suspended on acme');
    expect(await paused()).toEqual(['github_suspended']);
    await stage.github.redeliver(guid);
    await stage.github.changeInstallation(INSTALLATION, 'unsuspend');
    await hears('not suspended on acme any more');

    expect(await paused()).toEqual([null]);
    expect(times('is suspended on acme')).toBe(1);
  });

  test('a repository that the App may not see any more pauses its rules, and is heard of again afterwards', async () => {
    await stage.github.showRepositories(INSTALLATION, 'removed', [REPOSITORY]);
    await hears(`does not see ${REPOSITORY} any more`);
    expect(await paused()).toEqual(['repository_removed']);
    await stage.github.showRepositories(INSTALLATION, 'added', [REPOSITORY]);
    await hears(`sees ${REPOSITORY} again`);

    expect(await paused()).toEqual([null]);
  });

  test('a new name is told once, and a failure there is heard of by the rule for the old one', async () => {
    await stage.github.renameRepository(REPOSITORY, 'checkout');
    await hears(`${REPOSITORY} is called acme/checkout now`);
    await stage.github.play(aRun({ repository: 'acme/checkout', branch: 'renamed' }));

    await eventually(() => {
      const message = stage.slack.messages(CHANNEL).find((each) => JSON.stringify(each.blocks).includes('renamed'));
      expect(JSON.stringify(message)).toContain('acme/checkout');
    });
    expect(times('is called acme/checkout now')).toBe(1);
  });

  test('a new name of the account is told once, and its repositories are heard of under it', async () => {
    const { guid } = await stage.github.renameAccount(INSTALLATION, 'umbrella');
    await hears('acme is called umbrella on GitHub now');
    await stage.github.redeliver(guid);
    await stage.github.play(aRun({ repository: 'umbrella/checkout', branch: 'account-renamed' }));

    await eventually(() => {
      const message = stage.slack.messages(CHANNEL).find((each) => JSON.stringify(each.blocks).includes('account-re'));
      expect(JSON.stringify(message)).toContain('umbrella/checkout');
    });
    expect(times('is called umbrella on GitHub now')).toBe(1);
    await stage.github.renameAccount(INSTALLATION, 'acme');
    await hears('umbrella is called acme on GitHub now');
  });

  test('privacy and the default branch are told to channels whose rules name the repository', async () => {
    await stage.github.changeRepository('acme/checkout', 'privatized');
    await stage.github.setDefaultBranch('acme/checkout', 'trunk');

    await hears('acme/checkout is private on GitHub now');
    await hears('The default branch of acme/checkout is trunk now, and was main');
    expect(await paused()).toEqual([null]);
  });

  test('a channel that is shared with others hears nothing of a repository that became private; its rules are paused', async () => {
    await askCortex(stage, { user: MEMBER, text: 'subscribe acme/*', channel: OTHER_CHANNEL }, 'Nothing is saved yet');
    const ts = stage.slack.ephemerals(MEMBER).at(-1)?.ts ?? '';
    await stage.slack.click({ user: MEMBER, channel: OTHER_CHANNEL, ts, text: 'Subscribe' });
    await eventually(async () => expect(await paused()).toEqual([null, null]));
    stage.slack.setChannel(OTHER_CHANNEL, { isShared: true });
    const { guid } = await stage.github.changeRepository('acme/checkout', 'privatized');
    await stage.github.redeliver(guid);

    const direct = (): string[] => stage.slack.directMessages(ADMIN).map((message) => stage.slack.render(message));
    await eventually(() => expect(direct().join('\n')).toContain('people of other organisations are in the channel'));
    await eventually(() => expect(times('acme/checkout is private on GitHub now')).toBe(2));
    const reasons = await stage.query('select channel_id, paused_reason from subscriptions order by paused_reason');
    expect(reasons).toEqual([
      { channel_id: OTHER_CHANNEL, paused_reason: 'shared_and_private' },
      { channel_id: CHANNEL, paused_reason: null },
    ]);
    expect(stage.slack.messages(OTHER_CHANNEL)).toEqual([]);
    expect(direct().filter((each) => each.includes('people of other organisations'))).toHaveLength(1);
  });

  test('an App that was removed is linked no more, and its rules say why they are silent', async () => {
    await stage.github.changeInstallation(INSTALLATION, 'deleted');
    await hears('was removed from acme');

    expect(await stage.query('select 1 from installations')).toEqual([]);
    await askCortex(stage, { user: MEMBER, text: 'subscriptions' }, 'the GitHub App was removed from that account');
  });
});
