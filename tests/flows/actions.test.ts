import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { StoredMessage } from '../../src/sandbox/slack/local-slack.ts';
import { eventually } from '../support/eventually.ts';
import { aPassingJob, aRun } from '../support/scripts.ts';
import { ADMIN, CHANNEL, GUEST, MEMBER, OTHER_CHANNEL, REPOSITORY } from '../support/stage.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';

describeOnServers('what people do about a failure', (openStage) => {
  let stage: ServerStage;
  let branch = 'main';
  let branches = 0;

  beforeAll(async () => {
    stage = await openStage(['web', 'worker']);
    for (const channel of [CHANNEL, OTHER_CHANNEL]) {
      await stage.slack.command({ user: MEMBER, channel, text: `subscribe ${REPOSITORY}` });
    }
    await eventually(() => expect(said(MEMBER).match(/now hears/gu)).toHaveLength(2));
  });

  afterAll(async () => {
    expect(stage.slack.violations()).toEqual([]);
    await stage.close();
  });

  // A branch of its own for each test: failures of one branch do not meet those of another.
  beforeEach(() => {
    branches += 1;
    branch = `action-${branches}`;
  });

  const said = (user: string): string =>
    stage.slack
      .ephemerals(user)
      .map((message) => stage.slack.render(message))
      .join('\n');
  const times = (user: string, words: string): number => said(user).split(words).length - 1;
  const parents = (channel = CHANNEL): StoredMessage[] =>
    stage.slack.messages(channel).filter((message) => stage.slack.render(message).includes(branch));
  const parent = (channel = CHANNEL): StoredMessage => {
    const [first] = parents(channel);
    if (first === undefined) throw new Error(`No message about ${branch} yet`);
    return first;
  };
  const shown = (channel = CHANNEL): string => stage.slack.render(parent(channel));

  /** A failure of this test's branch, told in both channels, and its run. */
  async function aToldFailure(): Promise<number> {
    const { runId } = await stage.github.play(aRun({ branch }));
    await eventually(() => {
      for (const channel of [CHANNEL, OTHER_CHANNEL]) expect(parent(channel).replyCount).toBe(2);
    });
    return runId;
  }

  const click = (user: string, text: string, message = parent()) =>
    stage.slack.click({ user, channel: CHANNEL, ts: message.ts, text });
  async function choose(user: string, text: string): Promise<void> {
    await click(user, text);
    await eventually(() => expect(stage.slack.modals(user)).toHaveLength(1));
  }
  const audit = async (): Promise<unknown[]> =>
    await stage.query(
      `select audit_entries.actor, audit_entries.action from audit_entries
        join failures on failures.id::text = subject_id where branch = '${branch}' order by at, audit_entries.id`,
    );

  test('the first who acknowledges has it, in every channel, and the second hears who has', async () => {
    await aToldFailure();
    const before = parent();

    await Promise.all([click(MEMBER, 'Acknowledge', before), click(ADMIN, 'Acknowledge', before)]);

    await eventually(() => {
      for (const channel of [CHANNEL, OTHER_CHANNEL]) {
        expect(shown(channel)).toContain('🟡');
        expect(shown(channel)).toContain('Acknowledged by');
      }
    });
    await eventually(() => expect(said(MEMBER) + said(ADMIN)).toContain('you have it'));
    await eventually(() => expect(said(MEMBER) + said(ADMIN)).toContain('has it already'));
    expect(await audit()).toEqual([{ actor: expect.any(String), action: 'acknowledge' }]);
    expect(parents()).toHaveLength(1);
  });

  test('a guest is told, privately, who may do each of these things', async () => {
    await aToldFailure();

    for (const [index, label] of [
      'Acknowledge',
      'Re-run failed jobs',
      'Assign…',
      'Snooze…',
      'Mark flaky…',
      'Re-run with debug logging',
    ].entries()) {
      await click(GUEST, label);
      await eventually(() => expect(times(GUEST, 'Nothing was done: this is for')).toBe(index + 1));
    }
    await click(MEMBER, 'Re-run failed jobs');

    await eventually(() => expect(said(MEMBER)).toContain('this is for workspace owners and admins'));
    expect(stage.slack.modals(GUEST)).toEqual([]);
    expect(await audit()).toEqual([]);
    expect(shown()).toContain('🔴');
  });

  test('what is over says so, privately, on every click on its old message', async () => {
    await aToldFailure();
    const old = parent();
    const clicked = await stage.query(`select id from failures where branch = '${branch}'`);
    const ids = clicked.map(({ id }) => String(id));
    expect(ids).toHaveLength(1);
    // Resolved in the database first, so that the message still has its buttons.
    await stage.query(`update failures set status = 'resolved' where branch = '${branch}'`);
    const before = times(ADMIN, 'This failure is over');

    for (const [index, label] of [
      'Acknowledge',
      'Re-run failed jobs',
      'Assign…',
      'Snooze…',
      'Mark flaky…',
      'Re-run with debug logging',
    ].entries()) {
      await click(ADMIN, label, old);
      await eventually(() => expect(times(ADMIN, 'This failure is over')).toBe(before + index + 1));
    }

    expect(await audit()).toEqual([]);
  });

  test('a failure is given to a person, who must be one of the workspace', async () => {
    await aToldFailure();

    await choose(MEMBER, 'Assign…');
    const [window] = stage.slack.modals(MEMBER);
    const refused = await stage.slack.submit(window ?? '', { assignee: 'U0STRANGER' });
    expect(refused.body).toContain('Choose a person of this workspace');
    await stage.slack.submit(window ?? '', { assignee: ADMIN });

    await eventually(() => expect(shown()).toContain('assigned to'));
    await eventually(() => expect(shown(OTHER_CHANNEL)).toContain('🟡'));
    expect(await audit()).toEqual([{ actor: MEMBER, action: 'assign' }]);
  });

  test('a snoozed thread stays silent while the message goes on counting', async () => {
    await aToldFailure();
    await choose(MEMBER, 'Snooze…');
    await stage.slack.submit(stage.slack.modals(MEMBER)[0] ?? '', { snooze: 'tomorrow' });
    await eventually(() => expect(shown()).toContain('Snoozed by'));
    await eventually(() => expect(said(MEMBER)).toContain('its thread stays silent until'));

    await stage.github.play(aRun({ branch, title: 'Try once more' }));
    await eventually(() => expect(shown()).toContain('2 times'));
    expect(parent().replyCount).toBe(2);

    // The snooze runs out: the thread goes on.
    await stage.query(
      `update failures set handling = jsonb_set(handling, '{snooze,until}', '"2026-01-01T00:00:00Z"') where branch = '${branch}'`,
    );
    await stage.github.play(aRun({ branch, title: 'And again' }));
    await eventually(() => expect(parent().replyCount).toBe(3));
    expect(shown()).not.toContain('Snoozed by');
    expect(await audit()).toEqual([{ actor: MEMBER, action: 'snooze' }]);
  });

  test('a cause that a person marked flaky is judged so from then on, until the mark is taken away', async () => {
    await aToldFailure();
    await choose(MEMBER, 'Mark flaky…');
    await stage.slack.submit(stage.slack.modals(MEMBER)[0] ?? '', { days: '14' });
    await eventually(() => expect(shown()).toContain('Marked flaky by'));

    await stage.github.play(aRun({ branch, title: 'Try once more' }));
    await eventually(() => expect(shown()).toContain('Flaky (high confidence): Marked flaky by a person'));

    await click(ADMIN, 'Unmark flaky');
    await eventually(() => expect(shown()).not.toContain('Marked flaky by Ben'));
    await eventually(() => expect(said(ADMIN)).toContain('The mark is gone'));
    await stage.github.play(aRun({ branch, title: 'And again' }));
    await eventually(() => expect(shown()).toContain('3 times'));
    expect(shown()).not.toContain('Marked flaky');
    expect(await audit()).toEqual([
      { actor: MEMBER, action: 'mark-flaky' },
      { actor: ADMIN, action: 'unmark-flaky' },
    ]);
  });

  test('two clicks on re-run are one re-run, and the message turns green when it passes', async () => {
    const runId = await aToldFailure();
    let finish = (): void => undefined;
    const held = new Promise<void>((resolve) => (finish = resolve));
    stage.github.onRerun(() => ({ jobs: [aPassingJob()], until: held }));
    const before = parent();

    await Promise.all([click(ADMIN, 'Re-run failed jobs', before), click(ADMIN, 'Re-run failed jobs', before)]);

    await eventually(() => expect(shown()).toContain('Re-running, started by'));
    await eventually(() => expect(shown(OTHER_CHANNEL)).toContain('🔄'));
    await eventually(() => expect(said(ADMIN)).toContain('GitHub runs the failed jobs again'));
    await eventually(() => expect(said(ADMIN)).toContain('has started that already'));
    finish();
    await eventually(() => expect(shown()).toContain('Passed on re-run of the same commit'));
    expect(shown()).not.toContain('Re-running');
    expect(await stage.query(`select attempt, state from reruns where run_id = ${runId}`)).toEqual([
      { attempt: 1, state: 'started' },
    ]);
    expect(await audit()).toEqual([{ actor: ADMIN, action: 'rerun' }]);
  });

  test('a re-run that fails for the same cause turns the message back, and can be started again', async () => {
    await aToldFailure();
    stage.github.onRerun(() => null);

    await click(ADMIN, 'Re-run with debug logging');
    await eventually(() => expect(shown()).toMatch(/workflow CI #\d+, attempt 2/u));
    expect(shown()).toContain('🔴');
    // The run counts once, whatever its attempts.
    expect(shown()).toContain('First seen');
    await click(ADMIN, 'Re-run failed jobs');

    await eventually(() => expect(shown()).toMatch(/workflow CI #\d+, attempt 3/u));
    expect(await audit()).toHaveLength(2);
  });

  test('what GitHub refuses is told privately, and leaves nothing behind', async () => {
    await aToldFailure();
    const refusals = [
      [{ status: 403, message: 'Resource not accessible by integration' }, 'lacks the permission "Actions: write"'],
      [{ status: 404, message: 'Not Found' }, 'GitHub does not know this run any more'],
      [
        { status: 403, message: 'This workflow run cannot be rerun because it is already running' },
        'running again already',
      ],
      [{ status: 403, message: 'Unable to retry this workflow run because it was retried 50 times' }, '50 times'],
      [
        { status: 403, message: 'Unable to retry this workflow run because it was created over a month ago' },
        '30 days',
      ],
    ] as const;
    for (const [answer, words] of refusals) {
      stage.github.faults.add({ kind: 'status', method: 'POST', path: /\/rerun-failed-jobs$/u, ...answer });
      await click(ADMIN, 'Re-run failed jobs');
      await eventually(() => expect(said(ADMIN)).toContain(words));
    }

    expect(shown()).toContain('🔴');
    expect(await audit()).toEqual([]);
    expect(
      await stage.query(`select 1 from reruns join failures on failures.id = failure_id where branch = '${branch}'`),
    ).toEqual([]);
  });

  test('a muted channel hears of nothing new, and of what is still open when the mute ends', async () => {
    await stage.slack.command({ user: MEMBER, channel: CHANNEL, text: 'mute 4h' });
    await eventually(() => expect(said(MEMBER)).toContain('Muted: this channel hears of nothing new until'));
    await stage.github.play(aRun({ branch }));
    await eventually(() => expect(parent(OTHER_CHANNEL).replyCount).toBe(2));
    await eventually(async () => expect(await stage.query('select 1 from held_summaries')).toHaveLength(1));
    expect(parents()).toEqual([]);

    await stage.slack.command({ user: MEMBER, channel: CHANNEL, text: 'mute off' });

    await eventually(() => expect(said(MEMBER)).toContain('1 open failure that came meanwhile now follows'));
    await eventually(() => expect(parent().replyCount).toBe(2));
    expect(await stage.query('select 1 from held_summaries')).toEqual([]);
    expect(await stage.query(`select action from audit_entries where subject_kind = 'channel' order by at`)).toEqual([
      { action: 'mute' },
      { action: 'unmute' },
    ]);
  });

  test('of several failures that came while the channel was muted, one message tells', async () => {
    await stage.slack.command({ user: MEMBER, channel: CHANNEL, text: 'mute 4h' });
    await eventually(() => expect(said(MEMBER)).toContain('Muted: this channel hears of nothing new until'));
    for (const each of [`${branch}-a`, `${branch}-b`]) await stage.github.play(aRun({ branch: each }));
    await eventually(async () => expect(await stage.query('select 1 from held_summaries')).toHaveLength(2));

    await stage.slack.command({ user: MEMBER, channel: CHANNEL, text: 'mute off' });

    await eventually(() =>
      expect(said(MEMBER)).toContain('2 open failures that came meanwhile now follow, in one message'),
    );
    await eventually(() => {
      const texts = stage.slack.messages(CHANNEL).map((message) => stage.slack.render(message));
      expect(texts.filter((text) => text.includes('They came while this channel was muted.'))).toHaveLength(1);
      expect(texts.filter((text) => text.includes(`${branch}-a`))).toHaveLength(1);
    });
  });

  test('a mute ends by itself', async () => {
    await stage.slack.command({ user: MEMBER, channel: CHANNEL, text: `mute 4h ${REPOSITORY}` });
    await eventually(async () => expect(await stage.query('select 1 from mutes')).toHaveLength(1));
    await stage.github.play(aRun({ branch }));
    await eventually(async () => expect(await stage.query('select 1 from held_summaries')).toHaveLength(1));

    await stage.query(`update mutes set expires_at = now()`);
    await stage.query(`update jobs set due_at = now() where kind = 'end-mute' and status = 'queued'`);

    await eventually(() => expect(parent().replyCount).toBe(2));
    expect(await stage.query('select 1 from mutes')).toEqual([]);
  });
});
