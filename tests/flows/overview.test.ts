import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { askCortex } from '../support/asking.ts';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { aPassingJob, aRun } from '../support/scripts.ts';
import { CHANNEL, GUEST, MEMBER, REPOSITORY } from '../support/stage.ts';

describeOnServers('people ask how things stand', (openStage) => {
  let stage: ServerStage;

  beforeAll(async () => {
    stage = await openStage(['web', 'worker']);
    await askCortex(stage, { user: MEMBER, text: `subscribe ${REPOSITORY}` }, 'now hears');
  });

  afterAll(async () => {
    expect(stage.slack.violations()).toEqual([]);
    await stage.close();
  });

  test('whoami tells a guest and a member what they may', async () => {
    expect(await askCortex(stage, { user: MEMBER, text: 'whoami' }, 'role here is member')).toContain('T0ACME');
    await askCortex(stage, { user: GUEST, text: 'whoami' }, 'you are a guest');
  });

  test('status links the open failure to its message in this channel; flaky knows it once it passed again', async () => {
    await askCortex(stage, { user: MEMBER, text: 'status' }, 'No failure is open.');
    await askCortex(stage, { user: MEMBER, text: 'flaky' }, 'Nothing flaky');

    const played = await stage.github.play(aRun());
    const posted = await eventually(() => {
      const [message] = stage.slack.messages(CHANNEL);
      if (message === undefined) throw new Error('Nothing was posted');
      // Its thread is opened once its name is stored, which is after Slack has shown it.
      expect(message.replyCount).toBe(2);
      return message;
    });

    await askCortex(stage, { user: MEMBER, text: 'status' }, 'applies the discount once');
    const shown = JSON.stringify(stage.slack.ephemerals(MEMBER).at(-1)?.blocks);
    expect(shown).toContain(`/archives/${CHANNEL}/p${posted.ts.replace('.', '')}`);
    await askCortex(stage, { user: GUEST, text: `status ${REPOSITORY}` }, /On main[^]*applies the discount once/u);

    await stage.github.rerun(played.runId, { jobs: [aPassingJob()] });
    await eventually(async () => {
      const [row] = await stage.query('select resolution_kind from failures');
      expect(row).toEqual({ resolution_kind: 'passed-on-rerun' });
    });

    await askCortex(stage, { user: MEMBER, text: `flaky ${REPOSITORY}` }, '1 time: ');
    await askCortex(stage, { user: MEMBER, text: 'status' }, 'No failure is open.');
  });
});
