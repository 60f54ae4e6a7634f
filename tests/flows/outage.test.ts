import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { askCortex } from '../support/asking.ts';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { aPassingJob, aRun } from '../support/scripts.ts';
import { ADMIN, CHANNEL, MEMBER, type Product, REPOSITORY } from '../support/stage.ts';

const DELIVERIES = 200;
const NEVER = '3600000';
/** Deliveries that failed are looked for at once, and runs as good as never; and the other way round. */
const WALKING = { RECONCILE_INTERVAL_MS: '500', RUN_POLL_INTERVAL_MS: NEVER, REDELIVERIES_PER_MINUTE: '1200' };
const POLLING = { RECONCILE_INTERVAL_MS: '500', RUN_POLL_INTERVAL_MS: '2000' };

describeOnServers('the product was away', (openStage) => {
  let stage: ServerStage;
  let product: Product;

  beforeAll(async () => {
    stage = await openStage([]);
    product = await stage.start('all', WALKING);
    await stage.open(product);
    await askCortex(stage, { user: MEMBER, text: `subscribe ${REPOSITORY}` }, 'now hears');
  });

  afterAll(async () => {
    expect(stage.slack.violations()).toEqual([]);
    await stage.close();
  });

  const failuresOn = (branch: string) => stage.slack.messages(CHANNEL).filter(({ text }) => text.includes(branch));
  const idsOf = async (): Promise<string[]> =>
    (await stage.query('select delivery_id from events')).map((row) => String(row['delivery_id']));
  const asked = () =>
    stage.github.journal.filter(({ method, path }) => method === 'POST' && path.endsWith('/attempts'));
  const moveTo = (started: Product): void => {
    product = started;
    stage.slack.setAppUrl(product.url);
    stage.github.webhookUrl = `${product.url}/webhooks/github`;
  };

  test('for two hundred deliveries: all are found when it comes back, and worked on once', async () => {
    await product.end();
    const missed: string[] = [];
    const branches: string[] = [];
    for (let index = 0; missed.length < DELIVERIES; index += 1) {
      const branch = `away-${index}`;
      const isFailing = index % 8 === 0;
      if (isFailing) branches.push(branch);
      const run = aRun({ branch, ...(isFailing ? {} : { jobs: [aPassingJob()] }) });
      const { deliveries } = await stage.github.play(run);
      missed.push(...deliveries.map(({ guid }) => guid));
    }
    expect(
      new Set(
        stage.github
          .deliveries()
          .slice(-missed.length)
          .map(({ statusCode }) => statusCode),
      ),
    ).toEqual(new Set([502]));

    moveTo(await stage.start('all', WALKING));

    await eventually(async () => {
      const ids = await idsOf();
      expect(ids.filter((id) => missed.includes(id))).toHaveLength(missed.length);
    }, 60_000);
    await eventually(async () => {
      const open = `select 1 from jobs where kind in ('process-event', 'analyze-run', 'deliver-summary') and status <> 'done'`;
      expect(await stage.query(open)).toEqual([]);
      for (const branch of branches) expect(failuresOn(branch).map(({ replyCount }) => replyCount)).toEqual([2]);
    });
    expect(new Set(await idsOf()).size).toBe((await idsOf()).length);
    expect(new Set(asked().map(({ path }) => path)).size).toBe(asked().length);
    expect(asked()).toHaveLength(missed.length);
    expect(stage.slack.messages(CHANNEL)).toHaveLength(branches.length);
    await eventually(async () =>
      expect(await stage.query('select state, count(*)::int from gaps group by state')).toEqual([
        { state: 'recovered', count: missed.length },
      ]),
    );
  });

  test('how far it has looked is a metric, and an admin learns what was missed', async () => {
    const headers = { authorization: `Bearer ${stage.environment['METRICS_TOKEN']}` };
    const metrics = await (await fetch(`${product.url}/metrics`, { headers })).text();

    expect(metrics).toMatch(/cortex_reconcile_lag_seconds\{of="deliveries"\} \d/u);
    expect(metrics).toMatch(/cortex_reconciled_total\{of="deliveries",outcome="asked"\} 2\d\d/u);
    expect(metrics).toContain('cortex_gaps{state="open"} 0');
    const words = await askCortex(stage, { user: ADMIN, text: 'doctor' }, 'all of them came later');
    expect(words).toMatch(/2\d\d deliveries of workflow_job, workflow_run,.* failed .*502 failed to connect to host/u);
    expect(words).toContain('Deliveries that failed, and runs without one, are looked for');
  });

  test('a run whose deliveries can never come is found by asking, and told once, also if one comes after all', async () => {
    const url = stage.github.webhookUrl;
    await product.end();
    product = await stage.start('all', POLLING);
    stage.slack.setAppUrl(product.url);
    // Nobody listens there: GitHub keeps a failed try, and the product is kept from its list.
    stage.github.faults.add({ kind: 'status', status: 500, path: /^\/app\/hook\/deliveries/u, times: 10_000 });
    const { deliveries, runId } = await stage.github.play(aRun({ branch: 'too-large' }));

    await eventually(() => expect(failuresOn('too-large').map(({ replyCount }) => replyCount)).toEqual([2]));
    stage.github.webhookUrl = url === null ? null : `${product.url}/webhooks/github`;
    const completed = deliveries.filter(({ event, action }) => event === 'workflow_run' && action === 'completed');
    for (const { guid } of completed) expect((await stage.github.redeliver(guid)).statusCode).toBe(202);
    await eventually(async () => {
      const events = await stage.query(`select e.delivery_id, j.status from events e
        join jobs j on j.dedupe_key = 'event:' || e.id where convert_from(body, 'UTF8') like '%${runId}%'`);
      expect(events.map((row) => row['status'])).toEqual(['done', 'done']);
    });

    expect(failuresOn('too-large')).toHaveLength(1);
    expect(await stage.query(`select occurrences from failures where branch = 'too-large'`)).toEqual([
      { occurrences: 1 },
    ]);
    expect(await stage.query(`select repository, state from gaps where kind = 'run'`)).toEqual([
      { repository: REPOSITORY, state: 'recovered' },
    ]);
    const words = await askCortex(stage, { user: ADMIN, text: 'doctor' }, 'found by asking');
    expect(words).toContain(`1 run in ${REPOSITORY} found by asking`);
  });
});
