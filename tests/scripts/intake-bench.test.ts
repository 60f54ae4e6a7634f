import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { judge, median, percentile, table } from '../../scripts/bench/bench.ts';
import { createDeliveries, DELIVERY_BYTES } from '../../scripts/bench/intake-deliveries.ts';
import { createLoader, WEBHOOK_PATH } from '../../scripts/bench/intake-load.ts';
import { BARE, type Conditions, OURS, PROBOT, report, type Sample } from '../../scripts/bench/intake-report.ts';

const secret = randomBytes(16).toString('hex');
const Payload = z.object({
  action: z.literal('completed'),
  installation: z.object({ id: z.number() }),
  workflow_run: z.object({ id: z.number() }),
});

describe('the figures of a bench', () => {
  test('a percentile is what that share does not exceed', () => {
    const figures = Array.from({ length: 100 }, (_, at) => 100 - at);

    expect(percentile(figures, 0.99)).toBe(100);
    expect(percentile(figures, 0.5)).toBe(51);
    expect(percentile([], 0.99)).toBe(0);
  });

  test('a median of an even number lies between the middle two', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  test('a limit is met up to its edge', () => {
    expect([judge(0.6, { least: 0.6 }), judge(0.59, { least: 0.6 }), judge(20.1, { most: 20 })]).toEqual([
      '≥ 0.6 met',
      '≥ 0.6 missed',
      '≤ 20 missed',
    ]);
  });

  test('columns are as wide as their longest cell', () => {
    expect(
      table([
        ['', 'ms'],
        ['a name', '1234'],
      ]),
    ).toBe('            ms\n  a name  1234\n');
  });
});

describe('deliveries of the bench', () => {
  test('have 25 KB, a run, an id and a signature of their own', () => {
    const sheet = createDeliveries(secret).sheet();

    const made = Array.from({ length: 3 }, () => {
      const { headers, body } = sheet();
      return { headers, body: Buffer.from(body) };
    });

    for (const { headers, body } of made) {
      const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
      expect(headers).toMatchObject({ 'x-github-event': 'workflow_run', 'x-hub-signature-256': signature });
      expect(body).toHaveLength(DELIVERY_BYTES);
    }
    const runs = made.map(({ body }) => Payload.parse(JSON.parse(body.toString('utf8'))).workflow_run.id);
    expect(new Set(runs).size).toBe(3);
    expect(new Set(made.map(({ headers }) => headers['x-github-delivery'])).size).toBe(3);
  });

  test('of two sheets never tell of the same run', () => {
    const deliveries = createDeliveries(secret);
    const [one, other] = [deliveries.sheet(), deliveries.sheet()];

    expect(one().body.equals(other().body)).toBe(false);
  });
});

describe('the loader', () => {
  const open: Array<() => void> = [];
  afterEach(() => open.splice(0).forEach((close) => close()));

  async function serve(answer: (request: IncomingMessage) => number): Promise<string> {
    const server = createServer((request, response) => {
      request.resume().once('end', () => response.writeHead(answer(request)).end());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push(() => server.close());
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  test('keeps every connection busy and counts each answer once', async () => {
    const taken: string[] = [];
    const origin = await serve(({ url, headers }) => {
      taken.push(`${url} ${String(headers['x-github-delivery'])}`);
      return 202;
    });

    const { times } = await createLoader(secret).closed(origin, { connections: 3, seconds: 0.1 });

    expect(times.length).toBeGreaterThanOrEqual(3);
    expect(taken).toHaveLength(times.length);
    expect(new Set(taken).size).toBe(taken.length);
    expect(taken.every((each) => each.startsWith(`${WEBHOOK_PATH} `))).toBe(true);
  });

  test('sends at its own pace where it is told so many a second', async () => {
    const origin = await serve(() => 202);

    const { times } = await createLoader(secret).open(origin, { perSecond: 100, seconds: 0.2 });

    expect(times).toHaveLength(20);
  });

  test('does not count a refusal as work', async () => {
    const origin = await serve(() => 503);

    await expect(createLoader(secret).closed(origin, { connections: 1, seconds: 1 })).rejects.toThrow('503');
  });
});

describe('the report', () => {
  const sample = (changes: Partial<Sample> = {}): Sample => ({
    perSecond: 8000,
    p50Ms: 6,
    p99Ms: 12,
    cpuUs: 120,
    pacedP99Ms: 4,
    peakMb: 100,
    ...changes,
  });
  const conditions: Conditions = { rounds: 2, connections: 50, bytes: 25_000, isApart: true, loaderShare: 0.4 };
  const ours = sample({ perSecond: 5200, cpuUs: 170, pacedP99Ms: 7, peakMb: 190 });
  const probot = sample({ perSecond: 3600 });

  const write = (changes: Record<string, readonly Sample[]> = {}): string =>
    report(new Map(Object.entries({ [BARE]: [sample()], [PROBOT]: [probot], [OURS]: [ours], ...changes })), conditions);

  test('holds ours to each limit', () => {
    const lines = write().split('\n');

    expect(lines.filter((line) => line.endsWith(' met')).map((line) => line.trim().split(/\s{2,}/u))).toEqual([
      ['share of bare', '0.65', '≥ 0.6 met'],
      ['times Probot without a store', '1.44', '≥ 1.3 met'],
      ['processor time for a delivery, of bare', '1.42', '≤ 1.5 met'],
      ['p99 ms at 200 a second', '7.0', '≤ 20 met'],
      ['peak memory, MB', '190', '≤ 220 met'],
    ]);
  });

  test('says so where one is missed', () => {
    const text = write({ [OURS]: [{ ...ours, perSecond: 4000, peakMb: 221 }] });

    expect(text).toMatch(/share of bare +0\.50 +≥ 0\.6 missed/u);
    expect(text).toMatch(/times Probot without a store +1\.11 +≥ 1\.3 missed/u);
    expect(text).toMatch(/peak memory, MB +221 +≤ 220 missed/u);
  });

  test('compares within a round, so that a slow minute slows both sides', () => {
    const halved = { perSecond: 4000 };
    const text = write({ [BARE]: [sample(), sample(halved)], [OURS]: [ours, { ...ours, perSecond: 2600 }] });

    expect(text).toMatch(/share of bare +0\.65/u);
  });

  test('tells where the servers had no core of their own', () => {
    const text = report(new Map([[BARE, [sample()]]]), { ...conditions, isApart: false });

    expect(text).toContain('not kept apart');
  });
});
