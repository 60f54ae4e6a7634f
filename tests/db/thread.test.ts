import { expect, test } from '@jest/globals';
import { LeaseLostError } from '../../src/errors.ts';
import { describeBothDatabases, describeDatabase } from '../support/database.ts';
import { aChannelId, aLease, anOpenFailure, aTs, aWorkspaceId, claimed } from './samples.ts';

describeBothDatabases('the thread store', (open) => {
  test('a thread is reserved once, and posted for everybody once it has a name', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const channelId = aChannelId();
    const { id: failureId } = await anOpenFailure(stores, workspaceId);
    const [mine, other] = [await aLease(stores), await aLease(stores)];
    const reserve = (lease: typeof mine) => stores.threads.reserve(workspaceId, lease, channelId, failureId);

    const { thread, state } = await reserve(mine);

    expect({ thread, state }).toEqual({
      thread: { id: thread.id, channelId, failureId, ts: null, shown: null, called: null },
      state: 'new',
    });
    expect(await reserve(other)).toEqual({ thread, state: 'busy' });
    expect(await reserve(mine)).toEqual({ thread, state: 'resumed' });
    const ts = aTs();
    const called = { who: [{ kind: 'name', name: 'acme/web' } as const], left: 2 };
    await stores.threads.setCalled(workspaceId, mine, thread.id, called);
    await stores.threads.setTs(workspaceId, mine, thread.id, ts);
    const posted = { thread: { ...thread, ts, called }, state: 'posted' };
    expect(await reserve(mine)).toEqual(posted);
    expect(await reserve(other)).toEqual(posted);
    expect(await stores.threads.find(workspaceId, channelId, failureId)).toEqual(posted.thread);
    const below = (id: typeof workspaceId, channel: typeof channelId) => stores.threads.findByMessage(id, channel, ts);
    expect(await below(workspaceId, channelId)).toEqual(posted.thread);
    expect(await below(workspaceId, aChannelId())).toBeNull();
    expect(await below(aWorkspaceId(), channelId)).toBeNull();
  });

  test('the message of a job that ended without naming it is taken over, by one job', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const channelId = aChannelId();
    const { id: failureId } = await anOpenFailure(stores, workspaceId);
    const [dead, second, third] = [await aLease(stores), await aLease(stores), await aLease(stores)];
    const reserve = async (lease: typeof dead) =>
      (await stores.threads.reserve(workspaceId, lease, channelId, failureId)).state;
    await reserve(dead);
    await stores.jobs.bury(dead, 'no');

    expect(await reserve(second)).toBe('resumed');
    expect(await reserve(third)).toBe('busy');
    await stores.jobs.complete(second, []);
    expect(await reserve(third)).toBe('resumed');
  });

  test('the message of a job that waits for its next try stays its own', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const channelId = aChannelId();
    const { id: failureId } = await anOpenFailure(stores, workspaceId);
    const [first, second] = [await aLease(stores), await aLease(stores)];
    const reserve = async (lease: typeof first) =>
      (await stores.threads.reserve(workspaceId, lease, channelId, failureId)).state;
    await reserve(first);
    await stores.jobs.retry(first, { delayMs: 0, error: 'Slack is away' });

    expect(await reserve(second)).toBe('busy');
    expect(await reserve((await claimed(stores, first.jobId)).lease)).toBe('resumed');
  });

  test('replies are reserved by their key within their thread', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const { id: failureId } = await anOpenFailure(stores, workspaceId);
    const [mine, other] = [await aLease(stores), await aLease(stores)];
    const { thread } = await stores.threads.reserve(workspaceId, mine, aChannelId(), failureId);
    const { thread: elsewhere } = await stores.threads.reserve(workspaceId, mine, aChannelId(), failureId);
    const reserve = (lease: typeof mine, key: string, { id } = thread) =>
      stores.threads.reserveReply(workspaceId, lease, id, key);

    expect(await reserve(mine, 'evidence')).toBe('new');
    expect(await reserve(mine, 'evidence')).toBe('resumed');
    expect(await reserve(other, 'evidence')).toBe('busy');
    expect(await reserve(other, 'recovery')).toBe('new');
    expect(await reserve(other, 'evidence', elsewhere)).toBe('new');
    await stores.threads.setReplyTs(workspaceId, mine, thread.id, 'evidence', aTs());
    expect(await reserve(other, 'evidence')).toBe('posted');
    await stores.jobs.bury(other, 'no');
    expect(await reserve(mine, 'recovery')).toBe('resumed');
  });

  test('with a lost lease nothing is reserved or named', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const channelId = aChannelId();
    const { id: failureId } = await anOpenFailure(stores, workspaceId);
    const [lost, live] = [await aLease(stores), await aLease(stores)];
    await stores.jobs.complete(lost, []);
    const { threads } = stores;

    await expect(threads.reserve(workspaceId, lost, channelId, failureId)).rejects.toThrow(LeaseLostError);
    expect(await threads.find(workspaceId, channelId, failureId)).toBeNull();
    const { thread } = await threads.reserve(workspaceId, live, channelId, failureId);
    await expect(threads.setTs(workspaceId, lost, thread.id, aTs())).rejects.toThrow(LeaseLostError);
    await expect(threads.reserveReply(workspaceId, lost, thread.id, 'key')).rejects.toThrow(LeaseLostError);
    await expect(threads.setReplyTs(workspaceId, lost, thread.id, 'key', aTs())).rejects.toThrow(LeaseLostError);
    expect((await threads.find(workspaceId, channelId, failureId))?.ts).toBeNull();
  });
});

describeDatabase('the thread store', 'PostgreSQL', (open) => {
  test('of many jobs that reserve one message at once, one posts it', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const channelId = aChannelId();
    const { id: failureId } = await anOpenFailure(stores, workspaceId);
    const leases = await Promise.all(Array.from({ length: 10 }, () => aLease(stores)));

    const reserved = await Promise.all(
      leases.map((lease) => stores.threads.reserve(workspaceId, lease, channelId, failureId)),
    );

    expect(reserved.map(({ state }) => state).toSorted()).toEqual([...Array.from({ length: 9 }, () => 'busy'), 'new']);
    expect(new Set(reserved.map(({ thread }) => thread.id)).size).toBe(1);
  });
});
