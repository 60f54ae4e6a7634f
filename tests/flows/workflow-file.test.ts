import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { askCortex } from '../support/asking.ts';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { aFailingJob, aRun } from '../support/scripts.ts';
import { CHANNEL, MEMBER, REPOSITORY } from '../support/stage.ts';

const FILE = '.github/workflows/ci.yml';

describeOnServers('what the file of a workflow says', (openStage) => {
  let stage: ServerStage;

  beforeAll(async () => {
    stage = await openStage(['web', 'worker']);
    await askCortex(stage, { user: MEMBER, text: `subscribe ${REPOSITORY}` }, 'now hears');
  });

  afterAll(async () => {
    expect(stage.slack.violations()).toEqual([]);
    await stage.close();
  });

  async function told(branch: string): Promise<{ parent: string; thread: string; blocks: string }> {
    return await eventually(() => {
      const about = new RegExp(`\\bon .?${branch}\\b`, 'u');
      const parent = stage.slack.messages(CHANNEL).find((each) => about.test(stage.slack.render(each)));
      expect(parent?.replyCount).toBeGreaterThanOrEqual(1);
      const whole = stage.slack.thread(CHANNEL, parent?.ts ?? '');
      const thread = whole.slice(1).map((each) => stage.slack.render(each));
      return {
        parent: parent ? stage.slack.render(parent) : '',
        thread: thread.join('\n'),
        blocks: JSON.stringify(whole),
      };
    });
  }

  test('a workflow that could not start is told with its mistake, the line, and the lines around it', async () => {
    const key = ['AKIA', 'Z7QPLM3NRT4VXYW2'].join('');
    const text = `on: push\njobs:\n  build:\n    env: { AWS_ACCESS_KEY_ID: ${key} }\n    runs_on: ubuntu-latest\n    steps: [{ run: make }]\n`;
    stage.github.setFile(REPOSITORY, { path: FILE, text, branch: 'broken-file' });
    await stage.github.play(aRun({ branch: 'broken-file', jobs: [], conclusion: 'startup_failure' }));

    const { parent, blocks } = await told('broken-file');
    expect(parent).toContain('GitHub could not start the workflow: "runs_on" may have to be "runs-on"');
    expect(parent).toContain(`line 5 of ${FILE}`);
    expect(parent).toMatch(/5 {2} {4}runs_on: ubuntu-latest/u);
    expect(blocks).toMatch(/\/blob\/[\da-f]{40}\/\.github\/workflows\/ci\.yml#L5/u);
    expect(blocks).not.toContain(key);
  });

  test('the step that failed stands in the thread as the called workflow defines it', async () => {
    const branch = 'called';
    const caller = 'on: push\njobs:\n  ship:\n    name: Ship it\n    uses: ./.github/workflows/ship.yml\n';
    const called = `on: workflow_call
jobs:
  upload:
    runs-on: self-hosted
    timeout-minutes: 5
    steps:
      - run: ./before
      - name: Send it away
        run: ./send --all
`;
    stage.github.setFile(REPOSITORY, { path: FILE, text: caller, branch });
    stage.github.setFile(REPOSITORY, { path: '.github/workflows/ship.yml', text: called, branch });
    const log = 'sending\nno space left on device\n';
    const jobs = [
      aFailingJob({ name: 'Ship it / upload', log, command: './send', steps: ['Check it out', 'Send it away'] }),
    ];
    await stage.github.play(aRun({ branch, jobs }));

    await eventually(async () => {
      const { thread, blocks } = await told(branch);
      expect(thread).toMatch(/Workflow: Step Send it away, job upload, in .*\.github\/workflows\/ship\.yml/u);
      expect(thread).toMatch(/4 {2} {4}runs-on: self-hosted/u);
      expect(thread).toMatch(/9 {2} {8}run: \.\/send --all/u);
      expect(thread).not.toContain('./before');
      expect(blocks).toMatch(/ship\.yml#L8-L9/u);
    });
  });

  test('where the log says what is wrong with the code, the file is not asked for', async () => {
    const before = stage.github.journal.length;
    await stage.github.play(aRun({ branch: 'of-the-code' }));
    await told('of-the-code');

    const asked = stage.github.journal.slice(before).map(({ path }) => path);
    expect(asked.filter((path) => path.includes('/contents/.github/workflows/'))).toEqual([]);
  });
});
