import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { createLocalSlack, type LocalSlack, type TeamSeed } from '../../../src/sandbox/slack/local-slack.ts';
import { credentials, SCOPES } from './bolt-app.ts';

let slack: LocalSlack;
let token: string;
let time: number;

const TEAMS: TeamSeed[] = [
  {
    id: 'T0ACME',
    name: 'Acme',
    enterprise: { id: 'E0BIG', name: 'Big' },
    members: [
      { id: 'U0ADA', name: 'ada', realName: 'Ada Park', isOwner: true },
      { id: 'U0GIA', name: 'gia', realName: 'Gia Rossi', isUltraRestricted: true },
      { id: 'U0GONE', name: 'gone', isDeleted: true },
    ],
    channels: [
      { id: 'C0OPEN', name: 'open' },
      { id: 'C0OUT', name: 'out', hasApp: false },
      { id: 'C0OLD', name: 'old', isArchived: true },
      { id: 'C0HID', name: 'hidden', isPrivate: true, hasApp: false },
      { id: 'C0PRIV', name: 'private', isPrivate: true },
    ],
  },
  {
    id: 'T0OTHER',
    name: 'Other',
    members: [
      { id: 'U0FAR', name: 'far' },
      { id: 'U0SHARED', name: 'shared', isStranger: true },
    ],
    channels: [{ id: 'C0FAR', name: 'far' }],
  },
];

beforeEach(async () => {
  time = Date.now();
  slack = await createLocalSlack({ ...credentials(), appName: 'Cortex', teams: TEAMS, now: () => time });
  token = slack.grant('T0ACME', SCOPES);
});

afterEach(() => slack.close());

const Answer = z.looseObject({ ok: z.boolean(), error: z.string().optional() });

async function call(method: string, args: object = {}, bearer: string | null = token): Promise<z.infer<typeof Answer>> {
  const response = await fetch(slack.apiUrl + method, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }) },
    body: JSON.stringify(args),
  });
  return Answer.parse(await response.json());
}

const post = async (args: object = {}) =>
  (await call('chat.postMessage', { channel: 'C0OPEN', text: 'hi', ...args })).ts;

test.each<[string, string, object, string]>([
  ['a channel that is not there', 'chat.postMessage', { channel: 'C0NONE', text: 'x' }, 'channel_not_found'],
  ['a private channel without the app', 'chat.postMessage', { channel: 'C0HID', text: 'x' }, 'channel_not_found'],
  ['a channel of another team', 'chat.postMessage', { channel: 'C0FAR', text: 'x' }, 'channel_not_found'],
  ['a public channel without the app', 'chat.postMessage', { channel: 'C0OUT', text: 'x' }, 'not_in_channel'],
  ['an archived channel', 'chat.postMessage', { channel: 'C0OLD', text: 'x' }, 'is_archived'],
  ['no text and no blocks', 'chat.postMessage', { channel: 'C0OPEN' }, 'no_text'],
  ['no channel', 'chat.postMessage', { text: 'x' }, 'invalid_arguments'],
  [
    'metadata without a payload',
    'chat.postMessage',
    { channel: 'C0OPEN', text: 'x', metadata: { event_type: 'a' } },
    'invalid_metadata_format',
  ],
  [
    'markdown beside text',
    'chat.postMessage',
    { channel: 'C0OPEN', text: 'x', markdown_text: 'y' },
    'markdown_text_conflict',
  ],
  [
    'blocks that are no JSON',
    'chat.postMessage',
    { channel: 'C0OPEN', text: 'x', blocks: '{' },
    'invalid_blocks_format',
  ],
  [
    'an ephemeral for somebody outside',
    'chat.postEphemeral',
    { channel: 'C0OPEN', user: 'U0FAR', text: 'x' },
    'user_not_in_channel',
  ],
  [
    'an edit of a message that is not there',
    'chat.update',
    { channel: 'C0OPEN', ts: '1.1', text: 'x' },
    'message_not_found',
  ],
  [
    'a link to a message that is not there',
    'chat.getPermalink',
    { channel: 'C0OPEN', message_ts: '1.1' },
    'message_not_found',
  ],
  ['the replies of no thread', 'conversations.replies', { channel: 'C0OPEN', ts: '1.1' }, 'thread_not_found'],
  ['history of a private channel without the scope', 'conversations.history', { channel: 'C0PRIV' }, 'missing_scope'],
  ['history of a channel without the app', 'conversations.history', { channel: 'C0OUT' }, 'not_in_channel'],
  ['joining without the scope', 'conversations.join', { channel: 'C0OUT' }, 'missing_scope'],
  ['a private channel without its scope', 'conversations.info', { channel: 'C0PRIV' }, 'missing_scope'],
  ['a list of private channels without the scope', 'conversations.list', { types: 'private_channel' }, 'missing_scope'],
  ['a person who is not there', 'users.info', { user: 'U0NONE' }, 'user_not_found'],
  ['a person of another team', 'users.info', { user: 'U0FAR' }, 'user_not_found'],
  ['a Home of nobody', 'views.publish', { user_id: 'U0NONE', view: { type: 'home', blocks: [] } }, 'user_not_found'],
  ['a modal without a trigger', 'views.open', { trigger_id: '1.2.3', view: modal() }, 'invalid_trigger_id'],
  ['an update of no view', 'views.update', { view_id: 'V1', view: modal() }, 'not_found'],
  [
    'a reaction twice taken away',
    'reactions.remove',
    { channel: 'C0OPEN', timestamp: '1.1', name: 'x' },
    'message_not_found',
  ],
  ['a method that is not there', 'chat.nothing', {}, 'unknown_method'],
  ['a method named like an object member', 'constructor', {}, 'unknown_method'],
])('refuses %s', async (_what, method, args, error) => {
  expect(await call(method, args)).toMatchObject({ ok: false, error });
  expect(slack.calls(method)).toMatchObject([{ ok: false, error }]);
});

function modal(): object {
  return { type: 'modal', title: { type: 'plain_text', text: 'T' }, blocks: [] };
}

test('tells no token, a wrong one, a revoked one and one of a removed app apart', async () => {
  expect(await call('auth.test', {}, null)).toMatchObject({ ok: false, error: 'not_authed' });
  expect(await call('auth.test', {}, 'nonsense')).toMatchObject({ ok: false, error: 'invalid_auth' });
  expect(await call('auth.revoke')).toMatchObject({ ok: true, revoked: true });
  expect(await call('auth.test')).toMatchObject({ ok: false, error: 'token_revoked' });
});

test('a missing scope names what is needed and what was given', async () => {
  const answer = await call('conversations.join', { channel: 'C0OUT' });
  expect(answer).toMatchObject({ error: 'missing_scope', needed: 'channels:join', provided: SCOPES.join(',') });
});

test('chat:write.public lets the app post to public channels without being in them', async () => {
  slack.grant('T0ACME', ['chat:write.public']);
  expect(await call('chat.postMessage', { channel: 'C0OUT', text: 'x' })).toMatchObject({ ok: true });
});

test("Slack's own client posts, edits, replies and finds its messages by their metadata", async () => {
  const client = new WebClient(token, { slackApiUrl: slack.apiUrl });
  const metadata = { event_type: 'cortex_failure', event_payload: { key: 'k1' } };
  await client.apiCall('chat.postMessage', { channel: 'C0OPEN', text: 'Broken', metadata });
  const ts = slack.messages('C0OPEN')[0]?.ts ?? '';
  await client.apiCall('chat.postMessage', { channel: 'C0OPEN', thread_ts: ts, text: 'Evidence' });
  await client.chat.update({ channel: 'C0OPEN', ts, text: 'Fixed' });

  const history = await client.conversations.history({ channel: 'C0OPEN', include_all_metadata: true });
  const replies = await client.conversations.replies({ channel: 'C0OPEN', ts });
  const link = await client.chat.getPermalink({ channel: 'C0OPEN', message_ts: ts });

  expect(history.messages).toMatchObject([{ ts, text: 'Fixed', metadata, reply_count: 1, edited: {} }]);
  expect(replies.messages?.map((message) => message.text)).toEqual(['Fixed', 'Evidence']);
  expect(link.permalink).toContain(`thread=${ts}`);
  expect(slack.messages('C0OPEN')).toMatchObject([{ text: 'Fixed', replyCount: 1 }]);
  expect(slack.thread('C0OPEN', ts)).toHaveLength(2);
});

test('metadata is kept back unless it is asked for, and times bound the history', async () => {
  const metadata = { event_type: 'e', event_payload: {} };
  const first = await post({ metadata });
  const second = await post();
  expect((await call('conversations.history', { channel: 'C0OPEN', oldest: first })).messages).toMatchObject([
    { ts: second },
  ]);
  const all = await call('conversations.history', { channel: 'C0OPEN', oldest: first, inclusive: true, limit: 1 });
  expect(all).toMatchObject({ has_more: true, response_metadata: { next_cursor: expect.stringMatching(/.+/u) } });
  const history = await call('conversations.history', { channel: 'C0OPEN' });
  expect(JSON.stringify(history)).not.toContain('event_payload');
});

test("only the app's own messages can be edited or deleted", async () => {
  slack.setAppUrl('http://127.0.0.1:9');
  const said = await slack.say({ user: 'U0ADA', channel: 'C0OPEN', text: 'mine' });
  const args = { channel: 'C0OPEN', ts: said.ts, text: 'x' };
  expect(await call('chat.update', args)).toMatchObject({ error: 'cant_update_message' });
  expect(await call('chat.delete', args)).toMatchObject({ error: 'cant_delete_message' });
  expect(await call('chat.delete', { channel: 'C0OPEN', ts: await post() })).toMatchObject({ ok: true });
  expect(slack.messages('C0OPEN')).toHaveLength(1);
});

test('an ephemeral message is seen by one person and cannot be found again', async () => {
  const answer = await call('chat.postEphemeral', { channel: 'C0OPEN', user: 'U0ADA', text: 'psst' });
  expect(slack.ephemerals('U0ADA')).toMatchObject([{ ts: answer.message_ts, text: 'psst' }]);
  expect(slack.messages('C0OPEN')).toEqual([]);
  const again = await call('chat.update', { channel: 'C0OPEN', ts: answer.message_ts, text: 'x' });
  expect(again).toMatchObject({ error: 'message_not_found' });
});

test('people are shown with what decides their rights', async () => {
  const flags = async (user: string) => (await call('users.info', { user })).user;
  expect(await flags('U0ADA')).toMatchObject({
    is_admin: true,
    is_owner: true,
    is_restricted: false,
    team_id: 'T0ACME',
  });
  expect(await flags('U0GIA')).toMatchObject({ is_restricted: true, is_ultra_restricted: true });
  expect(await flags('U0GONE')).toMatchObject({ deleted: true });
  expect(await flags('U0SHARED')).toMatchObject({ is_stranger: true, team_id: 'T0OTHER' });
  await slack.setMember('U0ADA', { isBot: true }, { silent: true });
  expect(await flags('U0ADA')).toMatchObject({ is_bot: true });
});

test('channels are shown as they are, and change with setChannel', async () => {
  slack.setChannel('C0OPEN', { isShared: true, isMember: false, isArchived: true });
  const { channel } = await call('conversations.info', { channel: 'C0OPEN' });
  expect(channel).toMatchObject({ is_member: false, is_archived: true, is_ext_shared: true, is_private: false });
  const listed = await call('conversations.list', { exclude_archived: true });
  expect(listed.channels).toMatchObject([{ id: 'C0OUT' }]);
  const members = await call('conversations.members', { channel: 'C0OUT' });
  expect(members.members).toEqual(['U0ADA', 'U0GIA', 'U0GONE']);
});

test('a message to a person opens a direct conversation', async () => {
  const answer = await call('chat.postMessage', { channel: 'U0ADA', text: 'hello' });
  expect(answer).toMatchObject({ ok: true, channel: 'D0ADA' });
  expect(slack.directMessages('U0ADA')).toMatchObject([{ ts: answer.ts, text: 'hello' }]);
});

test.each([
  ['somebody who left', 'chat.postMessage', 'U0GONE'],
  ['a bot', 'chat.postMessage', 'U0BOT0ACME'],
  ['a person of another team', 'chat.postMessage', 'U0FAR'],
  ['the history with a person, by the id of the person', 'conversations.history', 'U0ADA'],
])('does not reach %s', async (_whom, method, channel) => {
  slack.grant('T0ACME', ['im:history']);
  expect(await call(method, { channel, text: 'x' })).toMatchObject({ ok: false, error: 'channel_not_found' });
});

test('people are listed page by page, with who owns the workspace', async () => {
  await slack.setMember('U0ADA', { isPrimaryOwner: true, isOwner: false }, { silent: true });
  const first = await call('users.list', { limit: 2 });
  const [{ next_cursor: cursor }, members] = z
    .tuple([z.object({ next_cursor: z.string() }), z.array(z.looseObject({ id: z.string() }))])
    .parse([first.response_metadata, first.members]);
  const second = await call('users.list', { limit: 2, cursor });

  expect(members[0]).toMatchObject({ id: 'U0ADA', is_primary_owner: true, is_owner: true, is_admin: true });
  expect(members[0]).toMatchObject({ enterprise_user: { enterprise_id: 'E0BIG', teams: ['T0ACME'] } });
  expect(second).toMatchObject({ members: [{ id: 'U0GONE' }, { id: 'U0BOT0ACME' }] });
});

test('forms and GET work like JSON', async () => {
  const blocks = JSON.stringify([{ type: 'divider' }]);
  const form = new URLSearchParams({ token, channel: 'C0OPEN', text: 'x', blocks });
  const posted = await fetch(`${slack.apiUrl}chat.postMessage`, { method: 'POST', body: form });
  expect(await posted.json()).toMatchObject({ ok: true });
  const got = await fetch(`${slack.apiUrl}users.info?user=U0ADA`, { headers: { authorization: `Bearer ${token}` } });
  expect(await got.json()).toMatchObject({ ok: true, user: { name: 'ada' } });
});

test('a view is updated only with its current hash', async () => {
  const view = { type: 'home', blocks: [{ type: 'divider' }] };
  await call('views.publish', { user_id: 'U0ADA', view });
  const first = slack.home('U0ADA');
  const second = await call('views.publish', { user_id: 'U0ADA', view, hash: first?.hash });
  expect(second).toMatchObject({ ok: true, view: { id: first?.id } });
  expect(await call('views.publish', { user_id: 'U0ADA', view, hash: first?.hash })).toMatchObject({
    error: 'hash_conflict',
  });
});

test('reactions count once per person', async () => {
  const timestamp = await post();
  const args = { channel: 'C0OPEN', timestamp, name: 'eyes' };
  expect(await call('reactions.add', args)).toMatchObject({ ok: true });
  expect(await call('reactions.add', args)).toMatchObject({ error: 'already_reacted' });
  expect(slack.messages('C0OPEN')[0]?.reactions).toEqual({ eyes: ['U0BOT0ACME'] });
  expect(await call('reactions.remove', args)).toMatchObject({ ok: true });
  expect(slack.messages('C0OPEN')[0]?.reactions).toEqual({});
});

test('the journal keeps no secrets', async () => {
  await call('auth.test', { token });
  expect(JSON.stringify(slack.calls())).not.toContain(token);
});
