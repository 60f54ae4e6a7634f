import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SHORTCUT } from '../../src/messages/action-ids.ts';
import type { StoredMessage } from '../../src/sandbox/slack/local-slack.ts';
import { subscribeSeen } from '../support/asking.ts';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { aPassingJob, aRun } from '../support/scripts.ts';
import { CHANNEL, GUEST, MEMBER, REPOSITORY } from '../support/stage.ts';

describeOnServers('"Summarize this run" on a message', (openStage) => {
  let stage: ServerStage;

  beforeAll(async () => {
    stage = await openStage(['web', 'worker']);
  });

  afterAll(async () => {
    expect(stage.slack.violations()).toEqual([]);
    await stage.close();
  });

  const say = (text: string, more: object = {}) => stage.slack.say({ user: MEMBER, channel: CHANNEL, text, ...more });

  /** Chooses it, and resolves with what the person is told, once the last of it is what is expected. */
  async function choose(message: StoredMessage, expected: string, user = MEMBER): Promise<string[]> {
    const earlier = stage.slack.ephemerals(user).length;
    const { channelId: channel, ts } = message;
    const ack = await stage.slack.shortcut({ user, channel, ts, callbackId: SHORTCUT.summarizeRun });
    expect(ack.status).toBe(200);
    return eventually(() => {
      const told = stage.slack
        .ephemerals(user)
        .slice(earlier)
        .map((each) => stage.slack.render(each));
      expect(told.at(-1)).toContain(expected);
      return told;
    });
  }

  test('explains the run that somebody pasted, with progress, to whoever chose it', async () => {
    const { url } = await stage.github.play(aRun());
    const before = stage.slack.calls('response_url').length;
    const message = await say(`is <${url}/job/1|this> known?`);

    expect(await choose(message, 'applies the discount once')).toHaveLength(1);

    const told = stage.slack
      .calls('response_url')
      .slice(before)
      .map(({ args }) => JSON.stringify(args));
    expect(told[0]).toContain('Fetching logs');
    expect(stage.slack.thread(CHANNEL, message.ts)).toHaveLength(1);
    expect(stage.slack.messages(CHANNEL).at(-1)?.text).toContain('is <');
  });

  test('finds the link in blocks and in what another app attached; of several the first counts', async () => {
    const failing = await stage.github.play(aRun({ branch: 'attached' }));
    const passing = await stage.github.play(aRun({ jobs: [aPassingJob()] }));
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: `<${passing.url}|green>` } }];

    await choose(await say('build', { blocks }), 'Nothing failed');
    const [told] = await choose(
      await say('builds', { attachments: [{ title_link: failing.url, text: passing.url }] }),
      'on attached',
    );
    expect(told).toContain('links to 2 runs');
  });

  test('on a message of ours, which stays as it is', async () => {
    await subscribeSeen(stage, { user: MEMBER, text: `subscribe ${REPOSITORY}` });
    await stage.github.play(aRun({ branch: 'ours' }));
    const posted = await eventually(() => {
      const ours = stage.slack.messages(CHANNEL).find(({ botId }) => botId !== null);
      if (ours === undefined) throw new Error('Nothing was posted');
      return ours;
    });

    await choose(posted, 'on ours');

    expect(stage.slack.messages(CHANNEL).find(({ ts }) => ts === posted.ts)).toMatchObject({ text: posted.text });
  });

  test('without a link, and to a guest, it says so', async () => {
    const message = await say('lunch?');
    await choose(message, 'no link to a run');
    expect(await choose(message, 'full members', GUEST)).toHaveLength(1);
    await choose(await say('https://github.com/rival/secret/actions/runs/1'), 'no link to a run');
    await choose(await say(`${stage.github.url}/rival/secret/actions/runs/1`), 'I cannot see rival/secret');
  });
});
