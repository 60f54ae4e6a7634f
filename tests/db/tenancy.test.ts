import { expect, test } from '@jest/globals';
import type { Stores } from '../../src/db/database.ts';
import type { ModelCallId, RepositoryName, WorkspaceId } from '../../src/domain/ids.ts';
import { describeBothDatabases } from '../support/database.ts';
import { USUAL_REASONING } from '../../src/domain/reasoning.ts';
import { BY_MODEL } from './reasoning-desk.ts';
import {
  aCall,
  aChannelId,
  aDiagnosis,
  aLease,
  anAsker,
  anInstallationId,
  aReply,
  aRun,
  aSettlement,
  aTs,
  aWorkspaceId,
  PLENTY,
} from './samples.ts';
import { aRule } from '../support/rules.ts';

// Two workspaces that use the same channel, user, repository and run ids: nothing but the workspace tells their rows apart.
const shared = () => ({
  channelId: aChannelId(),
  userId: anAsker().userId,
  run: aRun(),
  installationId: anInstallationId(),
});
type Shared = ReturnType<typeof shared>;

async function settle(stores: Stores, { channelId, userId, run, installationId }: Shared) {
  const workspaceId = aWorkspaceId();
  const asker = { workspaceId, userId };
  await stores.workspaces.saveInstall(workspaceId, { name: workspaceId, installation: { owner: workspaceId } });
  await stores.installations.link(workspaceId, installationId);
  await stores.users.saveRole(asker, 'admin', new Date());
  await stores.runs.record(workspaceId, { ...run, title: workspaceId });
  const { subscription } = await stores.subscriptions.create(asker, channelId, aRule(run.repository));
  const lease = await aLease(stores);
  const diagnosis = aDiagnosis({ fingerprint: 'same', cause: workspaceId, authorship: BY_MODEL });
  const summary = await stores.summaries.save(workspaceId, lease, { run, revision: 0, diagnosis });
  const { thread } = await stores.threads.reserve(workspaceId, lease, channelId, summary.failureId);
  await stores.threads.reserveReply(workspaceId, lease, thread.id, 'evidence');
  const callId = await answered(stores, workspaceId, run.repository);
  await stores.feedback.give(workspaceId, { summaryId: summary.id, userId, opinion: 'up', reason: workspaceId });
  await stores.settings.saveReasoning(workspaceId, { ...USUAL_REASONING, reuseHours: 1 });
  return { workspaceId, asker, lease, summary, subscription, thread, callId };
}

const QUESTION = { requestKey: 'same', fingerprint: 'same' };

async function answered(stores: Stores, workspaceId: WorkspaceId, repository: RepositoryName): Promise<ModelCallId> {
  const outcome = await stores.modelCalls.reserve(workspaceId, aCall({ ...QUESTION, repository }), PLENTY);
  if (outcome.kind !== 'reserved') throw new Error(`The call was ${outcome.kind}`);
  const reply = aReply({ cause: workspaceId });
  await stores.modelCalls.settle(workspaceId, outcome.callId, aSettlement({ reply }));
  return outcome.callId;
}

const reuse = ({ run }: Shared) => ({
  repository: run.repository,
  fingerprint: 'same',
  promptVersion: BY_MODEL.promptVersion,
  hours: 1,
});

describeBothDatabases('two workspaces', (open) => {
  test('each sees its own rows where both have the same ids', async () => {
    const { stores } = open();
    const ids = shared();
    const [one, other] = [await settle(stores, ids), await settle(stores, ids)];
    for (const { workspaceId, summary, subscription, thread, callId } of [one, other]) {
      expect((await stores.workspaces.findInstall(workspaceId))?.installation).toEqual({ owner: workspaceId });
      expect((await stores.runs.find(workspaceId, ids.run))?.title).toBe(workspaceId);
      expect((await stores.runs.statuses(workspaceId, 10)).map(({ latest }) => latest?.title)).toEqual([workspaceId]);
      expect(await stores.summaries.findByRun(workspaceId, ids.run, 0)).toEqual(summary);
      expect(await stores.summaries.findLatest(workspaceId, ids.run)).toEqual(summary);
      expect((await stores.summaries.recent(workspaceId, 10)).map((each) => each.summary)).toEqual([summary]);
      expect((await stores.failures.find(workspaceId, summary.failureId))?.occurrences).toBe(1);
      expect(await stores.subscriptions.inChannel(workspaceId, ids.channelId)).toEqual([subscription]);
      expect(await stores.subscriptions.ofRepository(workspaceId, ids.run.repository)).toEqual([subscription]);
      expect(await stores.threads.find(workspaceId, ids.channelId, summary.failureId)).toEqual(thread);
      expect(await stores.modelCalls.reserve(workspaceId, aCall(QUESTION), PLENTY)).toMatchObject({
        kind: 'answered',
        callId,
        reply: { answer: { cause: workspaceId } },
      });
      expect(await stores.modelCalls.usage(workspaceId, new Date())).toMatchObject({
        calls: 1,
        spentMicroUsd: 700,
        byModel: [{ calls: 1 }],
        byRepository: [{ repository: ids.run.repository, calls: 1 }],
        byDay: [{ calls: 1 }],
        feedback: { up: 1, down: 0 },
      });
      expect(await stores.modelCalls.findReusable(workspaceId, reuse(ids))).toMatchObject({ summaryId: summary.id });
      expect(await stores.feedback.judged(workspaceId, null, 10)).toMatchObject([
        { summaryId: summary.id, feedback: [{ reason: workspaceId }] },
      ]);
    }
  });

  test("a workspace cannot read another's rows by their ids", async () => {
    const { stores } = open();
    const ids = shared();
    const owner = await settle(stores, ids);
    const stranger = aWorkspaceId();
    const { summary } = owner;
    const later = aRun({ ...ids.run, number: 2 });

    expect(await stores.workspaces.findInstall(stranger)).toBeNull();
    expect(await stores.workspaces.isActive(stranger)).toBe(false);
    expect(await stores.installations.isLinked(stranger, ids.installationId)).toBe(false);
    expect(await stores.users.findRole({ workspaceId: stranger, userId: ids.userId })).toBeNull();
    expect(await stores.runs.find(stranger, ids.run)).toBeNull();
    expect(await stores.runs.statuses(stranger, 10)).toEqual([]);
    expect(await stores.summaries.find(stranger, summary.id)).toBeNull();
    expect(await stores.summaries.findByRun(stranger, ids.run, 0)).toBeNull();
    expect(await stores.summaries.findLatest(stranger, ids.run)).toBeNull();
    expect(await stores.summaries.recent(stranger, 10)).toEqual([]);
    expect(await stores.failures.find(stranger, summary.failureId)).toBeNull();
    const history = Object.values(await stores.failures.history(stranger, later, 'same'));
    expect(history.filter((told) => told !== null)).toEqual([]);
    expect(await stores.subscriptions.inChannel(stranger, ids.channelId)).toEqual([]);
    expect(await stores.subscriptions.ofRepository(stranger, ids.run.repository)).toEqual([]);
    expect(await stores.threads.find(stranger, ids.channelId, summary.failureId)).toBeNull();
    expect(await stores.modelCalls.usage(stranger, new Date())).toMatchObject({
      calls: 0,
      spentMicroUsd: 0,
      byModel: [],
      feedback: { up: 0, down: 0 },
    });
    expect(await stores.modelCalls.findReusable(stranger, reuse(ids))).toBeNull();
    expect(await stores.feedback.judged(stranger, null, 10)).toEqual([]);
    expect(await stores.settings.reasoning(stranger)).toEqual(USUAL_REASONING);
    expect((await stores.modelCalls.reserve(stranger, aCall(QUESTION), PLENTY)).kind).toBe('reserved');
  });

  test("a workspace cannot change another's rows by their ids", async () => {
    const { stores } = open();
    const ids = shared();
    const owner = await settle(stores, ids);
    const { workspaceId, summary, subscription, thread } = owner;
    const stranger = await settle(stores, shared());
    const green = aRun({ ...ids.run, number: 2, conclusion: 'success' });

    await stores.workspaces.removeInstall(stranger.workspaceId);
    await stores.workspaces.markRevoked(stranger.workspaceId, 'token_revoked');
    await stores.users.forgetRole({ workspaceId: stranger.workspaceId, userId: ids.userId });
    const place = { channelId: ids.channelId, id: subscription.id };
    expect(await stores.subscriptions.remove(stranger.workspaceId, place)).toBe(false);
    expect(await stores.subscriptions.change(stranger.asker, place, aRule('acme/mine'))).toBe('gone');
    expect(
      await stores.runs.recent(stranger.workspaceId, aRule(ids.run.repository).target, {
        since: new Date(0),
        limit: 9,
        states: ['failed', 'ended'],
      }),
    ).toEqual([]);
    expect(
      await stores.subscriptions.pause(stranger.workspaceId, ids.channelId, { reason: 'is_archived', followUps: [] }),
    ).toEqual({
      paused: [],
      jobIds: [],
    });
    const resolved = stores.failures.resolve(stranger.workspaceId, stranger.lease, green, (all) => {
      expect(all).toEqual([]);
      return [];
    });
    expect(await resolved).toEqual([]);
    await expect(
      stores.threads.reserve(stranger.workspaceId, stranger.lease, aChannelId(), summary.failureId),
    ).rejects.toThrow('has no failure');
    await expect(
      stores.threads.reserveReply(stranger.workspaceId, stranger.lease, thread.id, 'recovery'),
    ).rejects.toThrow('has no thread');
    await stores.threads.setTs(stranger.workspaceId, stranger.lease, thread.id, aTs());
    await stores.threads.setReplyTs(stranger.workspaceId, stranger.lease, thread.id, 'evidence', aTs());

    expect(await stores.workspaces.isActive(workspaceId)).toBe(true);
    expect(await stores.users.findRole(owner.asker)).not.toBeNull();
    expect(await stores.subscriptions.inChannel(workspaceId, ids.channelId)).toEqual([subscription]);
    expect((await stores.failures.find(workspaceId, summary.failureId))?.status).toBe('open');
    expect((await stores.threads.find(workspaceId, ids.channelId, summary.failureId))?.ts).toBeNull();
    expect(await stores.threads.reserveReply(workspaceId, owner.lease, thread.id, 'evidence')).toBe('resumed');
  });

  test('a workspace cannot settle, judge or decide for another, or reuse what another found wrong', async () => {
    const { stores, sql } = open();
    const ids = shared();
    const [owner, stranger] = [await settle(stores, ids), await settle(stores, ids)];
    const underWay = await stores.modelCalls.reserve(owner.workspaceId, aCall(), PLENTY);
    if (underWay.kind !== 'reserved') throw new Error(underWay.kind);
    const word = { summaryId: owner.summary.id, userId: ids.userId, opinion: 'down', reason: null } as const;

    await stores.modelCalls.settle(stranger.workspaceId, underWay.callId, aSettlement());
    await stores.modelCalls.attach(stranger.workspaceId, [owner.callId, stranger.callId], owner.summary.id);
    await stores.modelCalls.attach(stranger.workspaceId, [owner.callId], stranger.summary.id);
    expect(await stores.feedback.give(stranger.workspaceId, word)).toBe(false);
    await stores.settings.saveReasoning(stranger.workspaceId, { ...USUAL_REASONING, reuseHours: 9 });
    await stores.feedback.give(stranger.workspaceId, { ...word, summaryId: stranger.summary.id });

    expect(await stores.modelCalls.usage(owner.workspaceId, new Date())).toMatchObject({
      reservedMicroUsd: 1000,
      spentMicroUsd: 700,
      feedback: { up: 1, down: 0 },
    });
    const both = [owner.callId, stranger.callId];
    expect(await sql('select summary_id from model_calls where id = $1 or id = $2', both)).toEqual([
      { summary_id: null },
      { summary_id: null },
    ]);
    expect(await stores.settings.reasoning(owner.workspaceId)).toMatchObject({ reuseHours: 1 });
    expect(await stores.modelCalls.findReusable(owner.workspaceId, reuse(ids))).not.toBeNull();
    expect(await stores.feedback.judged(stranger.workspaceId, owner.summary.id, 10)).toEqual([]);
  });
});
