import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { askCortex } from '../support/asking.ts';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { aPassingJob, aRun } from '../support/scripts.ts';
import { ADMIN, CHANNEL, GUEST, MEMBER, OTHER_CHANNEL, REPOSITORY, runCortex, WORKSPACE } from '../support/stage.ts';

describeOnServers('somebody asks how all is doing', (openStage) => {
  let stage: ServerStage;

  beforeAll(async () => {
    stage = await openStage(['web', 'worker']);
    await askCortex(stage, { user: MEMBER, text: `subscribe ${REPOSITORY} branch:release/*` }, 'now hears');
    await stage.github.play(aRun());
    await stage.github.play(aRun({ branch: 'release/2.x', jobs: [aPassingJob()] }));
  });

  afterAll(async () => {
    expect(stage.slack.violations()).toEqual([]);
    await stage.close();
  });

  const ask = (user: string, expected: string, channel = CHANNEL) =>
    askCortex(stage, { user, text: 'doctor', channel }, expected);
  const inShell = (args: readonly string[] = [], changes: Record<string, string | undefined> = {}) =>
    runCortex(['doctor', ...args], { environment: { ...stage.environment, ...changes } });

  test('a member learns why the channel hears of nothing, and nothing of the product', async () => {
    const words = await eventually(async () => ask(MEMBER, 'because its branch is main'));

    expect(words).toContain('I am in this channel and may post');
    expect(words).toContain(`does not fit "${REPOSITORY} branch:release/*"`);
    expect(words).not.toContain('database');
    expect(words).not.toContain('GitHub takes our key');
  });

  test('an admin learns that, and how everything is doing', async () => {
    const words = await ask(ADMIN, 'because its branch is main');

    for (const part of [
      'its schema is up to date',
      'The queue answers (Bee-Queue',
      'Work flows',
      'GitHub takes our key, as the App opsaicortex',
      'GitHub: installed on acme',
      'Last webhook delivery from acme',
      'Slack takes our token',
      'the offline analyser explains',
    ]) {
      expect(words).toContain(part);
    }
    for (const secret of ['SLACK_SIGNING_SECRET', 'GITHUB_WEBHOOK_SECRET', 'TOKEN_ENCRYPTION_KEY']) {
      expect(words).not.toContain(stage.environment[secret] ?? 'unset');
    }
  });

  test('what is amiss stands first, with what to do', async () => {
    stage.slack.setChannel(OTHER_CHANNEL, { isMember: false });
    const absent = await ask(MEMBER, 'I am not in this channel', OTHER_CHANNEL);
    stage.slack.setChannel(OTHER_CHANNEL, { isMember: true });
    stage.github.faults.add({ kind: 'status', path: /^\/app$/u, status: 500, times: 9 });
    const away = await ask(ADMIN, 'GitHub App: ');

    stage.github.faults.clear();

    expect(absent).toContain('Type /invite and choose me');
    expect(away).toContain('Slack takes our token');
  });

  test('guests are refused', async () => {
    await ask(GUEST, 'full members');
  });

  test('the same in a terminal, with exit code 0', async () => {
    const { code, stdout, stderr } = await inShell(['--workspace', WORKSPACE, '--channel', CHANNEL]);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const part of ['its schema is up to date', 'installed on acme', 'because its branch is main']) {
      expect(stdout).toContain(part);
    }
  });

  test('in a terminal a problem is exit code 1, and hides nothing else', async () => {
    const dead = 'postgres://nobody:secretword@127.0.0.1:1/none';
    const { code, stdout } = await inShell([], { DATABASE_URL: dead, GITHUB_APP_ID: '77' });

    expect(code).toBe(1);
    expect(stdout).toContain('PROBLEM  The database cannot be used');
    expect(stdout).toContain('PROBLEM  GitHub does not take our key');
    expect(stdout).toContain('ok       The queue answers');
    expect(stdout).not.toContain('secretword');
  });

  test('a configuration that cannot be read is told by the names of its variables', async () => {
    const { code, stdout } = await inShell([], { SLACK_CLIENT_ID: undefined, PORT: 'web' });

    expect(code).toBe(1);
    expect(stdout).toContain('PROBLEM  Configuration: SLACK_CLIENT_ID is required');
    expect(stdout).toContain('Configuration: PORT is not valid');
    expect(stdout).not.toContain(stage.environment['SLACK_CLIENT_SECRET'] ?? 'unset');
  });
});
