import { expect, test } from '@jest/globals';
import type { Lease } from '../../src/domain/jobs.ts';
import type { PostStore } from '../../src/domain/ports.ts';
import { aChannelId, aTs, aWorkspaceId } from './samples.ts';

interface Opened {
  store: PostStore;
  /** The lease of a job that runs. */
  lease: () => Promise<Lease>;
}

/** What every store of messages that belong to no failure keeps to. */
export function testPostStore(open: () => Opened): void {
  test('a message is reserved once for its channel, and posted for everybody once it has a name', async () => {
    const { store, lease } = open();
    const workspaceId = aWorkspaceId();
    const post = { channelId: aChannelId(), key: 'run:acme/web:1:1' };
    const [mine, other] = [await lease(), await lease()];

    expect(await store.reserve(workspaceId, mine, post)).toEqual({ ts: null, shown: null, state: 'new' });
    expect(await store.reserve(workspaceId, mine, post)).toEqual({ ts: null, shown: null, state: 'resumed' });
    expect(await store.reserve(workspaceId, other, post)).toEqual({ ts: null, shown: null, state: 'busy' });
    const ts = aTs();
    await store.setTs(workspaceId, mine, { ...post, ts, shown: 'one' });
    expect(await store.reserve(workspaceId, other, post)).toEqual({ ts, shown: 'one', state: 'posted' });
    await store.setShown(workspaceId, other, { ...post, shown: null });
    expect(await store.reserve(workspaceId, other, post)).toEqual({ ts, shown: null, state: 'posted' });
    const elsewhere = { ...post, channelId: aChannelId() };
    expect(await store.reserve(workspaceId, other, elsewhere)).toEqual({ ts: null, shown: null, state: 'new' });
  });

  test('who has a message is known by its key, in its own workspace only', async () => {
    const { store, lease } = open();
    const [workspaceId, stranger] = [aWorkspaceId(), aWorkspaceId()];
    const channels = [aChannelId(), aChannelId()].toSorted();
    const mine = await lease();
    for (const channelId of channels) await store.reserve(workspaceId, mine, { channelId, key: 'one' });
    await store.reserve(workspaceId, mine, { channelId: aChannelId(), key: 'another' });

    expect(await store.channelsOf(workspaceId, 'one')).toEqual(channels);
    expect(await store.channelsOf(stranger, 'one')).toEqual([]);
  });
}
