import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { aPassingJob, aRun, aSha } from '../support/scripts.ts';
import { CHANNEL, MEMBER, OTHER_CHANNEL, REPOSITORY } from '../support/stage.ts';

describeOnServers('a channel hears of what happens beside workflow runs', (openStage) => {
  let stage: ServerStage;

  beforeAll(async () => {
    stage = await openStage(['web', 'worker']);
  });

  afterAll(async () => {
    expect(stage.slack.violations()).toEqual([]);
    await stage.close();
  });

  const ask = async (text: string, expected: string, channel = CHANNEL) => {
    await stage.slack.command({ user: MEMBER, channel, text });
    await eventually(() => {
      const answers = stage.slack.ephemerals(MEMBER).map((each) => stage.slack.render(each));
      if (!answers.some((words) => words.includes(expected))) throw new Error(`Nobody has said "${expected}" yet`);
    });
  };
  const messages = (channel = CHANNEL) => stage.slack.messages(channel).map((each) => stage.slack.render(each));
  const said = (channel = CHANNEL): string => messages(channel).join('\n');
  const about = (words: string, channel = CHANNEL) => messages(channel).filter((each) => each.includes(words));
  const everythingIsDone = () =>
    eventually(async () =>
      expect(await stage.query(`select kind from jobs where status = 'queued' and due_at <= now()`)).toEqual([]),
    );
  const aDeployment = (environment: string, states: Parameters<ServerStage['github']['deployment']>[0]['states']) =>
    stage.github.deployment({ repository: REPOSITORY, environment, sha: aSha(), states });

  test('a rule that asks for an environment and a state is about deployments, and says so', async () => {
    await ask(`subscribe ${REPOSITORY} env:production state:failure`, 'about deployments that fit');
    await ask('subscriptions', `${REPOSITORY} on:deployment env:production state:failure`);

    await stage.github.sendAll(aDeployment('staging', ['in_progress', 'failure']));
    await stage.github.sendAll(
      aDeployment('Production', ['in_progress', { state: 'failure', description: 'No quota' }]),
    );

    await eventually(() => expect(said()).toContain('deployment to Production failed: main at'));
    expect(said()).toContain('by octo-ada. No quota');
    expect(said()).not.toContain('staging');
  });

  test('a deployment that failed is told once, and its message says which one made up for it', async () => {
    const broken = aDeployment('eu', ['in_progress', 'failure']);
    await ask(`subscribe ${REPOSITORY} on:deployment env:eu`, 'env:eu');

    await stage.github.sendAll(broken);
    await stage.github.sendAll(broken);
    await eventually(() => expect(about('to eu')).toHaveLength(1));
    await stage.github.sendAll(aDeployment('eu', ['in_progress', 'success']));

    await eventually(() => expect(said()).toMatch(/🟢.*deployment to eu failed: .* Fixed by the deployment of/u));
    expect(about('to eu')).toHaveLength(1);
  });

  test('states that come late, repeated and out of order end in the true one', async () => {
    await ask(`subscribe ${REPOSITORY} on:deployment env:us -state:inactive`, 'env:us');
    const [created, underWay, failed] = aDeployment('us', ['in_progress', 'failure']);
    const again = [failed, underWay, created, failed, underWay].flatMap((each) => each ?? []);

    await stage.github.sendAll(again);
    await everythingIsDone();

    expect(about('to us')).toHaveLength(1);
    expect(about('to us')[0]).toContain('failed');
    // What went well afterwards is known before the failure is heard of: that is no news any more.
    const late = aDeployment('asia', ['failure']);
    await ask(`subscribe ${REPOSITORY} on:deployment env:asia`, 'env:asia');
    await stage.github.sendAll(aDeployment('asia', ['success']));
    await stage.github.sendAll(late);
    await everythingIsDone();
    expect(about('to asia')).toEqual([]);
  });

  test('a rule for runs may ask where they deploy to, also when that is heard of after their end', async () => {
    await ask(`subscribe ${REPOSITORY} on:always env:live`, 'env:live', OTHER_CHANNEL);
    const release = { workflow: 'release', jobs: [aPassingJob()] };
    const deploy = (runId: number, environment = 'live') =>
      stage.github.deployment({ repository: REPOSITORY, environment, sha: aSha(), states: ['success'], runId });

    const early = await stage.github.start(aRun({ ...release, title: 'Deployed before' }));
    await stage.github.sendAll(deploy(early.runId));
    await everythingIsDone();
    await early.finish();
    const late = await stage.github.play(aRun({ ...release, title: 'Deployed late' }));
    await stage.github.play(aRun({ ...release, title: 'Deployed nowhere' }));
    const other = await stage.github.play(aRun({ ...release, title: 'Deployed elsewhere' }));
    await everythingIsDone();
    await stage.github.sendAll(deploy(other.runId, 'test'));
    await stage.github.sendAll(deploy(late.runId));
    const broken = await stage.github.play(aRun({ workflow: 'release', branch: 'hotfix', title: 'Broken live' }));
    await everythingIsDone();
    await stage.github.sendAll(deploy(broken.runId));

    await eventually(() => expect(about('Deployed before', OTHER_CHANNEL)).toHaveLength(1));
    await eventually(() => expect(about('Deployed late', OTHER_CHANNEL)).toHaveLength(1));
    await eventually(() => expect(said(OTHER_CHANNEL)).toContain('Broken live'));
    expect(said(OTHER_CHANNEL)).not.toMatch(/Deployed (?:nowhere|elsewhere)/u);
  });

  const aCheck = (branch: string, conclusion: 'failure' | 'success', more: { app?: string; sha?: string } = {}) =>
    stage.github.check({
      repository: REPOSITORY,
      app: 'codecov',
      name: 'codecov/patch',
      branch,
      sha: aSha(),
      conclusion,
      title: '71% of diff hit',
      ...more,
    });

  test('a check of another app that fails is told once for its branch, until it passes; those of Actions are not', async () => {
    await ask(`subscribe ${REPOSITORY} on:check branch:checked,legacy`, 'about checks that fit');

    await stage.github.sendAll(aCheck('checked', 'failure', { app: 'github-actions' }));
    await stage.github.sendAll(aCheck('checked', 'failure'));
    await stage.github.sendAll(aCheck('elsewhere', 'failure'));
    await eventually(() => expect(said()).toContain('codecov/patch (codecov) failed on checked'));
    expect(said()).toContain('71% of diff hit');
    const second = aCheck('checked', 'failure');
    await stage.github.sendAll([...second.toReversed(), ...second]);
    await eventually(() => expect(said()).toContain('2 times in a row'));
    const outOfDate = aCheck('checked', 'failure');
    const fixed = aCheck('checked', 'success');
    await stage.github.sendAll([...fixed, ...outOfDate]);
    await eventually(() => expect(said()).toMatch(/🟢.*passes again on checked.*after 2 failures/u));
    await everythingIsDone();
    expect(about('codecov/patch')).toHaveLength(1);
    await stage.github.sendAll(aCheck('checked', 'failure'));
    await eventually(() => expect(about('codecov/patch')).toHaveLength(2));
    expect(said()).not.toMatch(/github-actions|elsewhere/u);
  });

  test('a commit status counts for the branches whose newest commit it is on', async () => {
    const status = (
      state: 'failure' | 'success' | 'pending',
      branches: Array<string | { name: string; sha: string }>,
    ) => stage.github.status({ repository: REPOSITORY, sha: aSha(), context: 'ci/legacy', state, branches });
    await stage.github.sendAll(status('failure', [{ name: 'legacy', sha: aSha() }]));
    await stage.github.sendAll(status('pending', ['legacy']));
    await stage.github.sendAll(status('failure', ['legacy']));

    await eventually(() => expect(about('ci/legacy')).toHaveLength(1));
    await stage.github.sendAll(status('success', ['legacy']));

    await eventually(() => expect(said()).toMatch(/🟢.*ci\/legacy passes again on legacy/u));
  });

  test('a pull request whose checks fail is told once, whoever tells first, and its message follows it to its end', async () => {
    await ask(`subscribe ${REPOSITORY} on:pull_request -label:wip`, 'about pull requests that fit');
    const base = { repository: REPOSITORY, number: 77, title: 'Retry failed charges', branch: 'retry' };
    const [first, second] = [aSha(), aSha()];
    const number = { number: 77, title: base.title };
    const pullRun = (sha: string, jobs = [aPassingJob()]) =>
      aRun({ sha, branch: 'retry', workflow: 'pr', pullRequest: number, jobs });

    // The results come before the pull request is heard of.
    await stage.github.sendAll(aCheck('retry', 'failure', { sha: first }));
    await everythingIsDone();
    await stage.github.sendAll(stage.github.pull({ ...base, sha: first, action: 'opened' }));
    await eventually(() => expect(said()).toContain('Retry failed charges, by octo-ada to main, waits: a check fails'));
    expect(said()).toContain('(codecov/patch)');
    await stage.github.play(aRun({ sha: first, branch: 'retry', workflow: 'pr', pullRequest: number }));
    await eventually(() => expect(said()).toContain('waits: 2 checks fail (codecov/patch, pr)'));
    await stage.github.sendAll(stage.github.pull({ ...base, sha: second, action: 'synchronize' }));
    await eventually(() => expect(said()).toContain('has a new commit, of which the checks are not done yet'));
    await stage.github.play(pullRun(second));
    await eventually(() => expect(said()).toMatch(/🟢.*#77.*does not wait any more: its checks pass/u));
    await stage.github.sendAll(stage.github.pull({ ...base, sha: second, action: 'closed', isMerged: true }));
    await eventually(() => expect(said()).toMatch(/⚪.*#77.*was merged/u));
    await stage.github.sendAll(aCheck('retry', 'failure', { sha: second }));
    const wip = { ...base, number: 78, sha: first, labels: ['wip'], action: 'opened' } as const;
    await stage.github.sendAll(stage.github.pull(wip));
    await everythingIsDone();

    expect(about('#77')).toHaveLength(1);
    expect(about('#77')[0]).toContain('was merged');
    expect(about('#78')).toEqual([]);
  });

  test('a release is told when it is published, and its message says what became of it', async () => {
    await ask(`subscribe ${REPOSITORY} on:release`, 'about releases that fit', OTHER_CHANNEL);
    const [published, edited] = stage.github.release({
      repository: REPOSITORY,
      tag: 'v1.4.0',
      name: 'The one with refunds',
      actions: ['published', 'edited'],
    });
    const before = stage.github.release({
      repository: REPOSITORY,
      tag: 'v0.9',
      actions: ['published', 'edited', 'deleted'],
    });

    await stage.github.sendAll([edited, published, published].flatMap((each) => each ?? []));
    await eventually(() =>
      expect(said(OTHER_CHANNEL)).toContain('release v1.4.0 is out: The one with refunds, from main'),
    );
    // One that was published before anybody listened, and one that is gone by now.
    await stage.github.sendAll(before.slice(1, 2));
    const [out, gone] = stage.github.release({ repository: REPOSITORY, tag: 'v2', actions: ['published', 'deleted'] });
    await stage.github.sendAll(out ? [out] : []);
    await eventually(() => expect(said(OTHER_CHANNEL)).toContain('release v2 is out'));
    await stage.github.sendAll(gone ? [gone] : []);
    await everythingIsDone();
    await eventually(() => expect(said(OTHER_CHANNEL)).toMatch(/⚪.*release v2 was deleted/u));

    expect(about('v1.4.0', OTHER_CHANNEL)).toHaveLength(1);
    expect(about('v0.9', OTHER_CHANNEL)).toEqual([]);
  });

  test('what is held back is told in one message at its time, and says how it stands by then and afterwards', async () => {
    await ask(
      `subscribe ${REPOSITORY} on:deployment env:digest-* digest:daily@09:00@UTC`,
      'about deployments that fit',
    );
    const broken = { repository: REPOSITORY, environment: 'digest-1', sha: aSha() };
    await stage.github.sendAll(stage.github.deployment({ ...broken, states: ['failure'] }));
    await stage.github.sendAll(aDeployment('digest-2', ['failure']));
    await stage.github.sendAll(aDeployment('digest-3', ['failure']));
    const held = () => stage.query('select 1 from held_happenings where list_id is null');
    await eventually(async () => expect(await held()).toHaveLength(3));
    await stage.github.sendAll(aDeployment('digest-3', ['success']));
    await everythingIsDone();
    expect(said()).not.toContain('digest-1');

    await stage.query(`update held_happenings set due_at = now() - interval '1 second'`);
    await stage.query(`update jobs set due_at = now() where kind = 'end-mute' and status = 'queued'`);

    await eventually(() =>
      expect(said()).toContain('They came since the last summary of this channel. 2 of them are broken.'),
    );
    expect(await held()).toEqual([]);
    await stage.github.sendAll(stage.github.deployment({ ...broken, states: ['success'] }));
    await eventually(() => expect(said()).toContain('1 of them is broken.'));
    expect(about('digest-1')).toHaveLength(1);
    expect(said()).not.toContain('digest-3');
  });

  test('"mute off" says that deployments were held back, and they follow', async () => {
    await ask(`subscribe ${REPOSITORY} on:deployment env:muted-*`, 'about deployments that fit');
    await ask('mute 4h', 'Muted: this channel');
    await stage.github.sendAll(aDeployment('muted-1', ['failure']));
    await stage.github.sendAll(aDeployment('muted-2', ['failure']));
    const held = () => stage.query('select 1 from held_happenings where list_id is null');
    await eventually(async () => expect(await held()).toHaveLength(2));

    await ask('mute off', '2 events of other kinds now follow, as far as they are still news.');

    await eventually(() => expect(said()).toContain('muted-2'));
    expect(await held()).toEqual([]);
  });
});
