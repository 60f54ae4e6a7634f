import { expect, test } from '@jest/globals';
import { explain, step } from './support.ts';

test('a word of failure in a log where no command fails is told as what it is', async () => {
  const log = 'starting the shop\nERROR could not read the prices of yesterday\nthe shop is open\n';

  expect(await explain(log)).toMatchObject({
    headline: 'No command fails in the log; it says: could not read the prices of yesterday',
    nextStep:
      'Start from the lines shown; if they are harmless, look at the summary and annotations of the run on GitHub.',
  });
});

test('the names of tests that pass are no causes', async () => {
  const log = step('make', '# Starting Test: closes on ECONNRESET\n# Starting Test: opens again\nsomething failed', 2);

  const verdict = { kind: 'new' as const, reasons: [] };

  expect((await explain(log, { verdict })).headline).not.toContain('connection');
});

test('an action that fails is not run locally', async () => {
  const { nextStep } = await explain(step('shop/deploy-action@v2', 'something went wrong here, it failed'));

  expect(nextStep).toBe(
    'Check the version and the inputs of shop/deploy-action@v2 in the workflow, and start from the lines shown.',
  );
});

test('what npm does without is no cause', async () => {
  const log = "npm WARN enoent ENOENT: no such file or directory, rename '/a' -> '/b'\nadded 31 packages\n";

  expect((await explain(log)).headline).toBe('The log shows no failure');
});
