import { describe, expect, test } from '@jest/globals';
import { explain, step } from './support.ts';

/** What the log says, and the headline and next step that it becomes. */
const CASES: ReadonlyArray<{ what: string; log: string; headline: string; next: string }> = [
  {
    what: 'Ansible, with its reason',
    log: step(
      'ansible-playbook site.yml',
      'fatal: [web1]: FAILED! => {"changed": false, "msg": "No package matching \'carts\' is available"}\nPLAY RECAP ****',
      2,
    ),
    headline: "An Ansible task fails on web1: No package matching 'carts' is available",
    next: 'Run the playbook against that host alone with --limit web1 -vvv',
  },
  {
    what: 'a submodule',
    log: step(
      'actions/checkout@v4',
      "##[error]fatal: clone of 'https://git.shop.example/tax.git' into submodule path '/home/runner/work/shop/shop/tax' failed\n##[error]The process '/usr/bin/git' failed with exit code 1",
    ),
    headline: 'A submodule cannot be cloned: https://git.shop.example/tax.git',
    next: 'Check the address in .gitmodules and the token of the checkout; if the server was away, re-run the failed jobs.',
  },
  {
    what: 'pre-commit, whose hooks that pass stand around the one that fails',
    log: step(
      'pre-commit run --all-files',
      'trim trailing whitespace.................................Passed\nfix end of files.........................................Failed\n- hook id: end-of-file-fixer\n- exit code: 1\n- files were modified by this hook',
    ),
    headline: 'The pre-commit hook end-of-file-fixer fails',
    next: 'Run it locally and commit what it changes: pre-commit run end-of-file-fixer --all-files',
  },
  {
    what: 'a hook that passes, which is no headline',
    log: step(
      'make lint',
      'trim trailing whitespace.................................Passed\nError: the cart is not sorted by name',
    ),
    headline: 'the cart is not sorted by name',
    next: 'Run it locally and correct what it names: make lint',
  },
  {
    what: 'a module that cannot be downloaded, where the compiler says so',
    log: step(
      'go build ./...',
      'cart.go:19:2: shop.example/tax@v1.2.3: Get "https://proxy.shop.example/tax/@v/v1.2.3.zip": read tcp: connection reset by peer',
    ),
    headline: 'Go cannot download the module shop.example/tax from proxy.shop.example',
    next: 'Re-run the failed jobs; if it comes back, look at the status of proxy.shop.example and at the network of the runner.',
  },
  {
    what: 'a registry that refuses a push',
    log: step('docker push ghcr.io/shop/cart:1', 'denied: permission_denied: write_package'),
    headline: 'The container registry refuses the push: the token lacks the right write_package',
    next: 'Give the job "permissions: packages: write", and check that the package is linked to this repository.',
  },
  {
    what: 'a deployment, which nobody should repeat just to see what it says',
    log: step(
      'pulumi up --yes',
      "  aws:ec2:Instance (web):\n    error: creating EC2 Instance: InvalidAMIID.NotFound: The image id 'ami-cart' does not exist",
      255,
    ),
    headline: "creating EC2 Instance: InvalidAMIID.NotFound: The image id 'ami-cart' does not exist",
    next: 'See what the target refused, correct it, and deploy again.',
  },
  {
    what: 'Terraform',
    log: step(
      'terraform apply -auto-approve',
      '│ Error: Unsupported argument\n│ \n│   on db.tf line 18, in resource "aws_db_instance" "main":',
    ),
    headline: 'Terraform finds a problem at db.tf:18: Unsupported argument',
    next: 'Correct db.tf, line 18. Check locally: terraform plan',
  },
  {
    what: 'a Helm template',
    log: step(
      'helm lint ./chart',
      '[ERROR] templates/: template: cart/templates/deploy.yaml:22:24: executing "cart/templates/deploy.yaml" at <.Values.tag>: nil pointer\n\nError: 1 chart(s) linted, 1 chart(s) failed',
    ),
    headline: 'The Helm template cart/templates/deploy.yaml:22 cannot be rendered: <.Values.tag>: nil pointer',
    next: 'Set the value or correct the template; see the result locally with: helm template',
  },
  {
    what: 'a service container',
    log: '##[group]Waiting for all services to be ready\n##[endgroup]\n##[error]Failed to initialize container postgres:16',
    headline: 'The service container postgres:16 does not start',
    next: 'Look at the log of the container in the step "Initialize containers", and at its image, variables and health check.',
  },
  {
    what: 'a runner that was shut down, although the log ends as if somebody had cancelled it',
    log: '##[group]Run npm test\n##[endgroup]\n##[error]The runner has received a shutdown signal. This can happen when the runner service is stopped.\n##[error]The operation was canceled.',
    headline: 'The runner was shut down while the job ran',
    next: 'Re-run the failed jobs. If it happens again, look at the load of the runner, or at the scaling of your own runners.',
  },
  {
    what: 'a quality gate',
    log: step(
      'sonar-scanner',
      'ERROR: QUALITY GATE STATUS: FAILED - View details\nERROR: Error during SonarScanner execution',
    ),
    headline: 'The SonarQube quality gate fails',
    next: 'Open the report that the log links to: it names the measure and the places.',
  },
  {
    what: 'a dead link in Markdown',
    log: step(
      'lycheeverse/lychee-action@v1',
      '* [404] [https://shop.example/old](https://shop.example/old) | Failed: Network error: Not Found',
      2,
    ),
    headline: 'The link checker finds a dead link: https://shop.example/old',
    next: 'Correct or remove the link; if the site was only away for a while, re-run the job.',
  },
  {
    what: 'an image scan, whose table is no sentence',
    log: step(
      'trivy image cart',
      'cart (debian 12.5)\nTotal: 2 (HIGH: 1, CRITICAL: 1)\n\n┌─────────┬──────────┐\n│ openssl │ CVE-1-2  │\n└─────────┴──────────┘',
    ),
    headline: 'The scan finds 2 vulnerable versions',
    next: 'Update the packages and images that the table names, or record why an advisory does not matter here.',
  },
  {
    what: 'a hash in Nix',
    log: step(
      'nix build',
      "error: hash mismatch in fixed-output derivation '/nix/store/0c5b8vw40d1178xlpddw65q9gf1h2186-cart.drv':\n         specified: sha256-A=\n            got:    sha256-B=\nerror: 1 dependencies of derivation '/nix/store/jcxqg2rj9m0ff1bzzznbr5ivqb0c4w0d-app.drv' failed to build",
    ),
    headline: 'The hash of a download does not fit its Nix expression: cart',
    next: 'If the new content is wanted, put the hash that the log shows after "got:" into the expression.',
  },
  {
    what: 'Bazel',
    log: step(
      'bazel build //...',
      "ERROR: /home/runner/work/shop/shop/BUILD:3:11: no such target '//cart:tax': target 'tax' not declared in package 'cart'\nERROR: Analysis of target '//lib:core' failed; build aborted: Analysis failed",
    ),
    headline: "Bazel knows no target '//cart:tax'",
    next: 'Correct the label where the message names it, or add what it refers to.',
  },
  {
    what: 'Cabal',
    log: step(
      'cabal build all',
      'Error: [Cabal-7107]\nCould not resolve dependencies:\n[__0] trying: shop-0.1.0 (user goal)\n[__1] rejecting: aeson-2.2.1.0 (conflict: shop => aeson>=1.4 && <2.2)',
    ),
    headline: 'Cabal cannot fit the dependencies together: shop => aeson>=1.4 && <2.2',
    next: 'Loosen the bounds that the log names, or choose another snapshot or compiler.',
  },
  {
    what: 'a class file that is too new for the compiler',
    log: step(
      'mvn -B verify',
      '[ERROR] src/main/java/shop/Cart.java:[3,13] cannot access tax.Rate\n  bad class file: /root/.m2/tax.jar(tax/Rate.class)\n    class file has wrong version 55.0, should be 52.0',
    ),
    headline: 'A class was compiled for a newer Java than the job has',
    next: 'Raise the version of Java in the workflow.',
  },
  {
    what: 'a message that leaves no room for the name of its rule',
    log: step(
      'npx stylelint "**/*.css"',
      'src/styles/main.css\n  14:3  ✖  Unexpected duplicate "color" in the cart  declaration-block-no-duplicate-properties',
      2,
    ),
    headline: 'stylelint finds a problem at src/styles/main.css:14: Unexpected duplicate "color" in the cart',
    next: 'Correct src/styles/main.css, line 14. Check locally: npx stylelint "**/*.css"',
  },
  {
    what: 'a rule of another tool that looks like one of SwiftLint',
    log: step('dart analyze', "  error • lib/cart.dart:22:5 • The method 'sum' isn't defined. • undefined_method", 3),
    headline: "dart analyze finds a problem at lib/cart.dart:22: The method 'sum' isn't defined (undefined_method)",
    next: 'Correct lib/cart.dart, line 22. Check locally: dart analyze',
  },
  {
    what: 'a time stamp and the name of a plugin before the reason',
    log: step('npx semantic-release', '[10:00:02 AM] [semantic-release] › ✖  EINVALIDGHTOKEN Invalid GitHub token.'),
    headline: 'EINVALIDGHTOKEN Invalid GitHub token.',
    next: 'See what the target refused, correct it, and deploy again.',
  },
  {
    what: 'a warning of Python about what failed beside the work',
    log: step(
      'python run.py',
      'upload.py:156: UserWarning: Error uploading: Unable to locate credentials\nRuntimeError: cart/test_tax 4/10 failed!',
    ),
    headline: 'RuntimeError: cart/test_tax 4/10 failed!',
    next: 'Run it locally and start from the lines shown: python run.py',
  },
];

describe('What tools of all kinds say', () => {
  test.each(CASES)('$what', async ({ log, headline, next }) => {
    expect(await explain(log)).toMatchObject({ headline, nextStep: next });
  });
});

/** A test that fails, and the command that runs it alone. */
const RERUNS: ReadonlyArray<readonly [string, string, string, string]> = [
  [
    'Bazel',
    'bazel test //...',
    '//cart:tax_test           FAILED in 0.4s',
    'bazel test //cart:tax_test --test_output=errors',
  ],
  [
    'Playwright',
    'npx playwright test',
    '  1) [chromium] › cart.spec.ts:18:5 › cart › shows the tax ────\n    Error: Timed out\n  1 failed',
    'npx playwright test cart.spec.ts:18',
  ],
  [
    'Swift packages',
    'swift test',
    'Tests/CartTests/TaxTests.swift:17: error: -[CartTests.TaxTests testRounds] : XCTAssertEqual failed: ("1") is not equal to ("0")',
    'swift test --filter TaxTests/testRounds',
  ],
  [
    'Gradle with TestNG, whose suites stand before the class',
    './gradlew test',
    'TestNG > Regression > shop.cart.TaxTest.rounds FAILED\n\n5 tests completed, 1 failed',
    './gradlew test --tests "*TaxTest.rounds"',
  ],
];

test.each(RERUNS)('the next step runs the failing test alone: %s', async (_, command, output, rerun) => {
  expect((await explain(step(command, output))).nextStep).toContain(rerun);
});
