import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { aRun } from '../support/scripts.ts';
import { CHANNEL, MEMBER, type Product, REPOSITORY } from '../support/stage.ts';

describeOnServers('deliveries are taken in', (openStage) => {
  let stage: ServerStage;
  let web: Product | undefined;

  beforeAll(async () => {
    stage = await openStage(['web']);
    [web] = stage.products;
  });

  afterAll(() => stage.close());

  const stored = async (): Promise<number> => Number((await stage.query('select count(*) from events'))[0]?.['count']);

  test('a signed delivery is committed before 202, with its first job', async () => {
    const { deliveries } = await stage.github.play(aRun());

    expect(new Set(deliveries.map(({ statusCode }) => statusCode))).toEqual(new Set([202]));
    const rows = await stage.query(
      `select e.delivery_id, j.kind from events e join jobs j on j.dedupe_key = 'event:' || e.id`,
    );
    expect(rows).toHaveLength(deliveries.length);
    expect(rows.map((row) => row['delivery_id']).sort()).toEqual(deliveries.map(({ guid }) => guid).sort());
  });

  test('ten of one delivery at the same time are all answered 202 and stored once', async () => {
    const before = await stored();
    const outgoing = {
      event: 'workflow_run',
      payload: { action: 'completed', mark: 'ten' },
      guid: crypto.randomUUID(),
    };

    const answers = await Promise.all(Array.from({ length: 10 }, () => stage.github.send(outgoing)));

    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(10).fill(202));
    expect(await stored()).toBe(before + 1);
  });

  test.each([
    ['a wrong signature', { signature: `sha256=${'0'.repeat(64)}` }, 401],
    ['no signature', { signature: null }, 401],
    ['a signature by another secret', { secret: 'another-secret-of-some-length' }, 401],
  ])('%s is refused and nothing is stored', async (_what, forgery, status) => {
    const before = await stored();

    const answer = await stage.github.send({
      event: 'workflow_run',
      payload: { action: 'completed', _what },
      ...forgery,
    });

    expect(answer.statusCode).toBe(status);
    expect(await stored()).toBe(before);
  });

  test('a body over 25 MB is refused and nothing is stored', async () => {
    const before = await stored();

    const answer = await stage.github.send({ event: 'push', payload: { filler: 'x'.repeat(26 * 1024 * 1024) } });

    expect([413, 502]).toContain(answer.statusCode);
    expect(await stored()).toBe(before);
  });

  test('a signed body that is no object is refused', async () => {
    const answer = await stage.github.send({ event: 'workflow_run', payload: [] });

    expect(answer.statusCode).toBe(400);
  });

  test('while the database does not answer, GitHub hears 503 in time and nothing is stored; later it works again', async () => {
    const before = await stored();
    const release = await stage.lockTable('events');

    const refused = await stage.github.send({ event: 'push', payload: { ref: 'locked' } });
    await release();
    const accepted = await stage.github.redeliver(refused.guid);

    expect(refused.statusCode).toBe(503);
    expect(refused.duration).toBeLessThan(10);
    expect(accepted.statusCode).toBe(202);
    expect(await stored()).toBe(before + 1);
  });

  test('what was taken in while no worker ran is worked on when one starts', async () => {
    await stage.slack.command({ user: MEMBER, channel: CHANNEL, text: `subscribe ${REPOSITORY}` });
    await eventually(() => expect(stage.slack.ephemerals(MEMBER).at(-1)?.text).toContain('now hears'));
    await stage.github.play(aRun({ branch: 'before-the-worker' }));

    await stage.start('worker');

    await eventually(() => {
      const about = stage.slack.messages(CHANNEL).filter(({ text }) => text.includes('before-the-worker'));
      expect(about.map(({ replyCount }) => replyCount)).toEqual([2]);
    });
  });

  test('health, readiness and version answer without a detail; metrics only to who has the token', async () => {
    const get = (path: string, headers: Record<string, string> = {}) => fetch(`${web?.url}${path}`, { headers });

    expect(await (await get('/health')).json()).toEqual({ status: 'ok' });
    expect((await get('/ready')).status).toBe(200);
    expect(await (await get('/version')).json()).toEqual({ version: expect.stringMatching(/^\d+\.\d+\.\d+/u) });
    expect((await get('/metrics')).status).toBe(404);
    const metrics = await get('/metrics', { authorization: `Bearer ${stage.environment['METRICS_TOKEN']}` });
    expect(await metrics.text()).toContain('cortex_deliveries_total{event="workflow_run",outcome="accepted"}');
    expect((await get('/nothing')).status).toBe(404);
  });

  test('a thousand at once: whatever is not stored is not answered 202', async () => {
    const before = await stored();
    const guids = Array.from({ length: 1_000 }, () => crypto.randomUUID());

    const answers = await Promise.all(
      guids.map((guid) => stage.github.send({ event: 'push', payload: { ref: 'burst', guid }, guid })),
    );

    const taken = answers.filter(({ statusCode }) => statusCode === 202).length;
    // 504 is the sender's own word for an answer that took too long: on a machine this busy it may.
    expect(answers.filter(({ statusCode }) => ![202, 503, 504].includes(statusCode))).toEqual([]);
    expect(taken).toBeGreaterThan(0);
    expect(await stored()).toBeGreaterThanOrEqual(before + taken);
  });

  test('the backends of the database are ended under load: no 202 is lost, and intake goes on by itself', async () => {
    const sendAll = (round: number) =>
      Promise.all(
        Array.from({ length: 100 }, (_, at) =>
          stage.github.send({ event: 'push', payload: { ref: `ended-${round}-${at}` } }),
        ),
      );
    const answers = [];
    for (let round = 0; round < 5; round += 1) {
      const sending = sendAll(round);
      await stage.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      );
      answers.push(...(await sending));
    }

    const refs = answers.filter(({ statusCode }) => statusCode === 202).map(({ request }) => request.body);
    const kept = await stage.query(`select convert_from(body, 'UTF8') as body from events where name = 'push'`);
    const known = new Set(kept.map(({ body }) => body));
    expect(answers.filter(({ statusCode }) => ![202, 503, 504].includes(statusCode))).toEqual([]);
    expect(refs.filter((body) => !known.has(body))).toEqual([]);
    await eventually(async () =>
      expect((await stage.github.send({ event: 'push', payload: { ref: 'after' } })).statusCode).toBe(202),
    );
  });
});
