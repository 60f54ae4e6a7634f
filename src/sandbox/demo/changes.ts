import type { FileChange } from '../github/state.ts';

// What the commits of the day change, so that it fits what their logs show.

/** Adds so many lines as are given, and nothing else. */
function newFile(path: string, lines: readonly string[]): FileChange {
  return {
    path,
    status: 'added',
    patch: [`@@ -0,0 +1,${lines.length} @@`, ...lines.map((line) => `+${line}`)].join('\n'),
  };
}

function edited(path: string, ...lines: readonly string[]): FileChange {
  return { path, patch: lines.join('\n') };
}

/** The wait before a new try grows past the test's own deadline on a busy runner. */
const retryCharge: readonly FileChange[] = [
  edited(
    'src/payment/settle.ts',
    '@@ -8,4 +8,9 @@ export async function settle(gateway: Gateway, charge: Charge, withinMs: number)',
    '   const deadline = Date.now() + withinMs;',
    '-  const result = await gateway.capture(charge);',
    "-  return { status: result.ok ? 'captured' : 'failed', attempts: 1 };",
    '+  for (let attempts = 1; ; attempts += 1) {',
    '+    const result = await gateway.capture(charge);',
    "+    if (result.ok) return { status: 'captured', attempts };",
    '+    const waitMs = 10 * 2 ** attempts;',
    "+    if (Date.now() + waitMs > deadline) return { status: 'timed_out', attempts };",
    '+    await sleep(waitMs);',
    '+  }',
    ' }',
  ),
  newFile('test/checkout-retry.test.ts', [
    "import { settle } from '../src/payment/settle.ts';",
    "import { SandboxGateway, charge } from './gateway.ts';",
    '',
    "describe('settle', () => {",
    "  test('captures at once when the gateway is well', async () => {",
    "    expect((await settle(new SandboxGateway(0), charge, 60)).status).toBe('captured');",
    '  });',
    '',
    "  test('gives up at the deadline', async () => {",
    '    const settlement = await settle(new SandboxGateway(99), charge, 40);',
    '',
    "    expect(settlement.status).toBe('timed_out');",
    '  });',
    '',
    "  test('retries a failed charge before the checkout times out', async () => {",
    '    const settlement = await settle(new SandboxGateway(2), charge, 60);',
    '',
    "    expect(settlement.status).toBe('captured');",
    '    expect(settlement.attempts).toBe(3);',
    '  });',
    '});',
  ]),
];

/** Renames a field where it is declared, and not where it is used. */
const renameDiscount: readonly FileChange[] = [
  edited(
    'src/cart/cart.ts',
    '@@ -2,8 +2,8 @@',
    ' export interface Cart {',
    '   id: string;',
    '   lines: readonly CartLine[];',
    '-  /** What is taken off the sum. */',
    '-  discountCents: number;',
    '+  /** What is given back of the sum. */',
    '+  rebateCents: number;',
    ' }',
    ' ',
    ' export interface CartLine {',
    '@@ -18,2 +18,2 @@ export function emptyCart(id: string): Cart {',
    '-  return { id, lines: [], discountCents: 0 };',
    '+  return { id, lines: [], rebateCents: 0 };',
    ' }',
  ),
];

const logCart: readonly FileChange[] = [
  edited(
    'src/checkout/checkout.ts',
    '@@ -21,4 +21,5 @@ export async function checkout(cart: Cart, gateway: Gateway)',
    '   const settlement = await settle(gateway, chargeOf(cart), CHECKOUT_MS);',
    "   if (settlement.status !== 'captured') {",
    "+    log.warn({ cart: cart.id, lines: cart.lines.length }, 'Checkout failed');",
    '     throw new CheckoutFailed(settlement.status);',
    '   }',
  ),
];

const useRebate: readonly FileChange[] = [
  edited(
    'src/cart/discounts.ts',
    '@@ -4,4 +4,4 @@ export function applyCoupon(cart: Cart, coupon: Coupon): Cart {',
    '   const off = Math.min(coupon.cents, sumOf(cart));',
    ' ',
    '-  return { ...cart, discountCents: off };',
    '+  return { ...cart, rebateCents: off };',
    ' }',
  ),
  edited(
    'src/orders/order.ts',
    '@@ -11,2 +11,2 @@ export function totalOf(cart: Cart): number {',
    '-  return sumOfCart(cart) - cart.discountCents;',
    '+  return sumOfCart(cart) - cart.rebateCents;',
    ' }',
  ),
  edited(
    'src/orders/receipt.ts',
    '@@ -16,2 +16,2 @@ function rebateLine(cart: Cart): string {',
    '-  const taken = money(cart.discountCents);',
    '+  const taken = money(cart.rebateCents);',
    "   return taken === '' ? '' : `Rebate ${taken}`;",
  ),
];

/** Large binary files: GitHub shows no difference of them. */
const sampleReceipts: readonly FileChange[] = [
  ...['a4-long', 'a4-short', 'roll-58mm', 'roll-80mm'].map((name): FileChange => ({
    path: `samples/${name}.tar.gz`,
    status: 'added',
  })),
  edited(
    '.github/workflows/ci.yml',
    '@@ -14,1 +14,3 @@ jobs:',
    '       - name: Make environment',
    '+      - name: Unpack samples',
    '+        run: for f in samples/*.tar.gz; do tar -xzf $f; done',
  ),
];

/** The shares are rounded down, and what is left over is given to nobody. */
const splitBill: readonly FileChange[] = [
  edited(
    'receipts/money.py',
    '@@ -4,4 +4,3 @@',
    ' def split(cents: int, ways: int) -> list[int]:',
    '-    """Splits a bill between two people; the first pays the odd cent."""',
    '-    half = cents // 2',
    '-    return [cents - half, half]',
    '+    """Splits a bill between any number of people."""',
    '+    return [cents // ways] * ways',
  ),
  edited(
    'tests/test_money.py',
    '@@ -16,4 +16,4 @@',
    '-@pytest.mark.parametrize("cents,ways", [(4990, 2)])',
    '+@pytest.mark.parametrize("cents,ways", [(4990, 2), (9999, 3), (4990, 3)])',
    ' def test_split_loses_no_cent(cents, ways):',
    '     shares = split(cents, ways)',
    '     assert sum(shares) == cents',
  ),
];

const roundPrices: readonly FileChange[] = [
  edited(
    'src/orders/money.ts',
    "@@ -3,2 +3,2 @@ export function money(cents: number, currency: Currency = 'EUR'): string {",
    '-  return `${SIGN[currency]}${cents / 100}`;',
    '+  return `${SIGN[currency]}${(Math.round(cents) / 100).toFixed(2)}`;',
    ' }',
  ),
];

export const CHANGES = {
  retryCharge,
  renameDiscount,
  logCart,
  useRebate,
  sampleReceipts,
  splitBill,
  roundPrices,
} as const;

/** What the teams of the demo tell the analysis about their repositories. */
export const INSTRUCTIONS = {
  checkout: {
    '.github/cortex.md': [
      '# Notes for whoever explains our failures',
      '',
      '- `src/generated/` is written by `npm run generate`; what fails there is to be fixed in `schema/`.',
      '- Tests of the retry in `test/checkout-retry.test.ts` depend on the clock and are known to be slow on busy runners.',
      '- Payments belong to #payments, everything else in this repository to #platform.',
      '',
    ].join('\n'),
  },
} as const;
