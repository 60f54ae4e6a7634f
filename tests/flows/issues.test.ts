import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Issue } from '../../src/sandbox/github/state.ts';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { readingOf } from '../support/reading.ts';
import { aFailingJob, aRun } from '../support/scripts.ts';
import { ADMIN, CHANNEL, GUEST, INSTALLATION, MEMBER, OTHER_CHANNEL, REPOSITORY } from '../support/stage.ts';

describeOnServers('a GitHub issue about a failure', (openStage) => {
  let stage: ServerStage;
  let see: ReturnType<typeof readingOf>;
  let branch = '';
  let branches = 0;

  beforeAll(async () => {
    stage = await openStage(['web', 'worker']);
    see = readingOf(stage);
    for (const channel of [CHANNEL, OTHER_CHANNEL]) {
      await stage.slack.command({ user: MEMBER, channel, text: `subscribe ${REPOSITORY}` });
    }
    await eventually(() => expect(see.said(MEMBER).match(/now hears/gu)).toHaveLength(2));
  });

  afterAll(async () => {
    expect(stage.slack.violations()).toEqual([]);
    await stage.close();
  });

  beforeEach(() => {
    branches += 1;
    branch = `issues${branches}`;
  });

  const BUTTON = 'Create issue…';
  const there = () => stage.github.world.repository(REPOSITORY);
  const issues = (): Issue[] => [...(there()?.issues.values() ?? [])].filter(({ body }) => body?.includes(branch));
  const shown = (channel = CHANNEL): string => stage.slack.render(see.message(branch, channel));
  const audit = (): Promise<unknown[]> =>
    stage.query(
      `select actor, action from audit_entries join failures on failures.id::text = subject_id where branch = '${branch}'`,
    );

  async function aToldFailure(log?: string): Promise<void> {
    const job = log === undefined ? aFailingJob() : aFailingJob({ log });
    await stage.github.play(aRun({ branch, jobs: [job] }));
    await eventually(() => {
      for (const channel of [CHANNEL, OTHER_CHANNEL]) expect(see.message(branch, channel).replyCount).toBe(2);
    });
  }

  test('says what is known, quotes the proof, mentions nobody, and stands in every message', async () => {
    const token = ['ghp', 'Is7'.repeat(12)].join('_');
    await aToldFailure(`Error: @octocat fixes #1 \`\`\` token=${token}\nnpm error code ELIFECYCLE\n`);
    const window = await see.open(MEMBER, { words: branch, text: BUTTON });
    await stage.slack.submit(window, {
      title: 'The build is broken',
      words: 'Ask @octocat, fixes #1',
      labels: 'ci, bug',
    });

    await eventually(() => expect(issues()).toHaveLength(1));
    const [issue] = issues();
    expect(issue).toMatchObject({ title: 'The build is broken', labels: ['ci', 'bug'] });
    expect(issue?.body).toContain('Ask @&#8203;octocat, fixes #&#8203;1');
    expect(issue?.body).toContain('````text');
    expect(issue?.body).toContain(`/archives/${CHANNEL}/p${see.message(branch).ts.replace('.', '')}`);
    expect(issue?.body).not.toContain(token);
    for (const channel of [CHANNEL, OTHER_CHANNEL]) {
      await eventually(() => expect(shown(channel)).toContain(`Issue #${issue?.number}`));
      expect(shown(channel)).toContain('created by');
      expect(shown(channel)).not.toContain(BUTTON);
    }
    await eventually(() => expect(see.said(MEMBER)).toContain('Created: issue #'));
    expect(await audit()).toEqual([{ actor: MEMBER, action: 'create-issue' }]);
  });

  test('is one, however many people ask at once; a click on an old message leads to it', async () => {
    await aToldFailure();
    const old = see.message(branch);
    const windows = [
      await see.open(MEMBER, { words: branch, text: BUTTON }),
      await see.open(ADMIN, { words: branch, text: BUTTON }),
    ];

    await Promise.all(windows.map((window) => stage.slack.submit(window, {})));

    await eventually(() => expect(see.said(MEMBER) + see.said(ADMIN)).toContain('Created: issue #'));
    await eventually(() => expect(see.said(MEMBER) + see.said(ADMIN)).toMatch(/creating one right now|one already/u));
    expect(issues()).toHaveLength(1);
    await eventually(() => expect(shown()).toContain('created by'));
    const [failure] = await stage.query(`select id from failures where branch = '${branch}'`);
    // The message as it stood before it was edited.
    await stage.query(
      `update failure_issues set state = 'reserved', at = now() where failure_id = '${String(failure?.['id'])}'`,
    );
    await stage.github.play(aRun({ branch, title: 'Again' }));
    await eventually(() => expect(shown()).toContain(BUTTON));
    await stage.query(`update failure_issues set state = 'created' where failure_id = '${String(failure?.['id'])}'`);
    const before = see.said(ADMIN).split('There is one already').length;
    await stage.slack.click({ user: ADMIN, channel: CHANNEL, ts: old.ts, text: BUTTON });

    await eventually(() => expect(see.said(ADMIN).split('There is one already').length).toBe(before + 1));
    expect(issues()).toHaveLength(1);
  });

  test('that GitHub created without our hearing of it is found, not created again', async () => {
    await aToldFailure();
    const path = /\/issues$/u;
    stage.github.faults.add({ kind: 'truncate', method: 'POST', path, times: 2 });
    const lost = await stage.slack.submit(await see.open(MEMBER, { words: branch, text: BUTTON }), {});
    expect(JSON.stringify(lost)).toContain('That did not work');
    expect(issues()).toHaveLength(1);

    await stage.slack.submit(await see.open(ADMIN, { words: branch, text: BUTTON }), {});

    await eventually(() => expect(see.said(ADMIN)).toContain('Created: issue #'));
    expect(issues()).toHaveLength(1);
    expect(await audit()).toEqual([{ actor: ADMIN, action: 'create-issue' }]);
  });

  test('needs a full member, and the permission on GitHub; each is said privately', async () => {
    await aToldFailure();
    await see.click(GUEST, { words: branch, text: BUTTON });
    await eventually(() => expect(see.said(GUEST)).toContain('this is for full members'));

    const repository = there();
    const permissions = stage.github.world.installations.get(INSTALLATION)?.permissions;
    if (repository === undefined || permissions === undefined) throw new Error('The stage has no repository');
    repository.hasIssues = false;
    await stage.slack.submit(await see.open(MEMBER, { words: branch, text: BUTTON }), {});
    await eventually(() => expect(see.said(MEMBER)).toContain('somebody turned them off'));
    repository.hasIssues = true;
    stage.github.faults.add({
      kind: 'status',
      status: 403,
      message: 'Resource not accessible by integration',
      method: 'POST',
      path: /\/issues$/u,
    });
    await stage.slack.submit(await see.open(MEMBER, { words: branch, text: BUTTON }), {});
    await eventually(() => expect(see.said(MEMBER)).toContain('lacks the permission "Issues: write"'));

    expect(issues()).toEqual([]);
    expect(await audit()).toEqual([]);
    const long = await see.open(MEMBER, { words: branch, text: BUTTON });
    const refused = await stage.slack.submit(long, { labels: 'x'.repeat(51) });
    expect(JSON.stringify(refused)).toContain('at most 10 labels');
  });
});
