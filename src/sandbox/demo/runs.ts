import { readFileSync } from 'node:fs';
import type { JobScript, RunScript } from '../github/play.ts';
import { CHANGES } from './changes.ts';

export const CHECKOUT = 'acme/checkout-api';
export const RECEIPTS = 'acme/receipts-worker';

const NODE_STEPS = ['Check out', 'Set up Node', 'Install'];
const PYTHON_STEPS = ['Check out', 'Set up Python'];

/** Beside this file in the source; the build does not copy them, so a built demo reads them in the checkout around it. */
const LOGS = new URL(
  import.meta.url.endsWith('.ts') ? './logs/' : '../../../../src/sandbox/demo/logs/',
  import.meta.url,
);

/** Jobs by what their real logs show. */
const JOBS = {
  build: job('build', 'success', 'build-passes', [...NODE_STEPS, 'Generate clients', 'Build']),
  brokenBuild: job('build', 'failure', 'broken-build', [...NODE_STEPS, 'Generate clients', 'Build', 'Upload bundle']),
  brokenBuildAgain: job('build', 'failure', 'broken-build-again', [
    ...NODE_STEPS,
    'Generate clients',
    'Build',
    'Upload bundle',
  ]),
  skippedTest: { name: 'test', conclusion: 'skipped', log: '' },
  test: job('test', 'success', 'tests-pass', [...NODE_STEPS, 'Test']),
  flakyTest: job('test', 'failure', 'flaky-test', [...NODE_STEPS, 'Test', 'Upload coverage']),
  flakyTestAgain: job('test', 'failure', 'flaky-test-again', [...NODE_STEPS, 'Test', 'Upload coverage']),
  diskFull: job('test', 'failure', 'disk-full', [
    ...PYTHON_STEPS,
    'Unpack samples',
    'Make environment',
    'Install',
    'Test',
  ]),
  failingPytest: job('test', 'failure', 'failing-pytest', [...PYTHON_STEPS, 'Make environment', 'Install', 'Test']),
} as const satisfies Record<string, JobScript>;

const onMain = { repository: CHECKOUT, workflow: 'CI', branch: 'main' } as const;

/** The runs of the day, in order. */
export const RUNS = {
  flakyOnPullRequest: {
    ...onMain,
    branch: 'retry-failed-charges',
    sha: '5c1f0a9be27d64380fb1c9d7a2e84f6630d15b27',
    title: 'Retry a failed charge before giving up',
    body: 'The gateway refuses one charge in fifty and takes it a moment later.',
    files: CHANGES.retryCharge,
    actor: 'dana-keller',
    pullRequest: { number: 318, title: 'Retry a failed charge before giving up' },
    jobs: [JOBS.build, JOBS.flakyTest],
  },
  brokenBuild: {
    ...onMain,
    sha: '0b8a1caec23d75d1154b8d9bef9cec6c03697638',
    title: 'Rename the discount of a cart to rebate',
    body: 'Accounting calls it a rebate, and so do the receipts.\nNo behaviour changes.',
    files: CHANGES.renameDiscount,
    actor: 'lee-aoki',
    jobs: [JOBS.brokenBuild, JOBS.skippedTest],
  },
  brokenBuildAgain: {
    ...onMain,
    sha: '6398ca84e1c3006e51268541e6c31f2b564bae71',
    title: 'Log the cart of a failed checkout',
    files: CHANGES.logCart,
    actor: 'dana-keller',
    jobs: [JOBS.brokenBuildAgain, JOBS.skippedTest],
  },
  fixedBuild: {
    ...onMain,
    sha: '99f707ef02f096ed1e08d922e18da99b31d43e4f',
    title: 'Use the new name of the rebate everywhere',
    files: CHANGES.useRebate,
    actor: 'lee-aoki',
    jobs: [JOBS.build, JOBS.test],
  },
  diskFull: {
    ...onMain,
    repository: RECEIPTS,
    sha: '3c54469718b0323de0534ff3d05e5d1855b655ac',
    title: 'Add sample receipts for the layout tests',
    body: 'Four printers, as they print today. 1.2 GB unpacked.',
    files: CHANGES.sampleReceipts,
    actor: 'noor-haddad',
    jobs: [JOBS.diskFull],
  },
  failingPytest: {
    ...onMain,
    repository: RECEIPTS,
    sha: '902afd8803af75ececff6075f8929a97915e65be',
    title: 'Split a bill by any number of people',
    body: 'So far a bill could be split between two.',
    files: CHANGES.splitBill,
    actor: 'noor-haddad',
    jobs: [JOBS.failingPytest],
  },
  flakyOnMain: {
    ...onMain,
    sha: '9b244c57155f6a01121f25a17bddd16360d1cf70',
    title: 'Round prices before they are shown',
    files: CHANGES.roundPrices,
    actor: 'sam-ortiz',
    jobs: [JOBS.build, JOBS.flakyTestAgain],
  },
} as const satisfies Record<string, RunScript>;

/** What the flaky run's job does when it is run again. */
export const RERUN_PASSES: readonly JobScript[] = [JOBS.test];

function job<C extends JobScript['conclusion']>(name: string, conclusion: C, file: string, steps: readonly string[]) {
  return { name, conclusion, steps, log: readFileSync(new URL(`${file}.log`, LOGS), 'utf8') };
}
