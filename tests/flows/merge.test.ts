import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { readingOf } from '../support/reading.ts';
import { aBrokenBuild, aFailingJob, aPassingJob, aRun } from '../support/scripts.ts';
import { ADMIN, CHANNEL, GUEST, MEMBER, OTHER_CHANNEL, REPOSITORY } from '../support/stage.ts';

describeOnServers('failures that are the same', (openStage) => {
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
    branch = `same-${branches}`;
  });

  const [TEST, BUILD] = ['applies the discount once', 'TypeScript: 2 errors'];
  /** The message about a cause on this test's branch, or the one that says something; that of one cause can name the other. */
  const about = (cause: string, channel = CHANNEL) => {
    const isCause = [TEST, BUILD].includes(cause);
    const found = see.messages(branch, channel).find((message) => {
      const [header = '', ...rest] = stage.slack.render(message).split('\n');
      return (isCause ? header : rest.concat(header).join('\n')).includes(cause);
    });
    if (found === undefined) throw new Error(`No message about ${cause} on ${branch} yet`);
    return found;
  };
  const shown = (cause: string, channel = CHANNEL): string => stage.slack.render(about(cause, channel));
  const idOf = async (cause: string): Promise<string> => {
    const rows = await stage.query(
      `select failures.id, diagnosis->>'headline' as headline from failures join summaries on failure_id = failures.id where branch = '${branch}'`,
    );
    return String(rows.find(({ headline }) => String(headline).includes(cause))?.['id']);
  };
  const click = (user: string, cause: string, text: string) =>
    stage.slack.click({ user, channel: CHANNEL, ts: about(cause).ts, text });
  async function openMerge(user: string, cause: string) {
    await click(user, cause, 'Merge…');
    await eventually(() => expect(stage.slack.modals(user)).toHaveLength(1));
    return stage.slack.modals(user)[0] ?? '';
  }
  const audit = (): Promise<unknown[]> =>
    stage.query(
      `select actor, action from audit_entries join failures on failures.id::text = subject_id where branch = '${branch}' order by at`,
    );

  /** Two causes on one branch, told in both channels. */
  async function twoFailures(): Promise<void> {
    await stage.github.play(aRun({ branch }));
    // Of a commit that was overtaken before anybody was told, nobody is told.
    await eventually(() => {
      for (const channel of [CHANNEL, OTHER_CHANNEL]) expect(about(TEST, channel).replyCount).toBeGreaterThan(1);
    });
    await stage.github.play(aRun({ branch, jobs: [aBrokenBuild()] }));
    await eventually(() => {
      for (const channel of [CHANNEL, OTHER_CHANNEL]) {
        for (const cause of [TEST, BUILD]) expect(about(cause, channel).replyCount).toBeGreaterThan(1);
      }
    });
  }

  async function merge(user: string): Promise<void> {
    await stage.slack.submit(await openMerge(user, TEST), { into: await idOf(BUILD) });
    for (const channel of [CHANNEL, OTHER_CHANNEL]) {
      await eventually(() => expect(shown('Merged', channel)).toContain('⚪ Merged:'));
      await eventually(() => expect(shown('Stands for another failure', channel)).toContain('merged by'));
    }
  }

  test('one is closed in every channel, with a link to the other, and later runs count there', async () => {
    await twoFailures();
    await merge(MEMBER);

    const { ts } = about('Stands for another failure');
    const link = `/archives/${CHANNEL}/p${ts.replace('.', '')}`;
    expect(JSON.stringify(about('Merged').blocks)).toContain(link);
    expect(JSON.stringify(about('Merged').blocks)).toContain(`"user_id":"${MEMBER}"`);
    await stage.github.play(aRun({ branch, title: 'Once more' }));

    await eventually(() => expect(shown('Stands for another failure')).toContain('2 times'));
    expect(see.messages(branch)).toHaveLength(2);
    expect(await audit()).toEqual([{ actor: MEMBER, action: 'merge' }]);

    await stage.github.play(aRun({ branch, jobs: [aPassingJob()] }));
    await eventually(() => expect(shown('🟢')).toContain('Fixed'));
    await stage.github.play(aRun({ branch }));
    await eventually(() => expect(see.messages(branch)).toHaveLength(3));
  });

  test('two people at once merge once, and a click on an old message says that it goes on elsewhere', async () => {
    await twoFailures();
    const [one, other] = [await openMerge(MEMBER, TEST), await openMerge(ADMIN, TEST)];
    const [id, into] = [await idOf(TEST), await idOf(BUILD)];

    await Promise.all([stage.slack.submit(one, { into }), stage.slack.submit(other, { into })]);

    await eventually(() => expect(see.said(MEMBER) + see.said(ADMIN)).toContain('Merged. The message says so'));
    await eventually(() => expect(see.said(MEMBER) + see.said(ADMIN)).toContain('has merged it already'));
    await eventually(() => expect(shown('Merged')).toContain('Split again'));
    await eventually(() => expect(shown('Stands for another failure')).toContain('Acknowledge'));
    // Merged in the database first, so that the message still has its buttons.
    await stage.query(`update failures set status = 'merged', merged_into = '${id}' where id = '${into}'`);
    await click(MEMBER, 'Stands for another failure', 'Acknowledge');
    await eventually(() => expect(see.said(MEMBER)).toContain('was merged into another one, so nothing was done'));
    expect(await audit()).toHaveLength(1);
  });

  test('a merge is taken back, and the failure is what it would be by now', async () => {
    await twoFailures();
    await merge(MEMBER);

    await click(GUEST, 'Merged', 'Split again');
    await eventually(() => expect(see.said(GUEST)).toContain('this is for full members'));
    const old = about('Merged').ts;
    await stage.slack.click({ user: ADMIN, channel: CHANNEL, ts: old, text: 'Split again' });

    await eventually(() => expect(see.said(ADMIN)).toContain('Split again.'));
    for (const channel of [CHANNEL, OTHER_CHANNEL]) {
      await eventually(() => expect(shown(TEST, channel)).toContain('🔴'));
      await eventually(() => expect(shown(BUILD, channel)).not.toContain('Stands for'));
    }
    await stage.github.play(aRun({ branch, title: 'Once more' }));
    await eventually(() => expect(shown(TEST)).toContain('2 times'));
    expect(await audit()).toEqual([
      { actor: MEMBER, action: 'merge' },
      { actor: ADMIN, action: 'split' },
    ]);
  });

  test('where nothing else is open there is nothing to choose, and a guest may not', async () => {
    stage.github.addRepository('acme/alone');
    await stage.slack.command({ user: MEMBER, channel: CHANNEL, text: 'subscribe acme/alone' });
    await eventually(() => expect(see.said(MEMBER).match(/now hears/gu)).toHaveLength(3));
    await stage.github.play(aRun({ repository: 'acme/alone', branch, jobs: [aFailingJob()] }));
    await eventually(() => expect(about(TEST).replyCount).toBe(2));

    await click(GUEST, TEST, 'Merge…');
    await eventually(() => expect(see.said(GUEST).match(/this is for full members/gu)?.length).toBeGreaterThan(0));
    await click(MEMBER, TEST, 'Merge…');

    await eventually(() => expect(see.said(MEMBER)).toContain('nothing to merge this one with'));
    expect(stage.slack.modals(GUEST)).toEqual([]);
  });
});
