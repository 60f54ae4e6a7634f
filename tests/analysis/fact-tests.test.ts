import { describe, expect, test } from '@jest/globals';
import { digest } from './support.ts';

interface Case {
  tool: string;
  log: string;
  /** What must be known of each test, in order. */
  tests: ReadonlyArray<{ name: string; file?: string; line?: number; message?: string }>;
}

const CASES: readonly Case[] = [
  {
    tool: 'Jest',
    log: `
 FAIL  test/cart.test.js
  ● cart › applies the discount once

    expect(received).toBe(expected)

    Expected: 90
    Received: 81

      at Object.<anonymous> (test/cart.test.js:12:20)

Tests:       1 failed, 3 passed, 4 total`,
    tests: [
      { name: 'cart › applies the discount once', file: 'test/cart.test.js', line: 12, message: 'expected 90, got 81' },
    ],
  },
  {
    tool: 'Vitest',
    log: `
 FAIL  src/cart.test.ts > cart > adds up
AssertionError: expected 81 to be 90 // Object.is equality
 ❯ src/cart.test.ts:9:21
 Test Files  1 failed (1)
      Tests  1 failed | 2 passed (3)`,
    tests: [{ name: 'cart > adds up', file: 'src/cart.test.ts', line: 9, message: 'expected 81 to be 90' }],
  },
  {
    tool: 'Minitest, with a colon in the name',
    log: `Failure:\nCartTests::RakeTest#test_cart:create_works_once:\nExpected false to be truthy.\n1 runs, 1 assertions, 1 failures`,
    tests: [{ name: 'CartTests::RakeTest#test_cart:create_works_once' }],
  },
  {
    tool: 'Deno',
    log: `running 2 tests from ./src/cart_test.ts
adds up ... ok (1ms)
keeps the tax ... FAILED (3ms)

 ERRORS

keeps the tax => ./src/cart_test.ts:9:6
error: AssertionError: Values are not equal.

FAILED | 1 passed | 1 failed (12ms)`,
    tests: [
      { name: 'keeps the tax', file: 'src/cart_test.ts', line: 9, message: 'AssertionError: Values are not equal' },
    ],
  },
  {
    tool: 'Bun, which says the reason above the name',
    log: `src/cart.test.ts:
6 |   expect(total()).toBe(90);
                      ^
error: expect(received).toBe(expected)
(fail) cart adds up [0.41ms]

 3 pass
 1 fail
##[error]Process completed with exit code 1.`,
    tests: [{ name: 'cart adds up', message: 'expect(received).toBe(expected)' }],
  },
  {
    tool: 'Go, in a panic',
    log: `panic: runtime error: index out of range [3] with length 3 [recovered]
goroutine 7 [running]:
testing.tRunner.func1.2({0x5a1f20, 0x7b9f60})
shop.example/cart.(*Cart).Last(...)
	/home/runner/work/cart/cart/cart.go:17
shop.example/cart.TestLast(0xc0000b6680)
	/home/runner/work/cart/cart/cart_test.go:9 +0x21
FAIL	shop.example/cart	0.006s`,
    tests: [{ name: 'TestLast', message: 'runtime error: index out of range [3] with length 3' }],
  },
  {
    tool: 'Go, in words of the test',
    log: `--- FAIL: TestTotalOnce (0.02s)
    testing.go:1398: race detected during execution of test
FAIL
FAIL	shop.example/cart	0.034s`,
    tests: [{ name: 'TestTotalOnce', message: 'race detected during execution of test' }],
  },
  {
    tool: 'EUnit, as rebar3 prints it',
    log: `Failures:

  1) cart_tests:total_test/0: module 'cart_tests'
     Failure/Error: ?assertEqual(90, cart:total())
       expected: 90
            got: 81
     %% /home/runner/work/cart/cart/test/cart_tests.erl:19:in \`cart_tests:-total_test/0-fun-0-/0\`
3 tests, 1 failures`,
    tests: [{ name: 'cart_tests:total_test/0', file: 'test/cart_tests.erl', line: 19, message: 'expected 90, got 81' }],
  },
  {
    tool: 'hspec, with both halves of the contrast',
    log: `  test/CartSpec.hs:22:7:
  1) Cart.total adds up
       expected: 90
        but got: 81

18 examples, 1 failure`,
    tests: [{ name: 'Cart.total adds up', file: 'test/CartSpec.hs', line: 22, message: 'expected 90, got 81' }],
  },
  {
    tool: 'testthat under R CMD check',
    log: `* checking tests ...
Running the tests in ‘tests/testthat.R’ failed.
Last 13 lines of output:
  ── Failure ('test-cart.R:12:3'): total adds up ─────────────────────
  total(cart) not equal to 90.

  [ FAIL 1 | WARN 0 | SKIP 0 | PASS 20 ]
  Error: Test failures
  Execution halted`,
    tests: [{ name: 'total adds up', file: 'test-cart.R', line: 12 }],
  },
  {
    tool: 'Julia',
    log: `tax rounds: Test Failed at /home/runner/work/Cart.jl/Cart.jl/test/tax.jl:42
  Expression: tax() ≈ 1.0
   Evaluated: 0.5 ≈ 1.0
ERROR: LoadError: Some tests did not pass: 11 passed, 1 failed, 0 errored, 0 broken.`,
    tests: [{ name: 'tax rounds', file: 'test/tax.jl', line: 42, message: 'Evaluated: 0.5 ≈ 1.0' }],
  },
  {
    tool: 'Mocha',
    log: `
  cart
    ✓ is empty
    1) applies the discount once

  1 passing (9ms)
  1 failing

  1) cart
       with a discount
         applies the discount once:
     AssertionError [ERR_ASSERTION]: 81 == 90
      at Context.<anonymous> (test/cart.js:7:12)`,
    tests: [
      { name: 'cart with a discount applies the discount once', file: 'test/cart.js', line: 7, message: '81 == 90' },
    ],
  },
  {
    tool: 'node:test',
    log: `
✖ ships within the country for free (1.2ms)
ℹ tests 2
ℹ fail 1

✖ failing tests:

test at test/shipping.test.js:8:1
✖ ships within the country for free (1.2ms)
  AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:`,
    tests: [{ name: 'ships within the country for free', file: 'test/shipping.test.js', line: 8 }],
  },
  {
    tool: 'AVA',
    log: `
  ✘ [fail]: cart › adds up Difference
  ─
  cart › adds up
  test/cart.js:5
  1 test failed`,
    tests: [{ name: 'cart › adds up Difference' }],
  },
  {
    tool: 'TAP',
    log: `
ok 1 - is empty
not ok 2 - adds up
  ---
  operator: equal
  expected: 90
  actual:   81
  at: Test.<anonymous> (/tmp/x.js:1:1)
  location: 'test/cart.js:5:3'
  ...
not ok 3 - later # TODO not yet`,
    tests: [{ name: 'adds up', file: 'test/cart.js', line: 5 }],
  },
  {
    tool: 'Playwright',
    log: `
  1) [chromium] › tests/cart.spec.ts:12:5 › cart › shows the total ─────────────

    Error: expect(locator).toHaveText(expected) failed

  1 failed`,
    tests: [{ name: 'cart › shows the total', file: 'tests/cart.spec.ts', line: 12, message: 'expect(locator)' }],
  },
  {
    tool: 'Cypress',
    log: `
  1 passing (2s)
  1 failing

  1) checkout
       pays:
     AssertionError: Timed out retrying after 4000ms: Expected to find element: \`#pay\`, but never found it.`,
    tests: [{ name: 'checkout pays', message: 'Timed out retrying' }],
  },
  {
    tool: 'Karma',
    log: `
Chrome Headless 120.0.0.0 (Linux 0.0.0) cart adds up FAILED
	Error: Expected 81 to be 90.
	    at UserContext.<anonymous> (src/cart.spec.ts:7:19)
Chrome Headless 120.0.0.0 (Linux 0.0.0): Executed 3 of 3 (1 FAILED) (0.1 secs)`,
    tests: [{ name: 'cart adds up', file: 'src/cart.spec.ts', line: 7, message: 'Expected 81 to be 90.' }],
  },
  {
    tool: 'pytest',
    log: `
=================================== FAILURES ===================================
_______________________________ TestCart.test_total ____________________________

    def test_total(self):
>       assert total([1]) == 2
E       assert 1 == 2

tests/test_cart.py:12: AssertionError
=========================== short test summary info ============================
FAILED tests/test_cart.py::TestCart::test_total - assert 1 == 2
FAILED tests/test_cart.py::test_tax[7-de] - ValueError: no rate
ERROR tests/test_pay.py - ModuleNotFoundError: No module named 'bank'
==================== 2 failed, 1 error in 0.12s ====================`,
    tests: [
      { name: 'TestCart::test_total', file: 'tests/test_cart.py', line: 12, message: 'assert 1 == 2' },
      { name: 'test_tax[7-de]', file: 'tests/test_cart.py', message: 'ValueError: no rate' },
      { name: 'tests/test_pay.py', file: 'tests/test_pay.py', message: "No module named 'bank'" },
    ],
  },
  {
    tool: 'unittest',
    log: `
======================================================================
FAIL: test_total (shop.tests.CartTest.test_total)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "/home/runner/work/shop/shop/tests/test_cart.py", line 14, in test_total
    self.assertEqual(total(), 90)
AssertionError: 81 != 90
----------------------------------------------------------------------
FAILED (failures=1)`,
    tests: [
      {
        name: 'test_total (shop.tests.CartTest.test_total)',
        file: 'tests/test_cart.py',
        line: 14,
        message: '81 != 90',
      },
    ],
  },
  {
    tool: 'behave',
    log: `
Failing scenarios:
  features/cart.feature:7  Adding an article

0 features passed, 1 failed, 0 skipped`,
    tests: [{ name: 'Adding an article', file: 'features/cart.feature', line: 7 }],
  },
  {
    tool: 'Surefire',
    log: `
[ERROR] Tests run: 3, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.05 s <<< FAILURE! -- in shop.CartTest
[ERROR] shop.CartTest.total -- Time elapsed: 0.004 s <<< FAILURE!
org.opentest4j.AssertionFailedError: expected: <90> but was: <81>
	at app//org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)
	at shop.CartTest.total(CartTest.java:19)
[ERROR] Failures:
[ERROR]   CartTest.total:19 expected: <90> but was: <81>
[ERROR] Tests run: 3, Failures: 1, Errors: 0, Skipped: 0`,
    tests: [{ name: 'shop.CartTest.total', file: 'CartTest.java', line: 19, message: 'expected: <90> but was: <81>' }],
  },
  {
    tool: 'Surefire, old',
    log: `
total(shop.CartTest)  Time elapsed: 0.004 sec  <<< FAILURE!
java.lang.AssertionError: expected:<90> but was:<81>

Failed tests:
  CartTest.total:19 expected:<90> but was:<81>

Tests run: 3, Failures: 1, Errors: 0, Skipped: 0`,
    tests: [{ name: 'shop.CartTest.total', line: 19, message: 'expected:<90> but was:<81>' }],
  },
  {
    tool: 'Surefire, old, on one line',
    log: `Results :\n\nFailed tests:   total(shop.CartTest): expected:<90> but was:<81>\n  tax(shop.CartTest): no rate\n\nTests run: 3, Failures: 2, Errors: 0, Skipped: 0`,
    tests: [
      { name: 'shop.CartTest.total', message: 'expected:<90> but was:<81>' },
      { name: 'shop.CartTest.tax', message: 'no rate' },
    ],
  },
  {
    tool: 'Minitest with sentences',
    log: `TestCart#test_: a cart should add up.  [test/cart_test.rb:12]:\nExpected: 90`,
    tests: [{ name: 'TestCart#test_: a cart should add up', file: 'test/cart_test.rb', line: 12 }],
  },
  {
    tool: 'Mozilla’s harnesses',
    log: `TEST-UNEXPECTED-FAIL | dom/cart/test_total.html | Test timed out.`,
    tests: [{ name: 'dom/cart/test_total.html', message: 'Test timed out.' }],
  },
  {
    tool: 'Gradle with Spock',
    log: `
CartSpec > adds up all articles FAILED
    Condition not satisfied:
        at shop.CartSpec.adds up all articles(CartSpec.groovy:21)
3 tests completed, 1 failed`,
    tests: [{ name: 'CartSpec > adds up all articles', file: 'CartSpec.groovy', line: 21 }],
  },
  {
    tool: 'Gradle, failing in a helper',
    log: `CartTest > adds() FAILED\n    java.lang.AssertionError: 81\n        at app//org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)\n        at app//shop.Checks.check(Checks.java:9)`,
    tests: [{ name: 'CartTest > adds()', file: 'Checks.java', line: 9 }],
  },
  {
    tool: 'Ant',
    log: `
    [junit] Testcase: total took 0.012 sec
    [junit] 	FAILED
    [junit] expected:<90> but was:<81>
    [junit] junit.framework.AssertionFailedError: expected:<90> but was:<81>
    [junit] 	at shop.CartTest.total(CartTest.java:19)
BUILD FAILED`,
    tests: [{ name: 'shop.CartTest.total', file: 'CartTest.java', line: 19 }],
  },
  {
    tool: 'ScalaTest',
    log: `
[info] - should add up *** FAILED ***
[info]   81 did not equal 90 (CartSpec.scala:14)
[info] *** 1 TEST FAILED ***`,
    tests: [{ name: 'should add up' }],
  },
  { tool: 'specs2', log: `[error]   x adds up\n[error]  81 != 90 (CartSpec.scala:14)`, tests: [{ name: 'adds up' }] },
  {
    tool: 'clojure.test',
    log: `FAIL in (total-test) (cart_test.clj:9)\nexpected: (= 90 (total cart))\n  actual: (not (= 90 81))`,
    tests: [{ name: 'total-test', file: 'cart_test.clj', line: 9 }],
  },
  {
    tool: 'go test',
    log: `
=== RUN   TestTotal/with_discount
    cart_test.go:21: got 81, want 90
--- FAIL: TestTotal (0.00s)
    --- FAIL: TestTotal/with_discount (0.00s)
        cart_test.go:21: got 81, want 90
FAIL
FAIL	shop.example/cart	0.004s`,
    tests: [{ name: 'TestTotal/with_discount', file: 'cart_test.go', line: 21 }],
  },
  {
    tool: 'cargo test',
    log: `
test tests::sums ... FAILED

failures:

---- tests::sums stdout ----
thread 'tests::sums' panicked at src/lib.rs:17:9:
assertion \`left == right\` failed
  left: 81
 right: 90

test result: FAILED. 2 passed; 1 failed`,
    tests: [{ name: 'tests::sums', file: 'src/lib.rs', line: 17, message: 'expected 90, got 81' }],
  },
  {
    tool: 'nextest',
    log: `        FAIL [   0.005s] shop cart::tests::sums\n     Summary [   0.006s] 2 tests run: 1 passed, 1 failed, 0 skipped`,
    tests: [{ name: 'shop.cart::tests::sums' }],
  },
  {
    tool: 'RSpec',
    log: `
Failures:

  1) Cart adds up
     Failure/Error: expect(cart.total).to eq(90)

       expected: 90
            got: 81
     # ./spec/cart_spec.rb:12:in \`block (2 levels) in <top (required)>'

3 examples, 1 failure

rspec ./spec/cart_spec.rb:10 # Cart adds up`,
    tests: [{ name: 'Cart adds up', file: 'spec/cart_spec.rb' }],
  },
  {
    tool: 'Minitest',
    log: `
  1) Failure:
CartTest#test_total [test/cart_test.rb:12]:
Expected: 90
  Actual: 81

3 runs, 3 assertions, 1 failures, 0 errors, 0 skips`,
    tests: [{ name: 'CartTest#test_total', file: 'test/cart_test.rb', line: 12, message: 'expected 90, got 81' }],
  },
  {
    tool: 'Cucumber',
    log: `cucumber features/cart.feature:7 # Scenario: Adding an article\n1 scenario (1 failed)`,
    tests: [{ name: 'Adding an article', file: 'features/cart.feature', line: 7 }],
  },
  {
    tool: 'PHPUnit',
    log: `
There was 1 failure:

1) Shop\\Tests\\CartTest::testTotal with data set #1 (7, 'de')
Failed asserting that 81 matches expected 90.

/home/runner/work/shop/shop/tests/CartTest.php:19

FAILURES!
Tests: 3, Assertions: 4, Failures: 1.`,
    tests: [
      {
        name: "Shop\\Tests\\CartTest::testTotal with data set #1 (7, 'de')",
        file: 'tests/CartTest.php',
        line: 19,
        message: 'Failed asserting that 81 matches expected 90.',
      },
    ],
  },
  {
    tool: 'Pest',
    log: `
   FAIL  Tests\\Unit\\CartTest
  ⨯ it adds up                                                        0.02s
   FAILED  Tests\\Unit\\CartTest > it adds up
  Failed asserting that 81 is identical to 90.
  at tests/Unit/CartTest.php:7
  Tests:    1 failed, 2 passed (3 assertions)`,
    tests: [{ name: 'Tests\\Unit\\CartTest > it adds up', file: 'tests/Unit/CartTest.php', line: 7 }],
  },
  {
    tool: 'dotnet test',
    log: `
  Failed Shop.Tests.CartTest.Total(rate: 7) [12 ms]
  Error Message:
   Assert.Equal() Failure: Values differ
Expected: 90
Actual:   81
  Stack Trace:
     at Shop.Tests.CartTest.Total(Int32 rate) in /src/tests/CartTest.cs:line 19
Failed!  - Failed:     1, Passed:     2`,
    tests: [
      {
        name: 'Shop.Tests.CartTest.Total(rate: 7)',
        file: '/src/tests/CartTest.cs',
        line: 19,
        message: 'expected 90, got 81',
      },
    ],
  },
  {
    tool: 'xUnit',
    log: `[xUnit.net 00:00:01.20]     Shop.CartTest.Total [FAIL]`,
    tests: [{ name: 'Shop.CartTest.Total' }],
  },
  {
    tool: 'NUnit',
    log: `1) Failed : Shop.CartTest.Total\n  Expected: 90\n  But was:  81`,
    tests: [{ name: 'Shop.CartTest.Total', message: 'expected 90, got 81' }],
  },
  {
    tool: 'googletest',
    log: `
[ RUN      ] Cart.Total
tests/cart_test.cc:21: Failure
Expected equality of these values:
[  FAILED  ] Cart.Total (0 ms)
[  FAILED  ] 1 test, listed below:
[  FAILED  ] Cart.Total`,
    tests: [{ name: 'Cart.Total', file: 'tests/cart_test.cc', line: 21 }],
  },
  {
    tool: 'CTest',
    log: `
 3/3 Test #3: cart_total .......................***Failed    0.01 sec
The following tests FAILED:
	  3 - cart_total (Failed)
Errors while running CTest`,
    tests: [{ name: 'cart_total', message: 'Failed' }],
  },
  {
    tool: 'Catch2',
    log: `
-------------------------------------------------------------------------------
Cart adds up
-------------------------------------------------------------------------------
tests/cart.cpp:9
...............................................................................

tests/cart.cpp:12: FAILED:
  REQUIRE( total() == 90 )
with expansion:
  81 == 90`,
    tests: [{ name: 'Cart adds up', file: 'tests/cart.cpp', line: 12 }],
  },
  {
    tool: 'Boost.Test',
    log: `tests/cart.cpp(12): error: in "cart/adds_up": check total() == 90 has failed [81 != 90]`,
    tests: [{ name: 'cart/adds_up', file: 'tests/cart.cpp', line: 12 }],
  },
  {
    tool: 'Qt Test',
    log: `FAIL!  : TestCart::total() Compared values are not the same\n   Actual   (total): 81\n   Expected (90)   : 90\n   Loc: [tests/tst_cart.cpp(12)]`,
    tests: [{ name: 'TestCart::total()', file: 'tests/tst_cart.cpp', line: 12 }],
  },
  {
    tool: 'Bazel',
    log: `//shop/cart:cart_test                      FAILED in 1.2s`,
    tests: [{ name: '//shop/cart:cart_test' }],
  },
  { tool: 'Automake', log: `PASS: tests/empty.sh\nFAIL: tests/total.sh`, tests: [{ name: 'tests/total.sh' }] },
  {
    tool: 'Meson',
    log: `3/4 shop:unit / total       FAIL            0.05s   exit status 1`,
    tests: [{ name: 'shop:unit / total' }],
  },
  {
    tool: 'XCTest',
    log: `
/Users/runner/work/shop/shop/Tests/CartTests.swift:19: error: -[ShopTests.CartTests testTotal] : XCTAssertEqual failed: ("81") is not equal to ("90")
Test Case '-[ShopTests.CartTests testTotal]' failed (0.003 seconds).`,
    tests: [
      {
        name: 'ShopTests.CartTests testTotal',
        file: 'Tests/CartTests.swift',
        line: 19,
        message: 'XCTAssertEqual failed',
      },
    ],
  },
  {
    tool: 'swift test',
    log: `Tests/CartTests.swift:19: error: CartTests.testTotal : XCTAssertEqual failed: ("81") is not equal to ("90")`,
    tests: [{ name: 'CartTests.testTotal', file: 'Tests/CartTests.swift', line: 19 }],
  },
  {
    tool: 'Swift Testing',
    log: `✘ Test "adds up" recorded an issue at CartTests.swift:12:5: Expectation failed: (total → 81) == 90`,
    tests: [{ name: '"adds up"', file: 'CartTests.swift', line: 12, message: 'Expectation failed' }],
  },
  {
    tool: 'Dart',
    log: `00:01 +3 -1: test/cart_test.dart: cart adds up [E]\n  Expected: <90>\n    Actual: <81>\n  test/cart_test.dart 12:5  main.<fn>`,
    tests: [{ name: 'cart adds up', file: 'test/cart_test.dart', line: 12 }],
  },
  {
    tool: 'ExUnit',
    log: `
  1) test adds up (Shop.CartTest)
     test/shop/cart_test.exs:7
     Assertion with == failed
     left:  81
     right: 90
3 tests, 1 failure`,
    tests: [{ name: 'test adds up (Shop.CartTest)', file: 'test/shop/cart_test.exs', line: 7 }],
  },
  {
    tool: 'EUnit',
    log: `cart_tests: total_test...*failed*\nin function cart_tests:total_test/0`,
    tests: [{ name: 'cart_tests: total_test' }],
  },
  {
    tool: 'Common Test',
    log: `%%% cart_SUITE ==> total: FAILED\n%%% cart_SUITE ==> {test_case_failed,81}`,
    tests: [{ name: 'cart_SUITE.total' }],
  },
  {
    tool: 'Hspec',
    log: `
Failures:

  test/CartSpec.hs:12:14:
  1) Cart.total adds up
       expected: 90
        but got: 81

3 examples, 1 failure`,
    tests: [{ name: 'Cart.total adds up', file: 'test/CartSpec.hs', line: 12 }],
  },
  { tool: 'Tasty', log: `  cart\n    adds up:       FAIL (0.01s)\n      expected: 90`, tests: [{ name: 'adds up' }] },
  {
    tool: 'Perl’s prove',
    log: `#   Failed test 'adds up'\n#   at t/cart.t line 12.\n#          got: '81'\n#     expected: '90'\nResult: FAIL`,
    tests: [{ name: 'adds up', file: 't/cart.t', line: 12 }],
  },
  {
    tool: 'testthat',
    log: `── Failure (test-cart.R:12:3): totals add up ─────────────\n\`x\` not equal to 90.\n[ FAIL 1 | WARN 0 | SKIP 0 | PASS 2 ]`,
    tests: [{ name: 'totals add up', file: 'test-cart.R', line: 12 }],
  },
  {
    tool: 'Julia',
    log: `adds up: Test Failed at /home/runner/work/Shop/Shop/test/runtests.jl:12\n  Expression: total() == 90\n   Evaluated: 81 == 90`,
    tests: [{ name: 'adds up', file: 'test/runtests.jl', line: 12 }],
  },
  {
    tool: 'busted',
    log: `Failure → spec/cart_spec.lua @ 12\ncart adds up\nspec/cart_spec.lua:14: Expected objects to be equal.`,
    tests: [{ name: 'cart adds up', file: 'spec/cart_spec.lua', line: 12 }],
  },
  {
    tool: 'elm-test',
    log: `✗ adds up\n\n    81\n    ╷\n    │ Expect.equal\n\nTEST RUN FAILED\n\nFailed:   1`,
    tests: [{ name: 'adds up' }],
  },
  {
    tool: 'Alcotest',
    log: `  [FAIL]        cart          0   total.\n1 failure! in 0.001s. 3 tests run.`,
    tests: [{ name: 'cart          0   total' }],
  },
  { tool: 'Nim', log: `[Suite] cart\n  [FAILED] adds up`, tests: [{ name: 'adds up' }] },
  {
    tool: 'Crystal',
    log: `crystal spec spec/cart_spec.cr:12 # Cart adds up`,
    tests: [{ name: 'Cart adds up', file: 'spec/cart_spec.cr', line: 12 }],
  },
  { tool: 'Zig', log: `2/3 cart.test.adds up... FAIL (TestExpectedEqual)`, tests: [{ name: 'cart.test.adds up' }] },
  {
    tool: 'bats',
    log: `not ok 2 adds up\n# (in test file test/cart.bats, line 12)\n#   \`[ "$total" = 90 ]' failed`,
    tests: [{ name: 'adds up' }],
  },
  {
    tool: 'PHP’s own tests',
    log: `FAIL Total of a cart [ext/cart/tests/total.phpt]`,
    tests: [{ name: 'Total of a cart', file: 'ext/cart/tests/total.phpt' }],
  },
];

describe('failing tests', () => {
  test.each(CASES.map((given) => [given.tool, given] as const))(
    'of %s are named with what is known of them',
    async (_, { log, tests }) => {
      const { failingTests } = (await digest(`${log}\n##[error]Process completed with exit code 1.\n`)).facts;

      expect(failingTests).toHaveLength(tests.length);
      expect(failingTests).toMatchObject(
        tests.map(({ message, ...known }) =>
          message === undefined ? known : { ...known, message: expect.stringContaining(message) },
        ),
      );
    },
  );

  test.each([
    ['a numbered list', '1) Install the tool\n2) Run it\nerror: no tool'],
    ['a checklist', '✗ Could not reach the registry\nerror: no registry'],
    ['a test that is only planned', 'not ok 3 - later # TODO not yet\nerror: gone'],
    ['a rule of commit messages', '✖   subject may not be empty [subject-empty]\n✖   found 1 problems, 0 warnings'],
  ])('are not read from %s', async (_, log) => {
    expect((await digest(log)).facts.failingTests).toEqual([]);
  });
});
