import { describe, expect, test } from '@jest/globals';
import { analyze, type AnalyzeDeps, type AnalyzeInput } from '../../src/analysis/analyze.ts';
import { digestMissing } from '../../src/analysis/digest.ts';
import { offlineProvider } from '../../src/analysis/offline.ts';
import { Diagnosis } from '../../src/domain/diagnosis.ts';
import { WorkflowJobId } from '../../src/domain/ids.ts';
import { DatabaseUnavailableError, ModelFailedError } from '../../src/errors.ts';
import { aFailure, aHistory, aJob, aRun, digest, fakeProvider, realLog, redaction, redactor } from './support.ts';

let marks = 0;
function deps(change: Partial<AnalyzeDeps> = {}): AnalyzeDeps {
  let now = 1000;
  return {
    provider: offlineProvider,
    offline: offlineProvider,
    clock: { now: () => new Date((now += 250)) },
    random: () => `mark-${(marks += 1)}`,
    redaction,
    history: () => Promise.resolve(aHistory()),
    ...change,
  };
}

async function input(change: Partial<AnalyzeInput> = {}): Promise<AnalyzeInput> {
  const digests = change.digests ?? [await digest(realLog('jest'), aJob())];
  return { run: aRun(), totalJobs: 4, digests, signal: new AbortController().signal, ...change };
}

describe('a diagnosis', () => {
  test('from one job, without a model, has everything a reader needs', async () => {
    const diagnosis = await analyze(deps(), await input());

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
    const diagnosis = await analyze(deps(), await input({ digests: cells }));

    expect(new Set(diagnosis.jobs.map(({ fingerprint }) => fingerprint)).size).toBe(1);
    expect(diagnosis.jobs).toHaveLength(2);
  });

  test('what the team can fix comes before infrastructure and missing logs', async () => {
    const digests = [
      await digest(realLog('disk-full'), aJob({ name: 'a' })),
      digestMissing(aJob({ name: 'b' }), { reason: 'it has expired', redactor }),
      await digest(realLog('tsc'), aJob({ name: 'c' })),
    ];

    expect((await analyze(deps(), await input({ digests }))).category).toBe('compile');
  });

  test('what is open already comes first of all', async () => {
    const open = await digest(realLog('disk-full'), aJob({ name: 'a' }));
    const digests = [await digest(realLog('tsc'), aJob({ name: 'c' })), open];
    const history = (fingerprint: string) =>
      Promise.resolve(aHistory(fingerprint === open.fingerprint ? { openOnBranch: aFailure() } : {}));

    expect((await analyze(deps({ history }), await input({ digests }))).fingerprint).toBe(open.fingerprint);
  });

  test('without any log it still says which step failed, and why nothing is shown', async () => {
    const digests = [digestMissing(aJob(), { reason: 'it has expired', redactor })];
    const diagnosis = await analyze(deps(), await input({ digests }));

    expect(diagnosis).toMatchObject({ evidence: [], excerpt: [], logDigest: '', confidence: 'low' });
    expect(diagnosis.cause).toContain('The log could not be read: it has expired.');
  });

  test('a run that never started is a configuration failure', async () => {
    const diagnosis = await analyze(deps(), await input({ run: aRun({ conclusion: 'startup_failure' }), digests: [] }));

    expect(diagnosis).toMatchObject({ verdict: { kind: 'configuration' }, category: 'configuration', jobs: [] });
  });

  test('when history cannot be had, the error passes through for another try', async () => {
    const history = () => Promise.reject(new DatabaseUnavailableError('away'));

    await expect(analyze(deps({ history }), await input())).rejects.toBeInstanceOf(DatabaseUnavailableError);
  });
});

describe('a model’s answer', () => {
  test('is used when it holds', async () => {
    const provider = fakeProvider(() => ({}));
    const diagnosis = await analyze(deps({ provider }), await input());

    expect(diagnosis.headline).toBe('Discount is applied twice in the cart');
    expect(diagnosis.evidence).toEqual([diagnosis.excerpt[0]]);
    expect(diagnosis.authorship).toMatchObject({
      provider: 'fake',
      inputTokens: 100,
      outputTokens: 20,
      fallbackReason: null,
    });
  });

  test.each([
    ['an error', () => Promise.reject(new ModelFailedError('fake limits our rate')), 'fake limits our rate'],
    ['a bug', () => Promise.reject(new TypeError('x is not a function')), 'fake failed unexpectedly'],
    ['no answer at all', () => Promise.withResolvers().promise, 'fake did not answer within 0.1 seconds'],
    [
      'invented evidence',
      () => ({ evidence: [999] }),
      'The answer of fake failed a check: evidence names lines that do not exist: 999',
    ],
    [
      'an invented file',
      () => ({ cause: 'It broke in src/made-up.ts' }),
      'The answer of fake failed a check: it names files that do not stand in the log: src/made-up.ts',
    ],
  ])('%s leads to the offline analysis, and says why', async (_, answer, reason) => {
    const diagnosis = await analyze(deps({ provider: fakeProvider(answer) }), await input({ deadlineMs: 100 }));

    expect(diagnosis.authorship).toMatchObject({ provider: 'offline', fallbackReason: reason });
    expect(diagnosis.headline).toContain('applies the discount once');
  });

  test('that fails its check is sent back once, with the reason', async () => {
    const provider = fakeProvider((_request, _signal, call) => (call === 1 ? { evidence: [999] } : {}));
    const diagnosis = await analyze(deps({ provider }), await input());

    expect(provider.requests).toHaveLength(2);
    expect(provider.requests[1]?.prompt.user).toContain('evidence names lines that do not exist: 999');
    expect(diagnosis.authorship).toMatchObject({ provider: 'fake', inputTokens: 200, fallbackReason: null });
  });

  test('what a refused answer has cost is still counted', async () => {
    const diagnosis = await analyze(deps({ provider: fakeProvider(() => ({ evidence: [999] })) }), await input());

    expect(diagnosis.authorship).toMatchObject({ provider: 'offline', inputTokens: 200, outputTokens: 40 });
  });

  test('the caller’s signal ends everything, without a fallback', async () => {
    const stop = new AbortController();
    const reason = new Error('lease lost');
    const provider = fakeProvider(() => {
      stop.abort(reason);
      return Promise.withResolvers().promise;
    });

    await expect(analyze(deps({ provider }), await input({ signal: stop.signal }))).rejects.toBe(reason);
  });

  test('no secret of the log, the branch or the commit message reaches the model', async () => {
    const secret = ['gh', 'p_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('');
    const log = `##[error]push with ${secret} was denied\n##[error]Process completed with exit code 1.\n`;
    const provider = fakeProvider(() => ({}));
    const digests = [await digest(log, aJob({ name: `deploy ${secret}` }))];
    const diagnosis = await analyze(
      deps({ provider }),
      await input({ digests, run: aRun({ title: secret, branch: secret }) }),
    );

    expect(JSON.stringify(provider.requests)).not.toContain(secret);
    expect(JSON.stringify(diagnosis)).not.toContain(secret);
  });
});
