import { describe, expect, test } from '@jest/globals';
import { offlineProvider } from '../../src/analysis/offline.ts';
import { HEADLINE_LIMIT } from '../../src/analysis/headline.ts';
import type { ReasonAnswer, ReasonRequest } from '../../src/domain/ports.ts';
import { digest, realLog } from './support.ts';

async function explain(log: string, change: Partial<ReasonRequest> = {}): Promise<ReasonAnswer> {
  const { category, facts, excerpt, evidence } = await digest(log);
  const request: ReasonRequest = {
    category,
    facts,
    excerpt,
    evidence,
    verdict: { kind: 'new', reasons: [] },
    prompt: { version: 'none', system: '', user: '' },
    maxOutputTokens: 1,
    ...change,
  };
  return offlineProvider.reason(request, new AbortController().signal);
}

describe('the analysis without a model', () => {
  test.each([
    ['jest', 'Test "cart › applies the discount once" fails in cart.test.js: expected 90, got 81'],
    ['pytest', 'Test "test_gross_rounds_to_cents" fails in test_price.py: assert 11.9 == 11.89'],
    ['tsc', "TypeScript: src/pay.ts:3 TS2339: Property 'reason' does not exist on type 'Refund'. (and 1 more)"],
    ['make', 'main.c:2 expected'],
    ['git-clone', 'could not resolve host'],
    ['disk-full', 'No space left on device'],
    ['command-not-found', 'terraformx: command not found'],
    ['npm-missing-script', 'Missing script: "deploy"'],
    ['python-import', "No module named 'shop_payments'"],
    ['prettier', 'src/pay.ts'],
    ['unittest', 'ValueError not raised'],
    ['cargo', 'tests::sums_all_entries'],
  ])('%s: the headline says what broke', async (log, part) => {
    const { headline } = await explain(realLog(log));

    expect(headline.toLowerCase()).toContain(part.toLowerCase());
    expect(headline.length).toBeLessThanOrEqual(HEADLINE_LIMIT);
  });

  test('the cause is one or two sentences, and the next step is a command that fits', async () => {
    const { cause, nextStep } = await explain(realLog('pytest'));

    expect(cause).toBe(
      'One test fails (pytest): "test_gross_rounds_to_cents" in tests/test_price.py:5. It says: assert 11.9 == 11.89.',
    );
    expect(nextStep).toBe('Run it locally: pytest "tests/test_price.py::test_gross_rounds_to_cents"');
  });

  test('evidence points into the excerpt', async () => {
    const log = realLog('jest');
    const { evidence } = await explain(log);
    const { excerpt } = await digest(log);

    expect(evidence.length).toBeGreaterThan(0);
    expect(evidence.every((index) => excerpt[index] !== undefined)).toBe(true);
  });

  test('a name from a log never becomes a part of a command that a shell would read differently', async () => {
    const log = 'FAILED tests/a.py::test_$(rm -rf x) - assert 1\n##[error]Process completed with exit code 1.\n';

    expect((await explain(log)).nextStep).not.toContain('pytest "');
  });

  test('without a log it says so, and names the step', async () => {
    const answer = await explain('', {
      verdict: { kind: 'new', reasons: ['The log could not be read: it has expired'] },
      facts: {
        failingTests: [],
        problems: [],
        exitCode: null,
        failedStep: 'Deploy',
        failedCommand: null,
        tool: null,
        ecosystem: null,
      },
    });

    expect(answer).toMatchObject({
      headline: 'Step "Deploy" failed',
      cause: 'Step "Deploy" failed. The log could not be read: it has expired.',
      nextStep: 'Open the run on GitHub, and re-run it if its log stays away.',
      evidence: [],
    });
  });

  test.each([
    ['cancelled', 'was cancelled'],
    ['superseded', 'a newer run took its place'],
    ['timeout', 'ran out of time'],
  ] as const)('%s is said in the headline', async (kind, part) => {
    expect((await explain(realLog('jest'), { verdict: { kind, reasons: ['A reason'] } })).headline).toContain(part);
  });

  test.each([
    [
      'build\tTest\t2026-11-22T10:00:00.1234567Z CartTest > adds() FAILED\nbuild\tTest\t2026-11-22T10:00:01.1234567Z BUILD FAILED in 3s',
      'Test "CartTest > adds()" fails',
    ],
    ['2026-11-22 04:41:04,553 ERROR Failed to upload the image to the store', 'Failed to upload the image'],
    [
      'error[E0433]: use of undeclared type `Cart`\n  --> src/shop.rs:12:9\n   |',
      'src/shop.rs:12 E0433: use of undeclared type `Cart`',
    ],
    ['1. Failure (at test-cart.R#29): adds up ------', 'Test "adds up" fails'],
    ['FAIL: Doctest: shop.cart.Cart', 'Test "shop.cart.Cart" fails'],
  ])('what stands around the message is no part of the headline: %s', async (log, beginning) => {
    const { headline } = await explain(log);

    expect(headline).toContain(beginning);
    expect(headline).not.toMatch(/\d\d:\d\d:\d\d/u);
  });

  test('a test file that cannot be read is run whole', async () => {
    const { nextStep } = await explain(
      '_______ ERROR collecting tests/test_cart.py _______\nE   ImportError: cannot import name Cart\n===== 1 error in 0.10s =====',
    );

    expect(nextStep).toBe('Run it locally: pytest tests/test_cart.py');
  });
});
