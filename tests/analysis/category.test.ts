import { describe, expect, test } from '@jest/globals';
import type { Conclusion } from '../../src/domain/run.ts';
import { aJob, digest } from './support.ts';

const END = '##[error]Process completed with exit code 1.';

describe('the category of a cause', () => {
  test.each([
    [
      'an audit',
      'dependency',
      'WARNING: Failed to pull image with policy "always"\nCrate:     old_time\nerror: 6 vulnerabilities found!',
    ],
    [
      'an npm audit',
      'dependency',
      '# npm audit report\n3 vulnerabilities (1 moderate, 2 high)\nnpm error audit failed',
    ],
    ['a missing Rakefile', 'configuration', 'rake aborted!\nNo Rakefile found (looking for: rakefile, Rakefile)'],
    ['a missing target', 'configuration', "make: *** No rule to make target 'chek'.  Stop."],
    [
      'dead links',
      'lint',
      '> Links\n  1. [L0410] 404 https://shop.invalid/a\n  2. [L0411] https://b.invalid Could not resolve host: b.invalid',
    ],
    [
      'broken front matter',
      'lint',
      "(./cart.md): did not find expected ',' or ']' while parsing a flow sequence at line 6 column 7\nFAILURE!!! 1 file",
    ],
    [
      'Clippy',
      'lint',
      'error: unneeded `return` statement\n  --> src/cart.rs:7:5\n  = help: for further information visit clippy::needless_return\nerror: could not compile `shop`',
    ],
    ['a line that is too long', 'lint', 'README.md:21:Line longer than 80 characters.'],
    [
      'tests that are only counted',
      'test',
      '> test_check("shop")\nError: testthat unit tests failed\nExecution halted',
    ],
    [
      'a package that is not installed',
      'dependency',
      " FAIL  test/cart.test.js\n  ● Test suite failed to run\n    Cannot find module 'left-pad' from 'src/cart.js'",
    ],
    [
      'a test that waits too long',
      'test',
      'FAILED tests/test_cart.py::test_total - TimeoutError: timed out after 5 seconds',
    ],
    ['Terraform', 'deployment', '│ Error: creating bucket: AccessDenied by policy of the account'],
    ['a type checker', 'lint', 'src/cart.py:40: error: Argument 1 to "load" has incompatible type "str"  [arg-type]'],
    [
      'rules of a linter that names no tool',
      'lint',
      'src/cart.js:269 Extra semicolon. (semi)\nERROR: failed to upload: cart.deb',
    ],
    [
      'Checkstyle, told by the plugin',
      'lint',
      '[ERROR] /home/runner/work/shop/shop/src/main/java/shop/Cart.java:24: Unused import - java.util.List.\n[ERROR] Failed to execute goal org.apache.maven.plugins:maven-checkstyle-plugin:3.1:check (default) on project shop: You have 1 Checkstyle violation.',
    ],
    [
      'a module that cannot be downloaded',
      'infrastructure',
      'cart.go:19:2: shop.example/tax@v1.2.3: Get "https://proxy.shop.example/tax/@v/v1.2.3.zip": read tcp: connection reset by peer',
    ],
    ['a file that is not there', 'configuration', './build.sh: line 4: cd: ./tools: No such file or directory'],
    [
      'a class for a newer Java',
      'configuration',
      'java.lang.UnsupportedClassVersionError: shop/Cart has been compiled by a more recent version of the Java Runtime',
    ],
    [
      'a version that exists already',
      'deployment',
      'ERROR    HTTPError: 400 Bad Request\n         File already exists. See https://pypi.org/help/#file-name-reuse',
    ],
    [
      'a module file that is old',
      'dependency',
      'main.go:9:2: missing go.sum entry for module providing package shop.example/tax; to add:',
    ],
    ['tests that are counted in capitals', 'test', '07: Tests FAILED'],
    [
      'an artifact that nobody made',
      'configuration',
      '##[error]Unable to download artifact(s): Artifact not found for name: dist',
    ],
  ])('of %s is %s', async (_, category, log) => {
    expect((await digest(`${log}\n${END}`)).category).toBe(category);
  });

  test.each([
    ['./bin/check_links.sh docs', 'lint'],
    ['npm run deploy', 'deployment'],
    ['go mod tidy', 'dependency'],
    ['./run-tests.sh', 'test'],
  ])('of a failure in words of its own is told by the command: %s', async (command, category) => {
    const log = `##[group]Run ${command}\n##[endgroup]\nThe moon is not in the right house, wrong\n${END}`;

    expect((await digest(log)).category).toBe(category);
  });

  test('is not decided by what the set-up says in passing', async () => {
    const setUp = Array.from(
      { length: 8 },
      (_, at) => `curl: (22) The requested URL returned error: 404 Not Found (${at} of rvm)`,
    );
    const { category } = await digest(
      [
        ...setUp,
        ...Array.from({ length: 40 }, (_, at) => `copied ${at}`),
        'FAILED tests/test_cart.py::test_total - assert 1 == 2',
        END,
      ].join('\n'),
    );

    expect(category).toBe('test');
  });
});

describe('signs that decide by themselves', () => {
  test.each([
    [
      'infrastructure',
      'error building image: Get "https://registry.invalid/token": dial tcp 10.0.0.1:443: i/o timeout',
    ],
    ['infrastructure', 'batch response: Fatal error: Server error\nerror: external filter failed'],
    [
      'infrastructure',
      'WARNING: Retrying... context=artifacts-uploader error=invalid argument\nFATAL: invalid argument',
    ],
    ['infrastructure', 'FATAL: hudson.remoting.ChannelClosedException: channel is already closed'],
    [
      'infrastructure',
      'FATAL ERROR: Ineffective mark-compacts near heap limit Allocation failed - JavaScript heap out of memory',
    ],
    [
      'infrastructure',
      'error: Failed to fetch the index\n  Caused by: Failed to download https://x.invalid/a.json\n  Caused by: error sending request for url (https://x.invalid/a.json)',
    ],
    ['infrastructure', 'error: Broken pipe (os error 32)\nerror: could not compile `shop`'],
    ['timeout', "##[error]The action 'Run tests' has timed out after 5 minutes."],
    ['timeout', 'Too long with no output (exceeded 10m0s): context deadline exceeded'],
    ['cancelled', '##[error]The strategy configuration was canceled because "test._22" failed'],
    ['configuration', '##[error]Resource not accessible by integration'],
    ['configuration', '##[error]Input required and not supplied: token'],
  ] as const)('%s: %s', async (signal, log) => {
    expect((await digest(log)).signals[signal]).toEqual(expect.any(String));
  });

  test.each([
    [137, 'killed'],
    [143, 'told from outside to stop'],
  ])('exit code %i is a signal from outside', async (code, words) => {
    const { signals, category } = await digest(`building\n##[error]Process completed with exit code ${code}.`);

    expect(signals.infrastructure).toContain(words);
    expect(category).toBe('infrastructure');
  });

  test('a job that was stopped has no cause of its own, whatever its command was for', async () => {
    const log =
      '##[group]Run cargo build --release\n##[endgroup]\n   Compiling cart v1.0.0\n##[error]The operation was canceled.';

    expect((await digest(log)).category).toBe('unknown');
  });

  test('a test that fails is no fault of the machine, whatever the log says of memory', async () => {
    const { signals } = await digest(
      'FAILED tests/test_cart.py::test_total - MemoryError: out of memory\n##[error]Process completed with exit code 137.',
    );

    expect(signals.infrastructure).toBeNull();
  });

  test.each([
    ['failure', false],
    ['cancelled', true],
  ] as const)(
    '"The operation was canceled." in a job whose conclusion is %s',
    async (conclusion: Conclusion, isSign) => {
      const { signals } = await digest('error: no cart\n##[error]The operation was canceled.', aJob({ conclusion }));

      expect(signals.cancelled !== null).toBe(isSign);
    },
  );
});
