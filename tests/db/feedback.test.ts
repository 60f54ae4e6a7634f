import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { SummaryId, type WorkspaceId } from '../../src/domain/ids.ts';
import type { Opinion } from '../../src/domain/reasoning.ts';
import { describeDatabase } from '../support/database.ts';
import { BY_MODEL, DAY_MS, type Desk, describeReasoningStores, HOUR_MS, type SummaryParts } from './reasoning-desk.ts';
import { aCall, aRepository, aRun, aSettlement, aUserId, aWorkspaceId, PLENTY, saved } from './samples.ts';

const FINGERPRINT = 'the same cause';

async function say({ feedback }: Desk, workspaceId: WorkspaceId, summaryId: SummaryId, opinion: Opinion = 'down') {
  const word = { summaryId, userId: aUserId(), opinion, reason: null };
  expect(await feedback.give(workspaceId, word)).toBe(true);
  return word;
}

describeReasoningStores('feedback', (open) => {
  test('a person is heard once, with the newest word', async () => {
    const desk = open();
    const workspaceId = aWorkspaceId();
    const { id: summaryId, failureId, run, diagnosis } = await desk.save(workspaceId);
    const ada = { userId: aUserId(), opinion: 'down' as const, reason: 'The cause is another' };
    const ben = { userId: aUserId(), opinion: 'up' as const, reason: null };
    await desk.feedback.give(workspaceId, { summaryId, ...ada, opinion: 'up', reason: null });
    await desk.feedback.give(workspaceId, { summaryId, ...ben });
    expect(await desk.feedback.give(workspaceId, { summaryId, ...ada })).toBe(true);

    expect(await desk.feedback.judged(workspaceId, null, 10)).toEqual([
      { summaryId, failureId, repository: run.repository, diagnosis, feedback: [ben, ada] },
    ]);
  });

  test('a word on a summary that is not there is not kept', async () => {
    const { feedback } = open();
    const word = { userId: aUserId(), opinion: 'up', reason: null } as const;

    expect(await feedback.give(aWorkspaceId(), { summaryId: SummaryId.parse(randomUUID()), ...word })).toBe(false);
  });

  test('what was judged is read page by page, the oldest first, without what nobody judged', async () => {
    const desk = open();
    const workspaceId = aWorkspaceId();
    const ids = [];
    for (let index = 0; index < 5; index += 1) {
      const { id } = await desk.save(workspaceId);
      if (index !== 2) ids.push(id);
    }
    for (const id of ids.toReversed()) await say(desk, workspaceId, id);

    const pages = [];
    let after: SummaryId | null = null;
    do {
      const page = await desk.feedback.judged(workspaceId, after, 3);
      pages.push(page.map(({ summaryId }) => summaryId));
      after = page.at(-1)?.summaryId ?? null;
    } while (after !== null);

    expect(pages).toEqual([ids.slice(0, 3), ids.slice(3), []]);
    expect(await desk.feedback.judged(workspaceId, SummaryId.parse(randomUUID()), 3)).toEqual([]);
  });
});

describeReasoningStores('a summary for reuse', (open) => {
  const run = aRun();
  const key = { repository: run.repository, fingerprint: FINGERPRINT, promptVersion: '1', hours: 72 };
  const save = (desk: Desk, workspaceId: WorkspaceId, changes: SummaryParts = {}) =>
    desk.save(workspaceId, { run: aRun({ repository: run.repository }), fingerprint: FINGERPRINT, ...changes });

  test('is the latest of its cause that a model was sure of', async () => {
    const desk = open();
    const workspaceId = aWorkspaceId();
    await save(desk, workspaceId, { cause: 'an earlier one' });
    const { id, diagnosis, createdAt } = await save(desk, workspaceId);

    const { headline, cause, nextStep, evidence, confidence } = diagnosis;
    expect(await desk.modelCalls.findReusable(workspaceId, key)).toEqual({
      summaryId: id,
      createdAt,
      headline,
      cause,
      nextStep,
      evidence,
      confidence,
      provider: BY_MODEL.provider,
      model: BY_MODEL.model,
    });
  });

  const unfit: Array<[string, SummaryParts]> = [
    ['is of another cause', { fingerprint: 'another' }],
    ['is of another repository', { run: aRun({ repository: aRepository() }) }],
    ['was written offline', { authorship: { provider: 'offline', model: null } }],
    ['answered another prompt', { authorship: { promptVersion: '0' } }],
    ['is not sure', { confidence: 'medium' }],
    ['is reused itself', { authorship: { reusedFrom: SummaryId.parse(randomUUID()) } }],
  ];
  test.each(unfit)('is none that %s', async (_name, changes) => {
    const desk = open();
    const workspaceId = aWorkspaceId();
    await save(desk, workspaceId, changes);

    expect(await desk.modelCalls.findReusable(workspaceId, key)).toBeNull();
  });

  test('is none that is older than it may be', async () => {
    const desk = open();
    const workspaceId = aWorkspaceId();
    const { id } = await save(desk, workspaceId);
    await desk.pass(workspaceId, 71 * HOUR_MS);
    expect((await desk.modelCalls.findReusable(workspaceId, key))?.summaryId).toBe(id);

    await desk.pass(workspaceId, 2 * HOUR_MS);

    expect(await desk.modelCalls.findReusable(workspaceId, key)).toBeNull();
    expect(await desk.modelCalls.findReusable(workspaceId, { ...key, hours: 0 })).toBeNull();
  });

  test('is none that somebody found wrong, until that person takes it back', async () => {
    const desk = open();
    const workspaceId = aWorkspaceId();
    const { id: older } = await save(desk, workspaceId);
    const { id } = await save(desk, workspaceId);
    await say(desk, workspaceId, id, 'up');
    const word = await say(desk, workspaceId, id, 'down');
    expect((await desk.modelCalls.findReusable(workspaceId, key))?.summaryId).toBe(older);

    await desk.feedback.give(workspaceId, { ...word, opinion: 'up' });

    expect((await desk.modelCalls.findReusable(workspaceId, key))?.summaryId).toBe(id);
  });

  test('is none whose words were found wrong where they were reused', async () => {
    const desk = open();
    const workspaceId = aWorkspaceId();
    const { id } = await save(desk, workspaceId);
    const reuse = await save(desk, workspaceId, { authorship: { reusedFrom: id } });
    expect((await desk.modelCalls.findReusable(workspaceId, key))?.summaryId).toBe(id);

    await say(desk, workspaceId, reuse.id);

    expect(await desk.modelCalls.findReusable(workspaceId, key)).toBeNull();
  });
});

describeReasoningStores('usage', (open) => {
  test('of a workspace that never asked is nothing', async () => {
    const { modelCalls, now } = open();
    const at = now();

    expect(await modelCalls.usage(aWorkspaceId(), at)).toEqual({
      month: new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1)),
      spentMicroUsd: 0,
      reservedMicroUsd: 0,
      calls: 0,
      reused: 0,
      byModel: [],
      byRepository: [],
      byDay: [],
      feedback: { up: 0, down: 0 },
    });
  });

  test('is told by model, repository and day, and adds up', async () => {
    const desk = open();
    const { modelCalls, now } = desk;
    const workspaceId = aWorkspaceId();
    const [web, api] = [aRepository(), aRepository()];
    const ask = async (call: Parameters<typeof aCall>[0], settlement: Parameters<typeof aSettlement>[0]) => {
      const outcome = await modelCalls.reserve(workspaceId, aCall(call), PLENTY);
      if (outcome.kind === 'reserved' && settlement !== undefined)
        await modelCalls.settle(workspaceId, outcome.callId, aSettlement(settlement));
    };
    await ask({ repository: web }, {});
    await ask({ repository: web }, { outcome: 'unsound', reply: null, costMicroUsd: 100 });
    await ask({ repository: api, provider: 'gpt', model: 'gpt-6-mini' }, { costMicroUsd: 2000 });
    await ask({ repository: api, provider: 'ollama', model: 'qwen3:8b', estimateMicroUsd: 0 }, undefined);
    await ask({ repository: api, estimateMicroUsd: 300 }, undefined);
    const { id } = await desk.save(workspaceId);
    await desk.save(workspaceId, { authorship: { reusedFrom: id } });
    await say(desk, workspaceId, id, 'up');
    await say(desk, workspaceId, id, 'down');

    const once = { inputTokens: 3000, outputTokens: 200, cachedTokens: 1000 };
    const none = { inputTokens: 0, outputTokens: 0, cachedTokens: 0 };
    const twice = { inputTokens: 6000, outputTokens: 400, cachedTokens: 2000 };
    expect(await modelCalls.usage(workspaceId, now())).toMatchObject({
      spentMicroUsd: 2800,
      reservedMicroUsd: 300,
      calls: 5,
      reused: 1,
      byModel: [
        { provider: 'gpt', model: 'gpt-6-mini', calls: 1, failed: 0, costMicroUsd: 2000, usage: once },
        { provider: 'claude', model: 'claude-haiku-5-5', calls: 3, failed: 1, costMicroUsd: 800, usage: twice },
        { provider: 'ollama', model: 'qwen3:8b', calls: 1, failed: 0, costMicroUsd: 0, usage: none },
      ],
      byRepository: [
        { repository: api, calls: 3, costMicroUsd: 2000 },
        { repository: web, calls: 2, costMicroUsd: 800 },
      ],
      byDay: [{ day: now().toISOString().slice(0, 10), calls: 5, costMicroUsd: 2800 }],
      feedback: { up: 1, down: 1 },
    });
  });

  test('of a month is not that of the next', async () => {
    const desk = open();
    const workspaceId = aWorkspaceId();
    await desk.modelCalls.reserve(workspaceId, aCall(), PLENTY);
    const { id } = await desk.save(workspaceId);
    await desk.save(workspaceId, { authorship: { reusedFrom: id } });
    await say(desk, workspaceId, id);
    await desk.passMonth(workspaceId);

    expect(await desk.modelCalls.usage(workspaceId, desk.now())).toMatchObject({
      calls: 0,
      reused: 0,
      byDay: [],
      feedback: { up: 0, down: 0 },
    });
    const before = new Date(desk.now().getTime() - 31 * DAY_MS);
    expect(await desk.modelCalls.usage(workspaceId, before)).toMatchObject({ reused: 1, feedback: { up: 0, down: 1 } });
  });
});

for (const kind of ['PGlite', 'PostgreSQL'] as const)
  describeDatabase('diagnoses of earlier versions', kind, (open) => {
    test('say nothing of a price, and are read as free ones that nobody escalated or reused', async () => {
      const { stores, sql } = open();
      const workspaceId = aWorkspaceId();
      const { id } = await saved(stores, workspaceId, { run: aRun(), fingerprint: FINGERPRINT });
      const later = ['cachedTokens', 'costMicroUsd', 'firstTokenMs', 'reusedFrom', 'escalated'];
      const paths = later.map((name) => `#- '{authorship,${name}}'`).join(' ');
      await sql(`update summaries set diagnosis = diagnosis ${paths} where id = $1`, [id]);

      expect((await stores.summaries.find(workspaceId, id))?.diagnosis.authorship).toEqual({
        provider: 'offline',
        model: null,
        promptVersion: '1',
        inputTokens: 0,
        outputTokens: 0,
        latencyMs: 3,
        fallbackReason: null,
        cachedTokens: 0,
        costMicroUsd: 0,
        firstTokenMs: null,
        reusedFrom: null,
        escalated: false,
      });
    });
  });
