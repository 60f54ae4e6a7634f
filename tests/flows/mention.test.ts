import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { StoredMessage } from '../../src/sandbox/slack/local-slack.ts';
import { askCortex } from '../support/asking.ts';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { aBrokenBuild, aRun } from '../support/scripts.ts';
import { CHANNEL, GUEST, MEMBER, OTHER_CHANNEL, REPOSITORY } from '../support/stage.ts';

const BOT = 'U0BOT0ACME';

describeOnServers('people mention us in a channel', (openStage) => {
  let stage: ServerStage;

  beforeAll(async () => {
    stage = await openStage(['web', 'worker']);
    await askCortex(stage, { user: MEMBER, text: `subscribe ${REPOSITORY}`, channel: OTHER_CHANNEL }, 'now hears');
    await stage.github.play(aRun());
    await stage.github.play(aRun({ branch: 'release/2.x', workflow: 'Nightly', jobs: [aBrokenBuild()] }));
    await eventually(() => expect(stage.slack.messages(OTHER_CHANNEL)).toHaveLength(2));
  });

  afterAll(async () => {
    expect(stage.slack.violations()).toEqual([]);
    await stage.close();
  });

  const mention = (
    text: string,
    { user = MEMBER, channel = OTHER_CHANNEL, threadTs = undefined as string | undefined } = {},
  ) => stage.slack.say({ user, channel, text: `<@${BOT}> ${text}`, ...(threadTs !== undefined && { threadTs }) });

  const repliesTo = ({ channelId, ts, threadTs }: StoredMessage): StoredMessage[] =>
    stage.slack
      .thread(channelId, threadTs ?? ts)
      .filter((reply) => reply.botId !== null && Number(reply.ts) > Number(ts));

  /** Speaks, and resolves with the one answer in the thread once it says what is expected. */
  async function ask(
    text: string,
    expected: string | RegExp,
    place: Parameters<typeof mention>[1] = {},
  ): Promise<string> {
    const said = await mention(text, place);
    return eventually(() => {
      const replies = repliesTo(said);
      expect(replies).toHaveLength(1);
      const words = replies.map((reply) => stage.slack.render(reply)).join();
      if (typeof expected === 'string') expect(words).toContain(expected);
      else expect(words).toMatch(expected);
      return words;
    });
  }

  /** Speaks, and resolves with what only the speaker is told; the channel hears nothing. */
  async function askAlone(
    text: string,
    expected: string,
    { user = MEMBER, channel = OTHER_CHANNEL } = {},
  ): Promise<void> {
    const earlier = stage.slack.ephemerals(user).length;
    const said = await mention(text, { user, channel });
    await eventually(() => {
      const [told] = stage.slack.ephemerals(user).slice(earlier);
      expect(told === undefined ? '' : stage.slack.render(told)).toContain(expected);
    });
    expect(repliesTo(said)).toEqual([]);
  }

  test('the answer stands in a thread below the question, under the name of whoever asked', async () => {
    const before = stage.slack.messages(OTHER_CHANNEL).length;

    const words = await ask('why did main fail?', 'applies the discount once');

    expect(words).toContain('asked about this run');
    expect(stage.slack.messages(OTHER_CHANNEL)).toHaveLength(before + 1);
  });

  test.each([
    ['why did release/2.x fail?', 'on release/2.x'],
    ['why is nightly broken?', 'on release/2.x'],
    ['what broke checkout-api on main?', 'applies the discount once'],
    [`why did main in ${REPOSITORY} fail?`, 'applies the discount once'],
    ['why did the build fail?', /./u],
    ['why did never-built fail?', 'no failing run of a branch or workflow called never-built'],
    [`why did main in rival/secret fail?`, 'I cannot see rival/secret'],
    [`${REPOSITORY}@main`, 'applies the discount once'],
    ['status', 'open failure'],
    ['flaky', 'Nothing flaky'],
    ['help', '/cortex help'],
  ])('%s', async (text, expected) => {
    await ask(text, expected);
  });

  test('in the thread of a failure, it is about that failure', async () => {
    // Which of the two was posted first is chance.
    const about = (words: string) =>
      stage.slack.messages(OTHER_CHANNEL).find((message) => stage.slack.render(message).includes(words))?.ts;

    await ask('why?', 'applies the discount once', { threadTs: about('applies the discount once') });
    await ask('', 'on release/2.x', { threadTs: about('on release/2.x') });
  });

  test('a channel that hears about nothing is told how to name something', async () => {
    await ask('why?', 'hears about no repository yet', { channel: CHANNEL });
  });

  test('who may not ask, and whose words say nothing, are told so alone', async () => {
    await askAlone('why did main fail?', 'full members', { user: GUEST });
    await askAlone('thanks', 'I did not understand');
    await ask('status', 'open failure', { user: GUEST });
  });

  test('in a channel that others share nothing is answered', async () => {
    stage.slack.setChannel(CHANNEL, { isShared: true });
    await askAlone('why did main fail?', 'shared with another organization', { channel: CHANNEL });
    stage.slack.setChannel(CHANNEL, { isShared: false });
  });

  test('a repeated event is answered once, also where Redis has forgotten the first', async () => {
    const said = await mention('why did main fail?');
    const event = stage.slack.outgoing('event').findLast(({ subject }) => subject === 'app_mention');
    await eventually(() =>
      expect(
        repliesTo(said)
          .map((reply) => stage.slack.render(reply))
          .join(),
      ).toContain('discount'),
    );

    await stage.slack.redeliver(event?.eventId ?? '');
    await stage.redis.flushAll();
    await stage.slack.redeliver(event?.eventId ?? '');

    await ask('why did main fail?', 'applies the discount once');
    expect(repliesTo(said)).toHaveLength(1);
  });

  test('bots are not listened to', async () => {
    const [failure] = stage.slack.messages(OTHER_CHANNEL);
    const replies = () => stage.slack.thread(OTHER_CHANNEL, failure?.ts ?? '').length;
    const before = replies();
    const fields = { channel: OTHER_CHANNEL, text: `<@${BOT}> status`, ts: '1.5', thread_ts: failure?.ts };

    await stage.slack.event('app_mention', { fields: { ...fields, user: BOT, bot_id: 'B0BOT0ACME' } });
    await stage.slack.event('app_mention', { fields: { ...fields, bot_id: 'B0OTHER' } });

    await ask('status', 'open failure');
    expect(replies()).toBe(before);
  });

  test('a failure of ours is told to whoever asked', async () => {
    stage.slack.faults.add({ method: 'conversations.info', status: 500, times: 2 });
    await askAlone('status', 'the error id');
  });
});
