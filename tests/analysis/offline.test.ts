import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { HEADLINE_LIMIT } from '../../src/analysis/words/words.ts';
import { realLog } from './support.ts';
import { explain } from './words/support.ts';

describe('the analysis without a model', () => {
  test.each([
    ['jest', 'Test "cart › applies the discount once" fails in cart.test.js: expected 90, got 81'],
    ['pytest', 'Test "test_gross_rounds_to_cents" fails in test_price.py: assert 11.9 == 11.89'],
    ['tsc', "TypeScript: 2 errors in src/pay.ts: Property 'reason' does not exist on type 'Refund' (TS2339)"],
    ['make', 'main.c:2 does not compile: expected ‘;’ before ‘}’ token'],
    ['git-clone', 'A host name cannot be resolved: git.shop.invalid'],
    ['disk-full', "The runner's disk is full"],
    ['command-not-found', 'The command terraformx does not exist on the runner'],
    ['npm-missing-script', "package.json has no script 'deploy'"],
    ['python-import', "Python cannot find the module 'shop_payments'"],
    ['prettier', 'Prettier would change src/pay.ts'],
    ['unittest', 'Test "StockTest.test_refuses_more_than_there_is" fails in test_stock.py: ValueError not raised'],
    ['cargo', 'Test "tests::sums_all_entries" fails in lib.rs: assertion `left == right` failed; expected 3, got -2'],
    [
      'node-test',
      'Test "ships within the country for free" fails: Expected values to be strictly equal: 4.9 !== 0; expected 0, got 4.9',
    ],
  ])('%s: the headline says what broke', async (log, headline) => {
    expect((await explain(realLog(log))).headline).toBe(headline);
  });

  test('a name from a log never becomes a part of a command that a shell would read differently', async () => {
    const log = 'FAILED tests/a.py::test_$(rm -rf x) - assert 1\n##[error]Process completed with exit code 1.\n';

    expect((await explain(log)).nextStep).not.toContain('pytest "');
  });

  test('a test file that cannot be read is run whole', async () => {
    const { nextStep } = await explain(
      '_______ ERROR collecting tests/test_cart.py _______\nE   ImportError: cannot import name Cart\n===== 1 error in 0.10s =====',
    );

    expect(nextStep).toBe('Run it locally: pytest tests/test_cart.py');
  });

  test('any log gives words within bounds, in one line, without control characters', async () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(
        'error: ',
        'FAILED tests/a.py::test_b - ',
        '##[error]',
        'npm ERR! 404 ',
        '\u001b[31m',
        '\r\n',
        'src/a.ts(1,2): error TS2322: ',
        'No space left on device',
        '✖ ',
        '"',
        '([{',
        '1) ',
        'a'.repeat(300),
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
        const { headline, cause, nextStep } = await explain(pieces.join(''));
        for (const [text, limit] of [
          [headline, HEADLINE_LIMIT],
          [cause, 400],
          [nextStep, 300],
        ] as const) {
          expect(text.length).toBeGreaterThan(0);
          expect(text.length).toBeLessThanOrEqual(limit);
          expect(text).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
          expect(text.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
