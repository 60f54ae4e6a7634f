import { createHash, createHmac, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { ingestKey, signBatch } from '../../src/auth/ingest-token.ts';
import { encodeBatch } from '../../src/domain/delivery-batch.ts';
import { aDelivery } from '../db/samples.ts';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { freePort } from '../support/services.ts';
import { aRun } from '../support/scripts.ts';
import { type Product, runCortex, WORKSPACE } from '../support/stage.ts';

const [first, second] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')];

describeOnServers('deliveries come in at the edge', (openStage) => {
  let stage: ServerStage;
  let spool: RedisServer;
  let core: Product;
  let edge: Product;
  let corePort: number;

  const startCore = (changes: Record<string, string> = {}) =>
    stage.start('web', { INGEST_KEY: first, PORT: String(corePort), ...changes });

  const startEdge = async (changes: Record<string, string | undefined> = {}): Promise<Product> => {
    // Nothing but what the edge needs: no Slack, no database, no key of the App.
    const unknown = Object.keys(stage.environment).filter((name) =>
      /^(?:SLACK|DATABASE|REDIS|TOKEN)_|PRIVATE/u.test(name),
    );
    const none = Object.fromEntries(unknown.map((name) => [name, undefined]));
    const url = `http://127.0.0.1:${corePort}`;
    const started = await stage.start('ingest', { ...none, INGEST_KEY: first, INGEST_CORE_URL: url, ...changes });
    stage.github.webhookUrl = `${started.url}/webhooks/github`;
    return started;
  };

  beforeAll(async () => {
    stage = await openStage([]);
    spool = await startRedis({ appendOnly: true, args: ['--appendfsync', 'always'] });
    corePort = await freePort();
    core = await startCore();
    await stage.open(core);
    edge = await startEdge();
  });

  afterAll(async () => {
    await stage.close();
    await spool.stop();
  });

  const stored = async (mark: string): Promise<number> =>
    Number(
      (await stage.query(`select count(*) from events where convert_from(body, 'UTF8') like '%${mark}%'`))[0]?.[
        'count'
      ],
    );
  const sendMany = (mark: string, count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, at) => stage.github.send({ event: 'push', payload: { ref: `${mark}-${at}` } })),
    );
  const ready = async ({ url }: Product) => {
    const response = await fetch(`${url}/ready`);
    return [response.status, await response.json()];
  };

  test('what GitHub signed is committed by the core before 202, byte for byte, with its first job', async () => {
    const { deliveries } = await stage.github.play(aRun());
    const again = await stage.github.redeliver(deliveries[0]?.guid ?? '');
    const forged = await stage.github.send({ event: 'push', payload: { ref: 'forged' }, secret: 'by-another-secret' });

    expect(new Set(deliveries.map(({ statusCode }) => statusCode))).toEqual(new Set([202]));
    const rows = await stage.query(
      `select e.delivery_id, e.installation_id, convert_from(e.body, 'UTF8') as body from events e join jobs j on j.dedupe_key = 'event:' || e.id`,
    );
    expect(new Map(rows.map((row) => [row['delivery_id'], row['body']]))).toEqual(
      new Map(deliveries.map(({ guid, request }) => [guid, request.body])),
    );
    expect([again.statusCode, JSON.parse(again.response.body)]).toEqual([202, { status: 'repeated' }]);
    expect([forged.statusCode, await stored('forged')]).toEqual([401, 0]);
  });

  test('it says how it is, and what it does', async () => {
    const headers = { authorization: `Bearer ${stage.environment['METRICS_TOKEN']}` };
    const metrics = await (await fetch(`${edge.url}/metrics`, { headers })).text();

    expect((await fetch(`${edge.url}/health`)).status).toBe(200);
    expect((await fetch(`${edge.url}/metrics`)).status).toBe(404);
    expect(await ready(edge)).toEqual([200, { status: 'ok', core: 'up' }]);
    expect(metrics).toContain('cortex_deliveries_total{event="workflow_run",outcome="accepted"}');
    expect(metrics).toContain('cortex_ingest_deliveries{where="waiting"} 0');
    expect(edge.records).toContainEqual(expect.objectContaining({ message: 'Delivery answered', outcome: 'accepted' }));
    expect(edge.output()).not.toContain(first);
    expect((await fetch(`${edge.url}/slack/events`, { method: 'POST' })).status).toBe(404);
  });

  test('what another CI system tells is handed on to the core, which alone says whether it is taken', async () => {
    const args = ['sources', 'add', '--workspace', WORKSPACE, '--name', 'jenkins'];
    const { stdout } = await runCortex(args, { environment: stage.environment });
    const [source = '', secret = ''] = stdout
      .trim()
      .split('\n')
      .map((line) => line.split('=', 2)[1] ?? '');
    const event = {
      version: 1,
      project: 'payments',
      pipeline: 'build',
      number: 7,
      branch: 'main',
      commit: 'a'.repeat(40),
      status: 'failed',
      url: 'https://jenkins.example/7',
      jobs: [{ name: 'test', log: { text: 'error: it broke' } }],
    };
    const post = async (body: string, signed = body) => {
      const seconds = Math.floor(Date.now() / 1_000);
      const hex = createHmac('sha256', secret).update(`${seconds}.`).update(signed).digest('hex');
      const proof = { 'x-cortex-source': source, 'x-cortex-signature': `t=${seconds},v1=${hex}` };
      const headers = { 'content-type': 'application/json', ...proof };
      const response = await fetch(`${edge.url}/api/v1/events`, { method: 'POST', headers, body });
      const answer = z.looseObject({}).parse(await response.json());
      return { status: response.status, answer };
    };

    const taken = await post(JSON.stringify(event));
    expect(taken).toEqual({ status: 202, answer: { status: 'accepted', repository: 'ci:jenkins/payments' } });
    expect((await post(JSON.stringify(event))).answer).toMatchObject({ status: 'repeated' });
    expect(await post('{}', 'another body')).toMatchObject({ status: 401, answer: { error: 'not_authenticated' } });
    expect(await post('{}')).toMatchObject({ status: 422, answer: { error: 'bad_event' } });
    const large = ' '.repeat(5 * 1024 * 1024 + 1);
    expect(await post(large)).toMatchObject({ status: 413, answer: { error: 'too_large' } });
    const bare = await fetch(`${edge.url}/api/v1/events`, { method: 'POST', body: '{}' });
    expect(bare.status).toBe(415);

    await core.end('SIGKILL');
    expect(await post(JSON.stringify({ ...event, number: 8 }))).toMatchObject({
      status: 503,
      answer: { error: 'unavailable' },
    });
    core = await startCore();
    expect((await post(JSON.stringify({ ...event, number: 8 }))).answer).toMatchObject({ status: 'accepted' });
    expect(edge.output()).not.toContain(secret);
  });

  test('under load many travel together, and each is committed', async () => {
    const answers = await sendMany('load', 400);

    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([202]));
    expect(await stored('load-')).toBe(400);
    const batches = core.records.filter(({ message }) => message === 'Batch answered');
    expect(Math.max(...batches.map(({ deliveries }) => Number(deliveries)))).toBeGreaterThan(1);
  });

  test('a token is good for one body and one use, whichever process of the core is asked', async () => {
    const twin = await stage.start('web', { INGEST_KEY: first });
    const body = Buffer.concat(encodeBatch([aDelivery()]));
    const token = signBatch(
      { key: ingestKey(first), clock: { now: () => new Date() } },
      createHash('sha256').update(body).digest(),
    );
    const post = async ({ url }: Product, bytes: Buffer): Promise<number> => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`${url}/ingest/deliveries`, { method: 'POST', headers, body: new Uint8Array(bytes) })).status;
    };

    expect(await post(core, Buffer.concat([body, Buffer.from(' ')]))).toBe(401);
    const statuses = await Promise.all([core, twin, core, twin].map((product) => post(product, body)));
    expect(statuses.sort()).toEqual([202, 401, 401, 401]);
    await twin.end();
  });

  test('without a spool GitHub hears 503 while the core is away, and nothing is lost once it is back', async () => {
    await core.end('SIGKILL');
    const refused = await sendMany('no-spool', 20);

    expect(new Set(refused.map(({ statusCode }) => statusCode))).toEqual(new Set([503]));
    expect((await ready(edge))[0]).toBe(503);
    core = await startCore({ INGEST_KEY: second, INGEST_KEY_PREVIOUS: first });
    const again = await Promise.all(refused.map(({ guid }) => stage.github.redeliver(guid)));
    expect(new Set(again.map(({ statusCode }) => statusCode))).toEqual(new Set([202]));
    expect(await stored('no-spool')).toBe(20);
  });

  test('keys change without a delivery being refused', async () => {
    const byTheOld = await sendMany('old-key', 10);
    const next = await startEdge({ INGEST_KEY: second });
    const byTheNew = await sendMany('new-key', 10);
    await core.end();
    core = await startCore({ INGEST_KEY: second });
    const after = await sendMany('only-new', 10);
    stage.github.webhookUrl = `${edge.url}/webhooks/github`;
    const refused = await sendMany('too-old', 1);

    expect([...byTheOld, ...byTheNew, ...after].map(({ statusCode }) => statusCode)).toEqual(Array(30).fill(202));
    expect(refused.map(({ statusCode }) => statusCode)).toEqual([503]);
    await Promise.all([next.end(), edge.end()]);
  });

  test('with a spool deliveries are taken while the core is away, and reach it once each, also when the edge is killed', async () => {
    await core.end('SIGKILL');
    edge = await startEdge({ INGEST_KEY: second, INGEST_SPOOL: spool.url });
    const kept = await sendMany('spooled', 60);
    const repeated = await stage.github.redeliver(kept[0]?.guid ?? '');

    expect([...kept, repeated].map(({ statusCode }) => statusCode)).toEqual(Array(61).fill(202));
    expect(JSON.parse(repeated.response.body)).toEqual({ status: 'spooled' });
    expect(await ready(edge)).toEqual([200, { status: 'degraded', intake: 'up', core: 'degraded', spool: 'up' }]);
    await edge.end('SIGKILL');
    await spool.kill();
    await spool.start();
    core = await startCore({ INGEST_KEY: second });
    edge = await startEdge({ INGEST_KEY: second, INGEST_SPOOL: spool.url });
    await eventually(async () => expect(await stored('spooled')).toBe(60), 30_000);
    const headers = { authorization: `Bearer ${stage.environment['METRICS_TOKEN']}` };
    await eventually(async () =>
      expect(await (await fetch(`${edge.url}/metrics`, { headers })).text()).toContain('{where="spool"} 0'),
    );
    expect((await sendMany('straight', 5)).map(({ response }) => JSON.parse(response.body))).toEqual(
      Array.from({ length: 5 }, () => ({ status: 'accepted' })),
    );
  });

  test('killed in the middle of draining, the edge hands on the rest when it is back', async () => {
    await core.end('SIGKILL');
    await sendMany('halfway', 200);
    core = await startCore({ INGEST_KEY: second });
    await eventually(async () => expect(await stored('halfway')).toBeGreaterThan(0), 30_000);
    await edge.end('SIGKILL');

    edge = await startEdge({ INGEST_KEY: second, INGEST_SPOOL: spool.url });

    await eventually(async () => expect(await stored('halfway')).toBe(200), 30_000);
  });

  test('a Redis that would forget takes nothing: then it is as without a spool', async () => {
    await edge.end();
    await core.end();
    const forgetful = await startEdge({ INGEST_KEY: second, INGEST_SPOOL: stage.redis.url });

    expect((await sendMany('forgotten', 3)).map(({ statusCode }) => statusCode)).toEqual([503, 503, 503]);
    expect((await ready(forgetful))[0]).toBe(503);
    expect(forgetful.output()).toContain('keeps nothing on disk');
    expect(await forgetful.end()).toBe(0);
  });
});
