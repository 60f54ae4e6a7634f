import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { StoredMessage } from '../../src/sandbox/slack/local-slack.ts';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { aPassingJob, aRun } from '../support/scripts.ts';
import { ADMIN, CHANNEL, GUEST, MEMBER, REPOSITORY } from '../support/stage.ts';

describeOnServers('many failures at once', (openStage) => {
  let stage: ServerStage;

  beforeAll(async () => {
    stage = await openStage(['web']);
    const { environment } = stage;
    await stage.start('worker', { ...environment, CHANNEL_MESSAGES: '3' });
    await stage.slack.command({ user: MEMBER, channel: CHANNEL, text: `subscribe ${REPOSITORY}` });
    await eventually(() => expect(said(MEMBER)).toContain('now hears'));
  });

  afterAll(async () => {
    expect(stage.slack.violations()).toEqual([]);
    await stage.close();
  });

  const said = (user: string): string =>
    stage.slack
      .ephemerals(user)
      .map((message) => stage.slack.render(message))
      .join('\n');
  const messages = (): StoredMessage[] => stage.slack.messages(CHANNEL);
  const listed = (): StoredMessage => {
    const [found, ...others] = messages().filter((message) => stage.slack.render(message).includes('more failure'));
    if (found === undefined) throw new Error('No roundup yet');
    expect(others).toEqual([]);
    return found;
  };
  const shown = (): string => stage.slack.render(listed());
  const branchOfRun = new Map<string, number>();

  test('some have messages of their own, the others are listed in one', async () => {
    for (let index = 0; index < 7; index += 1) {
      const branch = `storm-${index}`;
      const { runId } = await stage.github.play(aRun({ branch }));
      branchOfRun.set(branch, runId);
    }

    await eventually(() => expect(shown()).toContain('4 more failures'));
    await eventually(() => expect(shown()).toContain('All of them are open'));
    await eventually(() => expect(messages().filter(({ replyCount }) => replyCount === 2)).toHaveLength(3));
    expect(messages()).toHaveLength(4);
    expect(shown()).toContain('4 failures');
  });

  test('what is listed and fails again, or passes, is edited there', async () => {
    const branches = await listedBranches();
    const [first = '', second = ''] = branches;
    await stage.github.play(aRun({ branch: first, title: 'Try once more' }));
    await stage.github.rerun(branchOfRun.get(second) ?? 0, { jobs: [aPassingJob()] });

    await eventually(() => expect(shown()).toContain('3 open, 1 over'));
    await eventually(async () =>
      expect(await stage.query(`select 1 from failures where branch = '${first}' and occurrences = 2`)).toHaveLength(1),
    );
    expect(messages()).toHaveLength(4);
  });

  test('one can be given a message of its own, by who may ask for one', async () => {
    const [, , third = ''] = await listedBranches();
    const [row] = await stage.query(`select id from failures where branch = '${third}'`);
    const value = String(row?.['id']);
    const choose = (user: string) =>
      stage.slack.click({ user, channel: CHANNEL, ts: listed().ts, actionId: 'show-listed', value });

    await choose(GUEST);
    await eventually(() => expect(said(GUEST)).toContain('Nothing was done'));
    await Promise.all([choose(MEMBER), choose(ADMIN)]);

    await eventually(() => expect(messages()).toHaveLength(5));
    await eventually(() => expect(messages().at(-1)?.replyCount).toBe(2));
    expect(stage.slack.render(messages().at(-1) ?? listed())).toContain(third);
    await eventually(() => expect(said(MEMBER)).toContain('Its own message stands in this channel'));
    await eventually(() => expect(JSON.stringify(listed().blocks)).not.toContain(value));
  });

  async function listedBranches(): Promise<string[]> {
    const rows = await stage.query(
      'select branch from roundup_entries join failures on failures.id = failure_id order by branch',
    );
    return rows.map(({ branch }) => String(branch));
  }
});
