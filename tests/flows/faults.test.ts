import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { StoredMessage } from '../../src/sandbox/slack/local-slack.ts';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { aRun } from '../support/scripts.ts';
import { ADMIN, CHANNEL, MEMBER, REPOSITORY } from '../support/stage.ts';

const PATIENCE_MS = 40_000;

describeOnServers('faults delay and lose nothing', (openStage) => {
  let stage: ServerStage;

  beforeEach(async () => {
    stage = await openStage(['web', 'worker']);
    await stage.slack.command({ user: MEMBER, channel: CHANNEL, text: `subscribe ${REPOSITORY}` });
    await eventually(() => expect(stage.slack.ephemerals(MEMBER).at(-1)?.text).toContain('now hears'));
  });

  afterEach(() => stage.close());

  const about = (branch: string): StoredMessage[] =>
    stage.slack.messages(CHANNEL).filter(({ text }) => text.includes(branch));

  /** Nothing is left to be done, and nothing was parked. */
  async function expectAllDone(): Promise<void> {
    const open = () => stage.query(`select kind, status, last_error from jobs where status <> 'done'`);
    await eventually(async () => expect(await open()).toEqual([]), PATIENCE_MS);
  }

  async function expectOneOfEach(branch: string): Promise<void> {
    await eventually(() => expect(about(branch).map(({ replyCount }) => replyCount)).toEqual([2]), PATIENCE_MS);
    const summaries = await stage.query(
      `select s.id from summaries s join runs r on r.workspace_id = s.workspace_id and r.run_id = s.run_id and r.attempt = s.attempt where r.branch = '${branch}'`,
    );
    expect(summaries).toHaveLength(1);
    await expectAllDone();
    expect(about(branch)).toHaveLength(1);
  }

  test('kill -9 of the worker in the middle of an analysis ends in one summary and one message', async () => {
    const worker = stage.products.find(({ role }) => role === 'worker');
    stage.github.faults.add({ kind: 'delay', delayMs: 5000, path: /\/actions\/jobs\/\d+\/logs$/u });
    await stage.github.play(aRun({ branch: 'killed' }));
    await eventually(() => expect(stage.github.journal.map(({ path }) => path).join()).toMatch(/attempts\/1\/jobs/u));

    await worker?.end('SIGKILL');
    await stage.start('worker');

    await expectOneOfEach('killed');
  });

  test('kill -9 of the worker between posting and knowing of it leaves one thread, and at most one message beside it', async () => {
    const worker = stage.products.find(({ role }) => role === 'worker');
    stage.slack.faults.add({ method: 'chat.postMessage', delayMs: 4000 });
    await stage.github.play(aRun({ branch: 'killed-while-posting' }));
    await eventually(() => expect(stage.slack.calls('chat.postMessage').length).toBeGreaterThan(0));

    await worker?.end('SIGKILL');
    await stage.start('worker');

    // Without a history scope we may not look for what we posted; the message that nobody knows of stays without replies.
    const replies = (): number[] => about('killed-while-posting').map(({ replyCount }) => replyCount);
    await eventually(() => expect(Math.max(...replies())).toBe(2), PATIENCE_MS);
    await expectAllDone();
    expect(replies().filter((count) => count > 0)).toEqual([2]);
    expect(replies().length).toBeLessThanOrEqual(2);
  });

  test('FLUSHALL on Redis with work queued ends in one summary and one message', async () => {
    const worker = stage.products.find(({ role }) => role === 'worker');
    await worker?.end('SIGTERM');
    await stage.github.play(aRun({ branch: 'flushed' }));

    await stage.redis.flushAll();
    await stage.start('worker');

    await expectOneOfEach('flushed');
  });

  test('without Redis deliveries are taken in, readiness says degraded, and the work is done when it is back', async () => {
    await stage.redis.kill();

    const { deliveries } = await stage.github.play(aRun({ branch: 'without-redis' }));
    const ready = await fetch(`${stage.products[0]?.url}/ready`);

    expect(new Set(deliveries.map(({ statusCode }) => statusCode))).toEqual(new Set([202]));
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ status: 'degraded' });
    await stage.redis.start();
    await expectOneOfEach('without-redis');
  });

  test('two workers on the same work have the effect of one', async () => {
    await stage.start('worker');
    const branches = ['pair-1', 'pair-2', 'pair-3'];

    await Promise.all(branches.map((branch) => stage.github.play(aRun({ branch }))));

    for (const branch of branches) await expectOneOfEach(branch);
  });

  test('SIGTERM in the middle of an analysis hands the work back and exits 0; another worker ends it once', async () => {
    const worker = stage.products.find(({ role }) => role === 'worker');
    stage.github.faults.add({ kind: 'delay', delayMs: 20_000, path: /\/actions\/jobs\/\d+\/logs$/u });
    await stage.github.play(aRun({ branch: 'terminated' }));
    await eventually(() => expect(stage.github.journal.map(({ path }) => path).join()).toMatch(/attempts\/1\/jobs/u));

    expect(await worker?.end('SIGTERM')).toBe(0);
    await stage.start('worker');

    await expectOneOfEach('terminated');
  });

  test('a channel that is archived pauses its subscription, the admins hear it once, and nothing is tried for ever', async () => {
    stage.slack.setChannel(CHANNEL, { isArchived: true });
    await stage.github.play(aRun({ branch: 'archived' }));

    await eventually(async () => {
      const [subscription] = await stage.query('select paused_reason from subscriptions');
      expect(subscription?.['paused_reason']).toBe('is_archived');
    });
    const heard = () => stage.slack.directMessages(ADMIN).map((message) => stage.slack.render(message));
    await eventually(() => expect(heard().join('\n')).toContain('A channel hears nothing any more'));
    await stage.github.play(aRun({ branch: 'archived-again' }));
    await eventually(async () =>
      expect(await stage.query(`select 1 from jobs where status = 'queued'`)).toHaveLength(0),
    );
    expect(heard()).toHaveLength(1);
    expect(await stage.query(`select kind from jobs where status = 'dead'`)).toEqual([]);
  });

  test('a limit of GitHub delays the message, which says so once', async () => {
    stage.github.faults.add({ kind: 'secondary-rate-limit', retryAfterSeconds: 5, path: /\/attempts\/1\/jobs$/u });
    await stage.github.play(aRun({ branch: 'limited' }));
    await expectOneOfEach('limited');
    await stage.github.play(aRun({ branch: 'in-time' }));
    await expectOneOfEach('in-time');

    const [late, inTime] = ['limited', 'in-time'].map((branch) =>
      about(branch).map((message) => stage.slack.render(message)),
    );
    expect(late?.join('\n').split('Late because GitHub limited our requests.')).toHaveLength(2);
    expect(inTime?.join('\n')).not.toContain('Late because');
    const headers = { authorization: `Bearer ${stage.environment['METRICS_TOKEN']}` };
    const worker = stage.products.find(({ role }) => role === 'worker');
    const metrics = await (await fetch(`${worker?.url}/metrics`, { headers })).text();
    expect(metrics).toContain('cortex_limited_analyses_total 1');
  });

  test('no secret of the configuration, of Slack or of GitHub stands in the log or in Redis', async () => {
    await stage.github.play(aRun({ branch: 'canary' }));
    await expectOneOfEach('canary');

    const printed = stage.products.map((product) => product.output()).join('\n');
    const kept = await stage.redis.dump();
    const secrets = Object.entries(stage.environment).filter(([name]) =>
      /SECRET|PRIVATE_KEY|ENCRYPTION_KEY|TOKEN/u.test(name),
    );
    for (const [name, secret] of secrets) {
      for (const line of (secret ?? '').split('\n').filter((part) => part.length > 16 && !part.startsWith('-----'))) {
        expect({ name, leaks: printed.includes(line) || kept.includes(line) }).toEqual({ name, leaks: false });
      }
    }
    expect(printed).not.toMatch(/xox[a-z]-|ghs_/u);
    expect(kept).not.toMatch(/xox[a-z]-|ghs_/u);
  });
});
