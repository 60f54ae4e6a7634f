import type { DeliveryRecord } from '../github/webhook-sender.ts';
import type { Played } from '../github/driver.ts';
import { INSTRUCTIONS } from './changes.ts';
import { DemoError } from './error.ts';
import type { Checklist } from './output.ts';
import { CHECKOUT, RECEIPTS, RERUN_PASSES, RUNS } from './runs.ts';
import { CAST, type Stage } from './stage.ts';
import { command, waitForParent, waitForReply, waitUntil } from './watch.ts';

const { payments, platform, person } = CAST;

/** The words that name the failures of the day. */
export const FLAKY_TEST = /retries a failed charge before the checkout time/u;
export const BROKEN_FILE = /src\/cart\/discounts\.ts/u;
export const DISK_FULL = /no space left on device/iu;
export const ROUNDING_TEST = /test_split_loses_no_cent/u;

/** Installs the app and asks for what the channels shall hear, as a person would. */
export async function prepare(stage: Stage, { step }: Checklist): Promise<void> {
  const { slack, github } = stage;
  github.addRepository(CHECKOUT, { description: 'Takes carts to paid orders', files: INSTRUCTIONS.checkout });
  github.addRepository(RECEIPTS, { description: 'Prints receipts', language: 'Python' });
  await step('Install the app into the Acme workspace (OAuth)', async () => {
    const { status, body } = await slack.install(CAST.workspace);
    if (status >= 400) throw new DemoError(`The installation ended with status ${status}.`, [body.slice(0, 400)]);
  });
  await step('/cortex help', () =>
    command(stage, { channel: payments, text: 'help', answer: /subscribe \[owner\/repo/u }),
  );
  await step(`/cortex subscribe ${CHECKOUT} in #payments-ci`, () =>
    command(stage, { channel: payments, text: `subscribe ${CHECKOUT}`, answer: /now hears/u }),
  );
  await step(`/cortex subscribe ${RECEIPTS} in #platform`, () =>
    command(stage, { channel: platform, text: `subscribe ${RECEIPTS}`, answer: /now hears/u }),
  );
  await step('/cortex subscriptions', () =>
    command(stage, { channel: payments, text: 'subscriptions', answer: new RegExp(CHECKOUT, 'u') }),
  );
}

/** A flaky test on a pull request; a re-run of the same commit passes. */
export async function flakyMorning(stage: Stage, { step }: Checklist): Promise<void> {
  let runId = 0;
  await step('A test fails on pull request #318', async () => {
    runId = (await accepted(stage.github.play(RUNS.flakyOnPullRequest))).runId;
    const parent = [
      /🔴/u,
      FLAKY_TEST,
      /New failure/u,
      /line \d+ .*(?:checkout-retry|retries a failed charge|timed_out)/u,
    ];
    await waitForParent(stage, { channel: payments, what: 'a red message that names the test', parent });
    return 'a new failure, explained in #payments-ci';
  });
  await step('The same commit is run again, and passes', async () => {
    await accepted(stage.github.rerun(runId, { jobs: RERUN_PASSES, failedOnly: true, actor: 'dana-keller' }));
    const parent = [/🟢/u, FLAKY_TEST, /Passed on re-run of the same commit/u];
    await waitForParent(stage, { channel: payments, what: 'the same message in green', parent });
    return 'the message turned green: flaky';
  });
}

/** A build broken on main, twice; deliveries that must have no effect; then the fix. */
export async function brokenMain(stage: Stage, { step }: Checklist): Promise<void> {
  const { github } = stage;
  let repeated = '';
  await step('The build breaks on main', async () => {
    await accepted(github.play(RUNS.brokenBuild));
    const parent = [/🔴/u, BROKEN_FILE, /New failure/u, /line \d+ .*error TS2353/u];
    await waitForParent(stage, { channel: payments, what: 'a red message that names the file', parent });
    return 'a new failure';
  });
  await step('It fails again with the next commit', async () => {
    const { deliveries } = await accepted(github.play(RUNS.brokenBuildAgain));
    repeated = deliveries.findLast(({ event }) => event === 'workflow_run')?.guid ?? '';
    const parent = [BROKEN_FILE, /Recurring failure/u, /Seen 2 times/u];
    await waitForParent(stage, { channel: payments, what: 'the same message with a count of 2', parent });
    return 'the same message counts 2';
  });
  await step('GitHub sends a delivery a second time', async () => {
    expectStatus(await github.redeliver(repeated), 202);
    return 'answered 202, done only once';
  });
  await step('Somebody sends a webhook with a forged signature', async () => {
    const payload = { action: 'completed', workflow_run: { id: 1 } };
    expectStatus(await github.send({ event: 'workflow_run', payload, secret: 'not the secret of this App' }), 401);
    return 'answered 401';
  });
  await step('A commit fixes the build', async () => {
    await accepted(github.play(RUNS.fixedBuild));
    const parent = [/🟢/u, BROKEN_FILE, new RegExp(`Fixed by.*${RUNS.fixedBuild.title}`, 'u')];
    await waitForParent(stage, { channel: payments, what: 'the message in green, naming the fix', parent });
    return 'the message turned green and names the fix';
  });
}

/** A runner out of disk and a real bug in another repository; the flaky test once more; people look and ask. */
export async function afternoon(stage: Stage, { step }: Checklist): Promise<void> {
  const { slack, github } = stage;
  await step(`A runner of ${RECEIPTS} is out of disk space`, async () => {
    await accepted(github.play(RUNS.diskFull));
    const parent = [/🔴/u, DISK_FULL, /Infrastructure/u];
    await waitForParent(stage, { channel: platform, what: 'a message with the verdict infrastructure', parent });
    return 'infrastructure, not the code';
  });
  await step('Somebody clicks "Re-analyze"', async () => {
    const wanted = { channel: platform, what: 'the message about the disk', parent: [DISK_FULL] };
    const message = await waitForParent(stage, wanted);
    await slack.click({ user: person, channel: platform, ts: message.ts, text: 'Re-analyze' });
    const window = await slack.waitFor(() => slack.modals(person).at(-1), { what: 'the window for another look' });
    await slack.submit(window, { note: 'Which folder fills the disk?' });
    await waitForReply(stage, message, { what: 'a second analysis in the thread', parent: [/Analyzed again/u] });
    return 'a second look stands in the thread';
  });
  await step(`A test of ${RECEIPTS} finds a lost cent`, async () => {
    await accepted(github.play(RUNS.failingPytest));
    const parent = [/🔴/u, ROUNDING_TEST, /New failure/u, /line \d+ .*(?:test_split_loses_no_cent|4989)/u];
    await waitForParent(stage, { channel: platform, what: 'a red message that names the test', parent });
    return 'a new failure, in a message of its own';
  });
  await step('The flaky test fails again, now on main', async () => {
    await accepted(github.play(RUNS.flakyOnMain));
    const parent = [/🔴/u, FLAKY_TEST, /Flaky/u];
    await waitForParent(stage, { channel: payments, what: 'a message with the verdict flaky', parent });
    return 'known as flaky at once';
  });
  await step(`/cortex summarize ${RECEIPTS}`, () =>
    command(stage, { channel: payments, text: `summarize ${RECEIPTS}`, answer: ROUNDING_TEST }),
  );
  await step('Ben opens the App Home', async () => {
    await slack.openHome(person);
    const shown = (): string => {
      const home = slack.home(person);
      return home ? slack.render(home) : '';
    };
    const complete = (): boolean => [CHECKOUT, RECEIPTS].every((name) => shown().includes(name));
    await waitUntil(stage, 'both repositories in the App Home', complete, () => shown().split('\n'));
  });
}

/** Every delivery of a run must be taken in: 202, also for events that mean nothing to us. */
async function accepted(playing: Promise<Played>): Promise<Played> {
  const played = await playing;
  for (const delivery of played.deliveries) expectStatus(delivery, 202);
  return played;
}

function expectStatus(delivery: DeliveryRecord, status: number): void {
  if (delivery.statusCode === status) return;
  const subject = [delivery.event, delivery.action].filter((word) => word !== null).join(' ');
  throw new DemoError(`The product answered ${delivery.statusCode} to the webhook "${subject}" instead of ${status}.`, [
    delivery.response.body.slice(0, 400),
  ]);
}
