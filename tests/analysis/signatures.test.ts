import { describe, expect, test } from '@jest/globals';
import { hitsOf } from '../../src/analysis/parse.ts';
import { LOG_PREFILTER, scoreLine, scoreText } from '../../src/analysis/score.ts';
import { SIGNATURES } from '../../src/analysis/signatures/index.ts';
import { cleanText } from '../../src/analysis/clean.ts';
import { realLog } from './support.ts';

/** What tools say, line by line, and the fact that is to be read from it. */
const SAMPLES: ReadonlyArray<readonly [string, Record<string, string>]> = [
  [
    'FAILED tests/test_price.py::test_gross - assert 11.9 == 11.89',
    { file: 'tests/test_price.py', test: 'test_gross' },
  ],
  [
    'FAIL: test_refuses (test_stock.StockTest.test_refuses)',
    { test: 'test_refuses (test_stock.StockTest.test_refuses)' },
  ],
  ['  ● cart › applies the discount once', { test: 'cart › applies the discount once' }],
  [
    ' FAIL  test/cart.test.ts > cart > applies the discount',
    { file: 'test/cart.test.ts', test: 'cart > applies the discount' },
  ],
  ['  1) Cart applies the discount:', { test: 'Cart applies the discount:' }],
  ['[ERROR] applies(shop.CartTest)  Time elapsed: 0.02 s  <<< FAILURE!', { test: 'applies(shop.CartTest)' }],
  ['CartTest > applies() FAILED', { test: 'CartTest > applies()' }],
  ['[info] - applies the discount *** FAILED ***', { test: 'applies the discount' }],
  ['--- FAIL: TestApplies (0.00s)', { test: 'TestApplies' }],
  ['test tests::applies ... FAILED', { test: 'tests::applies' }],
  [
    'rspec ./spec/cart_spec.rb:12 # Cart applies the discount',
    { file: './spec/cart_spec.rb', row: '12', test: 'Cart applies the discount' },
  ],
  ['  Shop.Tests.Cart.Applies [FAIL]', { test: 'Shop.Tests.Cart.Applies' }],
  ['[  FAILED  ] Cart.Applies (0 ms)', { test: 'Cart.Applies' }],
  ['not ok 3 - applies the discount', { test: 'applies the discount' }],
  ['  1) [chromium] › cart.spec.ts:7:1 › pays', { file: 'cart.spec.ts', row: '7', test: 'pays' }],
  [
    "src/pay.ts(3,48): error TS2339: Property 'reason' does not exist.",
    { file: 'src/pay.ts', row: '3', code: 'TS2339' },
  ],
  ["src/pay.ts:3:48 - error TS2339: Property 'reason' does not exist.", { file: 'src/pay.ts', code: 'TS2339' }],
  ['main.c:2:52: error: expected token', { file: 'main.c', row: '2', message: 'expected token' }],
  [
    '[ERROR] /src/Cart.java:[12,3] cannot find symbol',
    { file: '/src/Cart.java', row: '12', message: 'cannot find symbol' },
  ],
  ['e: file:///src/Cart.kt:12:3 Unresolved reference: foo', { message: 'Unresolved reference: foo' }],
  ['./cart.go:12:3: undefined: total', { file: './cart.go', row: '12', message: 'undefined: total' }],
  ['cart.py:3:80: E501 line too long', { file: 'cart.py', row: '3', code: 'E501' }],
  ['[warn] src/pay.ts', { file: 'src/pay.ts' }],
  ['##[error]Process completed with exit code 127.', { code: '127' }],
  ['The command "npm test" exited with 1.', { code: '1' }],
  ['FAILED CONSISTENTLY: test/test_cart.py::CartTests::test_total', { test: 'CartTests::test_total' }],
  ['FAILED: [code=1] src/CMakeFiles/cart.dir/cart.cc.o ', { file: 'src/CMakeFiles/cart.dir/cart.cc.o' }],
  ['Command took >30min, returning 124', { code: '124' }],
];

describe('signatures', () => {
  test.each(SAMPLES)('"%s" is read', (line, facts) => {
    const { matches } = scoreText(line);

    expect(matches.map(({ signature }) => ({ ...signature.pattern.exec(line)?.groups }))).toContainEqual(
      expect.objectContaining(facts),
    );
  });

  test.each([
    'Error: Cannot connect to the Docker daemon at unix:///var/run/docker.sock',
    'npm error code ERESOLVE',
    'ERROR: No matching distribution found for shop==9',
    'error: failed to push some refs',
    'Error: UPGRADE FAILED: timed out waiting for the condition',
    'dd: error writing: No space left on device',
    'bash: line 1: terraformx: command not found',
    'ModuleNotFoundError: No module named x',
    'fatal: unable to access: Could not resolve host: git.shop.example',
    '##[error]The operation was canceled.',
    'Command took >30min, returning 124',
    'The suite took more than 2 hours',
    './a.md:3 [✖] https://x.example → Status: 404',
    'undefined reference to `total`',
  ])('"%s" weighs much', (line) => {
    expect(scoreText(line).value).toBeGreaterThanOrEqual(6);
  });

  test.each([
    'Downloading error-stack v0.4.1',
    '✓ throws an error when the cart is empty (3 ms)',
    'Tests run: 12, Failures: 0, Errors: 0, Skipped: 0',
    'found 0 errors and 0 warnings',
    'npm warn deprecated error-ex@1.0.0',
    'test tests::error_is_returned ... ok',
    'Post job cleanup.',
    'Installing errors-go 1.2',
  ])('"%s" weighs little', (line) => {
    expect(scoreText(line).value).toBeLessThan(2);
  });

  const lines = [
    ...SAMPLES.map(([line]) => line),
    ...['jest', 'cargo', 'pytest', 'tsc', 'make', 'unittest', 'node-test', 'git-clone', 'prettier'].flatMap((name) =>
      realLog(name)
        .split('\n')
        .map((line) => cleanText(line).text),
    ),
  ];

  test('whatever a pattern matches holds one of its literals, so the prefilter loses nothing', () => {
    for (const { pattern, literals } of SIGNATURES) {
      for (const line of lines.filter((text) => pattern.test(text))) {
        expect({ line, found: literals.some((literal) => line.toLowerCase().includes(literal)) }).toEqual({
          line,
          found: true,
        });
      }
    }
  });

  test('literals are of three bytes or more, and in lower case', () => {
    const literals = SIGNATURES.flatMap((signature) => signature.literals);

    expect(literals.filter((literal) => Buffer.byteLength(literal) < 3 || literal !== literal.toLowerCase())).toEqual(
      [],
    );
  });

  test('a line without any literal costs no pattern', () => {
    expect(hitsOf(LOG_PREFILTER, Buffer.from('hello world'))).toEqual([]);
    expect(scoreLine('hello world', [])).toEqual({ value: 0, matches: [] });
  });
});

describe('what says why, and what only says that', () => {
  test.each([
    'This change has 3174 lines which is more than the 2000 maximum',
    'Branch sits on top of 12 open ones; refusing to run CI.',
    'coverage threshold for lines (99%) not met: 98.1%',
    'The build left the local git checkout dirty',
    'error: you have uncommitted changes',
  ])('"%s" is a reason', (line) => {
    expect(scoreText(line).value).toBeGreaterThanOrEqual(5);
  });

  test.each([
    '##[error][wrapper] Step script exited with code 1. Check the step logs above for the actual error.',
    '##[error]Executing the custom container implementation failed. Please contact your administrator.',
  ])('"%s" weighs less than the reason above it', (line) => {
    expect(scoreText(line).value).toBeLessThan(4);
  });

  test.each([
    '=== If your build fails, please take a look at the log above for possible reasons ===',
    'Compilation failures                  0',
    'Failed to upload test reports: An error occurred (AccessDenied)',
    'storage write check failed: PermissionDenied',
    '[ERROR] Re-run Maven using the -X switch to enable full debug logging.',
    '[ERROR] [Help 1] http://help.example/MojoFailureException',
    '  error: [Function: onError],',
    '    failed: undefined,',
    '    --set-timeout [n]',
    '# Starting Test: client - connection refused',
  ])('"%s" is hardly a hint', (line) => {
    expect(scoreText(line).value).toBeLessThan(2.5);
  });

  test.each([
    '✖ 139:0  Parameter type is too wide',
    '✖ Variable $warning is not used!',
    '✖ eslint --fix:',
    '# Failed test paths',
    '---- end stderr ----',
  ])('"%s" names no test', (line) => {
    const named = scoreText(line).matches.filter(
      ({ signature: { role, pattern } }) => role === 'test' && pattern.exec(line)?.groups?.['test'] !== undefined,
    );

    expect(named).toEqual([]);
  });
});
