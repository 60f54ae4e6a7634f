import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { ModelCallId, type WorkspaceId } from '../../src/domain/ids.ts';
import type { ModelCallStore } from '../../src/domain/ports.ts';
import type { NewModelCall, ReserveOutcome, SpendingLimits } from '../../src/domain/reasoning.ts';
import { describeDatabase } from '../support/database.ts';
import { DAY_MS, databaseDesk, describeReasoningStores, HOUR_MS, MINUTE_MS } from './reasoning-desk.ts';
import { aCall, aReply, aSettlement, aWorkspaceId, PLENTY } from './samples.ts';

interface Wish {
  call?: Partial<NewModelCall>;
  limits?: Partial<SpendingLimits>;
}

async function reserve(
  modelCalls: ModelCallStore,
  workspaceId: WorkspaceId,
  { call, limits }: Wish = {},
): Promise<ReserveOutcome> {
  return await modelCalls.reserve(workspaceId, aCall(call), { ...PLENTY, ...limits });
}

async function reserved(modelCalls: ModelCallStore, workspaceId: WorkspaceId, wish: Wish = {}): Promise<ModelCallId> {
  const outcome = await reserve(modelCalls, workspaceId, wish);
  if (outcome.kind !== 'reserved') throw new Error(`The call was ${outcome.kind}`);
  return outcome.callId;
}

/** Ten calls of 1,000 millionths fit in. */
const TEN_CALLS = { monthlyBudgetUsd: 0.01 };

async function sums(modelCalls: ModelCallStore, workspaceId: WorkspaceId, at: Date) {
  const { spentMicroUsd, reservedMicroUsd } = await modelCalls.usage(workspaceId, at);
  return { spentMicroUsd, reservedMicroUsd };
}

const monthBefore = (at: Date): Date => new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - 1, 1));

describeReasoningStores('model calls', (open) => {
  test('a reservation holds its estimate, rounded up, until the cost takes its place', async () => {
    const { modelCalls, now, call } = open();
    const workspaceId = aWorkspaceId();
    const id = await reserved(modelCalls, workspaceId, { call: { estimateMicroUsd: 999.2 } });
    expect(await sums(modelCalls, workspaceId, now())).toEqual({ spentMicroUsd: 0, reservedMicroUsd: 1000 });

    await modelCalls.settle(workspaceId, id, aSettlement({ costMicroUsd: 700.4 }));

    expect(await sums(modelCalls, workspaceId, now())).toEqual({ spentMicroUsd: 700, reservedMicroUsd: 0 });
    expect(await call(id)).toEqual({ outcome: 'answered', costMicroUsd: 700, prompt: null, summaryId: null });
  });

  test('the same question is in flight until it is settled, and then answered from what is kept', async () => {
    const { modelCalls } = open();
    const workspaceId = aWorkspaceId();
    const question = { call: { requestKey: 'the same' } };
    const id = await reserved(modelCalls, workspaceId, question);

    expect(await reserve(modelCalls, workspaceId, question)).toEqual({ kind: 'in-flight' });
    await modelCalls.settle(workspaceId, id, aSettlement());

    const answered = { kind: 'answered', callId: id, reply: aReply() };
    expect(await reserve(modelCalls, workspaceId, question)).toEqual(answered);
    const spent = { ...question, limits: { monthlyBudgetUsd: 0.0001, callsPerHour: 0 } };
    expect(await reserve(modelCalls, workspaceId, spent)).toEqual(answered);
  });

  test.each(['failed', 'unsound'] as const)('a question whose call was %s can be asked again', async (outcome) => {
    const { modelCalls } = open();
    const workspaceId = aWorkspaceId();
    const question = { call: { requestKey: 'once more' } };
    const id = await reserved(modelCalls, workspaceId, question);
    await modelCalls.settle(workspaceId, id, aSettlement({ outcome, reply: null, problem: 'It did not hold' }));

    expect(await reserved(modelCalls, workspaceId, question)).not.toBe(id);
  });

  test('a call that nobody settled is abandoned and counts as spent, also when it is heard of later', async () => {
    const { modelCalls, now, pass, call } = open();
    const workspaceId = aWorkspaceId();
    const question = { call: { requestKey: 'crash', expiresInMs: MINUTE_MS } };
    const id = await reserved(modelCalls, workspaceId, question);
    await pass(workspaceId, MINUTE_MS + 1);

    const second = await reserved(modelCalls, workspaceId, question);

    expect(second).not.toBe(id);
    expect(await call(id)).toMatchObject({ outcome: 'abandoned', costMicroUsd: 1000 });
    await modelCalls.settle(workspaceId, id, aSettlement());
    expect(await call(id)).toMatchObject({ outcome: 'abandoned' });
    expect(await sums(modelCalls, workspaceId, now())).toEqual({ spentMicroUsd: 1000, reservedMicroUsd: 1000 });
    expect(await reserve(modelCalls, workspaceId, question)).toEqual({ kind: 'in-flight' });
  });

  test('a call that is late but not abandoned yet is settled as usual', async () => {
    const { modelCalls, now, pass } = open();
    const workspaceId = aWorkspaceId();
    const id = await reserved(modelCalls, workspaceId, { call: { expiresInMs: MINUTE_MS } });
    await pass(workspaceId, HOUR_MS);

    await modelCalls.settle(workspaceId, id, aSettlement());

    expect(await sums(modelCalls, workspaceId, now())).toEqual({ spentMicroUsd: 700, reservedMicroUsd: 0 });
  });

  test('a second settling changes nothing', async () => {
    const { modelCalls, now, call } = open();
    const workspaceId = aWorkspaceId();
    const id = await reserved(modelCalls, workspaceId);
    await modelCalls.settle(workspaceId, id, aSettlement());

    await modelCalls.settle(workspaceId, id, aSettlement({ outcome: 'failed', costMicroUsd: 5 }));

    expect(await sums(modelCalls, workspaceId, now())).toEqual({ spentMicroUsd: 700, reservedMicroUsd: 0 });
    expect(await call(id)).toMatchObject({ outcome: 'answered' });
  });

  test('a budget is kept to the last millionth, and what a call did not cost is free again', async () => {
    const { modelCalls } = open();
    const workspaceId = aWorkspaceId();
    const ids = [];
    for (let index = 0; index < 10; index += 1)
      ids.push(await reserved(modelCalls, workspaceId, { limits: TEN_CALLS }));
    const [first] = ids;
    if (first === undefined) throw new Error('Nothing was reserved');

    const least = { call: { estimateMicroUsd: 1 }, limits: TEN_CALLS };
    expect((await reserve(modelCalls, workspaceId, least)).kind).toBe('budget-exhausted');
    await modelCalls.settle(workspaceId, first, aSettlement({ costMicroUsd: 999 }));

    expect((await reserve(modelCalls, workspaceId, { ...least, call: { estimateMicroUsd: 2 } })).kind).toBe(
      'budget-exhausted',
    );
    expect((await reserve(modelCalls, workspaceId, least)).kind).toBe('reserved');
  });

  test('the admins are warned once at 80 %, and told once that nothing is left', async () => {
    const { modelCalls } = open();
    const workspaceId = aWorkspaceId();
    const crossed = [];
    for (let index = 0; index < 13; index += 1) {
      const outcome = await reserve(modelCalls, workspaceId, { limits: TEN_CALLS });
      crossed.push('crossed' in outcome ? outcome.crossed : outcome.kind);
    }

    expect(crossed.indexOf('warning')).toBe(7);
    expect(crossed.indexOf('exhausted')).toBe(10);
    expect(crossed.filter((each) => each !== 'none')).toEqual(['warning', 'exhausted']);
  });

  test('a model that costs nothing can be asked when nothing is left', async () => {
    const { modelCalls } = open();
    const workspaceId = aWorkspaceId();
    const limits = { monthlyBudgetUsd: 0.000_5 };
    const id = await reserved(modelCalls, workspaceId, { call: { estimateMicroUsd: 500 }, limits });
    await modelCalls.settle(workspaceId, id, aSettlement({ costMicroUsd: 800 }));

    expect((await reserve(modelCalls, workspaceId, { call: { estimateMicroUsd: 1 }, limits })).kind).toBe(
      'budget-exhausted',
    );
    expect((await reserve(modelCalls, workspaceId, { call: { estimateMicroUsd: 0 }, limits })).kind).toBe('reserved');
  });

  test('a budget of nothing means no model at all, and is no news', async () => {
    const { modelCalls } = open();
    const nothing = { call: { estimateMicroUsd: 0 }, limits: { monthlyBudgetUsd: 0 } };

    expect(await reserve(modelCalls, aWorkspaceId(), nothing)).toEqual({ kind: 'budget-exhausted', crossed: 'none' });
  });

  test('calls of the last hour are counted, however they ended, and those before are not', async () => {
    const { modelCalls, pass } = open();
    const workspaceId = aWorkspaceId();
    const limits = { callsPerHour: 3 };
    const id = await reserved(modelCalls, workspaceId, { limits });
    await modelCalls.settle(workspaceId, id, aSettlement({ outcome: 'failed', reply: null }));
    await pass(workspaceId, 40 * MINUTE_MS);
    await reserved(modelCalls, workspaceId, { limits });
    await reserved(modelCalls, workspaceId, { limits });

    expect(await reserve(modelCalls, workspaceId, { limits })).toEqual({ kind: 'too-many-calls' });
    await pass(workspaceId, 21 * MINUTE_MS);
    expect((await reserve(modelCalls, workspaceId, { limits })).kind).toBe('reserved');
    expect(await reserve(modelCalls, workspaceId, { limits })).toEqual({ kind: 'too-many-calls' });
    expect(await reserve(modelCalls, aWorkspaceId(), { limits: { callsPerHour: 0 } })).toEqual({
      kind: 'too-many-calls',
    });
  });

  test('a new month has its own budget, and a call of the old one is settled there', async () => {
    const { modelCalls, now, passMonth } = open();
    const workspaceId = aWorkspaceId();
    const whole = { call: { estimateMicroUsd: 10_000, expiresInMs: 60 * DAY_MS }, limits: TEN_CALLS };
    const id = await reserved(modelCalls, workspaceId, whole);
    expect((await reserve(modelCalls, workspaceId, whole)).kind).toBe('budget-exhausted');

    await passMonth(workspaceId);
    expect(await reserve(modelCalls, workspaceId, whole)).toMatchObject({ kind: 'reserved', crossed: 'warning' });
    expect(await reserve(modelCalls, workspaceId, whole)).toEqual({ kind: 'budget-exhausted', crossed: 'exhausted' });
    await modelCalls.settle(workspaceId, id, aSettlement());

    expect(await sums(modelCalls, workspaceId, now())).toEqual({ spentMicroUsd: 0, reservedMicroUsd: 10_000 });
    expect(await sums(modelCalls, workspaceId, monthBefore(now()))).toEqual({
      spentMicroUsd: 700,
      reservedMicroUsd: 0,
    });
  });

  test('tidying settles what nobody settled, in the month it was reserved, and deletes prompts past their time', async () => {
    const { modelCalls, now, pass, passMonth, call } = open();
    const workspaceId = aWorkspaceId();
    const late = await reserved(modelCalls, workspaceId, { call: { expiresInMs: MINUTE_MS } });
    const kept = await reserved(modelCalls, workspaceId);
    const unkept = await reserved(modelCalls, workspaceId);
    await modelCalls.settle(workspaceId, kept, aSettlement({ prompt: { text: 'What broke?', keepDays: 40 } }));
    await modelCalls.settle(workspaceId, unkept, aSettlement());
    expect(await call(kept)).toMatchObject({ prompt: 'What broke?' });
    expect(await call(unkept)).toMatchObject({ prompt: null });
    await passMonth(workspaceId);

    const tidied = await modelCalls.tidy();
    expect(tidied.abandoned).toBeGreaterThanOrEqual(1);
    expect(await call(late)).toMatchObject({ outcome: 'abandoned', costMicroUsd: 1000 });
    expect(await call(kept)).toMatchObject({ prompt: 'What broke?' });
    expect(await sums(modelCalls, workspaceId, monthBefore(now()))).toEqual({
      spentMicroUsd: 2400,
      reservedMicroUsd: 0,
    });

    await pass(workspaceId, 10 * DAY_MS);
    expect((await modelCalls.tidy()).promptsDeleted).toBeGreaterThanOrEqual(1);
    expect(await call(kept)).toMatchObject({ outcome: 'answered', prompt: null });
    expect(await modelCalls.tidy()).toEqual({ abandoned: 0, promptsDeleted: 0 });
  });

  test('pruning deletes calls that ended long ago, and leaves the numbers of the others alone', async () => {
    const { modelCalls, pass, call } = open();
    const workspaceId = aWorkspaceId();
    const limits = { callsPerHour: 2 };
    const old = await reserved(modelCalls, workspaceId, { limits });
    await modelCalls.settle(workspaceId, old, aSettlement());
    const unsettled = await reserved(modelCalls, workspaceId, { limits, call: { expiresInMs: 500 * DAY_MS } });
    await pass(workspaceId, 401 * DAY_MS);
    const young = await reserved(modelCalls, workspaceId, { limits });
    await modelCalls.settle(workspaceId, young, aSettlement());

    expect(await modelCalls.prune(400)).toBeGreaterThanOrEqual(1);

    expect(await call(old)).toBeNull();
    expect(await call(unsettled)).toMatchObject({ outcome: 'reserved' });
    expect(await call(young)).toMatchObject({ outcome: 'answered' });
    await reserved(modelCalls, workspaceId, { limits });
    expect(await reserve(modelCalls, workspaceId, { limits })).toEqual({ kind: 'too-many-calls' });
  });

  test('calls are tied to their summary', async () => {
    const { modelCalls, save, call } = open();
    const workspaceId = aWorkspaceId();
    const ids = [await reserved(modelCalls, workspaceId), await reserved(modelCalls, workspaceId)];
    const other = await reserved(modelCalls, workspaceId);
    const { id } = await save(workspaceId);

    await modelCalls.attach(workspaceId, ids, id);
    await modelCalls.attach(workspaceId, [], id);

    for (const each of ids) expect(await call(each)).toMatchObject({ summaryId: id });
    expect(await call(other)).toMatchObject({ summaryId: null });
  });

  test('settling what was never reserved does nothing', async () => {
    const { modelCalls, now } = open();
    const workspaceId = aWorkspaceId();

    await modelCalls.settle(workspaceId, ModelCallId.parse(randomUUID()), aSettlement());

    expect(await sums(modelCalls, workspaceId, now())).toEqual({ spentMicroUsd: 0, reservedMicroUsd: 0 });
  });
});

for (const kind of ['PGlite', 'PostgreSQL'] as const)
  describeDatabase('stored model calls', kind, (open) => {
    test('what PostgreSQL cannot store is left out of a reply, a prompt and every sentence', async () => {
      const { stores, sql } = open();
      const workspaceId = aWorkspaceId();
      const odd = 'a\u0000b \ud800 back\\u0000slash \' " ? $1 :name 🐘';
      const kept = 'ab \ufffd back\\u0000slash \' " ? $1 :name 🐘';
      const call = aCall({ fingerprint: odd, fallbackReason: odd });
      const id = await reserved(stores.modelCalls, workspaceId, { call });
      const settlement = aSettlement({
        model: odd,
        problem: odd,
        reply: aReply({ cause: odd }),
        prompt: { text: odd, keepDays: 1 },
      });
      await stores.modelCalls.settle(workspaceId, id, settlement);

      expect(await stores.modelCalls.reserve(workspaceId, call, PLENTY)).toMatchObject({
        reply: aReply({ cause: kept }),
      });
      const columns = 'fingerprint, fallback_reason, answered_by, problem, prompt';
      expect(await sql(`select ${columns} from model_calls where id = $1`, [id])).toEqual([
        { fingerprint: kept, fallback_reason: kept, answered_by: kept, problem: kept, prompt: kept },
      ]);
    });

    test('a reply that cannot be read any more does not stand in the way of a new one', async () => {
      const { stores, sql } = open();
      const workspaceId = aWorkspaceId();
      const question = { call: { requestKey: 'unreadable' } };
      const id = await reserved(stores.modelCalls, workspaceId, question);
      await stores.modelCalls.settle(workspaceId, id, aSettlement());
      await sql(`update model_calls set reply = '{"answer": "of another version"}' where id = $1`, [id]);

      expect(await reserved(stores.modelCalls, workspaceId, question)).not.toBe(id);
      expect(await sql(`select outcome from model_calls where id = $1`, [id])).toEqual([{ outcome: 'unsound' }]);
    });
  });

describeDatabase('model calls at once', 'PostgreSQL', (open) => {
  const inParallel = <Result>(count: number, work: (index: number) => Promise<Result>): Promise<Result[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => work(index)));
  const countOf = (outcomes: readonly ReserveOutcome[], kind: ReserveOutcome['kind']): number =>
    outcomes.filter((outcome) => outcome.kind === kind).length;
  const crossings = (outcomes: readonly ReserveOutcome[]) =>
    outcomes.flatMap((each) => ('crossed' in each && each.crossed !== 'none' ? [each.crossed] : [])).toSorted();

  test('of 200 reservations against a budget for 100, exactly 100 are made', async () => {
    const { modelCalls, now } = databaseDesk(open());
    const workspaceId = aWorkspaceId();
    const limits = { monthlyBudgetUsd: 0.1 };

    const outcomes = await inParallel(200, () => reserve(modelCalls, workspaceId, { limits }));

    expect([countOf(outcomes, 'reserved'), countOf(outcomes, 'budget-exhausted')]).toEqual([100, 100]);
    expect(crossings(outcomes)).toEqual(['exhausted', 'warning']);
    expect(await sums(modelCalls, workspaceId, now())).toEqual({ spentMicroUsd: 0, reservedMicroUsd: 100_000 });
  });

  test('while calls are reserved, settled and abandoned at once, the sums stay those of the rows', async () => {
    const { stores, sql } = open();
    const { modelCalls } = stores;
    const workspaceId = aWorkspaceId();
    const limits = { monthlyBudgetUsd: 0.05 };
    const most: number[] = [];

    await inParallel(200, async (index) => {
      const expiresInMs = index % 7 === 0 ? 1 : MINUTE_MS;
      const outcome = await reserve(modelCalls, workspaceId, { limits, call: { expiresInMs } });
      if (index % 10 === 0) await modelCalls.tidy();
      if (outcome.kind !== 'reserved' || index % 7 === 0) return;
      const settlement = aSettlement({ costMicroUsd: 500 + index });
      await Promise.all([
        modelCalls.settle(workspaceId, outcome.callId, settlement),
        modelCalls.settle(workspaceId, outcome.callId, settlement),
      ]);
      const { spentMicroUsd, reservedMicroUsd } = await sums(modelCalls, workspaceId, new Date());
      most.push(spentMicroUsd + reservedMicroUsd);
    });
    await modelCalls.tidy();

    expect(Math.max(...most)).toBeLessThanOrEqual(50_000);
    const rows = await sql(
      `select sum(cost_micro_usd)::float8 as cost, count(*) filter (where outcome = 'reserved')::int as open
       from model_calls where workspace_id = $1`,
      [workspaceId],
    );
    const after = await sums(modelCalls, workspaceId, new Date());
    expect(rows).toEqual([{ cost: after.spentMicroUsd, open: 0 }]);
    expect(after.reservedMicroUsd).toBe(0);
  });

  test('of 50 who ask the same one may call, and all get its answer afterwards', async () => {
    const { modelCalls } = open().stores;
    const workspaceId = aWorkspaceId();
    const question = { call: { requestKey: 'everybody' } };

    const outcomes = await inParallel(50, () => reserve(modelCalls, workspaceId, question));
    expect([countOf(outcomes, 'reserved'), countOf(outcomes, 'in-flight')]).toEqual([1, 49]);
    const [mine] = outcomes.filter((outcome) => outcome.kind === 'reserved');
    if (mine === undefined) throw new Error('Nobody may call');
    await modelCalls.settle(workspaceId, mine.callId, aSettlement());

    expect(countOf(await inParallel(50, () => reserve(modelCalls, workspaceId, question)), 'answered')).toBe(50);
  });

  test('a question that fails and is asked again by many at once blocks nobody', async () => {
    const { modelCalls } = open().stores;
    const workspaceId = aWorkspaceId();
    const question = { call: { requestKey: 'fails' } };

    const outcomes = await inParallel(100, async () => {
      const outcome = await reserve(modelCalls, workspaceId, question);
      if (outcome.kind === 'reserved')
        await modelCalls.settle(workspaceId, outcome.callId, aSettlement({ outcome: 'failed', reply: null }));
      return outcome;
    });

    expect(countOf(outcomes, 'reserved') + countOf(outcomes, 'in-flight')).toBe(100);
    expect((await reserve(modelCalls, workspaceId, question)).kind).toBe('reserved');
  });

  test('no hour has more calls than it may, however many come at once', async () => {
    const { modelCalls } = open().stores;
    const workspaceId = aWorkspaceId();

    const outcomes = await inParallel(150, () => reserve(modelCalls, workspaceId, { limits: { callsPerHour: 60 } }));

    expect([countOf(outcomes, 'reserved'), countOf(outcomes, 'too-many-calls')]).toEqual([60, 90]);
  });

  test('calls that were abandoned by many processes are counted once', async () => {
    const { modelCalls, pass, now } = databaseDesk(open());
    const workspaces = [aWorkspaceId(), aWorkspaceId()];
    for (const workspaceId of workspaces) {
      await inParallel(20, () => reserved(modelCalls, workspaceId));
      await pass(workspaceId, HOUR_MS);
    }

    const tidied = await inParallel(10, () => modelCalls.tidy());

    expect(tidied.reduce((total, { abandoned }) => total + abandoned, 0)).toBe(40);
    for (const workspaceId of workspaces)
      expect(await sums(modelCalls, workspaceId, now())).toEqual({ spentMicroUsd: 20_000, reservedMicroUsd: 0 });
  });
});
