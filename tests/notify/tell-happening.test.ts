import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Happening } from '../../src/domain/happening.ts';
import { ChannelId, JobId, UserId, WorkspaceId } from '../../src/domain/ids.ts';
import { happeningChannels } from '../../src/notify/match-happening.ts';
import { tellHappening } from '../../src/notify/tell-happening.ts';
import { fakePorts } from '../support/fake-ports.ts';
import { aDeployment, kept } from '../support/happenings.ts';
import { readable } from '../support/hostile.ts';
import { memoryActions } from '../support/memory-actions.ts';
import { memoryHappenings } from '../support/memory-happenings.ts';
import { memoryMessenger } from '../support/memory-messenger.ts';
import { aClock, memoryPosts, memorySubscriptions, memoryWorkspaces } from '../support/memory-stores.ts';
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
  const happenings = memoryHappenings();
  const ports = fakePorts({ clock: aClock(MOMENT), happenings, subscriptions, workspaces, posts, messenger, mutes });
  const tell = async (happening: Happening, isDue = false) => {
    const { id: happeningId } = (await happenings.record(workspaceId, happening)).story;
    const lease = { jobId: JobId.parse(randomUUID()), token: 'a' };
    const context = { ...ports, isRepeat: false, lease, signal: new AbortController().signal };
    return await tellHappening(context, { workspaceId, channelId, happeningId, isDue });
  };
  return { tell, mutes, subscriptions, said: () => messenger.posted.map(({ message }) => readable(message)) };
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

  test('is held back where the channel is quiet or muted, and told later if it is still news by then', async () => {
    const digest = await aWorld('acme/web on:deployment digest:daily@10:00@UTC');
    expect(await digest.tell(then('failure', 70))).toMatchObject([
      { kind: 'tell-happening', payload: { isDue: true }, delayMs: 30 * 60_000 + 1_000 },
    ]);
    await digest.tell(then('success', 71), true);
    expect(digest.said()).toEqual([]);
    await digest.tell(then('failure', 72), true);
    expect(digest.said()).toHaveLength(1);

    const muted = await aWorld('acme/web on:deployment');
    await muted.mutes.mute(asker, channelId, { scope: '*', until: minutesLater(60), at: MOMENT });
    expect(await muted.tell(then('failure', 70))).toMatchObject([{ delayMs: 60 * 60_000 + 1_000 }]);
    expect(muted.said()).toEqual([]);
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
