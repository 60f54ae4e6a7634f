import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AppCheck, Comment } from '../../src/sandbox/github/state.ts';
import { askCortex } from '../support/asking.ts';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { aBrokenBuild, aFailingJob, aPassingJob, aRun } from '../support/scripts.ts';
import { ADMIN, CHANNEL, INSTALLATION, MEMBER, REPOSITORY } from '../support/stage.ts';

const DOCS = 'acme/docs';

describeOnServers('answers on GitHub', (openStage) => {
  let stage: ServerStage;

  beforeAll(async () => {
    stage = await openStage(['web', 'worker']);
    stage.github.addRepository(DOCS);
    await askCortex(stage, { user: MEMBER, text: 'subscribe acme/*' }, 'now hears');
    await stage.github.play(aRun({ branch: 'before' }));
    await eventually(() => expect(stage.slack.messages(CHANNEL)).toHaveLength(1));
  });

  afterAll(async () => {
    expect(stage.slack.violations()).toEqual([]);
    await stage.close();
  });

  const checks = (): AppCheck[] => stage.github.world.repository(REPOSITORY)?.checks ?? [];
  const comments = (): Comment[] => stage.github.world.repository(DOCS)?.comments ?? [];
  const onlyCheck = (sha: string): AppCheck => {
    const [check, ...others] = checks().filter((each) => each.sha === sha);
    expect(others).toEqual([]);
    if (check === undefined) throw new Error(`No check of ours on ${sha}`);
    return check;
  };
  const lastAnswer = (user: string) => stage.slack.ephemerals(user).at(-1) ?? none();
  async function turnOn(fields: Record<string, string>): Promise<void> {
    await askCortex(stage, { user: ADMIN, text: 'settings' }, 'Answers on GitHub: ');
    await stage.slack.click({ user: ADMIN, channel: CHANNEL, ts: lastAnswer(ADMIN).ts, text: 'Edit answers' });
    const window = await eventually(() => stage.slack.modals(ADMIN)[0] ?? none());
    const wrong = await stage.slack.submit(window, { 'answers-check': 'ci:jenkins/payments' });
    expect(JSON.stringify(wrong)).toContain('is no repository of GitHub');
    await stage.slack.submit(window, fields);
    await eventually(() => expect(stage.slack.render(lastAnswer(ADMIN))).toContain('check runs in'));
  }
  function grant(permissions: Record<string, 'read' | 'write'>): void {
    Object.assign(stage.github.world.installations.get(INSTALLATION)?.permissions ?? {}, permissions);
    stage.github.expireTokens();
  }

  test('nothing stands there until an admin wants it; then a check with the proof, a button, and the end', async () => {
    expect(checks()).toEqual([]);
    await turnOn({ 'answers-check': REPOSITORY, 'answers-comment': DOCS });
    expect(await stage.query(`select action, details from audit_entries where action = 'answer-on-github'`)).toEqual([
      { action: 'answer-on-github', details: { check: REPOSITORY, comment: DOCS } },
    ]);

    // Without the permission the admins hear of it, and the failure is told as ever.
    await stage.github.play(aRun({ branch: 'hidden' }));
    await eventually(() => {
      const told = stage.slack.directMessages(ADMIN).map((message) => stage.slack.render(message));
      expect(told.join('\n')).toContain('lacks the permission "Checks: write"');
    });
    expect(checks()).toEqual([]);

    grant({ checks: 'write', pull_requests: 'write' });
    const run = aRun({ branch: 'seen', jobs: [aBrokenBuild()] });
    await stage.github.play(run);
    await eventually(() => expect(onlyCheck(run.sha).actions).toEqual(['reanalyze']));
    const check = onlyCheck(run.sha);
    expect(check).toMatchObject({ name: 'Cortex: CI', conclusion: 'neutral' });
    expect(check.summary).toContain('error TS2339');
    expect(check.annotations).toContainEqual({
      path: 'src/payment/refund.ts',
      line: 41,
      message: "TS2339: Property 'reason' does not exist on type 'Refund'.",
    });

    const before = stage.github.journal.length;
    await stage.github.clickCheck(REPOSITORY, { checkId: check.id, identifier: 'reanalyze', login: 'octo-ada' });
    await eventually(async () => {
      const [row] = await stage.query(`select count(*)::int as looks from summaries where revision = 1`);
      expect(row).toEqual({ looks: 1 });
    });
    // What the new look found stands there, too.
    await eventually(() => {
      const asked = stage.github.journal.slice(before).map(({ method, path }) => `${method} ${path}`);
      expect(asked.some((each) => each.startsWith('PATCH ') && each.endsWith(`/check-runs/${check.id}`))).toBe(true);
    });
    await stage.github.play(aRun({ branch: 'seen', title: 'Give refunds a reason', jobs: [aPassingJob()] }));
    await eventually(() => expect(onlyCheck(run.sha).conclusion).toBe('success'));
    expect(onlyCheck(run.sha)).toMatchObject({ title: expect.stringContaining('Give refunds a reason'), actions: [] });
  });

  test('a pull request has one comment, whatever fails there and whatever breaks off on the way', async () => {
    const pull = {
      repository: DOCS,
      branch: 'words',
      event: 'pull_request',
      pullRequest: { number: 7, title: 'Words' },
    };
    // GitHub makes the comment, and its answer is lost.
    stage.github.faults.add({ kind: 'truncate', method: 'POST', path: /\/issues\/7\/comments$/u });
    await stage.github.play(aRun({ ...pull, jobs: [aFailingJob()] }));
    await eventually(() => expect(comments()[0]?.body).toContain('applies the discount once'));
    await stage.github.play(aRun({ ...pull, workflow: 'Build', jobs: [aBrokenBuild()] }));

    await eventually(() => expect(comments()[0]?.body).toContain('2 failures on this pull request'));
    expect(comments()[0]?.body).toContain('TS2339');
    await stage.github.play(aRun({ ...pull, title: 'Fix words', jobs: [aPassingJob()] }));
    await stage.github.play(aRun({ ...pull, title: 'Fix build', workflow: 'Build', jobs: [aPassingJob()] }));
    await eventually(() => expect(comments()[0]?.body).toContain('Nothing fails here any more'));
    expect(comments()).toHaveLength(1);
    expect(comments()[0]?.body).toMatch(/Fixed by [^]*Fixed by /u);
  });
});

function none(): never {
  throw new Error('There is nothing yet');
}
