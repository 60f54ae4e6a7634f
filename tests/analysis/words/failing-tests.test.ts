import { describe, expect, test } from '@jest/globals';
import { explain, step } from './support.ts';

/** What the log says, and the words that it becomes. */
const CASES: ReadonlyArray<{ what: string; log: string; headline: string; cause: string; next: string }> = [
  {
    what: 'pytest: one test',
    log: step(
      'pytest',
      `=================================== FAILURES ===================================
_______________________________ test_gross_rounds ______________________________

    def test_gross_rounds():
>       assert gross(10) == 11.89
E       assert 11.9 == 11.89

tests/test_price.py:12: AssertionError
=========================== short test summary info ============================
FAILED tests/test_price.py::test_gross_rounds - assert 11.9 == 11.89
========================= 1 failed, 41 passed in 0.12s =========================`,
    ),
    headline: 'Test "test_gross_rounds" fails in test_price.py: assert 11.9 == 11.89',
    cause:
      'pytest reports one failing test of 42 in tests/test_price.py, line 12. It happens in the command "pytest" (exit code 1).',
    next: 'Run it locally: pytest "tests/test_price.py::test_gross_rounds"',
  },
  {
    what: 'pytest: three tests of a class',
    log: step(
      'pytest tests',
      `=========================== short test summary info ============================
FAILED tests/test_user.py::TestUserLogin::test_locked - AssertionError: assert 200 == 423
FAILED tests/test_user.py::TestUserLogin::test_expired - AssertionError: assert 200 == 401
FAILED tests/test_user.py::TestUserLogin::test_unknown - KeyError: 'user'
========================= 3 failed, 9 passed in 1.20s =========================`,
    ),
    headline: '3 tests fail in TestUserLogin (pytest): test_locked, test_expired and test_unknown',
    cause:
      'pytest reports 3 failing tests of 12. TestUserLogin::test_locked says: assert 200 == 423. It happens in the command "pytest tests" (exit code 1).',
    next: 'Start with the first: pytest "tests/test_user.py::TestUserLogin::test_locked"',
  },
  {
    what: 'unittest',
    log: step(
      'python -m unittest',
      `======================================================================
FAIL: test_adds (shop.tests.test_cart.CartTest.test_adds)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "shop/tests/test_cart.py", line 9, in test_adds
    self.assertEqual(total, 3)
AssertionError: 2 != 3

----------------------------------------------------------------------
Ran 14 tests in 0.002s

FAILED (failures=1)`,
    ),
    headline: 'Test "CartTest.test_adds" fails in test_cart.py: 2 != 3',
    cause:
      'unittest reports one failing test in shop/tests/test_cart.py, line 9. It happens in the command "python -m unittest" (exit code 1).',
    next: 'Run it locally: python -m unittest shop.tests.test_cart.CartTest.test_adds',
  },
  {
    what: 'Jest: one test',
    log: step(
      'npx jest',
      `FAIL test/cart.test.js
  cart
    ✓ adds (2 ms)
    ✕ applies the discount once (4 ms)

  ● cart › applies the discount once

    expect(received).toBe(expected) // Object.is equality

    Expected: 90
    Received: 81

      12 |   expect(total).toBe(90);

      at Object.toBe (test/cart.test.js:12:17)

Tests:       1 failed, 7 passed, 8 total`,
    ),
    headline: 'Test "cart › applies the discount once" fails in cart.test.js: expected 90, got 81',
    cause:
      'Jest reports one failing test of 8 in test/cart.test.js, line 12. It happens in the command "npx jest" (exit code 1).',
    next: 'Run it locally: npx jest test/cart.test.js -t "cart applies the discount once"',
  },
  {
    what: 'Vitest',
    log: step(
      'npx vitest run',
      ` FAIL  src/price.test.ts > price > rounds to cents
AssertionError: expected 11.9 to be 11.89
 ❯ src/price.test.ts:7:23

 Test Files  1 failed (1)
      Tests  1 failed | 3 passed (4)`,
    ),
    headline: 'Test "price > rounds to cents" fails in price.test.ts: expected 11.9 to be 11.89',
    cause:
      'Vitest reports one failing test in src/price.test.ts, line 7. It happens in the command "npx vitest run" (exit code 1).',
    next: 'Run it locally: npx vitest run src/price.test.ts -t "price rounds to cents"',
  },
  {
    what: 'go test: a test with its subtest',
    log: step(
      'go test ./...',
      `--- FAIL: TestTotal (0.00s)
    --- FAIL: TestTotal/with_tax (0.00s)
        cart_test.go:31: got 10, want 12
FAIL
FAIL	example.com/shop/cart	0.003s`,
    ),
    headline: 'Test "TestTotal/with_tax" fails in cart_test.go: got 10, want 12',
    cause:
      'go test reports one failing test in cart_test.go, line 31. It happens in the command "go test ./..." (exit code 1).',
    next: "Run it locally: go test -run '^TestTotal$/^with_tax$' ./...",
  },
  {
    what: 'cargo test',
    log: step(
      'cargo test',
      `running 2 tests
test cart::tests::adds ... ok
test cart::tests::rounds ... FAILED

failures:

---- cart::tests::rounds stdout ----
thread 'cart::tests::rounds' panicked at src/cart.rs:31:9:
assertion failed: total.is_rounded()

failures:
    cart::tests::rounds

test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s

error: test failed, to rerun pass \`--lib\``,
      101,
    ),
    headline: 'Test "cart::tests::rounds" fails: assertion failed: total.is_rounded()',
    cause:
      'cargo test reports one failing test of 2 in src/cart.rs, line 31. It happens in the command "cargo test" (exit code 101).',
    next: 'Run it locally: cargo test cart::tests::rounds',
  },
  {
    what: 'Maven Surefire',
    log: step(
      'mvn -B verify',
      `[ERROR] Tests run: 12, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.4 s <<< FAILURE! - in com.shop.cart.CartTest
[ERROR] com.shop.cart.CartTest.addsTax  Time elapsed: 0.01 s  <<< FAILURE!
org.opentest4j.AssertionFailedError: expected: <12> but was: <10>
	at com.shop.cart.CartTest.addsTax(CartTest.java:31)
[ERROR] Failures:
[ERROR]   CartTest.addsTax:31 expected: <12> but was: <10>
[ERROR] Tests run: 12, Failures: 1, Errors: 0, Skipped: 0
[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:3.2.5:test (default-test) on project cart: There are test failures. -> [Help 1]`,
    ),
    headline: 'Test "CartTest.addsTax" fails: expected: <12> but was: <10>',
    cause:
      'Maven reports one failing test of 12 in CartTest.java, line 31. It happens in the command "mvn -B verify" (exit code 1).',
    next: 'Run it locally: mvn -Dtest=CartTest#addsTax test',
  },
  {
    what: 'Gradle',
    log: step(
      './gradlew test',
      `> Task :cart:test FAILED

CartTest > addsTax() FAILED
    org.opentest4j.AssertionFailedError at CartTest.java:31

CartTest > removes() FAILED
    java.lang.NullPointerException at CartTest.java:40

12 tests completed, 2 failed

FAILURE: Build failed with an exception.

* What went wrong:
Execution failed for task ':cart:test'.
> There were failing tests. See the report at: file:///build/reports/tests/test/index.html`,
    ),
    headline: '2 tests fail in CartTest (Gradle): addsTax() and removes()',
    cause:
      'Gradle reports 2 failing tests of 12. "CartTest > addsTax()" says: AssertionFailedError. It happens in the command "./gradlew test" (exit code 1).',
    next: 'Start with the first: ./gradlew test --tests "*CartTest.addsTax"',
  },
  {
    what: 'RSpec',
    log: step(
      'bundle exec rspec',
      `Failures:

  1) Cart adds the tax
     Failure/Error: expect(cart.total).to eq(12)

       expected: 12
            got: 10

     # ./spec/cart_spec.rb:9:in \`block (2 levels) in <top (required)>'

Finished in 0.01 seconds (files took 0.1 seconds to load)
10 examples, 1 failure

Failed examples:

rspec ./spec/cart_spec.rb:7 # Cart adds the tax`,
    ),
    headline: 'Test "Cart adds the tax" fails in cart_spec.rb: expect(cart.total).to eq(12); expected 12, got 10',
    cause:
      'RSpec reports one failing test of 10 in spec/cart_spec.rb, line 9. It happens in the command "bundle exec rspec" (exit code 1).',
    next: 'Run it locally: bundle exec rspec spec/cart_spec.rb:9',
  },
  {
    what: 'PHPUnit',
    log: step(
      'vendor/bin/phpunit',
      `There was 1 failure:

1) Shop\\Tests\\CartTest::testAddsTax
Failed asserting that 10 matches expected 12.

/app/tests/CartTest.php:21

FAILURES!
Tests: 30, Assertions: 41, Failures: 1.`,
    ),
    headline: 'Test "CartTest::testAddsTax" fails: Failed asserting that 10 matches expected 12.',
    cause:
      'PHPUnit reports one failing test of 30 in /app/tests/CartTest.php, line 21. It happens in the command "vendor/bin/phpunit" (exit code 1).',
    next: 'Run it locally: vendor/bin/phpunit --filter testAddsTax',
  },
  {
    what: 'dotnet test',
    log: step(
      'dotnet test',
      `  Failed Shop.Tests.CartTests.AddsTax [12 ms]
  Error Message:
   Assert.Equal() Failure: Values differ
Expected: 12
Actual:   10
  Stack Trace:
     at Shop.Tests.CartTests.AddsTax() in /src/CartTests.cs:line 21

Failed!  - Failed:     1, Passed:    20, Skipped:     0, Total:    21, Duration: 45 ms - Shop.Tests.dll (net8.0)`,
    ),
    headline: 'Test "CartTests.AddsTax" fails: expected 12, got 10',
    cause:
      'dotnet test reports one failing test of 21 in /src/CartTests.cs, line 21. It happens in the command "dotnet test" (exit code 1).',
    next: 'Run it locally: dotnet test --filter "FullyQualifiedName~CartTests.AddsTax"',
  },
  {
    what: 'GoogleTest',
    log: step(
      'ctest --output-on-failure',
      `[ RUN      ] CartTest.AddsTax
cart_test.cc:21: Failure
Expected equality of these values:
  cart.total()
    Which is: 10
  12
[  FAILED  ] CartTest.AddsTax (0 ms)
[  PASSED  ] 11 tests.
[  FAILED  ] 1 test, listed below:
[  FAILED  ] CartTest.AddsTax`,
      8,
    ),
    headline: 'Test "CartTest.AddsTax" fails in cart_test.cc',
    cause:
      'GoogleTest reports one failing test in cart_test.cc, line 21. The log shows no message of its own for it. It happens in the command "ctest --output-on-failure" (exit code 8).',
    next: 'Run it locally: TEST_PROGRAM --gtest_filter=CartTest.AddsTax',
  },
  {
    what: 'XCTest',
    log: step(
      'xcodebuild test',
      `/src/CartTests.swift:21: error: -[ShopTests.CartTests testAddsTax] : XCTAssertEqual failed: ("10") is not equal to ("12")
Test Case '-[ShopTests.CartTests testAddsTax]' failed (0.003 seconds).
** TEST FAILED **`,
      65,
    ),
    headline: 'Test "CartTests.testAddsTax" fails: XCTAssertEqual failed: ("10") is not equal to ("12")',
    cause:
      'XCTest reports one failing test in /src/CartTests.swift, line 21. It happens in the command "xcodebuild test" (exit code 65).',
    next: 'Run it locally: xcodebuild test -only-testing:ShopTests/CartTests/testAddsTax',
  },
  {
    what: 'Minitest',
    log: step(
      'bundle exec rake test',
      `  1) Failure:
CartTest#test_adds_tax [test/cart_test.rb:9]:
Expected: 12
  Actual: 10

12 runs, 12 assertions, 1 failures, 0 errors, 0 skips`,
    ),
    headline: 'Test "CartTest#test_adds_tax" fails in cart_test.rb: expected 12, got 10',
    cause:
      'Minitest reports one failing test in test/cart_test.rb, line 9. It happens in the command "bundle exec rake test" (exit code 1).',
    next: 'Run it locally: bundle exec ruby -Itest test/cart_test.rb -n test_adds_tax',
  },
  {
    what: 'ScalaTest',
    log: step(
      'sbt test',
      `[info] CartSpec:
[info] - adds the tax *** FAILED ***
[info]   10 did not equal 12 (CartSpec.scala:9)
[info] *** 1 TEST FAILED ***
[error] Failed tests:
[error] 	shop.CartSpec`,
    ),
    headline: 'Test "adds the tax" fails',
    cause:
      'sbt reports one failing test. The log shows no message of its own for it. It happens in the command "sbt test" (exit code 1).',
    next: 'Run "adds the tax" locally, and compare what it expects with what the code does now.',
  },
  {
    what: 'many tests with one message',
    log: step(
      'pytest',
      `=========================== short test summary info ============================
FAILED tests/test_a.py::test_one - ConnectionError: no database at db:5432
FAILED tests/test_b.py::test_two - ConnectionError: no database at db:5432
FAILED tests/test_c.py::test_six - ConnectionError: no database at db:5432
=================== 3 failed, 2 passed in 3.20s ====================`,
    ),
    headline: '3 tests fail (pytest): ConnectionError: no database at db:5432',
    cause:
      'pytest reports 3 failing tests of 5, all with the same message, so they most likely share one cause. It happens in the command "pytest" (exit code 1).',
    next: 'Start with the first: pytest "tests/test_a.py::test_one"',
  },
  {
    what: 'ExUnit',
    log: step(
      'mix test',
      `  1) test adds the tax (Shop.CartTest)
     test/cart_test.exs:9
     Assertion with == failed
     code:  assert total(cart) == 12
     left:  10
     right: 12

Finished in 0.02 seconds
12 tests, 1 failure`,
      2,
    ),
    headline: 'Test "adds the tax" fails in cart_test.exs: expected 12, got 10',
    cause:
      'ExUnit reports one failing test of 12 in test/cart_test.exs, line 9. It happens in the command "mix test" (exit code 2).',
    next: 'Run it locally: mix test test/cart_test.exs:9',
  },
];

describe('Tests that fail', () => {
  test.each(CASES)('$what', async ({ log, headline, cause, next }) => {
    const answer = await explain(log);

    expect(answer).toMatchObject({ headline, cause, nextStep: next });
  });
});
