import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ChannelId, MessageTs, UserId, WorkspaceId } from '../../src/domain/ids.ts';
import {
  ChannelUnavailableError,
  MalformedRequestError,
  MessageGoneError,
  MessageRefusedError,
  SlackUnavailableError,
  WorkspaceRevokedError,
} from '../../src/errors.ts';
import { sentence } from '../../src/messages/blocks.ts';
import type { MemberSeed, TeamSeed } from '../../src/sandbox/slack/local-slack.ts';
import type { SlackClients } from '../../src/slack/clients.ts';
import { createDirectory } from '../../src/slack/directory.ts';
import { fromCode } from '../../src/slack/errors.ts';
import { createLanes } from '../../src/slack/lanes.ts';
import { aClock, only } from '../support/memory-stores.ts';
import { MOMENT } from '../support/report-builders.ts';
import { ADA, BEN, CHANNEL, GIA, startSlackApp, TEAM, type SlackApp } from '../support/slack-app.ts';

let app: SlackApp;

beforeEach(async () => {
  app = await startSlackApp();
});

afterEach(async () => {
  await app.close();
});

const channelId = ChannelId.parse(CHANNEL);
const KEY = { eventType: 'cortex_failure', key: 'failure:1' } as const;
const post = (words = 'Hello') => app.slack.messenger.post(TEAM, { channelId }, sentence(words), KEY);

describe('posting', () => {
  test('sends the key along, and unfurls, links and mentions nothing', async () => {
    const ts = await post('Hello <!channel> https://example.com');
    const [call] = app.local.calls('chat.postMessage');
    expect(call?.args).toMatchObject({ unfurl_links: 'false', unfurl_media: 'false', mrkdwn: 'false' });
    expect(call?.args).not.toHaveProperty('link_names');
    expect(call?.args).not.toHaveProperty('parse');
    const [message] = app.local.messages(CHANNEL);
    expect(message).toMatchObject({
      ts,
      metadata: { event_type: 'cortex_failure', event_payload: { key: 'failure:1' } },
    });
    expect(message?.text).toBe('Hello &lt;!channel&gt; https://example.com');
  });

  test('a file goes into a thread once it may, and nobody sees it before', async () => {
    const ts = await post();
    const file = { name: 'run-1.txt', title: 'All of it', text: 'größer\n' };
    const place = { channelId, threadTs: ts };

    await app.slack.messenger.attach(TEAM, place, { file, mayShare: async () => false });
    expect(app.local.thread(CHANNEL, ts)).toHaveLength(1);

    await app.slack.messenger.attach(TEAM, place, { file, mayShare: async () => true });
    expect(app.local.thread(CHANNEL, ts)[1]?.files).toMatchObject([file]);
  });

  test('a file without the scope for files says so', async () => {
    const ts = await post();
    app.local.faults.add({ method: 'files.getUploadURLExternal', error: 'missing_scope' });
    const sharing = { file: { name: 'a.txt', title: 'a', text: 'a' }, mayShare: async () => true };
    const attaching = app.slack.messenger.attach(TEAM, { channelId, threadTs: ts }, sharing);
    await expect(attaching).rejects.toMatchObject({ reason: 'missing_scope' });
  });

  test('into a thread, and editing, work', async () => {
    const ts = await post();
    await app.slack.messenger.post(TEAM, { channelId, threadTs: ts }, sentence('A reply'), KEY);
    await app.slack.messenger.update(TEAM, { channelId, ts }, sentence('Changed'));
    expect(app.local.thread(CHANNEL, ts).map((message) => message.text)).toEqual(['Changed', 'A reply']);
  });

  test('finds an earlier message by its key only where a history scope allows it', async () => {
    const ts = await post();
    expect(await app.slack.messenger.findPosted(TEAM, { channelId }, KEY)).toBeNull();
    const token = app.local.grant(TEAM, ['chat:write', 'channels:history']);
    const install = app.workspaces.installs.get(TEAM);
    Object.assign(install?.installation['bot'] ?? {}, { token });
    expect(await app.slack.messenger.findPosted(TEAM, { channelId }, KEY)).toBe(ts);
    expect(await app.slack.messenger.findPosted(TEAM, { channelId }, { ...KEY, key: 'failure:2' })).toBeNull();
    const reply = { eventType: 'cortex_reply', key: 'reply:1' } as const;
    const replyTs = await app.slack.messenger.post(TEAM, { channelId, threadTs: ts }, sentence('A reply'), reply);
    expect(await app.slack.messenger.findPosted(TEAM, { channelId, threadTs: ts }, reply)).toBe(replyTs);
  });
});

describe('writing to a person', () => {
  const place = { channelId: UserId.parse(ADA) };
  const key = { eventType: 'cortex_notice', key: 'notice:1' } as const;

  test('needs their id and no further scope', async () => {
    const ts = await app.slack.messenger.post(TEAM, place, sentence('The budget is spent'), key);

    expect(app.local.directMessages(ADA)).toMatchObject([
      { ts, text: 'The budget is spent', metadata: { event_payload: { key: 'notice:1' } } },
    ]);
    expect(app.local.directMessages(BEN)).toEqual([]);
  });

  test('is found again only where a workspace lets us look', async () => {
    const ts = await app.slack.messenger.post(TEAM, place, sentence('The budget is spent'), key);
    expect(await app.slack.messenger.findPosted(TEAM, place, key)).toBeNull();
    app.local.grant(TEAM, ['im:write']);
    expect(await app.slack.messenger.findPosted(TEAM, place, key)).toBeNull();
    app.local.grant(TEAM, ['im:history']);
    expect(await app.slack.messenger.findPosted(TEAM, place, key)).toBe(ts);
    expect(await app.slack.messenger.findPosted(TEAM, place, { ...key, key: 'notice:2' })).toBeNull();
  });

  test.each(['messages_tab_disabled', 'user_not_found', 'channel_not_found'])('may fail with %s', async (error) => {
    app.local.faults.add({ method: 'chat.postMessage', error });

    await expect(app.slack.messenger.post(TEAM, place, sentence('x'), key)).rejects.toBeInstanceOf(
      ChannelUnavailableError,
    );
  });
});

describe('what Slack refuses', () => {
  test.each([
    ['is_archived', ChannelUnavailableError],
    ['not_in_channel', ChannelUnavailableError],
    ['channel_not_found', ChannelUnavailableError],
    ['token_revoked', WorkspaceRevokedError],
    ['invalid_auth', WorkspaceRevokedError],
    ['account_inactive', WorkspaceRevokedError],
    ['invalid_blocks', MessageRefusedError],
    ['msg_too_long', MessageRefusedError],
    ['msg_blocks_too_long', MessageRefusedError],
    ['message_not_found', MessageGoneError],
    ['cant_update_message', MessageGoneError],
    ['internal_error', SlackUnavailableError],
  ])('as %s is our %p', async (error, kind) => {
    app.local.faults.add({ method: 'chat.postMessage', error });
    await expect(post()).rejects.toBeInstanceOf(kind);
  });

  test('with a code that we do not know stays what it was', () => {
    const cause = new Error('something new');
    expect(fromCode('something_new', cause)).toBe(cause);
  });

  test('to take for now says how long to wait, and the channel waits that long while others do not', async () => {
    app.local.faults.add({ method: 'chat.postMessage', channel: CHANNEL, retryAfter: 30 });
    await expect(post()).rejects.toMatchObject({ code: 'slack.unavailable', retryAfterMs: 30_000 });
    await expect(post()).rejects.toMatchObject({ code: 'slack.unavailable', retryAfterMs: 30_000 });
    const other = ChannelId.parse('C0PLATFORM');
    await app.slack.messenger.post(TEAM, { channelId: other }, sentence('Hello'), KEY);
    expect(app.local.calls('chat.postMessage')).toHaveLength(2);
    app.clock.move(30_000);
    await post();
  });

  test('with an HTTP error, or with silence, is retryable and never repeated by the client', async () => {
    app.local.faults.add({ method: 'chat.postMessage', status: 503 });
    await expect(post()).rejects.toBeInstanceOf(SlackUnavailableError);
    app.local.faults.add({ method: 'chat.postMessage', dropAfterAccept: true });
    await expect(post()).rejects.toBeInstanceOf(SlackUnavailableError);
    expect(app.local.calls('chat.postMessage')).toHaveLength(2);
  });

  test('of a workspace without the app is known before anything is sent', async () => {
    await app.workspaces.removeInstall(TEAM);
    await expect(post()).rejects.toMatchObject({ code: 'slack.workspace_revoked', reason: 'not_installed' });
    expect(app.local.calls('chat.postMessage')).toEqual([]);
  });
});

describe('answering', () => {
  const respond = (url: string) => app.slack.messenger.respond(url, sentence('Hello'));

  test.each(['https://evil.example/x', 'http://hooks.slack.com/x', 'http://169.254.169.254/', 'not an address'])(
    'never goes to %s',
    async (url) => {
      await expect(respond(url)).rejects.toBeInstanceOf(MalformedRequestError);
    },
  );

  test('to an address that has expired is no retry, to a Slack in trouble it is', async () => {
    await expect(respond(`${app.local.url}response/none`)).rejects.toBeInstanceOf(MessageGoneError);
    app.local.faults.add({ method: 'response_url', retryAfter: 7 });
    await expect(respond(`${app.local.url}response/none`)).rejects.toMatchObject({ retryable: true });
    app.local.faults.add({ method: 'response_url', dropAfterAccept: true });
    await expect(respond(`${app.local.url}response/none`)).rejects.toBeInstanceOf(SlackUnavailableError);
  });
});

describe('the directory', () => {
  const membership = (userId: string) =>
    app.slack.directory.membership({ workspaceId: TEAM, userId: UserId.parse(userId) });

  test('knows admins, members, guests and strangers', async () => {
    expect(await membership(ADA)).toMatchObject({ isAdmin: true, isGuest: false, isStranger: false });
    expect(await membership(BEN)).toMatchObject({ isAdmin: false, isGuest: false, isBot: false, isDeactivated: false });
    expect(await membership(GIA)).toMatchObject({ isGuest: true });
    await app.local.setMember(BEN, { isStranger: true, isDeleted: true }, { silent: true });
    expect(await membership(BEN)).toMatchObject({ isStranger: true, isDeactivated: true });
    expect(await membership('U0NOBODY')).toBeNull();
  });

  test('sees channels as far as Slack shows them', async () => {
    const sight = () => app.slack.directory.channel(TEAM, channelId);
    expect(await sight()).toEqual({
      kind: 'visible',
      name: 'payments-ci',
      isMember: true,
      isShared: false,
      isArchived: false,
    });
    app.local.setChannel(CHANNEL, { isArchived: true, isShared: true });
    expect(await sight()).toMatchObject({ isShared: true, isArchived: true });
    app.local.setChannel(CHANNEL, { isPrivate: true, isMember: false });
    expect(await sight()).toEqual({ kind: 'hidden' });
  });

  test('asks a second time when the first got no answer', async () => {
    app.local.faults.add({ method: 'users.info', status: 502 });
    expect(await membership(ADA)).toMatchObject({ isAdmin: true });
  });
});

describe('the admins', () => {
  const start = async (teams: TeamSeed[], orgWide = false) => {
    await app.close();
    app = await startSlackApp({ install: false, teams });
    await app.local.install(teams[0]?.id ?? '', { orgWide });
  };
  const members: MemberSeed[] = [
    { id: 'U0ANN', name: 'ann', isAdmin: true },
    { id: 'U0BOB', name: 'bob', isOwner: true },
    { id: 'U0CAT', name: 'cat' },
    { id: 'U0DAN', name: 'dan', isAdmin: true, isDeleted: true },
    { id: 'U0EVE', name: 'eve', isAdmin: true, isBot: true },
    { id: 'U0FAY', name: 'fay', isAdmin: true, isRestricted: true },
    { id: 'U0GUS', name: 'gus', isAdmin: true, isStranger: true },
    { id: 'U0PAM', name: 'pam', isPrimaryOwner: true },
  ];
  const aTeam = (changes: Partial<TeamSeed> = {}): TeamSeed => ({
    id: TEAM,
    name: 'Acme',
    members,
    channels: [],
    ...changes,
  });

  test('are those that the roles say, who the workspace belongs to first, then owners', async () => {
    await start([aTeam()]);

    expect(await app.slack.directory.admins(TEAM)).toEqual(['U0PAM', 'U0BOB', 'U0ANN']);
  });

  test('are found over several pages, and are not more than 20', async () => {
    const crowd = Array.from({ length: 700 }, (_, index): MemberSeed => ({
      id: `U1${index}`,
      name: `user-${index}`,
      isAdmin: index % 20 === 0,
    }));
    await start([aTeam({ members: [...crowd, { id: 'U0PAM', name: 'pam', isPrimaryOwner: true }] })]);

    const admins = await app.slack.directory.admins(TEAM);

    expect(admins).toHaveLength(20);
    expect(admins[0]).toBe('U0PAM');
    expect(app.local.calls('users.list')).toHaveLength(2);
  });

  test('of an organization are those of all its teams', async () => {
    const enterprise = { id: 'E0CORP', name: 'Corp' };
    const far: MemberSeed[] = [{ id: 'U0FAR', name: 'far', isAdmin: true }];
    await start([aTeam({ enterprise }), aTeam({ id: 'T0FAR', name: 'Far', enterprise, members: far })], true);

    const admins = await app.slack.directory.admins(WorkspaceId.parse('E0CORP'));

    expect(admins).toEqual(['U0PAM', 'U0BOB', 'U0ANN', 'U0FAR']);
    expect(app.local.calls('users.list').map(({ args }) => args['team_id'])).toEqual([TEAM, 'T0FAR']);
  });

  test('are asked for a second time where Slack did not answer, and later where it limits us', async () => {
    app.local.faults.add({ method: 'users.list', status: 502 });
    expect(await app.slack.directory.admins(TEAM)).toEqual([ADA]);
    app.local.faults.add({ method: 'users.list', retryAfter: 30 });
    await expect(app.slack.directory.admins(TEAM)).rejects.toMatchObject({ retryable: true, retryAfterMs: 30_000 });
  });
});

describe('the line of a channel', () => {
  const lane = WorkspaceId.parse('T1');

  test('waits as long as it is told, up to a bound, and then asks to be put off', async () => {
    const waits = [20, 20, 0];
    const lanes = createLanes({ clock: aClock(MOMENT), rateLimits: { take: async () => waits.shift() ?? 9_000 } });
    await lanes.enter(lane, channelId);
    expect(waits).toEqual([]);
    await expect(lanes.enter(lane, channelId)).rejects.toMatchObject({ retryAfterMs: 9_000 });
  });

  test('those who are put off come one after another, not all at once', async () => {
    const lanes = createLanes({ clock: aClock(MOMENT), rateLimits: { take: async () => 5_000 } });
    const waits: number[] = [];
    for (let index = 0; index < 60; index += 1) {
      await lanes.enter(lane, channelId).catch((error: unknown) => {
        if (error instanceof SlackUnavailableError) waits.push(error.retryAfterMs ?? 0);
      });
    }

    expect(waits.slice(0, 4)).toEqual([5_000, 6_000, 7_000, 8_000]);
    expect(Math.max(...waits)).toBe(60_000);
    await expect(lanes.enter(lane, ChannelId.parse('C0OTHER'))).rejects.toMatchObject({ retryAfterMs: 5_000 });
  });

  test('lets nobody wait once it is stopped', async () => {
    const lanes = createLanes({ clock: aClock(MOMENT), rateLimits: { take: async () => 5_000 } });
    const waiting = lanes.enter(lane, channelId);
    lanes.stop();
    await expect(waiting).rejects.toBeInstanceOf(SlackUnavailableError);
  });
});

test.each([
  [
    'of the organization',
    { team_id: 'T9', enterprise_user: { enterprise_id: 'E0CORP', teams: ['T9'] } },
    'E0CORP',
    false,
  ],
  ['of a team of the organization', { team_id: 'E0CORP', enterprise_user: { teams: ['T0ACME'] } }, 'T0ACME', false],
  [
    'of another organization',
    { team_id: 'T9', enterprise_user: { enterprise_id: 'E9', teams: ['T9'] } },
    'E0CORP',
    true,
  ],
  ['of another team', { team_id: 'T9' }, 'T0ACME', true],
  ['of nobody knows where', {}, 'T0ACME', true],
])('a person %s is told from a stranger by where the account lives', async (_who, fields, workspace, isStranger) => {
  const client = { users: { info: async () => ({ user: { id: BEN, ...fields } }) } };
  const read = (_id: string, call: (...args: unknown[]) => unknown) => call(client, { token: 't', botId: null });
  const directory = createDirectory(only<SlackClients>(Object.assign(Object.create(null), { read })));
  const asker = { workspaceId: WorkspaceId.parse(workspace), userId: UserId.parse(BEN) };
  expect(await directory.membership(asker)).toMatchObject({ isStranger });
});

test('a message name that is none of Slack is refused where it enters', () => {
  expect(MessageTs.safeParse('yesterday').success).toBe(false);
});
