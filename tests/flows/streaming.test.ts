import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { StoredMessage } from '../../src/sandbox/slack/local-slack.ts';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { aRun } from '../support/scripts.ts';
import { CHANNEL, MEMBER, REPOSITORY, WORKSPACE } from '../support/stage.ts';

const BOT = 'U0BOT0ACME';
const DONE = { looking: 'complete', fetching: 'complete', matching: 'complete' };

describeOnServers('an answer in a thread shows its steps while they are done', (openStage) => {
  let stage: ServerStage;

  beforeAll(async () => {
    stage = await openStage(['web', 'worker']);
  });
  beforeEach(() => {
    stage.slack.faults.clear();
    stage.github.faults.clear();
  });
  afterAll(() => stage.close());

  /** Asks about a run that nobody has looked at. */
  async function ask(): Promise<StoredMessage> {
    const { runId } = await stage.github.play(aRun());
    const address = `${stage.github.url}/${REPOSITORY}/actions/runs/${runId}`;
    return stage.slack.say({ user: MEMBER, channel: CHANNEL, text: `<@${BOT}> ${address}` });
  }

  const repliesTo = ({ ts }: StoredMessage) => stage.slack.thread(CHANNEL, ts).slice(1);
  const stepsOf = ({ blocks }: Pick<StoredMessage, 'blocks'>) =>
    Object.fromEntries(
      blocks.flatMap((block) => ('task_id' in block ? [[String(block['task_id']), block['status']]] : [])),
    );

  /** Resolves with the one reply once it is the answer. */
  async function answerTo(said: StoredMessage): Promise<StoredMessage> {
    return eventually(() => {
      const [reply, ...others] = repliesTo(said);
      expect(others).toEqual([]);
      expect(reply === undefined ? '' : stage.slack.render(reply)).toContain('applies the discount once');
      return reply ?? said;
    }, 60_000);
  }

  test('one message is begun for the asker, grows by its steps, and ends with the answer and its key', async () => {
    const said = await ask();

    const answer = await answerTo(said);

    expect(stepsOf(answer)).toEqual(DONE);
    expect(answer.metadata).toMatchObject({ event_type: 'cortex_reply' });
    const [start] = stage.slack.calls('chat.startStream').slice(-1);
    expect(start?.args).toMatchObject({
      channel: CHANNEL,
      thread_ts: said.ts,
      recipient_team_id: WORKSPACE,
      recipient_user_id: MEMBER,
    });
    expect(stage.slack.calls('chat.appendStream').length).toBeGreaterThan(0);
    expect(stage.slack.calls('chat.update')).toEqual([]);
    expect(stage.slack.violations()).toEqual([]);
  });

  test.each([
    'unknown_method',
    'not_allowed_token_type',
    'missing_scope',
    'invalid_chunks',
    'missing_recipient_user_id',
  ])('where Slack says %s, an ordinary message is posted and edited', async (error) => {
    stage.slack.faults.add({ method: 'chat.startStream', error });
    const before = stage.slack.calls('chat.stopStream').length;

    const answer = await answerTo(await ask());

    expect(stepsOf(answer)).toEqual({});
    expect(stage.slack.calls('chat.stopStream')).toHaveLength(before);
  });

  test('an end that Slack accepted without a word is not told twice', async () => {
    const edits = stage.slack.calls('chat.update').length;
    stage.slack.faults.add({ method: 'chat.stopStream', dropAfterAccept: true });
    const said = await ask();

    await eventually(() => expect(stage.slack.calls('chat.update').length).toBeGreaterThan(edits));

    expect(stage.slack.calls('chat.stopStream').at(-1)).toMatchObject({ error: 'message_not_in_streaming_state' });
    await answerTo(said);
  });

  test('blocks that Slack refuses become simpler ones', async () => {
    stage.slack.faults.add({ method: 'chat.stopStream', error: 'invalid_blocks' });

    const answer = await answerTo(await ask());

    expect(stepsOf(answer)).toEqual(DONE);
  });

  test('what a killed worker has begun, the next one ends', async () => {
    const begun = stage.slack.calls('chat.startStream').length;
    stage.github.faults.add({ kind: 'delay', path: /\/logs$/u, delayMs: 60_000 });
    const said = await ask();
    await eventually(() =>
      expect(repliesTo(said).map(stepsOf)).toEqual([{ looking: 'complete', fetching: 'in_progress' }]),
    );

    await stage.products.find(({ role }) => role === 'worker')?.end('SIGKILL');
    await stage.start('worker');
    const answer = await answerTo(said);

    expect(stepsOf(answer)).toEqual(DONE);
    expect(stage.slack.calls('chat.startStream')).toHaveLength(begun + 1);
  });
});
