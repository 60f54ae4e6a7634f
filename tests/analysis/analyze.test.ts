import { describe, expect, test } from '@jest/globals';
import { analyze, type AnalyzeDeps, type AnalyzeInput } from '../../src/analysis/analyze.ts';
import { digestMissing } from '../../src/analysis/digest.ts';
import { createReasoner } from '../../src/analysis/reason.ts';
import { NO_MODELS } from '../../src/analysis/route.ts';
import { Diagnosis } from '../../src/domain/diagnosis.ts';
import { WorkflowJobId } from '../../src/domain/ids.ts';
import type { Model } from '../../src/domain/ports.ts';
import { DatabaseUnavailableError, ModelFailedError } from '../../src/errors.ts';
import { aModel, type Answering, someModels } from '../support/models.ts';
import { aFailure, aHistory, aJob, aRun, digest, realLog, redaction, redactor } from './support.ts';

let marks = 0;
function deps(change: Partial<AnalyzeDeps> & { model?: Model } = {}): AnalyzeDeps {
  let now = 1000;
  const { model, ...rest } = change;
  const models = model === undefined ? NO_MODELS : someModels({ small: [model] });
  return {
    reason: createReasoner({ models, calls: null, clock: { now: () => new Date((now += 250)) } }),
    random: () => `mark-${(marks += 1)}`,
    redaction,
    history: () => Promise.resolve(aHistory()),
    ...rest,
  };
}

async function diagnose(
  change: Partial<AnalyzeDeps> & { model?: Model } = {},
  asked: Partial<AnalyzeInput> = {},
): Promise<Diagnosis> {
  return (await analyze(deps(change), await input(asked))).diagnosis;
}

async function input(change: Partial<AnalyzeInput> = {}): Promise<AnalyzeInput> {
  const digests = change.digests ?? [await digest(realLog('jest'), aJob())];
  return { run: aRun(), totalJobs: 4, digests, signal: new AbortController().signal, ...change };
}

describe('a diagnosis', () => {
  test('from one job, without a model, has everything a reader needs', async () => {
    const diagnosis = await diagnose();

    expect(Diagnosis.parse(diagnosis)).toEqual(diagnosis);
    expect(diagnosis).toMatchObject({
      headline: expect.stringContaining('cart › applies the discount once'),
      category: 'test',
      verdict: { kind: 'new', reasons: ['First time on feature/tax'] },
      totalJobs: 4,
      jobs: [{ jobId: 77, name: 'test (22)', conclusion: 'failure' }],
      authorship: { provider: 'offline', model: null, latencyMs: 250, fallbackReason: null },
    });
    expect(diagnosis.logDigest).toMatch(/^[0-9a-f]{64}$/u);
  });

  test('jobs of a matrix that fail for one cause share a fingerprint', async () => {
    const cells = await Promise.all(
      ['test (22)', 'test (24)'].map((name, index) =>
        digest(realLog('jest'), aJob({ name, id: WorkflowJobId.parse(80 + index) })),
      ),
    );
    const diagnosis = await diagnose({}, { digests: cells });

    expect(new Set(diagnosis.jobs.map(({ fingerprint }) => fingerprint)).size).toBe(1);
    expect(diagnosis.jobs).toHaveLength(2);
  });

  test('what the team can fix comes before infrastructure and missing logs', async () => {
    const digests = [
      await digest(realLog('disk-full'), aJob({ name: 'a' })),
      digestMissing(aJob({ name: 'b' }), { reason: 'it has expired', redactor }),
      await digest(realLog('tsc'), aJob({ name: 'c' })),
    ];

    expect((await diagnose({}, { digests })).category).toBe('compile');
  });

  test('what is open already comes first of all', async () => {
    const open = await digest(realLog('disk-full'), aJob({ name: 'a' }));
    const digests = [await digest(realLog('tsc'), aJob({ name: 'c' })), open];
    const history = (fingerprint: string) =>
      Promise.resolve(aHistory(fingerprint === open.fingerprint ? { openOnBranch: aFailure() } : {}));

    expect((await diagnose({ history }, { digests })).fingerprint).toBe(open.fingerprint);
  });

  test('without any log it still says which step failed, and why nothing is shown', async () => {
    const digests = [digestMissing(aJob(), { reason: 'it has expired', redactor })];
    const diagnosis = await diagnose({}, { digests });

    expect(diagnosis).toMatchObject({ evidence: [], excerpt: [], logDigest: '', confidence: 'low' });
    expect(diagnosis.cause).toContain('The log could not be read: it has expired.');
  });

  test('a run that never started is a configuration failure', async () => {
    const diagnosis = await diagnose({}, { run: aRun({ conclusion: 'startup_failure' }), digests: [] });

    expect(diagnosis).toMatchObject({ verdict: { kind: 'configuration' }, category: 'configuration', jobs: [] });
  });

  test('when history cannot be had, the error passes through for another try', async () => {
    const history = () => Promise.reject(new DatabaseUnavailableError('away'));

    await expect(diagnose({ history })).rejects.toBeInstanceOf(DatabaseUnavailableError);
  });
});

describe('a model’s answer', () => {
  test('is used when it holds', async () => {
    const diagnosis = await diagnose({ model: aModel() });

    expect(diagnosis.headline).toBe('Discount is applied twice in the cart');
    expect(diagnosis.evidence).toEqual([diagnosis.excerpt[0]]);
    expect(diagnosis.authorship).toMatchObject({
      provider: 'claude',
      model: 'small-1-of-today',
      inputTokens: 100,
      outputTokens: 20,
      cachedTokens: 10,
      costMicroUsd: 240,
      firstTokenMs: 40,
      fallbackReason: null,
    });
  });

  test.each<[string, Answering, string]>([
    ['an error', () => Promise.reject(new ModelFailedError('claude limits our rate')), 'claude limits our rate'],
    ['a bug', () => Promise.reject(new TypeError('x is not a function')), 'claude failed unexpectedly'],
    ['no answer at all', () => Promise.withResolvers<object>().promise, 'claude did not answer within 0.1 seconds'],
    [
      'invented evidence',
      () => ({ evidence: [{ number: 999, text: 'x' }] }),
      'the answer of claude failed a check: its evidence does not stand in the log, by number and text',
    ],
    [
      'an invented file',
      () => ({ cause: 'It broke in src/made-up.ts' }),
      'the answer of claude failed a check: it names files that stand neither in the log nor in the change',
    ],
  ])('%s leads to the offline analysis, and says why', async (_, answer, reason) => {
    const diagnosis = await diagnose({ model: aModel({}, answer) }, { deadlineMs: 100 });

    expect(diagnosis.authorship).toMatchObject({ provider: 'offline', model: null, fallbackReason: reason });
    expect(diagnosis.headline).toContain('applies the discount once');
  });

  test('what a refused answer has cost is still counted', async () => {
    const diagnosis = await diagnose({ model: aModel({}, () => ({ evidence: [] })) });

    expect(diagnosis.authorship).toMatchObject({ provider: 'offline', inputTokens: 200, outputTokens: 40 });
  });

  test('the caller’s signal ends everything, without a fallback', async () => {
    const stop = new AbortController();
    const reason = new Error('lease lost');
    const model = aModel({}, () => {
      stop.abort(reason);
      return Promise.withResolvers<object>().promise;
    });

    await expect(diagnose({ model }, { signal: stop.signal })).rejects.toBe(reason);
  });

  test('is not asked for where there is no log to hold it against', async () => {
    const model = aModel();
    const digests = [digestMissing(aJob(), { reason: 'it has expired', redactor })];
    const diagnosis = await diagnose({ model }, { digests });

    expect(model.requests).toEqual([]);
    expect(diagnosis.authorship).toMatchObject({ provider: 'offline', fallbackReason: null });
  });
});
