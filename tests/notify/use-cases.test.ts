import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { ChannelId, JobId, MessageTs, RepositoryName, RunId, UserId, WorkspaceId } from '../../src/domain/ids.ts';
import type { ChannelSight, Ports } from '../../src/domain/ports.ts';
import type { TeamAnswer } from '../../src/domain/groups.ts';
import { printRule } from '../../src/domain/rules/print.ts';
import type { Run } from '../../src/domain/run.ts';
import { ChannelUnavailableError, MessageGoneError, MessageRefusedError } from '../../src/errors.ts';
import { subscribeReply } from '../../src/messages/subscription.ts';
import { answer } from '../../src/notify/answer.ts';
import { subscribe } from '../../src/notify/subscribe.ts';
import { unsubscribe } from '../../src/notify/unsubscribe.ts';
import { memoryGroups, someGroups } from '../support/groups.ts';
import { fakeLog } from '../support/fake-log.ts';
import { fakePorts } from '../support/fake-ports.ts';
import { readable } from '../support/hostile.ts';
import { memoryMessenger } from '../support/memory-messenger.ts';
import { aClock, memoryReceipts, memoryRuns, memorySubscriptions } from '../support/memory-stores.ts';
import { aReport, aRun, minutesLater, MOMENT } from '../support/report-builders.ts';
import { memoryRuleFiles } from '../support/rule-files.ts';
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
    failingOfPullRequest: rest,
    lastPassing: rest,
    jobs: rest,
  };
  return {
    ...fakePorts({
      subscriptions,
      ruleFiles: memoryRuleFiles(),
      runs: memoryRuns(runs),
      clock: aClock(MOMENT),
      runSource,
      directory: {
        membership: rest,
        admins: rest,
        workspace: rest,
        timeZone: rest,
        findByEmail: rest,
        userGroups: rest,
        channel: async () => sight,
      },
    }),
    subscriptions,
  };
}

describe('subscribing', () => {
  test('works once, says so the second time, and wakes a paused one up', async () => {
    const parts = deps();
    const request = { asker, channelId, rule, isSeen: false };
    expect(await subscribe(parts, request)).toMatchObject({ kind: 'subscribed', rule, never: null });
    expect(await subscribe(parts, request)).toEqual({ kind: 'already-subscribed', rule });
    await parts.subscriptions.pause(asker.workspaceId, channelId, { reason: 'is_archived', followUps: [] });
    expect(await subscribe(parts, request)).toMatchObject({ kind: 'subscribed', rule, never: null });
  });

  test.each<[string, ChannelSight]>([
    ['not-invited', { kind: 'hidden' }],
    ['not-invited', { ...VISIBLE, isMember: false }],
    ['archived', { ...VISIBLE, isArchived: true }],
    ['shared', { ...VISIBLE, isShared: true }],
  ])('is refused as %s for %j, and stores nothing', async (kind, sight) => {
    const parts = deps({ sight });
    expect(await subscribe(parts, { asker, channelId, rule, isSeen: false })).toEqual({ kind });
    expect(parts.subscriptions.all).toEqual([]);
  });

  test('to what had brought something shows that first, keeps it once it was seen, and wakes it up without', async () => {
    const parts = deps({ runs: [aRun()] });

    expect(await subscribe(parts, { asker, channelId, rule, isSeen: false })).toMatchObject({ kind: 'unsaved' });
    expect(parts.subscriptions.all).toEqual([]);
    expect(await subscribe(parts, { asker, channelId, rule, isSeen: true })).toMatchObject({ kind: 'subscribed' });
    const again = { asker, channelId, rule, isSeen: false };
    expect(await subscribe(parts, again)).toEqual({ kind: 'already-subscribed', rule });
    await parts.subscriptions.pause(asker.workspaceId, channelId, { reason: 'is_archived', followUps: [] });
    expect(await subscribe(parts, again)).toMatchObject({ kind: 'subscribed' });
  });

  test('by a rule that can never match says so before anything is kept', async () => {
    const parts = deps();
    const never = aRule(`${repository} branch:main -branch:main`);

    const outcome = await subscribe(parts, { asker, channelId, rule: never, isSeen: false });

    expect(readable(subscribeReply(outcome))).toContain('This rule can never match');
    expect(readable(subscribeReply(outcome))).toContain('Nothing is saved yet.');
    expect(parts.subscriptions.all).toEqual([]);
  });

  test('is refused in a direct message', async () => {
    const request = { asker, channelId: ChannelId.parse('D0DIRECT'), rule, isSeen: false };
    expect(await subscribe(deps(), request)).toEqual({ kind: 'not-a-channel' });
  });

  test('to a topic or a team asks GitHub first, and keeps both the rule and its repositories', async () => {
    const groups = memoryGroups();
    const parts = { ...deps({ runs: [aRun()] }), groups, groupSource: someGroups({ repositories: [repository] }) };

    const topic = await subscribe(parts, { asker, channelId, rule: aRule('topic:pay on:failure'), isSeen: true });
    const shown = await subscribe(parts, { asker, channelId, rule: aRule('team:core'), isSeen: false });
    const team = await subscribe(parts, { asker, channelId, rule: aRule('team:core'), isSeen: true });

    expect(topic).toMatchObject({ kind: 'subscribed', group: { repositories: 1 }, preview: null });
    expect(shown).toMatchObject({ kind: 'unsaved', group: { repositories: 1 }, preview: { matched: 1 } });
    expect(team).toMatchObject({ kind: 'subscribed' });
    expect(parts.subscriptions.all.map((each) => printRule(each.rule))).toEqual([
      'topic:pay on:failure',
      'team:acme/core',
    ]);
    expect(groups.known).toMatchObject({ 'topic:pay': [repository], 'team:acme/core': [repository] });
    const ended = await unsubscribe(parts, { asker, channelId, rule: aRule('team:core') });
    expect(ended).toMatchObject({ kind: 'unsubscribed', removed: [{ target: { organization: 'acme' } }] });
    const left = await unsubscribe(parts, { asker, channelId, rule: aRule(repository) });
    expect(left).toMatchObject({ kind: 'not-subscribed', about: [{ target: { topic: 'pay' } }] });
  });

  test('to a topic that nothing has is kept, with the one that was probably meant', async () => {
    const parts = { ...deps(), groups: memoryGroups(), groupSource: someGroups({ topics: ['payments'] }) };

    const outcome = await subscribe(parts, { asker, channelId, rule: aRule('topic:paymets'), isSeen: false });

    expect(outcome.kind === 'subscribed' && readable(subscribeReply(outcome))).toContain(
      'No repository that I can see is of the topic paymets. Did you mean topic:payments? The rule is kept',
    );
  });

  test.each<[TeamAnswer, string]>([
    [
      { kind: 'unknown-team', organizations: ['acme'], meant: 'acme/core' },
      'I see no team cor in acme. Did you mean team:acme/core? Nothing was saved.',
    ],
    [
      { kind: 'teams-hidden', organizations: ['acme'] },
      'I may not see the teams of acme. Whoever manages GitHub can give the app the organization permission "Members" (read-only); then subscribe again. Nothing was saved.',
    ],
    [
      { kind: 'which-organization', organizations: ['acme', 'umbrella'] },
      'There is a team cor in each of acme, umbrella. Say which: team:acme/cor. Nothing was saved.',
    ],
    [
      { kind: 'no-organization' },
      'I cannot look for the team cor: no GitHub organization of that name is linked to this workspace. Nothing was saved.',
    ],
  ])('to a team is refused as %j, and stores nothing', async (answer, words) => {
    const groups = memoryGroups();
    const parts = { ...deps(), groups, groupSource: someGroups({ answer }) };

    const outcome = await subscribe(parts, { asker, channelId, rule: aRule('team:cor'), isSeen: false });

    expect(readable(subscribeReply(outcome))).toContain(words);
    expect([parts.subscriptions.all, groups.known]).toEqual([[], {}]);
  });

  test('is refused for a repository that this workspace may not see', async () => {
    const parts = deps({ canSee: false });
    expect(await subscribe(parts, { asker, channelId, rule, isSeen: false })).toEqual({
      kind: 'not-visible',
      repository,
    });
    expect(parts.subscriptions.all).toEqual([]);
  });

  test('by a time without a zone goes by the clock of whoever writes the rule, and is ended without naming it', async () => {
    const parts = deps();
    const typed = aRule(`${repository} quiet:22:00-07:00`);
    const ofPerson = { ...parts, directory: { ...parts.directory, timeZone: async () => 'Europe/Berlin' } };
    const ofNobody = { ...parts, directory: { ...parts.directory, timeZone: async () => null } };

    const kept = aRule(`${repository} quiet:22:00-07:00@Europe/Berlin`);
    expect(await subscribe(ofPerson, { asker, channelId, rule: typed, isSeen: false })).toMatchObject({
      kind: 'subscribed',
      rule: kept,
    });
    expect(
      await subscribe(ofNobody, { asker, channelId, rule: aRule(`${repository} digest:daily@09:00`), isSeen: false }),
    ).toMatchObject({
      rule: aRule(`${repository} digest:daily@09:00@UTC`),
    });
    expect(await unsubscribe(parts, { asker, channelId, rule: typed })).toMatchObject({ removed: [kept] });
  });

  test('shows how much of what fits would have waited', async () => {
    const runs = [aRun(), aRun({ runId: RunId.parse(7), updatedAt: minutesLater(-3 * 60) })];
    const held = aRule(`${repository} quiet:09:00-11:00@UTC`);

    const outcome = await subscribe(deps({ runs }), { asker, channelId, rule: held, isSeen: false });
    expect(outcome).toMatchObject({ preview: { matched: 2, held: 1 } });
    expect(readable(subscribeReply(outcome))).toContain('1 of them would have waited for a summary.');
  });

  test('can be ended, once', async () => {
    const parts = deps();
    await subscribe(parts, { asker, channelId, rule, isSeen: false });
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
  const userId = asker.userId;
  const request = { workspaceId: asker.workspaceId, channelId, userId, responseUrl: RESPONSE_URL };
  const latest = { kind: 'latest', repository } as const;
  const summary = { kind: 'summary', ...aReport() } as const;

  function answerDeps() {
    const messenger = memoryMessenger();
    const receipts = memoryReceipts(aClock(new Date()));
    const lease = { jobId: JobId.parse(randomUUID()), token: randomUUID() };
    return { messenger, receipts, log: fakeLog(), lease };
  }

  test.each([
    [summary, 'price › rounds half to even'],
    [{ kind: 'no-failing-run', target: latest } as const, 'I found no failing run in acme/web'],
    [{ kind: 'not-found', target: { kind: 'pull-request', repository, number: 7 } } as const, 'no pull request 7'],
    [{ kind: 'not-visible', repository } as const, 'I cannot see acme/web'],
    [{ kind: 'nothing-subscribed' } as const, 'hears about no repository yet'],
    [{ kind: 'no-failure-here', branch: 'main' } as const, 'no failing run on the branch main'],
    [{ kind: 'run-not-failing', run: aRun({ conclusion: 'success' }) } as const, 'There is no failure to explain'],
    [{ kind: 'failed', errorId: 'k3x9Qa1b' } as const, 'k3x9Qa1b'],
  ])('goes to the address that Slack gave: %#', async (outcome, words) => {
    const deps = answerDeps();
    await answer(deps, request, outcome);
    const [response] = deps.messenger.responses;
    expect(response?.url).toBe(RESPONSE_URL);
    expect(response && readable(response.message)).toContain(words);
    expect(deps.messenger.posted).toEqual([]);
  });

  test('is sent plainly where Slack refuses it, and an expired address is thrown', async () => {
    const deps = answerDeps();
    deps.messenger.failNext('respond', new MessageRefusedError('invalid_blocks'));
    await answer(deps, request, { kind: 'no-failing-run', target: latest });
    expect(deps.messenger.responses).toHaveLength(1);
    deps.messenger.failNext('respond', new MessageGoneError('expired'));
    await expect(answer(deps, request, { kind: 'no-failing-run', target: latest })).rejects.toBeInstanceOf(
      MessageGoneError,
    );
  });

  test('for all stands in the channel once, however often its job runs, and the asker is told', async () => {
    const deps = answerDeps();
    await answer(deps, { ...request, post: {} }, summary);
    await answer(deps, { ...request, post: {} }, summary);
    expect(deps.messenger.posted.map(({ place }) => place)).toEqual([{ channelId }]);
    expect(JSON.stringify(deps.messenger.posted[0]?.message.blocks[0])).toContain(userId);
    expect(JSON.stringify(deps.messenger.posted)).not.toContain('"reanalyze"');
    expect(deps.messenger.responses.at(-1)?.message.text).toContain('for all to see');
  });

  test('for all that explains nothing is for the asker only', async () => {
    const deps = answerDeps();
    await answer(deps, { ...request, post: {} }, { kind: 'no-failing-run', target: latest });
    expect(deps.messenger.posted).toEqual([]);
    expect(deps.messenger.responses).toHaveLength(1);
  });

  test('that the channel does not take is for the asker, and says so', async () => {
    const deps = answerDeps();
    deps.messenger.failNext('post', new ChannelUnavailableError('not_in_channel'));
    await answer(deps, { ...request, post: {} }, summary);
    const told = deps.messenger.responses.map(({ message }) => readable(message)).join();
    expect(told).toContain('could not post this in the channel');
    expect(told).toContain('price › rounds half to even');
  });

  test('without an address goes into the thread, whatever it says', async () => {
    const deps = answerDeps();
    const threadTs = MessageTs.parse('1764000000.000100');
    const { responseUrl: _none, ...mention } = request;
    await answer(deps, { ...mention, post: { threadTs } }, { kind: 'nothing-subscribed' });
    expect(deps.messenger.posted.map(({ place }) => place)).toEqual([{ channelId, threadTs }]);
    expect(deps.messenger.responses).toEqual([]);
  });
});
