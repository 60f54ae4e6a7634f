import { describe, expect, test } from '@jest/globals';
import { ChannelId, RepositoryName, UserId, WorkspaceId } from '../../src/domain/ids.ts';
import type { ChannelSight, Ports } from '../../src/domain/ports.ts';
import type { Run } from '../../src/domain/run.ts';
import { MessageGoneError, MessageRefusedError } from '../../src/errors.ts';
import { answer } from '../../src/notify/answer.ts';
import { subscribe } from '../../src/notify/subscribe.ts';
import { unsubscribe } from '../../src/notify/unsubscribe.ts';
import { fakePorts } from '../support/fake-ports.ts';
import { readable } from '../support/hostile.ts';
import { memoryMessenger } from '../support/memory-messenger.ts';
import { aClock, memoryRuns, memorySubscriptions } from '../support/memory-stores.ts';
import { aReport, aRun, MOMENT } from '../support/report-builders.ts';
import { aRule } from '../support/rules.ts';

const asker = { workspaceId: WorkspaceId.parse('T0ACME'), userId: UserId.parse('U0BEN') };
const channelId = ChannelId.parse('C0PAYMENTS');
const repository = RepositoryName.parse('acme/web');
const rule = aRule(repository);
const VISIBLE: ChannelSight = { kind: 'visible', isMember: true, isShared: false, isArchived: false };
const RESPONSE_URL = 'https://hooks.slack.com/commands/1';

function deps({
  sight = VISIBLE,
  canSee = true,
  runs = [],
}: { sight?: ChannelSight; canSee?: boolean; runs?: Run[] } = {}) {
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
      runs: memoryRuns(runs),
      clock: aClock(MOMENT),
      runSource,
      directory: { membership: rest, admins: rest, channel: async () => sight },
    }),
    subscriptions,
  };
}

describe('subscribing', () => {
  test('works once, says so the second time, and wakes a paused one up', async () => {
    const parts = deps();
    const request = { asker, channelId, rule };
    expect(await subscribe(parts, request)).toMatchObject({ kind: 'subscribed', rule, never: null });
    expect(await subscribe(parts, request)).toEqual({ kind: 'already-subscribed', rule });
    await parts.subscriptions.pause(asker.workspaceId, channelId, 'is_archived');
    expect(await subscribe(parts, request)).toMatchObject({ kind: 'subscribed', rule, never: null });
  });

  test.each<[string, ChannelSight]>([
    ['not-invited', { kind: 'hidden' }],
    ['not-invited', { ...VISIBLE, isMember: false }],
    ['archived', { ...VISIBLE, isArchived: true }],
    ['shared', { ...VISIBLE, isShared: true }],
  ])('is refused as %s for %j, and stores nothing', async (kind, sight) => {
    const parts = deps({ sight });
    expect(await subscribe(parts, { asker, channelId, rule })).toEqual({ kind });
    expect(parts.subscriptions.all).toEqual([]);
  });

  test('is refused in a direct message', async () => {
    const request = { asker, channelId: ChannelId.parse('D0DIRECT'), rule };
    expect(await subscribe(deps(), request)).toEqual({ kind: 'not-a-channel' });
  });

  test('is refused for a repository that this workspace may not see', async () => {
    const parts = deps({ canSee: false });
    expect(await subscribe(parts, { asker, channelId, rule })).toEqual({ kind: 'not-visible', repository });
    expect(parts.subscriptions.all).toEqual([]);
  });

  test('can be ended, once', async () => {
    const parts = deps();
    await subscribe(parts, { asker, channelId, rule });
    expect(await unsubscribe(parts, { asker, channelId, rule })).toEqual({
      kind: 'unsubscribed',
      rule,
      removed: [rule],
      about: [],
    });
    expect(await unsubscribe(parts, { asker, channelId, rule })).toEqual({ kind: 'not-subscribed', rule, about: [] });
  });
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
