/** What a command printed, in small: the local GitHub makes a whole job log around it. */
export const FAILING_JEST = `> checkout-api@2.4.0 test
> jest --ci

PASS test/money.test.js
PASS test/tax.test.js
FAIL test/cart.test.js
  ● cart › applies the discount once

    expect(received).toBe(expected) // Object.is equality

    Expected: 90
    Received: 81

      12 |   const cart = new Cart([{ price: 100 }]);
      13 |   cart.apply(discount);
    > 14 |   expect(cart.total()).toBe(90);
         |                        ^
      15 | });

      at Object.toBe (test/cart.test.js:14:24)

Test Suites: 1 failed, 2 passed, 3 total
Tests:       1 failed, 17 passed, 18 total
Snapshots:   0 total
Time:        2.113 s
Ran all test suites.`;

export const FAILING_TSC = `> checkout-api@2.4.0 build
> tsc -p .

src/payment/refund.ts(41,17): error TS2339: Property 'reason' does not exist on type 'Refund'.
src/payment/refund.ts(57,9): error TS2322: Type 'string' is not assignable to type 'Money'.
`;

export const PASSING_JEST = `> checkout-api@2.4.0 test
> jest --ci

PASS test/cart.test.js
PASS test/money.test.js
PASS test/tax.test.js

Test Suites: 3 passed, 3 total
Tests:       18 passed, 18 total`;
