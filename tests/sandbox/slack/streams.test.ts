import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebClient } from '@slack/web-api';
import { createLocalSlack, type LocalSlack } from '../../../src/sandbox/slack/local-slack.ts';

let slack: LocalSlack;
let client: WebClient;
let threadTs: string;
const TASK = { type: 'task_update', id: 'one', title: 'One', status: 'in_progress' } as const;

beforeAll(async () => {
  slack = await createLocalSlack({
    signingSecret: 'not in use',
    clientId: '1.2',
    clientSecret: 'none',
    appName: 'Cortex',
  });
  client = new WebClient(slack.grant('T0ACME', ['chat:write']), {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
  });
  threadTs = (await slack.say({ user: 'U0BEN', channel: 'C0PAYMENTS', text: 'why?' })).ts;
});
afterAll(() => slack.close());

const place = () => ({
  channel: 'C0PAYMENTS',
  thread_ts: threadTs,
  recipient_team_id: 'T0ACME',
  recipient_user_id: 'U0BEN',
});

test.each([
  ['missing_recipient_team_id', { recipient_team_id: '' }],
  ['missing_recipient_user_id', { recipient_user_id: '' }],
  ['channel_not_found', { channel: 'C0NOWHERE' }],
  ['msg_too_long', { markdown_text: 'x'.repeat(12_001) }],
])('a stream is refused with %s', async (error, changes) => {
  await expect(client.chat.startStream({ ...place(), ...changes })).rejects.toMatchObject({ data: { error } });
});

test('a stream grows, ends once, and is no message to edit before that', async () => {
  const { ts = '' } = await client.chat.startStream({ ...place(), chunks: [TASK] });
  const message = { channel: 'C0PAYMENTS', ts };
  await expect(client.chat.update({ ...message, text: 'no' })).rejects.toMatchObject({
    data: { error: 'streaming_state_conflict' },
  });
  await client.chat.appendStream({ ...message, chunks: [{ ...TASK, status: 'complete' }] });
  await client.chat.stopStream({ ...message, blocks: [{ type: 'divider' }] });

  expect(slack.thread('C0PAYMENTS', threadTs).at(-1)?.blocks).toMatchObject([
    { type: 'task_card', task_id: 'one', status: 'complete' },
    { type: 'divider' },
  ]);
  for (const again of [client.chat.appendStream({ ...message, chunks: [TASK] }), client.chat.stopStream(message)]) {
    await expect(again).rejects.toMatchObject({ data: { error: 'message_not_in_streaming_state' } });
  }
});
