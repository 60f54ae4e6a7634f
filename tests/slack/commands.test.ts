import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { USUAL_REASONING } from '../../src/domain/reasoning.ts';
import { DatabaseUnavailableError } from '../../src/errors.ts';
import { eventually } from '../support/eventually.ts';
import {
  ADA,
  BEN,
  CHANNEL,
  GIA,
  seenBy,
  startSlackApp,
  TEAM,
  waitForWords,
  type SlackApp,
} from '../support/slack-app.ts';

let app: SlackApp;

beforeEach(async () => {
  app = await startSlackApp();
});

afterEach(async () => {
  await app.close();
});

const cortex = (text: string, { user = BEN, channel = CHANNEL } = {}) => app.local.command({ user, channel, text });

describe('/cortex', () => {
  test('is acknowledged at once and answers with help, for the asker only', async () => {
    const { status, ackMs } = await cortex('');
    expect(status).toBe(200);
    expect(ackMs).toBeLessThan(3_000);
    const text = await waitForWords(app, BEN, '/cortex summarize [owner/repo');
    expect(text).toContain('/cortex subscribe [owner/repo');
    expect(app.local.messages(CHANNEL)).toEqual([]);
  });

  test('help explains one command', async () => {
    await cortex('help subscribe');
    expect(await waitForWords(app, BEN, 'For example')).toContain('/cortex subscribe acme/web');
  });

  test('suggests what was probably meant', async () => {
    await cortex('sumarize acme/web');
    expect(await waitForWords(app, BEN, 'Did you mean: ')).toContain('Did you mean: /cortex summarize acme/web');
    await cortex('help sumarize');
    expect(await waitForWords(app, BEN, '/cortex help summarize')).toContain('Did you mean: /cortex help summarize');
    expect(app.jobs).toEqual([]);
  });

  test('shows the usage where words are missing or too many', async () => {
    await cortex('summarize acme/web main more');
    expect(await waitForWords(app, BEN, 'Tell me one repository, perhaps with a branch')).toContain('For example');
    await cortex('subscriptions please');
    expect(await waitForWords(app, BEN, 'This takes nothing else')).toContain('This takes nothing else');
  });
});

describe('/cortex summarize', () => {
  test.each([
    ['acme/web', { kind: 'latest', repository: 'acme/web' }],
    ['ACME/Web', { kind: 'latest', repository: 'acme/web' }],
    ['https://github.com/acme/web', { kind: 'latest', repository: 'acme/web' }],
    ['https://github.com/acme/web/actions', { kind: 'latest', repository: 'acme/web' }],
    ['github.com/acme/web/actions/runs/77', { kind: 'run', repository: 'acme/web', runId: 77, attempt: null }],
    ['https://github.com/acme/web/actions/runs/77', { kind: 'run', repository: 'acme/web', runId: 77, attempt: null }],
    [
      '<https://github.com/acme/web/actions/runs/77/attempts/2|the run>',
      { kind: 'run', repository: 'acme/web', runId: 77, attempt: 2 },
    ],
    [
      'https://github.com/acme/web/actions/runs/77/job/4242#step:5:8',
      { kind: 'run', repository: 'acme/web', runId: 77, attempt: null },
    ],
    ['acme/web release/2.x', { kind: 'latest', repository: 'acme/web', branch: 'release/2.x' }],
    ['acme/web@release/2.x', { kind: 'latest', repository: 'acme/web', branch: 'release/2.x' }],
    ['https://github.com/acme/web/tree/release/2.x', { kind: 'latest', repository: 'acme/web', branch: 'release/2.x' }],
    ['acme/web#12', { kind: 'pull-request', repository: 'acme/web', number: 12 }],
    ['https://github.com/acme/web/pull/12', { kind: 'pull-request', repository: 'acme/web', number: 12 }],
    ['https://github.com/acme/web/pull/12/files', { kind: 'pull-request', repository: 'acme/web', number: 12 }],
    ['', { kind: 'channel' }],
  ])('%s says that it is looking, and queues the question', async (typed, target) => {
    await cortex(`summarize ${typed}`);
    expect(await waitForWords(app, BEN, 'Looking at ')).toContain('Looking at ');
    await eventually(() => expect(app.jobs).toHaveLength(1));
    expect(app.jobs).toEqual([
      expect.objectContaining({
        kind: 'answer-request',
        payload: expect.objectContaining({ workspaceId: TEAM, channelId: CHANNEL, userId: BEN, target }),
      }),
    ]);
  });

  test.each([
    ['https://evil.example/acme/web/actions/runs/77', 'another host than the GitHub I am connected to (github.com)'],
    ['https://github.com/acme/web/issues/7', 'that is the address of another page'],
    ['https://github.com/acme/web/actions/runs/7 main', 'Tell me one repository, perhaps with a branch'],
    ['acme/web#0', 'I can read owner/repo'],
    ['acme/web a..b~1', 'Tell me one repository, perhaps with a branch'],
    ['acme/web --frehs', 'Did you mean --fresh?'],
    ['acme/web --model', 'I know small, large, claude, gpt, ollama, offline.'],
    ['acme/web --model lrage', 'Did you mean large?'],
    ['acme/web --model gpt', 'whoever runs me would have to set OPENAI_API_KEY'],
    ['https://github.com/acme/web/commit/c0ffee1', 'that is the address of another page'],
    ['acme', 'I can read owner/repo'],
    ['https://github.com/', 'I can read owner/repo'],
  ])('refuses %s and says why', async (typed, words) => {
    await cortex(`summarize ${typed}`);
    expect(await waitForWords(app, BEN, words)).toContain(words);
    expect(app.jobs).toEqual([]);
  });

  test.each([
    ['--fresh acme/web', { isFresh: true }],
    ['acme/web —fresh', { isFresh: true }],
    ['acme/web --model large', { wants: { tier: 'large' } }],
    ['acme/web --model=offline', { wants: { choice: 'offline' } }],
    ['acme/web --model Claude', { wants: { choice: { provider: 'claude', model: 'claude-haiku-5-5' } } }],
    ['--here acme/web --fresh', { post: {}, isFresh: true }],
  ])('%s asks for just that', async (typed, wish) => {
    await cortex(`summarize ${typed}`);
    await eventually(() => expect(app.jobs).toHaveLength(1));
    expect(app.jobs[0]?.payload).toMatchObject({ target: { kind: 'latest', repository: 'acme/web' }, ...wish });
  });

  test('asks no model that the admins of the workspace did not choose', async () => {
    const { reuseHours, callsPerHour, keepPromptsDays } = USUAL_REASONING;
    const routes = { small: [{ provider: 'ollama' as const, model: 'llama3:8b' }], large: [] };
    const settings = { routes, reuseHours, callsPerHour, keepPromptsDays, monthlyBudgetUsd: null };
    await app.settings.saveReasoning(TEAM, settings);
    await cortex('summarize acme/web --model claude');
    expect(await waitForWords(app, BEN, 'claude cannot be asked here')).toContain('/cortex settings');
    expect(app.jobs).toEqual([]);
  });

  test('points at the word that it does not know', async () => {
    await cortex('summarize acme/web --frehs --here');
    const lines = (await waitForWords(app, BEN, '--frehs')).split('\n');
    const at = lines.findIndex((line) => line.includes('/cortex summarize acme/web --frehs --here'));
    expect(lines[at + 1]?.indexOf('^')).toBe(lines[at]?.indexOf('--frehs'));
  });

  test('--here is refused where others would read the log, and where the app is not', async () => {
    app.local.setChannel(CHANNEL, { isShared: true });
    await cortex('summarize acme/web --here');
    expect(await waitForWords(app, BEN, 'shared with another organization')).toContain('Without --here');
    app.local.setChannel(CHANNEL, { isShared: false, isMember: false });
    await cortex('summarize acme/web --here');
    expect(await waitForWords(app, BEN, 'I am not in this channel')).toContain('Type /invite');
    expect(app.jobs).toEqual([]);
  });

  test('tells the asker, with the id that stands in the log, when it cannot be queued', async () => {
    app.core.jobs.enqueue = () => Promise.reject(new DatabaseUnavailableError('The database is away'));
    await cortex('summarize acme/web');
    const text = await waitForWords(app, BEN, 'something I depend on did not answer');
    const [record] = app.log.at('warn').filter(({ sentence }) => sentence === 'Slack request failed');
    expect(text).toContain(String(record?.fields['errorId']));
  });
});

describe('/cortex subscribe', () => {
  test('subscribes the channel; subscriptions lists it, unsubscribe ends it', async () => {
    await cortex('subscribe acme/web');
    expect(await waitForWords(app, BEN, 'This channel now hears when a workflow of acme/web fails')).toContain(
      'This channel now hears when a workflow of acme/web fails',
    );
    await cortex('subscriptions');
    expect(await waitForWords(app, BEN, 'This channel hears about runs that fit this rule')).toContain(
      'This channel hears about runs that fit this rule',
    );
    await cortex('unsubscribe acme/web');
    expect(await waitForWords(app, BEN, 'does not hear about acme/web any more')).toContain(
      'does not hear about acme/web any more',
    );
    expect(app.subscriptions.all).toEqual([]);
  });

  test('takes any page of a repository for the repository', async () => {
    await cortex('subscribe https://github.com/acme/web/pull/7');
    expect(await waitForWords(app, BEN, 'a workflow of acme/web fails')).toContain('This channel now hears');
  });

  test('is refused for a repository that the workspace may not see', async () => {
    await cortex('subscribe other/secret');
    expect(await waitForWords(app, BEN, 'I cannot see other/secret')).toContain('I cannot see other/secret');
  });

  test('asks for an invitation where the app is not in the channel, private ones included', async () => {
    app.local.setChannel(CHANNEL, { isMember: false });
    await cortex('subscribe acme/web');
    expect(await waitForWords(app, BEN, 'Type /invite')).toContain('Type /invite');
    app.local.setChannel(CHANNEL, { isPrivate: true });
    await cortex('subscribe acme/web');
    await app.local.waitFor(() => seenBy(app, BEN).filter((text) => text.includes('Type /invite')).length === 2);
    expect(app.subscriptions.all).toEqual([]);
  });

  test('is refused in a channel that another organization shares', async () => {
    app.local.setChannel(CHANNEL, { isShared: true });
    await cortex('subscribe acme/web');
    expect(await waitForWords(app, BEN, 'shared with another organization')).toContain(
      'shared with another organization',
    );
    expect(app.subscriptions.all).toEqual([]);
  });
});

describe('the role is asked for before anything is done', () => {
  test.each(['summarize acme/web', 'subscribe acme/web', 'unsubscribe acme/web'])(
    'a guest may not /cortex %s, and is told privately who may',
    async (text) => {
      await cortex(text, { user: GIA });
      expect(await waitForWords(app, GIA, 'this is for full members of this workspace')).toContain(
        'this is for full members of this workspace',
      );
      expect(app.jobs).toEqual([]);
      expect(app.subscriptions.all).toEqual([]);
      expect(app.local.messages(CHANNEL)).toEqual([]);
    },
  );

  test.each(['help', 'subscriptions'])('a guest may /cortex %s', async (text) => {
    await cortex(text, { user: GIA });
    await app.local.waitFor(() => seenBy(app, GIA).length > 0);
    expect(seenBy(app, GIA).join()).not.toContain('this is for');
  });

  test('somebody who was deactivated may nothing, as soon as Slack says so', async () => {
    await cortex('help');
    expect(await waitForWords(app, BEN, '/cortex summarize')).toContain('/cortex summarize');
    await app.local.setMember(BEN, { isDeleted: true });
    await eventually(() => expect(app.users.roles.size).toBe(0));
    await cortex('help');
    expect(await waitForWords(app, BEN, 'Nothing was done')).toContain('Nothing was done');
  });

  test('a stranger from a shared channel may nothing', async () => {
    await app.local.setMember(BEN, { isStranger: true }, { silent: true });
    await cortex('help');
    expect(await waitForWords(app, BEN, 'this is for people of this workspace')).toContain(
      'this is for people of this workspace',
    );
  });

  test('nobody may anything while Slack does not say who they are', async () => {
    app.local.faults.add({ method: 'users.info', status: 500, times: Infinity });
    await cortex('subscribe acme/web', { user: ADA });
    expect(await waitForWords(app, ADA, 'did not answer')).toContain('did not answer');
    expect(app.subscriptions.all).toEqual([]);
  });
});
