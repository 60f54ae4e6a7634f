import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { askCortex } from '../support/asking.ts';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { aBrokenBuild, aPassingJob, aRun, aSha } from '../support/scripts.ts';
import { CHANNEL, MEMBER, REPOSITORY } from '../support/stage.ts';

describeOnServers('where a failure began', (openStage) => {
  let stage: ServerStage;

  beforeAll(async () => {
    stage = await openStage(['web', 'worker']);
    await askCortex(stage, { user: MEMBER, text: `subscribe ${REPOSITORY}` }, 'now hears');
  });

  afterAll(async () => {
    expect(stage.slack.violations()).toEqual([]);
    await stage.close();
  });

  /** The message about a branch, and its thread, once the proof stands there. */
  async function told(branch: string): Promise<{ parent: string; thread: string; blocks: string }> {
    return await eventually(() => {
      const about = new RegExp(`\\bon .?${branch}\\b`, 'u');
      const parent = stage.slack.messages(CHANNEL).find((each) => about.test(stage.slack.render(each)));
      expect(parent?.replyCount).toBeGreaterThanOrEqual(2);
      const thread = stage.slack.thread(CHANNEL, parent?.ts ?? '').slice(1);
      const words = thread.map((each) => stage.slack.render(each)).join('\n');
      return { parent: parent ? stage.slack.render(parent) : '', thread: words, blocks: JSON.stringify(thread) };
    });
  }

  test('the thread names the first bad commit, the suspects with their reason, and other branches with the same cause', async () => {
    const text = '* @octo-eve\n/src/payment/ @acme/payments @octo-ben pay@acme.example\n';
    stage.github.setFile(REPOSITORY, { path: '.github/CODEOWNERS', text });
    await stage.github.play(aRun({ branch: 'other', jobs: [aBrokenBuild()] }));
    await told('other');
    await stage.github.play(aRun({ branch: 'begun', jobs: [aPassingJob({ name: 'build' })] }));
    const kept = stage.github.world.repository(REPOSITORY);
    const author = stage.github.world.account('octo-cay');
    const commit = { message: 'Give refunds a reason', author, at: new Date() };
    const suspect = aSha();
    if (kept) stage.github.world.commit(kept, { ...commit, sha: suspect, files: [{ path: 'src/payment/refund.ts' }] });
    const files = [{ path: 'README.md' }];
    await stage.github.play(aRun({ branch: 'begun', title: 'Write it down', files, jobs: [aBrokenBuild()] }));

    const { thread, blocks } = await told('begun');
    expect(thread).toMatch(
      /First failed at .*Write it down by octo-ada, .*run #\d+.* Last passed at .*2 commits before/u,
    );
    expect(thread).toContain(suspect.slice(0, 7));
    expect(thread).toMatch(
      /Give refunds a reason by octo-cay: it changes src\/payment\/refund\.ts, which the failure names/u,
    );
    expect(thread).toMatch(/The same cause also fails on .*other/u);
    expect(thread).toMatch(/which the failure names, owned by acme\/payments, octo-ben/u);
    expect(thread).toMatch(/Whom to ask: acme\/payments, octo-ben \(CODEOWNERS of .*src\/payment\/refund\.ts/u);
    expect(thread).not.toContain('pay@acme.example');
    expect(blocks).not.toMatch(/"type":"user/u);
  });

  test('what fails and passed on the same commit is flaky, and what fails on the default branch says so', async () => {
    const sha = aSha();
    await stage.github.play(
      aRun({ branch: 'nightly', sha, event: 'schedule', jobs: [aPassingJob({ name: 'build' })] }),
    );
    await stage.github.play(aRun({ branch: 'nightly', sha, event: 'schedule', jobs: [aBrokenBuild()] }));
    const nightly = await told('nightly');
    expect(nightly.parent).toMatch(/Flaky .*The same commit .* passed in run #\d+/u);
    expect(nightly.thread).not.toContain('suspect');

    await stage.github.play(aRun({ branch: 'main', jobs: [aBrokenBuild()] }));
    await told('main');
    await stage.github.play(aRun({ branch: 'from-main', jobs: [aBrokenBuild()] }));
    expect((await told('from-main')).parent).toContain('Also fails on the default branch');
  });
});
