import { describe, expect, test } from '@jest/globals';
import { ChannelId, RepositoryName, UserId, WorkspaceId } from '../../src/domain/ids.ts';
import type { ChannelSight, Ports } from '../../src/domain/ports.ts';
import { MessageGoneError, MessageRefusedError } from '../../src/errors.ts';
import { answer } from '../../src/notify/answer.ts';
import { matchChannels } from '../../src/notify/match.ts';
import { subscribe } from '../../src/notify/subscribe.ts';
import { unsubscribe } from '../../src/notify/unsubscribe.ts';
import { fakePorts } from '../support/fake-ports.ts';
import { readable } from '../support/hostile.ts';
import { memoryMessenger } from '../support/memory-messenger.ts';
import { memorySubscriptions } from '../support/memory-stores.ts';
import { aReport, aRun } from '../support/report-builders.ts';

const asker = { workspaceId: WorkspaceId.parse('T0ACME'), userId: UserId.parse('U0BEN') };
const channelId = ChannelId.parse('C0PAYMENTS');
const repository = RepositoryName.parse('acme/web');
const VISIBLE: ChannelSight = { kind: 'visible', isMember: true, isShared: false, isArchived: false };
const RESPONSE_URL = 'https://hooks.slack.com/commands/1';

function deps({ sight = VISIBLE, canSee = true }: { sight?: ChannelSight; canSee?: boolean } = {}) {
  const subscriptions = memorySubscriptions();
  const rest = () => Promise.reject(new Error('not asked here'));
  const runSource: Ports['runSource'] = {
    canSee: async () => canSee,
    find: rest,
    latestFailing: rest,
    lastPassing: rest,
    jobs: rest,
  };
  return {
    ...fakePorts({
      subscriptions,
      runSource,
      directory: { membership: rest, admins: rest, timeZone: rest, channel: async () => sight },
    }),
    subscriptions,
  };
}

describe('subscribing', () => {
  test('works once, says so the second time, and wakes a paused one up', async () => {
    const parts = deps();
    const request = { asker, channelId, repository };
    expect(await subscribe(parts, request)).toEqual({ kind: 'subscribed', repository });
    expect(await subscribe(parts, request)).toEqual({ kind: 'already-subscribed', repository });
    await parts.subscriptions.pause(asker.workspaceId, channelId, 'is_archived');
    expect(await subscribe(parts, request)).toEqual({ kind: 'subscribed', repository });
  });

  test.each<[string, ChannelSight]>([
    ['not-invited', { kind: 'hidden' }],
    ['not-invited', { ...VISIBLE, isMember: false }],
    ['archived', { ...VISIBLE, isArchived: true }],
    ['shared', { ...VISIBLE, isShared: true }],
  ])('is refused as %s for %j, and stores nothing', async (kind, sight) => {
    const parts = deps({ sight });
    expect(await subscribe(parts, { asker, channelId, repository })).toEqual({ kind });
    expect(parts.subscriptions.all).toEqual([]);
  });

  test('is refused in a direct message', async () => {
    const request = { asker, channelId: ChannelId.parse('D0DIRECT'), repository };
    expect(await subscribe(deps(), request)).toEqual({ kind: 'not-a-channel' });
  });

  test('is refused for a repository that this workspace may not see', async () => {
    const parts = deps({ canSee: false });
    expect(await subscribe(parts, { asker, channelId, repository })).toEqual({ kind: 'not-visible', repository });
    expect(parts.subscriptions.all).toEqual([]);
  });

  test('can be ended, once', async () => {
    const parts = deps();
    await subscribe(parts, { asker, channelId, repository });
    expect(await unsubscribe(parts, { asker, channelId, repository })).toEqual({ kind: 'unsubscribed', repository });
    expect(await unsubscribe(parts, { asker, channelId, repository })).toEqual({ kind: 'not-subscribed', repository });
  });
});

test('channels are matched once, by repository, unless paused', async () => {
  const subscriptions = memorySubscriptions();
  const channels = ['C1', 'C2', 'C3'].map((id) => ChannelId.parse(id));
  for (const channel of channels) await subscriptions.create(asker, channel, repository);
  await subscriptions.create(asker, ChannelId.parse('C4'), RepositoryName.parse('acme/api'));
  await subscriptions.pause(asker.workspaceId, ChannelId.parse('C2'), 'is_archived');
  expect(matchChannels(repository, [...subscriptions.all, ...subscriptions.all])).toEqual(['C1', 'C3']);
});

describe('an answer', () => {
  test.each([
    [{ kind: 'summary', ...aReport() } as const, 'price › rounds half to even'],
    [{ kind: 'no-failing-run', repository } as const, 'I found no failing run in acme/web'],
    [{ kind: 'not-visible', repository } as const, 'I cannot see acme/web'],
    [{ kind: 'run-not-failing', run: aRun({ conclusion: 'success' }) } as const, 'There is no failure to explain'],
    [{ kind: 'failed', errorId: 'k3x9Qa1b' } as const, 'k3x9Qa1b'],
  ])('goes to the address that Slack gave: %#', async (outcome, words) => {
    const messenger = memoryMessenger();
    await answer({ messenger }, RESPONSE_URL, outcome);
    const [response] = messenger.responses;
    expect(response?.url).toBe(RESPONSE_URL);
    expect(response && readable(response.message)).toContain(words);
  });

  test('is sent plainly where Slack refuses it, and an expired address is thrown', async () => {
    const messenger = memoryMessenger();
    messenger.failNext('respond', new MessageRefusedError('invalid_blocks'));
    await answer({ messenger }, RESPONSE_URL, { kind: 'no-failing-run', repository });
    expect(messenger.responses).toHaveLength(1);
    messenger.failNext('respond', new MessageGoneError('expired'));
    await expect(answer({ messenger }, RESPONSE_URL, { kind: 'no-failing-run', repository })).rejects.toBeInstanceOf(
      MessageGoneError,
    );
  });
});
