import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { StoredMessage } from '../../src/sandbox/slack/local-slack.ts';
import { askCortex } from '../support/asking.ts';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { aPassingJob, aRun } from '../support/scripts.ts';
import { CHANNEL, GUEST, MEMBER, OTHER_CHANNEL, REPOSITORY } from '../support/stage.ts';

const BOT = 'U0BOT0ACME';

describeOnServers('people post links to GitHub', (openStage) => {
  let stage: ServerStage;
  let failed: { runId: number };
  const urlOf = ({ runId }: { runId: number }, rest = '') =>
    `${stage.github.url}/${REPOSITORY}/actions/runs/${runId}${rest}`;
  const post = (text: string, { user = MEMBER, channel = CHANNEL } = {}) => stage.slack.say({ user, channel, text });

  beforeAll(async () => {
    stage = await openStage(['web', 'worker']);
    await askCortex(stage, { user: MEMBER, text: `subscribe ${REPOSITORY}` }, 'now hears');
    failed = await stage.github.play(
      aRun({ pullRequest: { number: 12, title: 'Apply discounts' }, branch: 'fix/cart' }),
    );
    await eventually(() => {
      const [told] = stage.slack.messages(CHANNEL);
      expect(told === undefined ? '' : stage.slack.render(told)).toContain('discount');
    });
  });

  afterAll(async () => {
    expect(stage.slack.violations()).toEqual([]);
    await stage.close();
  });

  /** What stands below the links of a message by now. */
  function previews({ channelId, ts }: StoredMessage): string[] {
    const attachments = stage.slack.messages(channelId).find((message) => message.ts === ts)?.attachments ?? [];
    return attachments.map((attachment) => {
      const blocks = Array.isArray(attachment['blocks']) ? attachment['blocks'] : [];
      return stage.slack.render({ text: '', blocks });
    });
  }

  /** A link after the others that is shown: whatever was to be shown for those is there by then. */
  async function settled(): Promise<void> {
    const last = await post(urlOf(failed));
    await eventually(() => expect(previews(last)).toHaveLength(1));
  }

  test('a failed run is shown with its headline, verdict, cause, state and the time of all that', async () => {
    const said = await post(`look at ${urlOf(failed)}, please`);

    const [words] = await eventually(() => {
      const shown = previews(said);
      expect(shown).toHaveLength(1);
      return shown;
    });

    expect(words).toContain('applies the discount once');
    expect(words).toContain('New failure');
    expect(words).toContain(`${REPOSITORY}: CI #`);
    expect(words).toContain('failed on fix/cart');
    expect(words).toContain('The failure is open');
    expect(words).toContain('As of ');
  });

  test('jobs, attempts and pull requests lead to the run, each address once and no more than five', async () => {
    const links = ['', '/job/4711', '/attempts/1', '?pr=12', '#summary', '?pr=13'].map((rest) => urlOf(failed, rest));
    const pull = await post(`${stage.github.url}/${REPOSITORY}/pull/12`);
    const many = await post([...links, ...links].join(' '));

    await eventually(() => expect(previews(pull).join()).toContain('applies the discount once'));
    await eventually(() => expect(previews(many)).toHaveLength(5));
  });

  test('a run that did not fail is shown with how it stands now', async () => {
    const passed = await stage.github.play(aRun({ jobs: [aPassingJob()], branch: 'docs' }));
    const said = await post(urlOf(passed));

    await eventually(() => expect(previews(said).join()).toContain('passed on docs'));
  });

  test('in a channel without a rule for the repository, and in one shared with others, a link stays bare', async () => {
    const elsewhere = await post(urlOf(failed), { channel: OTHER_CHANNEL });
    const hidden = await post(`${stage.github.url}/rival/secret/actions/runs/1`);
    await settled();
    stage.slack.setChannel(CHANNEL, { isShared: true });
    const before = stage.slack.calls('conversations.info').length;
    const shared = await post(urlOf(failed));
    await eventually(() => expect(stage.slack.calls('conversations.info').length).toBeGreaterThan(before));
    stage.slack.setChannel(CHANNEL, { isShared: false });
    await settled();

    expect([elsewhere, hidden, shared].flatMap(previews)).toEqual([]);
  });

  test('bots, what is still being written, and channels without us get nothing; guests do', async () => {
    const byBot = await post(urlOf(failed), { user: BOT });
    const fields = { channel: CHANNEL, user: MEMBER, links: [{ domain: '127.0.0.1', url: urlOf(failed) }] };
    const before = stage.slack.calls('chat.unfurl').length;
    await stage.slack.event('link_shared', {
      fields: {
        ...fields,
        message_ts: 'Uxxxxxxx-909b5454',
        source: 'composer',
        unfurl_id: 'x',
        is_bot_user_member: true,
      },
    });
    await stage.slack.event('link_shared', {
      fields: { ...fields, message_ts: byBot.ts, source: 'conversations_history', is_bot_user_member: false },
    });
    await stage.slack.event('link_shared', { fields: { links: 'nonsense' } });
    const byGuest = await post(urlOf(failed), { user: GUEST });

    await eventually(() => expect(previews(byGuest)).toHaveLength(1));
    expect(previews(byBot)).toEqual([]);
    expect(stage.slack.calls('chat.unfurl')).toHaveLength(before + 1);
  });

  test('a repeated event shows nothing again, also where Redis has forgotten the first', async () => {
    const said = await post(urlOf(failed));
    await eventually(() => expect(previews(said)).toHaveLength(1));
    const event = stage.slack.outgoing('event').findLast(({ subject }) => subject === 'link_shared');
    const before = stage.slack.calls('chat.unfurl').length;

    await stage.redis.flushAll();
    await stage.slack.redeliver(event?.eventId ?? '');
    await settled();

    expect(stage.slack.calls('chat.unfurl')).toHaveLength(before + 1);
  });

  test('Slack having trouble delays a preview, blocks that it refuses become words, and a message that is gone ends it', async () => {
    stage.slack.faults.add({ method: 'chat.unfurl', error: 'internal_error' });
    const later = await post(urlOf(failed));
    await eventually(() => expect(previews(later)).toHaveLength(1));

    stage.slack.faults.add({ method: 'chat.unfurl', error: 'cannot_parse_attachment' });
    const plain = await post(urlOf(failed));
    await eventually(() => expect(previews(plain)).toEqual([expect.stringContaining('applies the discount once')]));

    stage.slack.faults.add({ method: 'chat.unfurl', error: 'cannot_find_message' });
    await post(urlOf(failed));
    await settled();
    expect(await stage.query(`select id from jobs where kind = 'unfurl-links' and status = 'dead'`)).toEqual([]);
  });
});
