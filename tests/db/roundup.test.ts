import { expect, test } from '@jest/globals';
import type { Stores } from '../../src/db/database.ts';
import { type ChannelId, type FailureId, RoundupId, type SummaryId, type WorkspaceId } from '../../src/domain/ids.ts';
import { ROUNDUP_MOST } from '../../src/domain/roundup.ts';
import { LeaseLostError } from '../../src/errors.ts';
import { describeBothDatabases, describeDatabase, type TestDatabase } from '../support/database.ts';
import { aChannelId, aLease, aRun, aRunId, aTs, aWorkspaceId, claimed, saved } from './samples.ts';

const ROOM = { messages: 2, withinMs: 60_000 };

/** A channel of a workspace, into which failures come. */
function aStorm(stores: Stores, workspaceId: WorkspaceId = aWorkspaceId(), channelId: ChannelId = aChannelId()) {
  const fail = async (branch: string, changes: Parameters<typeof aRun>[0] = {}) => {
    const run = aRun({ branch, ...changes });
    const { id: summaryId, failureId } = await saved(stores, workspaceId, { run, fingerprint: 'f1' });
    return { run, summaryId, failureId };
  };
  const list = async ({ failureId, summaryId }: { failureId: FailureId; summaryId: SummaryId }) =>
    stores.roundups.list(workspaceId, await aLease(stores), { channelId, failureId, summaryId, occasion: 'storm' });
  const post = async ({ failureId }: { failureId: FailureId }) =>
    stores.threads.reserveIfRoom(workspaceId, await aLease(stores), { channelId, failureId, room: ROOM });
  return { workspaceId, channelId, fail, list, post };
}

describeBothDatabases('roundups', (open) => {
  test('a channel has room for so many messages of their own, and each of them stays', async () => {
    const { stores } = open();
    const { fail, post } = aStorm(stores);
    const [first, second, third] = [await fail('a'), await fail('b'), await fail('c')];

    expect((await post(first))?.state).toBe('new');
    expect((await post(second))?.state).toBe('new');
    expect(await post(third)).toBeNull();
    expect((await post(first))?.thread.failureId).toBe(first.failureId);
  });

  test('what is listed is edited by one job, however much comes until it begins, and by another one after that', async () => {
    const { stores } = open();
    const { workspaceId, channelId, fail, list } = aStorm(stores);
    const [first, second, third] = [await fail('a'), await fail('b'), await fail('c')];

    const [job, ...others] = await list(first);
    expect(others).toEqual([]);
    expect(await list(second)).toEqual([]);
    expect(await list(first)).toEqual([]);
    expect(job).toBeDefined();

    expect(await stores.roundups.findListed(workspaceId, channelId, second.failureId)).toBe(second.summaryId);
    expect(await stores.roundups.findListed(workspaceId, channelId, third.failureId)).toBeNull();
    expect(await stores.roundups.findListed(workspaceId, aChannelId(), first.failureId)).toBeNull();
  });

  test('it lists what came in the order in which it came, as it stands now', async () => {
    const { stores } = open();
    const { workspaceId, channelId, fail, list } = aStorm(stores);
    const [first, second] = [await fail('a'), await fail('b')];
    await list(first);
    await list(second);
    const again = await fail('a', { ...first.run, runId: aRunId(), number: first.run.number + 1 });
    expect(again.failureId).toBe(first.failureId);
    await list(again);
    const id = await idOf(open(), channelId);

    const entries = await stores.roundups.entries(workspaceId, id);

    expect(entries.map(({ failure, summaryId }) => [failure.id, summaryId])).toEqual([
      [first.failureId, again.summaryId],
      [second.failureId, second.summaryId],
    ]);
    expect(entries[0]).toMatchObject({ url: again.run.url, threadTs: null, failure: { occurrences: 2 } });
    expect(await stores.roundups.entries(aWorkspaceId(), id)).toEqual([]);
  });

  test('it is posted by one job, and known to all by its name', async () => {
    const { stores } = open();
    const { workspaceId, channelId, fail, list } = aStorm(stores);
    await list(await fail('a'));
    const id = await idOf(open(), channelId);
    const [mine, other] = [await aLease(stores), await aLease(stores)];
    const state = async (lease: typeof mine) => (await stores.roundups.reserve(workspaceId, lease, id))?.state;

    expect(await state(mine)).toBe('new');
    expect(await state(other)).toBe('busy');
    expect(await state(mine)).toBe('resumed');
    const ts = aTs();
    await stores.roundups.setTs(workspaceId, mine, id, ts);
    expect(await stores.roundups.reserve(workspaceId, other, id)).toEqual({
      roundup: { id, channelId, occasion: 'storm', ts },
      state: 'posted',
    });
    expect(await stores.roundups.reserve(aWorkspaceId(), other, id)).toBeNull();
    await stores.jobs.complete(mine, []);
    await expect(stores.roundups.reserve(workspaceId, mine, id)).rejects.toThrow(LeaseLostError);
  });

  test('what passes again is told by an edit', async () => {
    const { stores } = open();
    const { workspaceId, fail, list } = aStorm(stores);
    const failed = await fail('a');
    const [waiting] = await list(failed);
    if (waiting === undefined) throw new Error('No job was stored');
    const green = {
      ...failed.run,
      number: failed.run.number + 1,
      headSha: 'f'.repeat(40),
      conclusion: 'success',
    } as const;

    // The job that waits will read what is true then.
    expect(await stores.failures.resolve(workspaceId, await aLease(stores), green, () => [])).toEqual([]);
  });
});

describeDatabase('roundups beside others', 'PostgreSQL', (open) => {
  test('a job that has begun may have read already, so another one follows it', async () => {
    const { stores, sql } = open();
    const { workspaceId, channelId, fail, list } = aStorm(stores);
    const failed = await fail('a');
    const [first] = await list(failed);
    if (first === undefined) throw new Error('No job was stored');
    await sql(`update jobs set due_at = now() where id = '${first}'`);
    await claimed(stores, first);

    const second = await list(await fail('b'));
    expect(second).toHaveLength(1);
    await sql(`update jobs set due_at = now() where id = '${second[0] ?? ''}'`);
    await claimed(stores, second[0] ?? first);

    const green = {
      ...failed.run,
      number: failed.run.number + 1,
      headSha: 'f'.repeat(40),
      conclusion: 'success',
    } as const;
    expect(await stores.failures.resolve(workspaceId, await aLease(stores), green, () => [])).toHaveLength(1);
    expect(await idOf(open(), channelId)).toBeDefined();
  });

  test('many at once get as many messages as there is room for, and stand in one roundup', async () => {
    const { stores, sql } = open();
    const { workspaceId, channelId, fail, list, post } = aStorm(stores);
    const failed = await Promise.all(Array.from({ length: 12 }, (_, index) => fail(`branch-${index}`)));

    const posted = await Promise.all(failed.map((each) => post(each)));
    const left = failed.filter((_, index) => posted[index] === null);
    expect(left).toHaveLength(10);
    await Promise.all(left.map((each) => list(each)));

    expect(await sql(`select id from roundups where channel_id = '${channelId}'`)).toHaveLength(1);
    expect(await stores.roundups.entries(workspaceId, await idOf(open(), channelId))).toHaveLength(10);
  });

  test('what has calmed down is over: later failures have room again, or stand in a roundup of their own', async () => {
    const { stores, sql } = open();
    const { channelId, fail, list, post } = aStorm(stores);
    for (const branch of ['a', 'b']) await post(await fail(branch));
    await list(await fail('c'));
    await sql(`update threads set created_at = now() - interval '2 minutes' where channel_id = '${channelId}'`);
    await sql(`update roundups set grown_at = now() - interval '11 minutes' where channel_id = '${channelId}'`);

    expect((await post(await fail('d')))?.state).toBe('new');
    await list(await fail('e'));
    expect(await sql(`select id from roundups where channel_id = '${channelId}'`)).toHaveLength(2);
  });

  test('a roundup that is full is left as it is', async () => {
    const { stores, sql } = open();
    const { workspaceId, channelId, fail, list } = aStorm(stores);
    const failed = await fail('a');
    await list(failed);
    const id = await idOf(open(), channelId);
    await sql(`insert into failures select (jsonb_populate_record(failures, jsonb_build_object('id', gen_random_uuid(), 'branch', n::text))).*
      from failures, generate_series(2, ${ROUNDUP_MOST}) n where id = '${failed.failureId}'`);
    await sql(`insert into roundup_entries (workspace_id, channel_id, failure_id, roundup_id, summary_id)
      select workspace_id, '${channelId}', id, '${id}', '${failed.summaryId}' from failures
      where workspace_id = '${workspaceId}' and id <> '${failed.failureId}'`);

    await list(await fail('b'));

    expect(await sql(`select id from roundups where channel_id = '${channelId}'`)).toHaveLength(2);
  });
});

/** The only roundup of a channel. */
async function idOf({ sql }: Pick<TestDatabase, 'sql'>, channelId: ChannelId): Promise<RoundupId> {
  const rows = await sql('select id from roundups where channel_id = $1', [channelId]);
  expect(rows).toHaveLength(1);
  return RoundupId.parse(rows[0]?.['id']);
}
