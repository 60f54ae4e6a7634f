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
});
