import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { Stores } from '../../src/db/database.ts';
import { GroupName } from '../../src/domain/groups.ts';
import type { JobId, RunId } from '../../src/domain/ids.ts';
import type { DeliveryTry, EndedRun } from '../../src/domain/reconciling.ts';
import { LeaseLostError } from '../../src/errors.ts';
import { describeBothDatabases } from '../support/database.ts';
import { aRule } from '../support/rules.ts';
import { aChannelId, aDelivery, aLease, anAsker, anInstallationId, aRepository, aRun, aRunId } from './samples.ts';

const MINUTE_MS = 60_000;
const ago = (ms: number) => new Date(Date.now() - ms);
const DAY_MS = 24 * 60 * 60_000;

const aTry = (changes: Partial<DeliveryTry> = {}): DeliveryTry => ({
  id: '185203944122185203944',
  guid: randomUUID(),
  event: 'workflow_run',
  action: 'completed',
  installationId: anInstallationId(),
  at: ago(5 * MINUTE_MS),
  isSuccess: false,
  answer: '502 failed to connect to host',
  ...changes,
});

const gapOf = async ({ gaps }: Stores, guid: string) =>
  (await gaps.open('api', 10_000)).gaps.find(({ key }) => key === `delivery:${guid}`);
const stateOf = async (sql: (text: string) => Promise<Array<Record<string, unknown>>>, guid: string) =>
  (await sql(`select state from gaps where key = 'delivery:${guid}'`))[0]?.['state'];

describeBothDatabases('missed deliveries', (open) => {
  test('are kept once, with their newest failure', async () => {
    const { stores } = open();
    const first = aTry();
    const later = { ...first, id: '9', at: ago(MINUTE_MS), answer: '503 Invalid HTTP Response: 503' };

    expect(await stores.gaps.observe('api', [first])).toEqual({ missed: 1, recovered: 0 });
    expect(await stores.gaps.observe('api', [later, first])).toEqual({ missed: 0, recovered: 0 });
    expect(await stores.gaps.observe('api', [first])).toEqual({ missed: 0, recovered: 0 });

    expect(await gapOf(stores, first.guid)).toEqual({
      key: `delivery:${first.guid}`,
      tryId: '9',
      failedAt: first.at,
      lastFailedAt: later.at,
      asks: 0,
      askedAt: null,
    });
  });

  test('of which a later try went well are none, and settle what was one', async () => {
    const { stores, sql } = open();
    const [made, known] = [aTry(), aTry()];
    const again = (failed: DeliveryTry) => ({ ...failed, isSuccess: true, at: ago(0), answer: '202 OK' });
    await stores.gaps.observe('api', [known]);

    expect(await stores.gaps.observe('api', [again(made), again(known), made, known])).toEqual({
      missed: 0,
      recovered: 1,
    });

    expect(await gapOf(stores, made.guid)).toBeUndefined();
    expect(await stateOf(sql, known.guid)).toBe('recovered');
    // Its failure is met again by a walk that begins anew.
    expect(await stores.gaps.observe('api', [known])).toEqual({ missed: 0, recovered: 0 });
    expect(await stateOf(sql, known.guid)).toBe('recovered');
  });

  test('that we hold are none, whatever GitHub made of our answer', async () => {
    const { stores, sql } = open();
    const [held, comes] = [aTry({ at: ago(0) }), aTry()];
    await stores.intake.accept(aDelivery({ deliveryId: held.guid }));
    expect(await stores.gaps.observe('api', [held, comes])).toEqual({ missed: 1, recovered: 0 });
    await stores.intake.accept(aDelivery({ deliveryId: comes.guid }));

    expect(await stores.gaps.settleHeld()).toBe(1);
    expect(await stateOf(sql, comes.guid)).toBe('recovered');
    expect(await stateOf(sql, held.guid)).toBeUndefined();
  });

  test('are asked for by one of two that want to at the same time, and an ask can be taken back', async () => {
    const { stores } = open();
    const { guid } = aTry();
    await stores.gaps.observe('api', [aTry({ guid })]);
    const gap = await gapOf(stores, guid);
    if (gap === undefined) throw new Error('no gap');

    const counted = await Promise.all([stores.gaps.countAsk(gap), stores.gaps.countAsk(gap)]);
    expect(counted.toSorted()).toEqual([false, true]);
    expect(await gapOf(stores, guid)).toMatchObject({ asks: 1, askedAt: expect.any(Date) });
    await stores.gaps.takeBackAsk(gap);
    expect(await gapOf(stores, guid)).toEqual(gap);
  });

  test('are told in groups of what is alike, of these installations only', async () => {
    const { stores } = open();
    const installationId = anInstallationId();
    const tries = [
      aTry({ installationId, at: ago(3 * MINUTE_MS) }),
      aTry({ installationId }),
      aTry({ installationId, event: 'push', action: null }),
    ];
    await stores.gaps.observe('api', [...tries, aTry()]);
    const lost = aTry({ installationId, answer: '500 worse' });
    await stores.gaps.observe('api', [lost]);
    await stores.gaps.lose([`delivery:${lost.guid}`], 'GitHub does not keep it any more');
    const run = aRun();
    await stores.gaps.addRun({ ...run, installationId, endedAt: ago(0), reason: 'no delivery' });

    const report = await stores.gaps.report({ since: ago(60 * MINUTE_MS), installations: [installationId] });

    expect(report.filter(({ kind }) => kind !== 'period')).toMatchObject([
      { kind: 'run', state: 'recovered', amount: 1, repository: run.repository, answer: 'no delivery' },
      { kind: 'delivery', state: 'open', amount: 3, events: ['workflow_run', 'push'], to: tries[0]?.at },
      { kind: 'delivery', state: 'lost', amount: 1, answer: 'GitHub does not keep it any more' },
    ]);
  });

  test('that are old and settled are forgotten', async () => {
    const { stores, sql } = open();
    const old = aTry({ at: ago(40 * 24 * 60 * MINUTE_MS) });
    await stores.gaps.observe('api', [old]);
    await stores.gaps.prune(30);
    expect(await stateOf(sql, old.guid)).toBe('open');
    await stores.gaps.lose([`delivery:${old.guid}`], 'too old');

    await stores.gaps.prune(30);
    expect(await stateOf(sql, old.guid)).toBeUndefined();
  });
});

describeBothDatabases('the walk over deliveries', (open) => {
  const end = (sql: (text: string, parameters: JobId[]) => Promise<unknown>, id: JobId) =>
    sql(`update jobs set lease_expires_at = now() - interval '1 second' where id = $1`, [id]);

  test('is made by one job at a time, and goes on where the last one stopped', async () => {
    const { stores, sql } = open();
    const name = randomUUID();
    const [first, second] = [await aLease(stores), await aLease(stores)];
    const walk = { seenUntil: ago(MINUTE_MS), open: { cursor: 'v1_12', startedAt: ago(0) } };

    expect(await stores.gaps.beginWalk(first, name)).toEqual({ seenUntil: null, open: null });
    expect(await stores.gaps.beginWalk(second, name)).toBeNull();
    await stores.gaps.saveWalk(first, name, walk);
    await expect(stores.gaps.saveWalk(second, name, walk)).rejects.toBeInstanceOf(LeaseLostError);
    await end(sql, first.jobId);
    await expect(stores.gaps.saveWalk(first, name, walk)).rejects.toBeInstanceOf(LeaseLostError);

    expect(await stores.gaps.beginWalk(second, name)).toEqual(walk);
    const { deliveries } = await stores.gaps.lag();
    expect(deliveries).toBeGreaterThanOrEqual(60);
  });
});

describeBothDatabases('looks at runs', (open) => {
  const DUE = { olderThanMs: 60 * MINUTE_MS, limit: 10_000 };

  async function watched({ subscriptions }: Stores) {
    const asker = anAsker();
    const look = { workspaceId: asker.workspaceId, repository: aRepository() };
    await subscriptions.create(asker, aChannelId(), aRule(look.repository));
    return look;
  }

  test('are due for what rules are about, until they were made', async () => {
    const { stores } = open();
    const look = await watched(stores);
    const stranger = { ...look, repository: aRepository() };
    expect(await stores.gaps.dueLooks(DUE)).toContainEqual(look);
    expect(await stores.gaps.findLook(stranger)).toBeNull();
    expect((await stores.gaps.findLook(look))?.since.getTime()).toBeGreaterThan(ago(MINUTE_MS).getTime());

    const until = new Date(Date.now() + 1_000);
    await stores.gaps.saveLook(look, { until, mark: 'W/"1"' });

    expect(await stores.gaps.dueLooks(DUE)).not.toContainEqual(look);
    expect(await stores.gaps.findLook(look)).toEqual({ since: until, mark: 'W/"1"' });
    await stores.gaps.saveLook(look, { until: ago(MINUTE_MS), mark: null });
    expect((await stores.gaps.findLook(look))?.since).toEqual(until);
    expect((await stores.gaps.lag()).runs).toEqual(expect.any(Number));
  });

  test('are due for the repositories of an owner, a topic and a file of rules, and for nothing that is paused', async () => {
    const { stores } = open();
    const asker = anAsker();
    const { workspaceId } = asker;
    const [ofOwner, ofTopic, paused] = [aRepository(), aRepository(), aRepository()];
    await stores.runs.record(workspaceId, { ...aRun(), repository: ofOwner, updatedAt: new Date() });
    await stores.groups.save(workspaceId, GroupName.parse('topic:pay'), { repositories: [ofTopic], isCut: false });
    const channelId = aChannelId();
    await stores.subscriptions.create(asker, channelId, aRule(paused));
    const names = async () =>
      (await stores.gaps.dueLooks(DUE)).flatMap((look) => (look.workspaceId === workspaceId ? [look.repository] : []));
    expect(await names()).toEqual([paused]);
    await stores.subscriptions.pause(workspaceId, channelId, { reason: 'x', followUps: [] });
    expect(await names()).toEqual([]);

    await stores.subscriptions.create(asker, aChannelId(), aRule('acme/*'));
    await stores.subscriptions.create(asker, aChannelId(), aRule('topic:pay'));

    expect((await names()).toSorted()).toEqual([ofOwner, ofTopic].toSorted());
  });

  test('know which runs nobody told of', async () => {
    const { stores } = open();
    const look = await watched(stores);
    const { workspaceId, repository } = look;
    const ended = (attempt = 1): EndedRun => ({ runId: aRunId(), attempt, conclusion: 'failure', updatedAt: ago(0) });
    const [done, underWay, rerun, missed] = [ended(), ended(), ended(), ended()];
    const record = (run: EndedRun, changes: object = {}) =>
      stores.runs.record(workspaceId, { ...aRun(), repository, ...run, ...changes });
    await record(done, { status: 'completed' });
    await record(underWay, { status: 'in_progress', conclusion: null });
    await record(rerun, { attempt: 2, status: 'in_progress', conclusion: null });

    expect(await stores.gaps.unknownRuns(look, [done, underWay, rerun, missed])).toEqual([underWay, missed]);
    expect(await stores.gaps.unknownRuns({ ...look, repository: aRepository() }, [done])).toEqual([done]);
  });

  test('know which runs go on, in their newest attempt, and of which nothing was heard for long', async () => {
    const { stores } = open();
    const look = await watched(stores);
    const record = async (changes: object): Promise<RunId> => {
      const runId = aRunId();
      const times = { startedAt: ago(3 * DAY_MS), updatedAt: ago(2 * DAY_MS) };
      const goesOn = { status: 'in_progress', conclusion: null } as const;
      const run = { ...aRun(), repository: look.repository, runId, attempt: 1, ...times, ...goesOn };
      await stores.runs.record(look.workspaceId, { ...run, ...changes });
      return runId;
    };
    const quiet = await record({});
    const waiting = await record({ status: 'waiting', conclusion: 'action_required' });
    await record({ status: 'completed', conclusion: 'success' });
    await record({ updatedAt: ago(0) });
    await record({ startedAt: ago(40 * DAY_MS), updatedAt: ago(39 * DAY_MS) });
    const runId = await record({});
    await record({ runId, attempt: 2, status: 'completed', conclusion: 'failure' });
    const which = { quietSince: ago(DAY_MS), limit: 20 };

    expect((await stores.gaps.openRuns(look, which)).toSorted()).toEqual([quiet, waiting].toSorted());
    expect(await stores.gaps.openRuns(look, { ...which, limit: 1 })).toHaveLength(1);
    expect(await stores.gaps.openRuns({ ...look, repository: aRepository() }, which)).toEqual([]);
  });
});
