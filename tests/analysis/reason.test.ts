import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Flights, QuestionScope } from '../../src/analysis/question.ts';
import type { Reasoned } from '../../src/analysis/journey.ts';
import { PROMPT_VERSION } from '../../src/analysis/prompt.ts';
import { createReasoner, type ReasonerDeps, type ReasonInput } from '../../src/analysis/reason.ts';
import { createRedactor, type Redactor } from '../../src/analysis/redact.ts';
import type { LogLine } from '../../src/domain/diagnosis.ts';
import { RepositoryName, RunId, SummaryId, WorkspaceId } from '../../src/domain/ids.ts';
import type { ModelCallStore } from '../../src/domain/ports.ts';
import { NO_CONTEXT, type ReusableSummary, USUAL_REASONING } from '../../src/domain/reasoning.ts';
import { DatabaseUnavailableError, ModelFailedError } from '../../src/errors.ts';
import { fakeLog } from '../support/fake-log.ts';
import { fakeMetrics } from '../support/fake-metrics.ts';
import { eventually } from '../support/eventually.ts';
import { aCallStore, aModel, ESTIMATE, linesIn, someModels, USAGE } from '../support/models.ts';
import { aHistory, aRun, findingsOf, realLog, redactor } from './support.ts';

const findings = await findingsOf(realLog('jest'));
const proof = findings.excerpt.findIndex(({ text }) => text.includes('expect('));
const scope: QuestionScope = {
  workspaceId: WorkspaceId.parse('T0SHOP'),
  repository: RepositoryName.parse('shop/shop'),
  runId: RunId.parse(5),
  attempt: 1,
  revision: 0,
  logDigest: 'd'.repeat(64),
  fingerprint: 'v2:1',
};

function aLine(text = ''): LogLine {
  return { jobId: null, line: 1, step: null, stepLine: null, text };
}

const nothing = { evidence: [{ number: 999, text: 'invented' }] };
const vague = { headline: 'Something is wrong somewhere', cause: 'The data does not show why.' };
const never = () => Promise.withResolvers<object>().promise;

function setting(deps: Partial<ReasonerDeps> = {}) {
  let now = 0;
  const calls = aCallStore();
  const log = fakeLog();
  const metrics = fakeMetrics();
  const clock = { now: () => new Date((now += 100)) };
  const basis = {
    models: someModels({ small: [aModel()] }),
    calls,
    clock,
    log,
    metrics,
    wait: async () => {},
    chance: () => 0,
  };
  const reasoner = createReasoner({ ...basis, ...deps });
  const ask = (change: Partial<ReasonInput> = {}): Promise<Reasoned> =>
    reasoner({
      findings,
      run: aRun(),
      context: NO_CONTEXT,
      history: aHistory(),
      settings: USUAL_REASONING,
      limits: { monthlyBudgetUsd: 50, callsPerHour: 100 },
      scope,
      wants: {},
      reusable: null,
      redactor,
      mark: randomUUID(),
      signal: new AbortController().signal,
      deadlineMs: 5_000,
      ...change,
    });
  const outcomes = () => [...calls.rows.values()].map(({ settlement }) => settlement?.outcome ?? 'reserved');
  return { ask, calls, log, metrics, outcomes };
}

const small = (answer?: Parameters<typeof aModel>[1]) => aModel({ provider: 'claude', model: 'small' }, answer);
const large = (answer?: Parameters<typeof aModel>[1]) => aModel({ provider: 'claude', model: 'large' }, answer);
const other = (answer?: Parameters<typeof aModel>[1]) => aModel({ provider: 'gpt', model: 'small' }, answer);

describe('asking', () => {
  test('a small model whose answer holds is all that it takes', async () => {
    const [one, two] = [small(), large()];
    const { ask, calls, metrics } = setting({ models: someModels({ small: [one], large: [two] }) });
    const { authorship, callIds, explanation } = await ask();

    expect(explanation.headline).toBe('Discount is applied twice in the cart');
    expect(authorship).toMatchObject({ provider: 'claude', escalated: false, fallbackReason: null, latencyMs: 300 });
    expect([one.requests.length, two.requests.length]).toEqual([1, 0]);
    expect(callIds).toEqual([...calls.rows.keys()]);
    expect([...calls.rows.values()][0]).toMatchObject({
      call: {
        repository: 'shop/shop',
        runId: 5,
        fingerprint: 'v2:1',
        estimateMicroUsd: ESTIMATE,
        fallbackReason: null,
      },
      settlement: {
        outcome: 'answered',
        usage: USAGE,
        costMicroUsd: 240,
        firstTokenMs: 40,
        problem: null,
        prompt: null,
      },
    });
    expect(metrics.of('modelCalls')).toMatchObject([
      {
        labels: {
          provider: 'claude',
          model: 'small',
          outcome: 'answered',
          prompt: PROMPT_VERSION,
          fallback: 'none',
        },
      },
    ]);
    expect(metrics.of('modelCost')).toMatchObject([{ value: 0.00024, labels: { repository: 'shop/shop' } }]);
    expect(metrics.of('modelTokens')).toHaveLength(3);
  });

  test('an answer that fails its check is sent back once, with the reason', async () => {
    const model = small((_request, _signal, call) => (call === 1 ? nothing : {}));
    const { ask, outcomes } = setting({ models: someModels({ small: [model] }) });
    const { authorship } = await ask();

    expect(model.requests[1]?.prompt.task).toContain('its evidence does not stand in the log');
    expect(model.requests[1]?.prompt.data).toBe(model.requests[0]?.prompt.data);
    expect(outcomes()).toEqual(['unsound', 'answered']);
    expect(authorship).toMatchObject({ provider: 'claude', inputTokens: 200, costMicroUsd: 480 });
  });

  test('after a second failed check the large model answers, and the reader hears why', async () => {
    const two = large();
    const { ask } = setting({ models: someModels({ small: [small(() => nothing)], large: [two] }) });
    const { authorship } = await ask();

    expect(authorship).toMatchObject({ model: 'large-of-today', escalated: true });
    expect(authorship.fallbackReason).toMatch(/^the answer of claude failed a check: /u);
  });

  test('low confidence asks the large model; where that fails, the answer at hand stands', async () => {
    const unsure = () => ({ ...vague, evidence: [{ number: 1, text: findings.excerpt[1]?.text ?? '' }] });
    const dull = { ...findings, category: 'unknown' as const, evidence: [] };
    const sure = setting({ models: someModels({ small: [small(unsure)], large: [large()] }) });
    const failing = large(() => Promise.reject(new ModelFailedError('claude is overloaded', { fault: 'overloaded' })));
    const left = setting({ models: someModels({ small: [small(unsure)], large: [failing] }) });

    expect((await sure.ask({ findings: dull })).authorship).toMatchObject({ model: 'large-of-today', escalated: true });
    expect(await left.ask({ findings: dull })).toMatchObject({
      confidence: 'low',
      explanation: { headline: vague.headline },
      authorship: {
        model: 'small-of-today',
        escalated: false,
        fallbackReason: 'no larger model answered: claude is overloaded',
      },
    });
  });

  test('a person who asks for it gets the large model, and what they noted reaches it', async () => {
    const [one, two] = [small(), large()];
    const { ask } = setting({ models: someModels({ small: [one], large: [two] }) });
    const { authorship } = await ask({ wants: { tier: 'large', note: 'Is it the new Node?' } });

    expect(one.requests).toEqual([]);
    expect(two.requests[0]?.prompt.data).toContain('Is it the new Node?');
    expect(authorship).toMatchObject({ model: 'large-of-today', escalated: false, fallbackReason: null });
  });

  test('a failure falls back to the next provider, a refused key is for the admins to know', async () => {
    const refused = small(() => Promise.reject(new ModelFailedError('claude refuses our key', { fault: 'refused' })));
    const { ask, outcomes, calls } = setting({ models: someModels({ small: [refused, other()], large: [large()] }) });
    const { authorship, notices } = await ask();

    expect(authorship).toMatchObject({ provider: 'gpt', fallbackReason: 'claude refuses our key' });
    expect(notices).toEqual([{ kind: 'model-refused', provider: 'claude' }]);
    expect(outcomes()).toEqual(['failed', 'answered']);
    expect([...calls.rows.values()].map(({ settlement }) => settlement?.costMicroUsd)).toEqual([0, 240]);
  });

  test('a provider without a key is passed over, and that is said', async () => {
    const models = someModels({ small: [small(), other()] });
    const find: typeof models.find = (choice) => (choice.provider === 'claude' ? null : models.find(choice));
    const missing = () => 'ANTHROPIC_API_KEY';
    const { ask } = setting({ models: { ...models, find, missing } });

    expect((await ask()).authorship).toMatchObject({
      provider: 'gpt',
      fallbackReason: 'claude is not set up (ANTHROPIC_API_KEY is missing)',
    });
  });

  test('where everybody fails the rules answer, and the reader hears of all of it', async () => {
    const fail = (words: string) => () => Promise.reject(new ModelFailedError(words, { fault: 'overloaded' }));
    const models = someModels({ small: [small(fail('claude is overloaded')), other(fail('gpt is away'))] });
    const { ask } = setting({ models });

    expect(await ask()).toMatchObject({
      explanation: { headline: expect.stringContaining('applies the discount once') },
      authorship: { provider: 'offline', model: null, fallbackReason: 'claude is overloaded; gpt is away' },
    });
  });

  test('what a failed answer used is paid, and what nobody knows costs what was set aside', async () => {
    const paid = small(() => Promise.reject(new ModelFailedError('malformed', { fault: 'malformed', usage: USAGE })));
    const unknown = other(() => Promise.reject(new ModelFailedError('odd', { fault: 'unknown' })));
    const { ask, calls } = setting({ models: someModels({ small: [paid, unknown] }) });
    await ask();

    expect([...calls.rows.values()].map(({ settlement }) => settlement?.costMicroUsd)).toEqual([240, ESTIMATE]);
  });
});

describe('money and time', () => {
  test('a spent budget leads to the rules straight away', async () => {
    const [one, two] = [small(), other()];
    const { ask, calls } = setting({ models: someModels({ small: [one, two] }) });
    calls.crossed.push('exhausted');
    const reasoned = await ask({ limits: { monthlyBudgetUsd: 0.0001, callsPerHour: 9 } });

    expect([...one.requests, ...two.requests]).toEqual([]);
    expect(reasoned).toMatchObject({
      notices: ['budget-exhausted'],
      authorship: { provider: 'offline', fallbackReason: "this month's budget for models is spent" },
    });
  });

  test('so do too many calls in an hour; no budget at all is not worth a word', async () => {
    const { ask } = setting();
    await ask();

    expect(
      (await ask({ scope: { ...scope, revision: 1 }, limits: { monthlyBudgetUsd: 9, callsPerHour: 1 } })).authorship,
    ).toMatchObject({ provider: 'offline', fallbackReason: 'the models were asked as often this hour as they may be' });
    expect((await ask({ limits: { monthlyBudgetUsd: 0, callsPerHour: 9 } })).authorship.fallbackReason).toBeNull();
  });

  test('the first call past the warning line is for the admins to know', async () => {
    const { ask, calls } = setting();
    calls.crossed.push('warning');

    expect((await ask()).notices).toEqual(['budget-warning']);
  });

  test('a model that trickles is cut off by the deadline, and paid as was set aside', async () => {
    const heard: boolean[] = [];
    const model = small((_request, signal) => {
      const { promise, reject } = Promise.withResolvers<object>();
      signal.addEventListener('abort', () => {
        heard.push(true);
        reject(new ModelFailedError('claude was stopped', { fault: 'stopped' }));
      });
      return promise;
    });
    const two = large();
    const { ask, calls } = setting({ models: someModels({ small: [model], large: [two] }) });
    const begun = performance.now();
    const { authorship } = await ask({ deadlineMs: 80 });

    expect(performance.now() - begun).toBeLessThan(4_000);
    expect(heard).toEqual([true]);
    expect(two.requests).toEqual([]);
    expect(authorship).toMatchObject({
      provider: 'offline',
      costMicroUsd: ESTIMATE,
      fallbackReason: 'claude did not answer within 0.1 seconds',
    });
    expect([...calls.rows.values()][0]?.settlement).toMatchObject({ outcome: 'failed', costMicroUsd: ESTIMATE });
  });

  test('one that does not even listen is cut off as well, and so is a store that hangs', async () => {
    const deaf = setting({ models: someModels({ small: [small(never)] }) });
    const hanging = setting({ calls: aCallStore({ reserve: () => Promise.withResolvers<never>().promise }) });

    expect((await deaf.ask({ deadlineMs: 50 })).authorship.provider).toBe('offline');
    expect((await hanging.ask({ deadlineMs: 50 })).authorship.provider).toBe('offline');
  });

  test('whoever is stopped settles what was begun, and says nothing more', async () => {
    const stop = new AbortController();
    const lost = new Error('lease lost');
    const model = small(() => {
      stop.abort(lost);
      return never();
    });
    const { ask, calls } = setting({ models: someModels({ small: [model] }) });

    await expect(ask({ signal: stop.signal })).rejects.toBe(lost);
    expect([...calls.rows.values()][0]?.settlement).toMatchObject({ outcome: 'failed', costMicroUsd: ESTIMATE });
  });

  test('a reservation that came after the end is given back', async () => {
    const store = aCallStore();
    const late = Promise.withResolvers<void>();
    const reserve: ModelCallStore['reserve'] = async (...args) => {
      await late.promise;
      return store.reserve(...args);
    };
    const { ask } = setting({ calls: { ...store, reserve } });
    await ask({ deadlineMs: 30 });
    late.resolve();
    await new Promise((resolve) => setImmediate(resolve));

    expect([...store.rows.values()]).toMatchObject([{ settlement: { outcome: 'failed', costMicroUsd: 0 } }]);
  });

  test('a store that is away before the call is for the worker to try again', async () => {
    const model = small();
    const reserve = () => Promise.reject(new DatabaseUnavailableError('away'));
    const { ask } = setting({ models: someModels({ small: [model] }), calls: aCallStore({ reserve }) });

    await expect(ask()).rejects.toBeInstanceOf(DatabaseUnavailableError);
    expect(model.requests).toEqual([]);
  });

  test('one that is away after it costs nobody the answer', async () => {
    const settle = () => Promise.reject(new DatabaseUnavailableError('away'));
    const { ask, log } = setting({ calls: aCallStore({ settle }) });

    expect((await ask()).authorship.provider).toBe('claude');
    expect(log.at('warn')).toHaveLength(1);
  });

  test('prompts are kept only where the workspace keeps them', async () => {
    const { ask, calls } = setting();
    await ask({ settings: { ...USUAL_REASONING, keepPromptsDays: 7 } });

    expect([...calls.rows.values()][0]?.settlement?.prompt).toMatchObject({
      keepDays: 7,
      text: expect.stringContaining('Explain the failure.'),
    });
  });

  test('without a workspace nothing is reserved, and the models are asked all the same', async () => {
    const { ask, calls } = setting();

    expect(await ask({ scope: null })).toMatchObject({ callIds: [], authorship: { provider: 'claude' } });
    expect(calls.rows.size).toBe(0);
  });
});

describe('one question is one call', () => {
  test('asked twice at the same moment', async () => {
    const model = small();
    const flights: Flights = new Map();
    const one = setting({ models: someModels({ small: [model] }), flights });
    const answers = await Promise.all([one.ask(), one.ask(), one.ask()]);

    expect(model.requests).toHaveLength(1);
    expect(one.outcomes()).toEqual(['answered']);
    expect(new Set(answers.map(({ explanation }) => explanation.headline)).size).toBe(1);
    expect(flights.size).toBe(0);
  });

  test('asked while the first one is settled: the answer did not wait for that, and the question does', async () => {
    const model = small();
    const kept = aCallStore();
    const slow = Promise.withResolvers<void>();
    const store: ModelCallStore = {
      ...kept,
      settle: (...settlement) => slow.promise.then(() => kept.settle(...settlement)),
    };
    const { ask } = setting({ models: someModels({ small: [model] }), calls: store, flights: new Map() });
    const first = await ask();

    expect([...kept.rows.values()]).toMatchObject([{ settlement: null }]);
    const second = await ask();
    slow.resolve();
    await Promise.all([first.settled, second.settled]);

    expect([...kept.rows.values()]).toMatchObject([{ settlement: { outcome: 'answered' } }]);
    expect(model.requests).toHaveLength(1);
    expect(second.explanation).toEqual(first.explanation);
  });

  test('asked again by a job that runs twice', async () => {
    const model = small((_request, _signal, call) => (call === 1 ? nothing : {}));
    const { ask } = setting({ models: someModels({ small: [model] }) });
    const first = await ask();
    await ask({ mark: 'another mark' });

    // The first try was unsound and is not kept; what it led to is.
    expect(model.requests.length).toBeLessThanOrEqual(3);
    const sound = small();
    const again = setting({ models: someModels({ small: [sound] }) });
    await again.ask();
    await again.ask();
    expect(sound.requests).toHaveLength(1);
    expect(first.authorship.provider).toBe('claude');
  });

  test('asked by another process at this moment: its answer is waited for, politely', async () => {
    const store = aCallStore();
    const slow = Promise.withResolvers<object>();
    const [theirs, ours] = [small(() => slow.promise), small()];
    const waits: number[] = [];
    const wait = async (ms: number) => {
      waits.push(ms);
      if (waits.length === 4) slow.resolve({});
      await new Promise((resolve) => setImmediate(resolve));
    };
    const there = setting({ calls: store, models: someModels({ small: [theirs] }) });
    const here = setting({ calls: store, models: someModels({ small: [ours] }), wait, chance: () => 0.5 });
    const [one, two] = await Promise.all([there.ask(), here.ask()]);

    expect([theirs.requests.length, ours.requests.length]).toEqual([1, 0]);
    expect(two.explanation).toEqual(one.explanation);
    expect(two.callIds).toEqual(one.callIds);
    expect(waits.slice(0, 3)).toEqual([200, 320, 512]);
  });

  test('and where the other one comes to nothing, it is asked after all', async () => {
    const store = aCallStore();
    const fail = small(() => Promise.reject(new ModelFailedError('claude is overloaded', { fault: 'overloaded' })));
    await setting({ calls: store, models: someModels({ small: [fail] }) }).ask();
    const model = small();
    const { authorship } = await setting({ calls: store, models: someModels({ small: [model] }) }).ask();

    expect(model.requests).toHaveLength(1);
    expect(authorship.provider).toBe('claude');
  });

  test('who waits for one that is stopped asks it anew', async () => {
    const stop = new AbortController();
    const model = small((_request, _signal, call) => (call === 1 ? never() : {}));
    const { ask } = setting({ models: someModels({ small: [model] }) });
    const first = ask({ signal: stop.signal });
    const second = ask();
    await eventually(() => expect(model.requests).toHaveLength(1));
    stop.abort(new Error('lease lost'));

    await expect(first).rejects.toThrow('lease lost');
    expect((await second).authorship.provider).toBe('claude');
    expect(model.requests).toHaveLength(2);
  });

  test.each<[string, Partial<QuestionScope>]>([
    ['workspace', { workspaceId: WorkspaceId.parse('T0OTHER') }],
    ['repository', { repository: RepositoryName.parse('shop/other') }],
    ['attempt', { attempt: 2 }],
    ['revision', { revision: 1 }],
    ['log', { logDigest: 'e'.repeat(64) }],
  ])('another %s is another question', async (_, change) => {
    const model = small();
    const { ask } = setting({ models: someModels({ small: [model] }) });
    await ask();
    await ask({ scope: { ...scope, ...change } });

    expect(model.requests).toHaveLength(2);
  });

  test('an answer of somebody else is held against our own log', async () => {
    const model = small((request) => ({ evidence: linesIn(request).slice(-1) }));
    const { ask } = setting({ models: someModels({ small: [model] }) });
    await ask();
    const shorter = { ...findings, excerpt: findings.excerpt.slice(0, 5), evidence: [] };

    expect((await ask({ findings: shorter })).explanation.evidence.every((index) => index < 5)).toBe(true);
  });
});

describe('a summary of the same cause', () => {
  const reusable = (change: Partial<ReusableSummary> = {}): ReusableSummary => ({
    summaryId: SummaryId.parse(randomUUID()),
    headline: 'cart › applies the discount once fails in test/cart.test.js',
    cause: 'The discount is applied twice, so 90 becomes 81.',
    nextStep: 'Remember in the cart that a discount was applied.',
    evidence: [proof, proof + 1]
      .flatMap((index) => findings.excerpt[index] ?? [])
      .filter(({ text }) => text.trim() !== ''),
    confidence: 'high',
    model: 'claude-haiku',
    provider: 'claude',
    createdAt: new Date(),
    ...change,
  });

  test('stands for a call, with lines of this log', async () => {
    const model = small();
    const { ask, calls } = setting({ models: someModels({ small: [model] }) });
    const summary = reusable();
    const moved = summary.evidence.map((line) => ({ ...line, line: line.line + 70, text: `  ${line.text}` }));
    const { explanation, authorship, confidence } = await ask({ reusable: { ...summary, evidence: moved } });

    expect(model.requests).toEqual([]);
    expect(calls.rows.size).toBe(0);
    expect(explanation).toMatchObject({ headline: summary.headline, evidence: expect.arrayContaining([proof]) });
    expect(confidence).not.toBe('low');
    expect(authorship).toMatchObject({
      provider: 'claude',
      model: 'claude-haiku',
      reusedFrom: summary.summaryId,
      inputTokens: 0,
      costMicroUsd: 0,
      fallbackReason: null,
    });
  });

  test.each<[string, Partial<ReusableSummary>]>([
    ['lines that are not in this log', { evidence: [aLine('Error: of another day')] }],
    ['no lines', { evidence: [] }],
    ['a file that is not in it', { cause: 'The fault is in src/elsewhere.ts.' }],
    ['a link that got in somehow', { nextStep: 'See https://evil.example/fix now.' }],
    [
      'numbers that are others now',
      {
        cause: 'It is 4711 instead of 90.',
        evidence: [aLine(findings.excerpt[proof]?.text), aLine('got 4711')],
      },
    ],
  ])('with %s does not', async (_, change) => {
    const model = small();
    const { ask } = setting({ models: someModels({ small: [model] }) });
    const { authorship } = await ask({ reusable: reusable(change) });

    expect(model.requests).toHaveLength(1);
    expect(authorship.reusedFrom).toBeNull();
  });
});

describe('a redactor that fails', () => {
  const broken = (when: 'before' | 'after'): Redactor => {
    const real = createRedactor({ salt: 'x' });
    let calls = 0;
    const fail = (): never => {
      throw new Error('broken');
    };
    return {
      ...real,
      text: (text) => (when === 'before' ? fail() : real.text(text)),
      lines: (lines) =>
        (calls += 1) > 1 || when === 'before' ? Promise.reject(new Error('broken')) : real.lines(lines),
    };
  };

  test('lets nothing get to a model', async () => {
    const model = small();
    const { ask } = setting({ models: someModels({ small: [model] }) });
    const { authorship } = await ask({ redactor: broken('before') });

    expect(model.requests).toEqual([]);
    expect(authorship).toMatchObject({
      provider: 'offline',
      fallbackReason: 'what a model would be told could not be checked for secrets',
    });
  });

  test('lets nothing of an answer get to the reader', async () => {
    const { ask, outcomes } = setting();
    const { authorship, explanation } = await ask({ redactor: broken('after') });

    expect(authorship).toMatchObject({
      provider: 'offline',
      fallbackReason: expect.stringContaining('could not be checked'),
    });
    expect(explanation.headline).toContain('applies the discount once');
    expect(outcomes()).toEqual(['unsound', 'unsound']);
  });
});
