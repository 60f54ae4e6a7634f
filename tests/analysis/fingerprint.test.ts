import { describe, expect, test } from '@jest/globals';
import { cpuMs } from '../../scripts/bench/hostile-lines.ts';
import fc from 'fast-check';
import { normalizeCause, normalizeName } from '../../src/analysis/cause-text.ts';
import { baseName } from '../../src/analysis/fingerprint.ts';
import { shortPath } from '../../src/analysis/paths.ts';
import { aJob, digest } from './support.ts';

const keyOf = async (text: string, name = 'test (22)'): Promise<string> =>
  (await digest(text, aJob({ name }))).fingerprint;

/** What a run brings with it that says nothing of the cause. */
interface Circumstances {
  checkout: string;
  time: string;
  date: string;
  commit: string;
  digest: string;
  uuid: string;
  address: string;
  temp: string;
  port: number;
  seed: number;
  duration: string;
  pid: number;
  worker: number;
  query: string;
  row: number;
  colour: string;
  filler: number;
}

const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'.split('')), minLength: length, maxLength: length });
const twoDigits = (max: number): fc.Arbitrary<string> =>
  fc.integer({ min: 1, max }).map((value) => String(value).padStart(2, '0'));
const letters = fc.string({
  unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789'.split('')),
  minLength: 6,
  maxLength: 8,
});

const circumstances: fc.Arbitrary<Circumstances> = fc.record({
  checkout: fc.constantFrom(
    '/home/runner/work/shop/shop/',
    '/Users/runner/work/shop/shop/',
    'D:\\a\\shop\\shop\\',
    '/__w/shop/shop/',
    '/builds/acme/shop/',
    '/home/travis/build/acme/shop/',
    '/var/lib/jenkins/workspace/shop@2/',
    '/home/circleci/project/',
  ),
  time: fc
    .tuple(twoDigits(23), twoDigits(59), twoDigits(59), fc.integer({ min: 100, max: 999 }))
    .map(([h, m, s, ms]) => `2026-11-${h}T${h}:${m}:${s}.${ms}Z`),
  date: fc
    .tuple(fc.constantFrom('Mon', 'Tue', 'Sun'), fc.constantFrom('Nov', 'Feb', 'May'), twoDigits(28), twoDigits(59))
    .map(([day, month, d, m]) => `${day} ${month} ${d} ${m}:${d}:${m} UTC 2026`),
  commit: hex(40),
  digest: hex(64).map((digits) => `sha256:${digits}`),
  uuid: fc.uuid(),
  address: hex(12).map((digits) => `0x${digits}`),
  temp: fc.tuple(fc.constantFrom('/tmp/', '/private/tmp/', '/var/tmp/'), letters).map((parts) => parts.join('')),
  port: fc.integer({ min: 1024, max: 65_535 }),
  seed: fc.integer({ min: 0, max: 2_000_000_000 }),
  duration: fc
    .tuple(fc.integer({ min: 1, max: 900 }), fc.constantFrom('ms', 's', ' ms', ' seconds', 'm'))
    .map((parts) => parts.join('')),
  pid: fc.integer({ min: 2, max: 99_999 }),
  worker: fc.integer({ min: 0, max: 63 }),
  query: fc.tuple(letters, letters).map(([a, b]) => `token=${a}&at=${b}`),
  row: fc.integer({ min: 1, max: 5000 }),
  colour: fc.constantFrom('', '\u001B[31m', '\u001B[1;31m'),
  filler: fc.integer({ min: 0, max: 40 }),
});

type Telling = (given: Circumstances) => string[];

const END = '##[error]Process completed with exit code 1.';
const filler = ({ filler: count }: Circumstances): string[] =>
  Array.from({ length: count }, (_, at) => `copied file ${at} of ${count}`);

const TELLINGS: ReadonlyArray<readonly [string, Telling]> = [
  [
    'a failing test',
    (given) => [
      ` FAIL  test/cart.test.js`,
      `  ● cart › applies the discount once`,
      `    expect(received).toBe(expected)`,
      `    Expected: 90`,
      `    Received: ${given.pid}`,
      `      at Object.<anonymous> (${given.checkout}test/cart.test.js:${given.row}:20)`,
    ],
  ],
  [
    'a problem',
    (given) => [
      `${given.checkout}src/pay.ts(${given.row},15): error TS2339: Property 'total' does not exist on type 'Cart'.`,
    ],
  ],
  [
    'a connection that breaks',
    (given) => [
      `[${given.time}] [worker-${given.worker}] Error: connect ECONNREFUSED 127.0.0.1:${given.port} after ${given.duration} (pid ${given.pid})`,
    ],
  ],
  [
    'an object that is named by its address',
    (given) => [`Error: handler <Queue object at ${given.address}> has lost job ${given.uuid}`],
  ],
  ['a file that is missing', (given) => [`Error: cannot open ${given.temp}/cart.json on ${given.date}`]],
  [
    'a layer that cannot be read',
    (given) => [`ERROR: failed to read layer ${given.digest} of commit ${given.commit}, seed=${given.seed}`],
  ],
  [
    'an address that refuses',
    (given) => [
      `Error: GET https://shop.invalid/api/cart?${given.query} failed in ${given.duration}: 503 Service Unavailable`,
    ],
  ],
  [
    'a thread that dies',
    (given) => [
      `Exception in thread "pool-${given.worker}-thread-${given.pid}" java.lang.IllegalStateException: no cart at ${given.time}`,
    ],
  ],
];

describe('the fingerprint', () => {
  test.each(TELLINGS)('of %s is the same whenever and wherever it happens', async (_, tell) => {
    await fc.assert(
      fc.asyncProperty(circumstances, circumstances, async (one, other) => {
        const [first, second] = await Promise.all(
          [one, other].map((given) =>
            keyOf([...filler(given), ...tell(given).map((line) => `${given.colour}${line}`), END].join('\n')),
          ),
        );
        expect(second).toBe(first);
      }),
      { numRuns: 60 },
    );
  });

  test('does not depend on the order in which tests that run side by side fail', async () => {
    const names = Array.from(
      { length: 70 },
      (_, at) => `FAILED tests/test_cart.py::test_total_${at} - assert ${at} == 2`,
    );
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(names, { minLength: names.length }), async (shuffled) => {
        expect(await keyOf(shuffled.join('\n'))).toBe(await keyOf(names.join('\n')));
      }),
      { numRuns: 8 },
    );
  });

  test('tells all of these apart', async () => {
    const logs = [
      'FAILED tests/test_cart.py::test_total - assert 1 == 2',
      'FAILED tests/test_cart.py::test_tax - assert 1 == 2',
      'FAILED tests/test_cart.py::test_tax2 - assert 1 == 2',
      'FAILED tests/test_cart.py::test_total - ValueError: no rate',
      "src/pay.ts(3,15): error TS2339: Property 'total' does not exist on type 'Cart'.",
      "src/pay.ts(3,15): error TS2339: Property 'sum' does not exist on type 'Cart'.",
      "src/pay.ts(3,15): error TS2304: Cannot find name 'total'.",
      "src/tax.ts(3,15): error TS2339: Property 'total' does not exist on type 'Cart'.",
      "lib/pay.ts(3,15): error TS2339: Property 'total' does not exist on type 'Cart'.",
      'curl: (22) The requested URL returned error: 404 Not Found',
      'curl: (22) The requested URL returned error: 503 Service Unavailable',
      'Error: cannot read rates.json',
      'Error: cannot read taxes.json',
      'bash: line 1: terraform: command not found',
      'bash: line 1: kubectl: command not found',
      'dd: error writing: No space left on device',
    ];
    const keys = await Promise.all(logs.map((log) => keyOf(`${log}\n${END}`)));

    expect(new Set(keys).size).toBe(logs.length);
  });

  test('is equal in another cell of the matrix, and another in another job', async () => {
    const log = `FAIL: test_total (shop.CartTest)\nAssertionError: 81 != 90\n${END}`;
    const key = await keyOf(log, 'test (22, ubuntu-latest)');

    expect(key).toMatch(/^v2:[0-9a-f]{32}$/u);
    expect(await keyOf(log, 'test (24, macos-15)')).toBe(key);
    expect(await keyOf(log, 'nightly (22)')).not.toBe(key);
  });

  test('does not depend on the process’s salt', async () => {
    const secret = ['PASS', 'WORD=', 'hunter22x'].join('');
    const text = `##[error]login with ${secret} was refused\n${END}\n`;
    const { createRedactor } = await import('../../src/analysis/redact.ts');
    const { digestLog } = await import('../../src/analysis/digest.ts');
    const { bytes } = await import('./support.ts');
    const keys = await Promise.all(
      ['one', 'two'].map(
        async (salt) => (await digestLog(bytes(text), { job: null, redactor: createRedactor({ salt }) })).fingerprint,
      ),
    );

    expect(keys[0]).toBe(keys[1]);
  });
});

describe('the text of a cause', () => {
  test.each([
    ['Error at 2026-11-20T09:14:05Z in 3.4s on port 52314', 'Error at 2026-11-21T10:00:59Z in 12.9s on port 40022'],
    ['cannot read /tmp/shop-x81k2/out.json', 'cannot read /tmp/shop-pp0a1/out.json'],
    ['/home/runner/work/shop/shop/src/a.ts:12 failed', '/Users/runner/work/shop/shop/src/a.ts:99 failed'],
    [
      'commit 3f786850e387550fdab836ed7e6dc881de23001b is bad',
      'commit 89e6c98d92887913cadf06b2adb97f26cde4849b is bad',
    ],
    ['object at 0x7f12aa979a90', 'object at 0x7f1b461f0a90'],
    ['id 123e4567-e89b-12d3-a456-426614174000', 'id 00000000-e89b-12d3-a456-000000000000'],
    ['runner-d6tbts5h gave up', 'runner-a1b2c3d4 gave up'],
    ['failed on Tue Nov 24 03:09:28 UTC 2026', 'failed on Sun Feb 1 23:59:01 UTC 2026'],
    ['failed [24/Nov/2026:10:12:11 +0000]', 'failed [01/May/2026:01:02:03 +0200]'],
    ['took 1m 3s', 'took 59 s'],
  ])('"%s" and "%s" are the same', (one, other) => {
    expect(normalizeCause(one)).toBe(normalizeCause(other));
  });

  test.each([
    ["Property 'total' does not exist", "Property 'sum' does not exist"],
    ['src/cart.ts failed', 'src/pay.ts failed'],
    ['src/a/cart.ts failed', 'src/b/cart.ts failed'],
    ['template-a.ts failed', 'template-b.ts failed'],
    ['exit code 137', 'exit code 1'],
    ['HTTP 404', 'HTTP 500'],
  ])('"%s" and "%s" are not', (one, other) => {
    expect(normalizeCause(one)).not.toBe(normalizeCause(other));
  });

  test.each(['a', '1', '/a', 'a1', '1-', 'http://a?', '/tmp/', '\\a', '1a', 'mon ', '1:', '"', '<', '('])(
    'no line of "%s" takes long',
    (unit) => {
      const line = unit.repeat(4000);
      const started = cpuMs();
      normalizeCause(line);
      normalizeName(line);

      expect(cpuMs() - started).toBeLessThan(500);
    },
  );

  test('short numbers in the name of a test belong to it', () => {
    expect(normalizeName('test_v1')).not.toBe(normalizeName('test_v2'));
    expect(normalizeName('adds [id 1763716445] (12 ms)')).toBe(normalizeName('adds [id 1763716999] (9 ms)'));
  });

  test.each([
    ['build / test (ubuntu-latest, 22)', 'build / test (windows-2025, 24)'],
    ['test-ubuntu-latest-py311', 'test-macos-15-py312'],
    ['Build linux x64', 'Build darwin arm64'],
  ])('the jobs "%s" and "%s" are one', (one, other) => {
    expect(baseName(one)).toBe(baseName(other));
  });

  test.each([
    '/home/runner/work/shop/shop/',
    'D:\\a\\shop\\shop\\',
    '/builds/acme/shop/',
    '/var/lib/jenkins/workspace/shop_main@2/',
    '/home/vsts/work/1/s/',
    '/github/workspace/',
    './',
  ])('a path is told without the place of the checkout: %s', (checkout) => {
    expect(shortPath(`${checkout}src/a.ts`)).toBe('src/a.ts');
  });
});
