import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { aFailingJob, aPassingJob, aRun } from '../support/scripts.ts';
import { CHANNEL, GUEST, MEMBER, OTHER_CHANNEL, REPOSITORY } from '../support/stage.ts';

describeOnServers('a channel hears by rules', (openStage) => {
  let stage: ServerStage;

  beforeAll(async () => {
    stage = await openStage(['web', 'worker']);
  });

  afterAll(async () => {
    expect(stage.slack.violations()).toEqual([]);
    await stage.close();
  });

  /** The newest private answer to this person that says what is expected. */
  const answerTo = (user: string, expected: string) =>
    eventually(() => {
      const found = stage.slack.ephemerals(user).findLast((each) => stage.slack.render(each).includes(expected));
      if (found === undefined) throw new Error(`Nobody has said "${expected}" yet`);
      return found;
    });
  const ask = async (text: string, expected: string, channel = CHANNEL) => {
    await stage.slack.command({ user: MEMBER, channel, text });
    return answerTo(MEMBER, expected);
  };
  const said = (channel: string): string =>
    stage.slack
      .messages(channel)
      .map((message) => stage.slack.render(message))
      .join('\n');
  /** The button of the only rule that the last list shows. */
  async function clickRule(name: 'edit-rule' | 'delete-rule'): Promise<void> {
    const list = await ask('subscriptions', '1. ');
    const actionId = new RegExp(`"(${name}:[^"]+)"`, 'u').exec(JSON.stringify(list.blocks))?.[1] ?? '';
    await stage.slack.click({ user: MEMBER, channel: CHANNEL, ts: list.ts, actionId });
  }

  test('a run on a branch that is left out is told to no one, one on another branch is', async () => {
    await ask(`subscribe ${REPOSITORY} -branch:quiet/**`, 'In the last 7 days I heard of no failing run');
    await ask(`subscribe ${REPOSITORY}`, 'This channel now hears', OTHER_CHANNEL);

    await stage.github.play(aRun({ branch: 'quiet/one' }));
    await eventually(() => expect(said(OTHER_CHANNEL)).toContain('quiet/one'));
    await stage.github.play(aRun({ branch: 'loud' }));
    await eventually(() => expect(said(CHANNEL)).toContain('loud'));

    expect(said(CHANNEL)).not.toContain('quiet/one');
  });

  test('a word that cannot be read is marked, and nothing is kept', async () => {
    await ask(`subscribe ${REPOSITORY} brnch:main`, 'Did you mean branch:');

    const list = await ask('subscriptions', '1. ');
    expect(stage.slack.render(list)).not.toContain('2. ');
  });

  test('the window of a rule says below its field what is wrong, and keeps what is right', async () => {
    await clickRule('edit-rule');
    const window = await eventually(() => {
      const [view] = stage.slack.modals(MEMBER);
      if (view === undefined) throw new Error('No window yet');
      return view;
    });
    expect(JSON.stringify(window.blocks)).toContain(`${REPOSITORY} -branch:quiet/**`);

    const refused = await stage.slack.submit(window, { rule: `${REPOSITORY} on:sunday` });
    expect(JSON.stringify(refused)).toContain('sunday');
    await stage.slack.submit(window, { rule: `${REPOSITORY} branch:default verdict:new` });

    const changed = stage.slack.render(await answerTo(MEMBER, `${REPOSITORY} branch:default verdict:new`));
    expect(changed).toContain('of 2 failing runs');
  });

  test('a rule is deleted by its button, which a guest does not have', async () => {
    await stage.slack.command({ user: GUEST, channel: CHANNEL, text: 'subscriptions' });
    const forGuest = await answerTo(GUEST, 'branch:default verdict:new');
    expect(JSON.stringify(forGuest.blocks)).not.toContain('delete-rule');

    await clickRule('delete-rule');

    await answerTo(MEMBER, 'Deleted: ');
    await ask('subscriptions', 'no repository yet');
  });

  test('a channel that wants every run hears of one that passes in a line, and of one that fails as ever', async () => {
    await ask(`subscribe ${REPOSITORY} on:always workflow:nightly`, 'In the last 7 days');

    await stage.github.play(aRun({ workflow: 'nightly', title: 'Bump the lock file', jobs: [aPassingJob()] }));
    await eventually(() => expect(said(CHANNEL)).toContain('passed on main: Bump the lock file, by octo-ada'));
    await stage.github.play(aRun({ workflow: 'nightly', title: 'Round half up', branch: 'rounding' }));
    await eventually(() => expect(said(CHANNEL)).toContain('Round half up'));

    expect(
      stage.slack.messages(CHANNEL).filter((each) => stage.slack.render(each).includes('Bump the lock')),
    ).toHaveLength(1);
  });

  test('a run that waits for an approval is told, and failing after it is no less a failure', async () => {
    const rule = `${REPOSITORY} on:action_required,failure workflow:forks`;
    await ask(`subscribe ${rule}`, 'In the last 7 days');

    const script = { workflow: 'forks', branch: 'fork-fix', title: 'Fix a typo' };
    const held = await stage.github.play(aRun({ ...script, conclusion: 'action_required', jobs: [] }));
    await eventually(() => expect(said(CHANNEL)).toContain('waits for an approval on fork-fix'));
    await stage.github.approve(held.runId, { jobs: [aFailingJob()] });

    await eventually(() => expect(said(CHANNEL)).toMatch(/forks #\d+ failed on fork-fix/u));
    await eventually(() => expect(said(CHANNEL)).toContain('workflow forks #1'));
    expect(said(CHANNEL)).not.toContain('waits for an approval');
  });
});
