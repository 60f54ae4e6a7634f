import { describe, expect, test } from '@jest/globals';
import { aJob, aStep, digest } from '../support.ts';
import { explain, step } from './support.ts';

describe('Jobs that did not end by their own failure', () => {
  test('the time limit is named, with the last words before it', async () => {
    const log = `##[group]Run npm run e2e\nnpm run e2e\n##[endgroup]\nwaiting for the shop to answer\n##[error]The job running on runner GitHub Actions 3 has exceeded the maximum execution time of 60 minutes.\n`;

    expect(await explain(log)).toMatchObject({
      headline: 'The command "npm run e2e" ran out of time after 60 minutes',
      cause: 'The job ran into its time limit. The last it printed is: waiting for the shop to answer.',
      nextStep:
        'Find out what hangs in "npm run e2e": the log stops there. If nothing does, raise timeout-minutes of the job if the work is really that long.',
    });
  });

  test('a job that went silent is told apart from one that took too long', async () => {
    const log =
      'downloading the model\nNo output has been received in the last 10m0s, this potentially indicates a stalled build\n';

    expect(await explain(log)).toMatchObject({
      headline: 'The job printed nothing for 10 minutes and was stopped',
      nextStep: expect.stringContaining('let long steps print their progress'),
    });
  });

  test('a cancelled run needs no repair', async () => {
    expect(await explain(step('npm test', '##[error]The operation was canceled.'))).toMatchObject({
      headline: 'The command "npm test" was cancelled before it could finish',
      cause: 'The log says that the run was cancelled. No test and no compiler had complained before.',
      nextStep: 'Nothing needs to be fixed; start the run again if its result is still wanted.',
    });
  });

  test('a superseded run leads to the newer one', async () => {
    const log = `##[error]Canceling since a higher priority waiting request for 'CI-main' exists\n`;

    expect(await explain(log)).toMatchObject({
      headline: 'The job was stopped because a newer run took its place',
      nextStep: 'Nothing needs to be done; look at the newer run instead.',
    });
  });

  test('a run that GitHub could not start is a fault of the workflow', async () => {
    const verdict = { kind: 'configuration' as const, reasons: ['GitHub could not start the workflow'] };

    expect(await explain('', { verdict })).toMatchObject({
      headline: 'GitHub could not start the workflow',
      nextStep: 'Open the run on GitHub, which names the place in the workflow file, and correct it there.',
    });
  });

  test('without a log it says so, and names the step', async () => {
    const verdict = { kind: 'new' as const, reasons: ['The log could not be read: it has expired'] };
    const job = aJob({ steps: [aStep({ name: 'Deploy', conclusion: 'failure' })] });

    expect(await explain('', { verdict, job })).toMatchObject({
      headline: 'Step "Deploy" failed',
      cause: 'The log could not be read: it has expired. Only the name of what failed is known.',
      nextStep: 'Open the run on GitHub, and re-run it if its log stays away.',
      evidence: [],
    });
  });

  test('an empty log is no log that could not be read', async () => {
    expect(await explain('')).toMatchObject({
      headline: 'The job failed, and its log is empty',
      cause: 'The log holds no line that could say why.',
    });
  });

  test('where a log holds no failure, none is invented', async () => {
    const log = 'building the shop\nall good\nuploaded 3 artifacts\n';

    expect(await explain(log)).toMatchObject({
      headline: 'The log shows no failure',
      nextStep: 'Open the run on GitHub and look at its summary and annotations.',
    });
  });
});

describe('What is known from before', () => {
  const failing = step('pytest', 'FAILED tests/test_a.py::test_one - assert 1 == 2\n===== 1 failed in 0.1s =====');

  test('a flaky test is re-run, then made independent of time and order', async () => {
    const verdict = { kind: 'flaky' as const, reasons: ['The same commit (abc1234) passed on a re-run on 12 Nov'] };

    expect((await explain(failing, { verdict })).nextStep).toBe(
      'Re-run the failed jobs; the code of this commit can pass. If it keeps coming back, make the test independent of time and order. Run it locally: pytest "tests/test_a.py::test_one"',
    );
  });

  test('what fails on the base branch is fixed there first', async () => {
    const verdict = { kind: 'failing-on-base' as const, reasons: ['main fails for the same cause since 20 Nov'] };

    expect((await explain(failing, { verdict })).nextStep).toMatch(
      /^Fix it on main first, then update this branch; the change here is probably not the cause\. Run it locally: /u,
    );
  });

  test('the headline says what broke, whatever the history', async () => {
    const verdict = { kind: 'flaky' as const, reasons: ['The same commit (abc1234) passed on a re-run on 12 Nov'] };

    expect((await explain(failing, { verdict })).headline).toBe('Test "test_one" fails in test_a.py: assert 1 == 2');
  });
});

test('evidence points into the excerpt', async () => {
  const log = step('npx tsc', 'src/app.ts(3,7): error TS2322: Type A is not B.');
  const { evidence } = await explain(log);
  const { excerpt } = await digest(log);

  expect(evidence.length).toBeGreaterThan(0);
  expect(evidence.every((index) => excerpt[index] !== undefined)).toBe(true);
});
