import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { StoredMessage } from '../../src/sandbox/slack/local-slack.ts';
import { eventually } from '../support/eventually.ts';
import { FAILING_JEST } from '../support/logs.ts';
import { aBrokenBuild, aFailingJob, aPassingJob, aRun } from '../support/scripts.ts';
import { ADMIN, CHANNEL, GUEST, MEMBER, OTHER_CHANNEL, REPOSITORY } from '../support/stage.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';

describeOnServers('a failure travels from webhook to thread', (openStage) => {
  let stage: ServerStage;
  let branch = 'main';
  let branches = 0;

  beforeAll(async () => {
    stage = await openStage(['web', 'worker']);
    await stage.slack.command({ user: MEMBER, channel: CHANNEL, text: `subscribe ${REPOSITORY}` });
    await eventually(() => expect(said(MEMBER)).toContain('This channel now hears'));
  });

  afterAll(async () => {
    expect(stage.slack.violations()).toEqual([]);
    await stage.close();
  });

  // A branch of its own for each test: failures of one branch do not meet those of another.
  beforeEach(() => {
    branches += 1;
    branch = `topic-${branches}`;
  });

  const said = (user: string): string =>
    stage.slack
      .ephemerals(user)
      .map((message) => stage.slack.render(message))
      .join('\n');
  const parents = (channel = CHANNEL): StoredMessage[] =>
    stage.slack.messages(channel).filter((message) => stage.slack.render(message).includes(branch));
  const onlyParent = (): StoredMessage => {
    const [parent, ...others] = parents();
    if (parent === undefined) throw new Error(`No message about ${branch} yet`);
    expect(others).toEqual([]);
    return parent;
  };
  const thread = (): string[] => {
    const parent = onlyParent();
    return stage.slack.thread(CHANNEL, parent.ts).map((message) => stage.slack.render(message));
  };

  test('one message says what broke and why, with the lines that prove it in its thread', async () => {
    const { runId } = await stage.github.play(aRun({ branch }));

    await eventually(() => expect(onlyParent().replyCount).toBe(2));
    const parent = stage.slack.render(onlyParent());
    expect(parent).toContain('applies the discount once');
    expect(parent).toContain('New failure');
    expect(parent).toContain('Apply discounts in the cart');
    expect(parent).toContain('octo-ada');
    expect(parent).toContain('Received: 81');
    expect(JSON.stringify(onlyParent().blocks)).toContain(`/actions/runs/${runId}/job/`);
    const replies = thread().join('\n');
    expect(replies).toContain('test/cart.test.js');
    expect(replies).toContain('Expected: 90');
  });

  test('the same failure on the next commit edits the message and counts', async () => {
    await stage.github.play(aRun({ branch }));
    await eventually(() => expect(onlyParent().replyCount).toBe(2));
    const { ts } = onlyParent();

    await stage.github.play(aRun({ branch, title: 'Try once more' }));

    await eventually(() => expect(thread().at(-1)).toContain('Failed again'));
    expect(onlyParent().ts).toBe(ts);
    expect(onlyParent().edited).not.toBeNull();
    expect(stage.slack.render(onlyParent())).toContain('2 times');
    expect(stage.slack.render(onlyParent())).toContain('Recurring failure');
  });

  test('a green run edits the message and says what fixed it', async () => {
    await stage.github.play(aRun({ branch, jobs: [aBrokenBuild()] }));
    await eventually(() => expect(onlyParent().replyCount).toBe(2));

    await stage.github.play(aRun({ branch, title: 'Give refunds a reason', jobs: [aPassingJob()] }));

    await eventually(() => expect(stage.slack.render(onlyParent())).toContain('Fixed by Give refunds a reason'));
    await eventually(() => expect(thread().at(-1)).toContain('Fixed by'));
  });

  test('a re-run of the same commit that passes says flaky, and the next such failure is judged so', async () => {
    const { runId } = await stage.github.play(aRun({ branch }));
    await eventually(() => expect(onlyParent().replyCount).toBe(2));

    await stage.github.rerun(runId, { jobs: [aPassingJob()] });
    await eventually(() => expect(stage.slack.render(onlyParent())).toContain('Passed on re-run of the same commit'));

    await stage.github.play(aRun({ branch }));
    await eventually(() =>
      expect(
        parents()
          .map((message) => stage.slack.render(message))
          .join(),
      ).toContain('Flaky ('),
    );
    expect(parents()).toHaveLength(2);
  });

  test('another cause on the same branch has a message of its own', async () => {
    await stage.github.play(aRun({ branch }));
    await eventually(() => expect(parents()).toHaveLength(1));

    await stage.github.play(aRun({ branch, jobs: [aBrokenBuild()] }));

    await eventually(() => expect(parents()).toHaveLength(2));
  });

  test('the message of what a newer commit no longer fails for says so, and so does its thread', async () => {
    await stage.github.play(aRun({ branch }));
    await eventually(() => expect(onlyParent().replyCount).toBe(2));
    const { ts } = onlyParent();

    await stage.github.play(aRun({ branch, jobs: [aBrokenBuild()] }));

    const older = (): StoredMessage => {
      const found = parents().find((message) => message.ts === ts);
      if (found === undefined) throw new Error('The message is gone');
      return found;
    };
    await eventually(() => expect(stage.slack.render(older())).toMatch(/Superseded: .+ failed for another cause/u));
    const replies = () =>
      stage.slack
        .thread(CHANNEL, ts)
        .slice(1)
        .map((message) => stage.slack.render(message));
    await eventually(() => expect(replies().at(-1)).toContain('failed for another cause'));
    // Once the other message stands there, this one links to it.
    await eventually(() => expect(JSON.stringify(older().blocks)).toContain(`/archives/${CHANNEL}/p`));
    expect(replies().filter((reply) => reply.includes('another cause'))).toHaveLength(1);
  });

  test('what the thread has no room for is in a file there', async () => {
    const noise = Array.from(
      { length: 60 },
      (_, index) => `    at step ${index} (src/deep/stack-${index}.js:${index}:1) ${'x'.repeat(200)}`,
    );
    const log = FAILING_JEST.replace('      at Object.toBe', `${noise.join('\n')}\n      at Object.toBe`);
    await stage.github.play(aRun({ branch, jobs: [aFailingJob({ log })] }));

    await eventually(() => expect(onlyParent().replyCount).toBe(3));
    const [file] = stage.slack.thread(CHANNEL, onlyParent().ts).flatMap(({ files }) => files);
    expect(file?.name).toMatch(/^run-\d+-1\.txt$/u);
    expect(file?.text).toContain('Received: 81');
    expect(file?.text).toContain('x'.repeat(200));
  });

  test('matrix cells with one cause are one failure', async () => {
    const cells = ['18', '20', '22'].map((version) => aFailingJob({ name: `test (${version})` }));
    await stage.github.play(aRun({ branch, jobs: [...cells, aPassingJob({ name: 'lint' })] }));

    await eventually(() => expect(onlyParent().replyCount).toBe(2));
    expect(stage.slack.render(onlyParent())).toContain('3 of 4 jobs failed');
  });

  test('the same delivery again, and the same body under another id, do nothing', async () => {
    const { deliveries } = await stage.github.play(aRun({ branch }));
    await eventually(() => expect(onlyParent().replyCount).toBe(2));
    const completed = deliveries.find(({ event, action }) => event === 'workflow_run' && action === 'completed');

    const again = await stage.github.redeliver(completed?.guid ?? '');

    expect(again.statusCode).toBe(202);
    await stage.github.play(aRun({ branch: `${branch}-sentinel` }));
    await eventually(() => expect(parents()).toHaveLength(2));
    expect(onlyReplies(`${branch}-sentinel`)).toBe(2);
  });

  const onlyReplies = (other: string): number =>
    parents().find((message) => !stage.slack.render(message).includes(other))?.replyCount ?? -1;

  test('another look, with a note, edits the message and says in the thread who asked; a guest may not', async () => {
    await stage.github.play(aRun({ branch }));
    await eventually(() => expect(onlyParent().replyCount).toBe(2));
    const { ts } = onlyParent();

    await stage.slack.click({ user: GUEST, channel: CHANNEL, ts, text: 'Re-analyze' });
    await eventually(() => expect(said(GUEST)).toContain('member'));
    await stage.slack.click({ user: ADMIN, channel: CHANNEL, ts, text: 'Re-analyze' });
    await eventually(() => expect(stage.slack.modals(ADMIN)).toHaveLength(1));
    const token = ['ghp', 'Qw7'.repeat(12)].join('_');
    await stage.slack.submit(stage.slack.modals(ADMIN)[0] ?? '', { note: `Look at <!channel> with token=${token}` });

    await eventually(() => expect(thread().at(-1)).toContain('Analyzed again'));
    expect(onlyParent().replyCount).toBe(3);
    expect(thread().at(-1)).toMatch(/Asked for by .*, with the note: Look at/u);
    const reply = JSON.stringify(stage.slack.thread(CHANNEL, ts).at(-1));
    expect(reply).toContain(`"user_id":"${ADMIN}"`);
    expect(reply).not.toContain(token);
    expect(reply).not.toContain('"type":"broadcast"');
    expect(await stage.query(`select actor, action from audit_entries where action = 'reanalyze'`)).toEqual([
      { actor: ADMIN, action: 'reanalyze' },
    ]);
  });

  test('the proof says how similar failures ended, and what fixed them', async () => {
    await stage.github.play(aRun({ branch }));
    await eventually(() => expect(onlyParent().replyCount).toBe(2));
    await stage.github.play(aRun({ branch, title: 'Apply it once', jobs: [aPassingJob()] }));
    await eventually(() => expect(stage.slack.render(onlyParent())).toContain('Fixed'));
    await stage.github.play(aRun({ branch, title: 'Break it again' }));

    await eventually(() => expect(parents()).toHaveLength(2));
    const [, second] = parents();
    await eventually(() => {
      const replies = stage.slack.thread(CHANNEL, second?.ts ?? '').map((message) => stage.slack.render(message));
      expect(replies.join('\n')).toMatch(/Similar failures[^]*The same cause: fixed by .*Apply it once/u);
    });
  });

  test('"Full analysis" opens everything in a window, for guests too, and is still there when it is fixed', async () => {
    const { url } = await stage.github.play(aRun({ branch }));
    await eventually(() => expect(onlyParent().replyCount).toBe(2));
    const windowOf = async (user: string): Promise<string> => {
      await stage.slack.click({ user, channel: CHANNEL, ts: onlyParent().ts, text: 'Full analysis' });
      const view = await eventually(() => {
        const [open] = stage.slack.modals(user);
        if (open === undefined) throw new Error('No window yet');
        return open;
      });
      const words = stage.slack.render(view);
      expect(JSON.stringify(view.blocks)).toContain(`"url":"${url}"`);
      await stage.slack.dismiss(view);
      return words;
    };

    const words = await windowOf(GUEST);

    const [parent, ...replies] = [onlyParent(), ...stage.slack.thread(CHANNEL, onlyParent().ts)];
    expect(words).toMatch(/Cause: .*Next step: .*What the log says.*1 failing test.*From the log of/su);
    // Every line of proof and of the excerpt that message and thread show stands there, too.
    const shown = [parent, ...replies].map((message) => stage.slack.render(message)).join('\n');
    const lines = shown.match(/^ *\d+ {2}.*$/gmu) ?? [];
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) expect(words).toContain(line.trim());

    await stage.github.play(aRun({ branch, title: 'Mend it', jobs: [aPassingJob()] }));
    await eventually(() => expect(stage.slack.render(onlyParent())).toContain('Fixed'));
    expect(await windowOf(MEMBER)).toMatch(/Cause: .*From the log of/su);
  });

  test('"View run" leads to the run', async () => {
    const { url } = await stage.github.play(aRun({ branch }));
    await eventually(() => expect(onlyParent().replyCount).toBe(2));

    const ack = await stage.slack.click({ user: MEMBER, channel: CHANNEL, ts: onlyParent().ts, text: 'View run' });

    expect(ack.status).toBe(200);
    expect(JSON.stringify(onlyParent().blocks)).toContain(`"url":"${url}"`);
  });

  test('a channel and a repository without a subscription hear nothing', async () => {
    stage.github.addRepository('acme/quiet');
    await stage.github.play(aRun({ repository: 'acme/quiet', branch }));
    await stage.github.play(aRun({ branch }));

    await eventually(() => expect(onlyParent().replyCount).toBe(2));
    expect(parents(OTHER_CHANNEL)).toEqual([]);
    expect(stage.slack.render(onlyParent())).not.toContain('acme/quiet');
  });

  test('a log that is not there at first is waited for', async () => {
    const started = await stage.github.start(aRun({ branch }));
    stage.github.faults.add({ kind: 'status', status: 404, path: /\/actions\/jobs\/\d+\/logs$/u, times: 1 });
    await started.finish();

    await eventually(() => expect(onlyParent().replyCount).toBe(2));
    expect(stage.slack.render(onlyParent())).toContain('applies the discount once');
  });

  describe('what stands in a log', () => {
    test('cannot mention, link or format, and secrets in it stay in it', async () => {
      const token = ['ghp', 'Zx9'.repeat(12)].join('_');
      const hostile = `Error: <!channel> <@${ADMIN}> *bold* <https://evil.example|click> token=${token}\nnpm error code ELIFECYCLE`;
      await stage.github.play(aRun({ branch, title: '<!everyone> `x` *y*', jobs: [aFailingJob({ log: hostile })] }));

      await eventually(() => expect(onlyParent().replyCount).toBe(2));
      const everything = JSON.stringify([onlyParent(), ...stage.slack.thread(CHANNEL, onlyParent().ts)]);
      expect(everything).not.toContain(token);
      expect(everything).not.toMatch(/"type":"(?:broadcast|user)"/u);
      expect(everything).not.toContain('evil.example"');
    });
  });
});
