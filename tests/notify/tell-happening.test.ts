import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Happening, KeptHappening } from '../../src/domain/happening.ts';
import { ChannelId, type HappeningId, JobId, UserId, WorkspaceId } from '../../src/domain/ids.ts';
import type { NewJob } from '../../src/domain/jobs.ts';
import type { Ports } from '../../src/domain/ports.ts';
import { happeningChannels } from '../../src/notify/match-happening.ts';
import { releaseHappenings } from '../../src/notify/release-happenings.ts';
import { tellHappening, tellHappenings } from '../../src/notify/tell-happening.ts';
import { fakePorts } from '../support/fake-ports.ts';
import { aCheck, aDeployment, aPullRequest, aRelease, kept } from '../support/happenings.ts';
import { readable } from '../support/hostile.ts';
import { memoryActions } from '../support/memory-actions.ts';
import { memoryHappenings } from '../support/memory-happenings.ts';
import { memoryMessenger } from '../support/memory-messenger.ts';
import { aClock, memoryPosts, memorySubscriptions, memoryWorkspaces, only } from '../support/memory-stores.ts';
import { aQueue } from '../support/pipeline-fakes.ts';
import { minutesLater, MOMENT } from '../support/report-builders.ts';
import { aRule } from '../support/rules.ts';

const asker = { workspaceId: WorkspaceId.parse('T0ACME'), userId: UserId.parse('U0ADA') };
const { workspaceId } = asker;
const channelId = ChannelId.parse('C0PAYMENTS');

/** A channel with one rule, and jobs that tell of what happens. */
async function aWorld(line: string) {
  const messenger = memoryMessenger();
  const [subscriptions, workspaces, posts] = [memorySubscriptions(), memoryWorkspaces(), memoryPosts()];
  await workspaces.saveInstall(workspaceId, { name: 'Acme', installation: {} });
  await subscriptions.create(asker, channelId, aRule(line));
  const { mutes } = memoryActions({ failures: () => [] });
  const [happenings, clock] = [memoryHappenings(), aClock(MOMENT)];
  const enqueued: NewJob[] = [];
  const jobs = only<Ports['jobs']>({
    enqueue: async (added) => {
      enqueued.push(...added);
      return [];
    },
  });
  const ports = fakePorts({
    clock,
    happenings,
    subscriptions,
    workspaces,
    posts,
    messenger,
    mutes,
    jobs,
    queue: aQueue(),
  });
  const context = () => {
    const lease = { jobId: JobId.parse(randomUUID()), token: 'a' };
    return { ...ports, isRepeat: false, lease, signal: new AbortController().signal };
  };
  const tellLists = async () => {
    const lists = await Promise.all(seen.map((id) => happenings.listsOf(workspaceId, id)));
    for (const { listId } of lists.flat()) await tellHappenings(context(), { workspaceId, channelId, listId });
  };
  const seen: HappeningId[] = [];
  return {
    clock,
    mutes,
    subscriptions,
    tellLists,
    tell: async (happening: Happening) => {
      const { id: happeningId } = (await happenings.record(workspaceId, happening)).story;
      seen.push(happeningId);
      return await tellHappening(context(), { workspaceId, channelId, happeningId });
    },
    /** What follows when a quiet time or a mute may be over. */
    release: async () => {
      await releaseHappenings(context(), { workspaceId, channelId });
      for (const { kind, payload } of enqueued.splice(0)) {
        if (kind === 'tell-happening') await tellHappening(context(), payload);
      }
      await tellLists();
    },
    said: () => messenger.posted.map(({ message }) => readable(message)),
  };
}

/** The same deployment, later. */
function then(state: 'success' | 'failure' | 'in_progress', id: number, more = {}) {
  return aDeployment({ state, order: [id, id, id], ...more });
}

describe('a deployment', () => {
  test('that failed is one line, which turns green when another try works', async () => {
    const { tell, said } = await aWorld('acme/web on:deployment');

    await tell(then('in_progress', 70));
    expect(said()).toEqual([]);
    await tell(then('failure', 71));
    expect(said()[0]).toContain('🔴 acme/web: deployment to production failed: main at a1b2c3d, by ada.');
    await tell(then('in_progress', 72));
    expect(said()[0]).toContain('🔵');
    await tell(then('success', 73));

    expect(said()).toHaveLength(1);
    expect(said()[0]).toContain('🟢 acme/web: deployment to production succeeded');
  });

  test('that fails again after it was made up for is told anew', async () => {
    const { tell, said } = await aWorld('acme/web on:deployment');

    await tell(then('failure', 70));
    await tell(then('success', 71, { sha: 'b2'.padEnd(40, '0') }));
    await tell(then('failure', 72));

    expect(said()).toHaveLength(2);
  });

  test('is held back where the channel is quiet, and told by itself if it is still news by then', async () => {
    const { tell, release, clock, said } = await aWorld('acme/web on:deployment digest:daily@10:00@UTC');

    expect(await tell(then('failure', 70))).toMatchObject([{ kind: 'end-mute', delayMs: 30 * 60_000 + 1_000 }]);
    await release();
    expect(said()).toEqual([]);
    clock.move(31 * 60_000);
    await release();
    expect(said()).toHaveLength(1);

    await tell(then('failure', 80, { environment: 'eu' }));
    await tell(then('success', 81, { environment: 'eu' }));
    clock.move(24 * 60 * 60_000);
    await release();
    expect(said()).toHaveLength(1);
  });

  test('is held back with others, and listed in one message that says what became of each', async () => {
    const { tell, tellLists, release, clock, said, ...world } = await aWorld('acme/web on:deployment,check,release');
    await world.mutes.mute(asker, channelId, { scope: '*', until: minutesLater(60), at: MOMENT });

    for (const happening of [then('failure', 70), aCheck(), aRelease(), aCheck({ name: 'lint' })]) {
      expect(await tell(happening)).toEqual([]);
    }
    await tell(aCheck({ name: 'lint', isFailing: false, order: [501, 1] }));
    expect(said()).toEqual([]);
    clock.move(61 * 60_000);
    await release();
    await release();

    expect(said()).toHaveLength(1);
    expect(said()[0]).toContain('🔴 1 deployment, 1 check, 1 release');
    expect(said()[0]).toContain('They came while this channel was muted. 2 of them are broken.');
    await tell(then('success', 71));
    await tell(aCheck({ isFailing: false, order: [502, 1] }));
    await tellLists();
    expect(said()).toHaveLength(1);
    expect(said()[0]).toContain('None of them is broken.');
  });

  test('is not told to a channel whose rules are paused', async () => {
    const { tell, said, subscriptions } = await aWorld('acme/web on:deployment');
    await subscriptions.pause(workspaceId, channelId, { reason: 'is_archived', followUps: [] });

    await tell(then('failure', 70));

    expect(said()).toEqual([]);
  });
});

describe('a rule about deployments', () => {
  const fits = async (line: string, changes: Parameters<typeof aDeployment>[0] = {}) => {
    const { subscriptions } = await aWorld(line);
    return happeningChannels(kept(aDeployment(changes)), subscriptions.all).length === 1;
  };

  test.each([
    ['on:deployment', {}],
    ['on:deployment', { state: 'error' }],
    ['on:always,deployment', {}],
    ['env:production state:failure', {}],
    ['env:PROD* on:deployment', { environment: 'Production EU' }],
    ['on:deployment -env:preview-*', {}],
    ['state:in_progress,success', { state: 'success' }],
    ['-state:success', { state: 'queued' }],
    ['on:deployment branch:default', {}],
    ['on:deployment branch:v*', { ref: 'v1.2.3' }],
    ['on:deployment actor:ada -actor:*[bot]', {}],
    ['on:deployment -job:build -label:wip -workflow:CI -event:push -verdict:new -path:docs/**', {}],
  ] as const)('%s fits %j', async (conditions, changes) => {
    expect(await fits(`acme/web ${conditions}`, changes)).toBe(true);
    expect(await fits(`acme/* ${conditions}`, changes)).toBe(true);
    expect(await fits(`acme/api ${conditions}`, changes)).toBe(false);
  });

  test.each([
    ['on:always', {}],
    ['on:failure', {}],
    ['on:deployment', { state: 'success' }],
    ['on:deployment', { state: 'inactive' }],
    ['state:error', {}],
    ['-state:failure', {}],
    ['on:deployment env:staging', {}],
    ['on:deployment -env:prod*', {}],
    ['on:deployment branch:default', { ref: 'v1.2.3' }],
    ['on:deployment -actor:*[bot]', { actor: 'deployer[bot]', actorType: 'bot' }],
    ['on:failure,deployment job:build', {}],
    ['on:failure,deployment verdict:new', {}],
  ] as const)('%s does not fit %j', async (conditions, changes) => {
    expect(await fits(`acme/web ${conditions}`, changes)).toBe(false);
  });
});

describe('a rule about checks, pull requests and releases', () => {
  const fits = async (line: string, story: KeptHappening) => {
    const { subscriptions } = await aWorld(line);
    return happeningChannels(story, subscriptions.all).length === 1;
  };
  const checks = { failing: ['CI'], passing: 2, underWay: 0 };
  const pull = (changes: Parameters<typeof aPullRequest>[0] = {}, more: Partial<KeptHappening> = { checks }) =>
    kept(aPullRequest(changes), more);

  test.each([
    ['on:check', kept(aCheck())],
    ['on:check branch:default job:codecov/*', kept(aCheck())],
    ['on:check job:CodeCov', kept(aCheck({ name: 'patch' }))],
    ['on:check -actor:*[bot] -env:production -label:wip', kept(aCheck())],
    ['on:pull_request', pull()],
    ['on:pull_request branch:retry actor:ada label:URGENT', pull({ labels: ['urgent'] })],
    ['on:pull_request -label:wip', pull()],
    ['on:release,check', kept(aRelease())],
    ['on:release branch:default actor:ada', kept(aRelease({ isPrerelease: true }))],
  ])('%s fits what it asks for', async (conditions, story) => {
    expect(await fits(`acme/web ${conditions}`, story)).toBe(true);
  });

  test.each([
    ['on:always', kept(aCheck())],
    ['on:always', kept(aRelease())],
    ['on:check', kept(aCheck({ isFailing: false }))],
    ['on:check actor:codecov', kept(aCheck())],
    ['on:check -job:codecov', kept(aCheck({ name: 'patch' }))],
    ['on:check env:production', kept(aCheck())],
    ['on:check,deployment state:failure', kept(aCheck())],
    ['on:pull_request', pull({ isDraft: true })],
    ['on:pull_request', pull({ state: 'merged' }, { checks: null })],
    ['on:pull_request', pull({}, { checks: { failing: [], passing: 3, underWay: 1 } })],
    ['on:pull_request -label:wip', pull({ labels: ['WIP'] })],
    ['on:pull_request branch:main', pull()],
    ['on:release', kept(aRelease({ state: 'deleted' }))],
    ['on:release', kept(aRelease({ isNews: false }))],
    ['on:release event:release', kept(aRelease())],
  ])('%s does not fit what it does not', async (conditions, story) => {
    expect(await fits(`acme/web ${conditions}`, story)).toBe(false);
  });
});
