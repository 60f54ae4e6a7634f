import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { aFailingJob, aPassingJob, aRun } from '../support/scripts.ts';
import { CHANNEL, GUEST, INSTALLATION, MEMBER, OTHER_CHANNEL, REPOSITORY } from '../support/stage.ts';

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
  const openWindow = (title: string) =>
    eventually(() => {
      const view = stage.slack.modals(MEMBER).at(-1);
      if (!JSON.stringify(view?.title ?? '').includes(title)) throw new Error(`No window "${title}" yet`);
      return view ?? '';
    });
  /** The button of the only rule that the last list shows. */
  async function clickRule(name: 'edit-rule' | 'delete-rule', line: string): Promise<void> {
    const list = await ask('subscriptions', `1. ${REPOSITORY} ${line}`);
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
    await clickRule('edit-rule', '-branch:quiet/**');
    const window = await openWindow('Edit a rule');
    expect(JSON.stringify(window)).toContain('-quiet/**');

    const refused = await stage.slack.submit(window, { more: 'verdict:sunday' });
    expect(JSON.stringify(refused)).toContain('sunday');
    await stage.slack.submit(window, { branch: 'default', more: 'verdict:new' });

    const changed = stage.slack.render(await answerTo(MEMBER, `${REPOSITORY} branch:default verdict:new`));
    expect(changed).toContain('of 2 failing runs');
  });

  test('a rule is deleted by its button, which a guest does not have', async () => {
    await stage.slack.command({ user: GUEST, channel: CHANNEL, text: 'subscriptions' });
    const forGuest = await answerTo(GUEST, 'branch:default verdict:new');
    expect(JSON.stringify(forGuest.blocks)).not.toContain('delete-rule');

    await clickRule('delete-rule', 'branch:default');

    await answerTo(MEMBER, 'Deleted: ');
    await ask('subscriptions', 'no repository yet');
  });

  test('what a rule had brought is shown before it is kept, and is kept by a click only', async () => {
    const rules = () => stage.query(`select 1 from subscriptions where channel_id = '${CHANNEL}'`);
    const press = async (name: string) => {
      const shown = await ask(`subscribe ${REPOSITORY} branch:loud`, 'Nothing is saved yet.');
      expect(stage.slack.render(shown)).toContain('it would have told of 1 of 2 failing runs');
      expect(await rules()).toEqual([]);
      await stage.slack.click({ user: MEMBER, channel: CHANNEL, ts: shown.ts, actionId: name });
    };
    await press('drop-rule');
    await answerTo(MEMBER, 'Nothing was saved');
    expect(await rules()).toEqual([]);

    await press('keep-rule');

    await answerTo(MEMBER, `This channel now hears about runs that fit ${REPOSITORY} branch:loud`);
    expect(await rules()).toHaveLength(1);
    await clickRule('delete-rule', 'branch:loud');
    await eventually(async () => expect(await rules()).toEqual([]));
  });

  test('a rule can be filled in, in a window that shows what it had brought before it counts', async () => {
    await stage.slack.command({ user: MEMBER, channel: CHANNEL, text: 'subscribe' });
    const window = await openWindow('Add a rule');
    const address = `${stage.github.url}/${REPOSITORY}`;
    const answer = await stage.slack.submit(window, {
      target: address,
      on: ['failure', 'flaky'],
      branch: 'quiet/*, -loud',
    });

    expect(JSON.stringify(answer)).toContain('push');
    const check = await openWindow('Save this rule?');
    expect(JSON.stringify(check)).toContain('it would have told of 1 of 2 failing runs');
    await stage.slack.submit(check, {});

    await answerTo(MEMBER, `${REPOSITORY} on:failure,flaky branch:quiet/* -branch:loud`);
    expect(stage.slack.modals(MEMBER)).toEqual([]);
    await clickRule('delete-rule', 'on:failure,flaky');
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

  test('what comes in a quiet time is held back, then told in one message that says what is still open', async () => {
    const hour = (offset: number) => `${(new Date().getUTCHours() + 24 + offset) % 24}`.padStart(2, '0');
    const quiet = `quiet:${hour(-3)}:00-${hour(3)}:00`;
    await ask(`subscribe ${REPOSITORY} workflow:night ${quiet}`, `${quiet}@Etc/UTC`);
    const broken = await stage.github.play(aRun({ workflow: 'night', branch: 'dark', title: 'Too late' }));
    await stage.github.play(aRun({ workflow: 'night', branch: 'dusk', title: 'Too tired' }));
    const held = () => stage.query('select 1 from held_summaries');
    await eventually(async () => expect(await held()).toHaveLength(2));
    await stage.github.rerun(broken.runId, { jobs: [aPassingJob()] });
    const open = `select 1 from failures where workflow = 'night' and status = 'open'`;
    await eventually(async () => expect(await stage.query(open)).toHaveLength(1));
    expect(said(CHANNEL)).not.toContain('Too late');

    await stage.query(`update held_summaries set due_at = now() - interval '1 second'`);
    await stage.query(`update jobs set due_at = now() where kind = 'end-mute' and status = 'queued'`);

    await eventually(() => expect(said(CHANNEL)).toContain('They came in the quiet time of this channel.'));
    expect(said(CHANNEL)).toContain('1 open, 1 over');
    expect(await held()).toEqual([]);
    await stage.github.play(aRun({ workflow: 'night', branch: 'dusk', title: 'Awake', jobs: [aPassingJob()] }));
    await eventually(() => expect(said(CHANNEL)).toContain('All of them are over'));
    expect(said(CHANNEL)).not.toContain('Too tired');
  });

  test('a rule about labels and files is met by what GitHub says of the pull request or the push', async () => {
    await ask(`subscribe ${REPOSITORY} workflow:mono label:urgent path:services/cart/**`, 'In the last 7 days');
    await ask(`subscribe ${REPOSITORY} workflow:mono on:always -path:docs/**`, 'In the last 7 days', OTHER_CHANNEL);
    const cart = [{ path: 'services/cart/total.ts' }, { path: 'docs/cart.md' }];
    const docs = [{ path: 'docs/prices.md' }];
    const pull = (number: number, labels: string[]) => ({ number, title: `Pull ${number}`, labels });
    const mono = { workflow: 'mono' };

    await stage.github.play(aRun({ ...mono, branch: 'calm', files: cart, pullRequest: pull(41, ['later']) }));
    await stage.github.play(aRun({ ...mono, branch: 'pages', files: docs, pullRequest: pull(42, ['urgent']) }));
    await stage.github.play(aRun({ ...mono, branch: 'rush', files: cart, pullRequest: pull(43, ['Urgent', 'bug']) }));
    await eventually(() => expect(said(CHANNEL)).toContain('Pull 43'));
    await eventually(() => expect(said(OTHER_CHANNEL)).toContain('Pull 43'));
    await stage.github.play(aRun({ ...mono, title: 'Mend the docs', files: docs, jobs: [aPassingJob()] }));
    await stage.github.play(aRun({ ...mono, title: 'Mend the cart', files: cart, jobs: [aPassingJob()] }));
    await eventually(() => expect(said(OTHER_CHANNEL)).toContain('Mend the cart'));

    expect(said(CHANNEL)).not.toMatch(/Pull 4[12]/u);
    expect(said(OTHER_CHANNEL)).not.toContain('Mend the docs');
  });

  test('a rule about a topic follows the topic, and never leaves the workspace', async () => {
    stage.github.addRepository('acme/ledger', { topics: ['money'] });
    stage.github.addInstallation(77_001, 'elsewhere');
    stage.github.addRepository('elsewhere/secret', { topics: ['money'], installationId: 77_001 });
    const answer = await ask('subscribe topic:money branch:default', '1 repository that I can see');
    expect(stage.slack.render(answer)).not.toContain('secret');

    await stage.github.play(aRun({ repository: 'elsewhere/secret', title: 'Not for acme' }));
    await stage.github.play(aRun({ repository: 'acme/ledger', title: 'Round the cents' }));
    await eventually(() => expect(said(CHANNEL)).toContain('Round the cents'));
    stage.github.addRepository('acme/till');
    await stage.github.setTopics('acme/ledger', []);
    await stage.github.setTopics('acme/till', ['money', 'cash']);
    // Deliveries are answered before they are read.
    await eventually(async () =>
      expect(await stage.query(`select repositories from repository_groups where name = 'topic:money'`)).toEqual([
        { repositories: ['acme/till'] },
      ]),
    );
    await ask('subscriptions', 'for 1 repository');
    await stage.github.play(aRun({ repository: 'acme/ledger', workflow: 'Other', title: 'No money any more' }));
    await stage.github.play(aRun({ repository: 'acme/till', title: 'Open the till' }));
    await eventually(() => expect(said(CHANNEL)).toContain('Open the till'));

    expect(said(CHANNEL)).not.toContain('No money any more');
    expect(said(CHANNEL)).not.toContain('Not for acme');
    await ask('unsubscribe topic:money', 'does not hear about topic:money any more');
  });

  test('a rule about a team tells of what the team has access to, and of nothing where teams are hidden', async () => {
    stage.github.addRepository('acme/vault');
    stage.github.addRepository('acme/lobby');
    stage.github.setTeam('acme/safety', ['acme/vault']);
    const permissions = stage.github.world.installations.get(INSTALLATION)?.permissions ?? {};
    delete permissions['members'];
    await ask('subscribe team:safety', 'the organization permission "Members" (read-only)');
    permissions['members'] = 'read';
    await ask('subscribe team:safty', 'Did you mean team:acme/safety?');
    await ask('subscribe team:safety', 'any repository of the team acme/safety');

    await stage.github.play(aRun({ repository: 'acme/lobby', title: 'Paint the lobby' }));
    await stage.github.play(aRun({ repository: 'acme/vault', title: 'Lock the vault' }));
    await eventually(() => expect(said(CHANNEL)).toContain('Lock the vault'));
    expect(said(CHANNEL)).not.toContain('Paint the lobby');

    stage.github.setTeam('acme/safety', ['acme/lobby']);
    await stage.github.announceInstallation(INSTALLATION, 'octo-ada');
    const lobby = `select 1 from repository_groups where repositories @> '"acme/lobby"'`;
    await eventually(async () => expect(await stage.query(lobby)).toHaveLength(1));
    await stage.github.play(aRun({ repository: 'acme/lobby', workflow: 'Doors', title: 'Oil the doors' }));
    await eventually(() => expect(said(CHANNEL)).toContain('Oil the doors'));
    await ask('unsubscribe team:safety', 'does not hear about team:safety any more');
  });

  test('a file of the repository gives its rules to the channels that agreed, and to no other', async () => {
    const repository = 'acme/as-code';
    const path = '.github/cortex.yml';
    const file = (rules: string) =>
      `version: 1\nchannels:\n  - channel: payments-ci\n    rules:\n      - ${rules}\n  - channel: platform\n`;
    const push = async (text: string | null, title: string) => {
      stage.github.setFile(repository, { path, text });
      const files = [{ path }];
      await stage.github.play(aRun({ repository, workflow: 'Lint', title, files, jobs: [aPassingJob()] }));
    };
    const state = async () => (await stage.query('select state, lines from rule_files'))[0];
    stage.github.addRepository(repository);
    await ask(`subscribe ${repository} as-code branch:main`, 'Nothing else stands beside as-code');
    await ask(`subscribe ${repository} as-code`, 'There is no such file on the default branch');

    await push(file('branch:main'), 'Hear of main');
    const line = `${repository} branch:main`;
    await eventually(async () => expect(await state()).toEqual({ state: 'applied', lines: [line] }));
    await stage.github.play(aRun({ repository, branch: 'aside', title: 'Beside the point' }));
    await stage.github.play(aRun({ repository, title: 'Break the glass' }));
    await eventually(() => expect(said(CHANNEL)).toContain('Break the glass'));
    expect(said(CHANNEL)).not.toContain('Beside the point');
    expect(said(OTHER_CHANNEL)).not.toContain('Break the glass');

    await push(file('brnch:main'), 'Slip');
    await eventually(() => expect(said(CHANNEL)).toContain('Line 5, column 9: I do not know the condition "brnch:"'));
    expect(said(CHANNEL)).toContain('Those of before still apply: 1 rule.');
    await push(`${file('brnch:main')}# still wrong`, 'Slip once more');
    const told = () => said(CHANNEL).split('Line 5, column 9').length - 1;
    await eventually(() => expect(told()).toBe(2));
    await push(`${file('brnch:main')}# still wrong`, 'Nothing new');
    const list = await ask('subscriptions', `From ${path} of ${repository}`);
    expect(stage.slack.render(list)).toContain(line);
    const actionId = /"(explain-rule-file:[^"]+)"/u.exec(JSON.stringify(list.blocks))?.[1] ?? '';
    await stage.slack.click({ user: MEMBER, channel: CHANNEL, ts: list.ts, actionId });
    await answerTo(MEMBER, 'are changed there, by whoever may push to its default branch');
    await ask(`unsubscribe ${line}`, `These rules come from ${path} of ${repository}`);

    await push(null, 'Take the file away');
    await eventually(() => expect(said(CHANNEL)).toContain(`${path} of ${repository} is gone`));
    expect(await state()).toEqual({ state: 'missing', lines: [] });
    expect(told()).toBe(2);
    await push(file('branch:main'), 'Bring it back');
    await eventually(async () => expect(await state()).toMatchObject({ state: 'applied' }));
    await ask(`unsubscribe ${repository} as-code`, 'takes no more rules from');
    expect(await stage.query('select 1 from rule_files')).toEqual([]);
  });
});
