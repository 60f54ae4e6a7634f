import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { StoredMessage, StoredView } from '../../src/sandbox/slack/local-slack.ts';
import { askCortex } from '../support/asking.ts';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { aRun } from '../support/scripts.ts';
import { ADMIN, CHANNEL, GUEST, MEMBER, REPOSITORY } from '../support/stage.ts';

const PLAIN = 'on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps: [{ run: npm test }]\n';
const DEPLOYS = `${PLAIN}  deploy:\n    needs: test\n    environment: production\n`;

describeOnServers('who may run failed jobs again', (openStage) => {
  let stage: ServerStage;
  let branch = 'main';
  let branches = 0;

  beforeAll(async () => {
    stage = await openStage(['web', 'worker']);
    await askCortex(stage, { user: MEMBER, text: `subscribe ${REPOSITORY}` }, 'now hears');
  });

  afterAll(async () => {
    expect(stage.slack.violations()).toEqual([]);
    await stage.close();
  });

  beforeEach(() => {
    branches += 1;
    branch = `again-${branches}-x`;
    stage.github.setEnvironments(REPOSITORY, [{ name: 'production', rules: ['required_reviewers'] }]);
  });

  async function aToldFailure(workflow: string, event = 'push'): Promise<StoredMessage> {
    stage.github.setFile(REPOSITORY, { path: '.github/workflows/ci.yml', text: workflow, branch });
    await stage.github.play(aRun({ branch, event }));
    return await eventually(() => {
      const told = stage.slack.messages(CHANNEL).find((message) => stage.slack.render(message).includes(branch));
      expect(told?.replyCount).toBe(2);
      return told ?? none();
    });
  }
  /** Clicks, and resolves with the private answer. */
  async function click(user: string, message: StoredMessage, expected: string): Promise<void> {
    const before = stage.slack.ephemerals(user).length;
    await stage.slack.click({ user, channel: CHANNEL, ts: message.ts, text: 'Re-run failed jobs' });
    await eventually(() => {
      const said = stage.slack
        .ephemerals(user)
        .slice(before)
        .map((each) => stage.slack.render(each));
      expect(said.join('\n')).toContain(expected);
    });
  }
  const reruns = (): number => stage.github.journal.filter(({ path }) => path.endsWith('/rerun-failed-jobs')).length;
  async function openWindow(): Promise<StoredView> {
    await askCortex(stage, { user: ADMIN, text: 'settings' }, 'Re-runs: ');
    const shown = stage.slack.ephemerals(ADMIN).at(-1) ?? none();
    await stage.slack.click({ user: ADMIN, channel: CHANNEL, ts: shown.ts, text: 'Edit re-runs' });
    return await eventually(() => stage.slack.modals(ADMIN)[0] ?? none());
  }
  async function openFor(targets: string): Promise<void> {
    await stage.slack.submit(await openWindow(), { reruns: targets });
    await eventually(() => expect(stage.slack.modals(ADMIN)).toEqual([]));
  }

  test('nobody but admins, until one opens it; then a member, for a run that reaches nothing protected', async () => {
    const message = await aToldFailure(PLAIN);
    await click(MEMBER, message, 'this is for workspace owners and admins');
    await askCortex(
      stage,
      { user: MEMBER, text: 'settings' },
      'only owners and admins of the workspace run failed jobs',
    );
    const window = await openWindow();
    expect(JSON.stringify(await stage.slack.submit(window, { reruns: 'acme/* not-a-repository' }))).toContain(
      'is no repository',
    );
    await stage.slack.submit(window, { reruns: 'Lab/Tools\nacme/*' });
    await eventually(() =>
      expect(stage.slack.render(stage.slack.ephemerals(ADMIN).at(-1) ?? none())).toContain(
        'again in acme/*, lab/tools, where',
      ),
    );

    await click(GUEST, message, 'this is for workspace owners and admins');
    const before = reruns();
    await click(MEMBER, message, 'GitHub runs the failed jobs again');

    expect(reruns()).toBe(before + 1);
    expect(
      await stage.query(`select actor, action, details from audit_entries where subject_kind = 'workspace'`),
    ).toEqual([{ actor: ADMIN, action: 'open-reruns', details: { open: 'acme/* lab/tools' } }]);
  });

  test('a member is refused where the run reaches a protected environment, and an admin then is not', async () => {
    await openFor(REPOSITORY);
    const message = await aToldFailure(DEPLOYS);
    const before = reruns();

    await click(MEMBER, message, 'this run reaches the protected environment production');
    expect(reruns()).toBe(before);
    await click(ADMIN, message, 'GitHub runs the failed jobs again');

    expect(reruns()).toBe(before + 1);
  });

  test('a member is refused where that cannot be told, with the reason, and where re-runs are not open any more', async () => {
    await openFor('acme/*');
    const message = await aToldFailure(PLAIN, 'pull_request_target');
    const before = reruns();

    await click(MEMBER, message, 'it did not run the workflow of its own commit');
    stage.github.setEnvironments(REPOSITORY, []);
    await openFor('acme/other');
    await click(MEMBER, message, 'this is for workspace owners and admins');

    expect(reruns()).toBe(before);
  });

  test('a window that was overtaken changes nothing, and neither does one of somebody who is no admin any more', async () => {
    await openFor('acme/one');
    const old = await openWindow();
    await stage.query(`update settings set value = '["acme/two"]' where key = 'reruns'`);
    expect(JSON.stringify(await stage.slack.submit(old, { reruns: 'acme/three' }))).toContain('Somebody changed this');
    await stage.slack.setMember(ADMIN, { isAdmin: false });
    await stage.query(`update settings set value = '["acme/one"]' where key = 'reruns'`);
    await stage.query('delete from users');
    await stage.slack.submit(old, { reruns: 'acme/*' });

    const [row] = await stage.query(`select value from settings where key = 'reruns'`);
    expect(row).toEqual({ value: ['acme/one'] });
    await stage.slack.setMember(ADMIN, { isAdmin: true });
  });
});

function none(): never {
  throw new Error('There is nothing yet');
}
