import { expect, test } from '@jest/globals';
import type { Check, Deployment } from '../../src/domain/happening.ts';
import type { Lease } from '../../src/domain/jobs.ts';
import type { HappeningStore } from '../../src/domain/ports.ts';
import { aCheck, aDeployment, aPullRequest, aRelease } from '../support/happenings.ts';
import { aChannelId, aWorkspaceId } from './samples.ts';

/** What every store of happenings keeps to. */
export function testHappeningStore(open: () => HappeningStore, lease: () => Promise<Lease>): void {
  const state = (name: Deployment['state'], order: number[], more: Partial<Deployment> = {}) =>
    aDeployment({ state: name, order, ...more });

  test('a deployment only moves forward, whatever comes late or again', async () => {
    const [store, workspaceId] = [open(), aWorkspaceId()];
    const [begun, failed] = [state('in_progress', [1, 10, 5]), state('failure', [1, 10, 6])];

    const first = (await store.record(workspaceId, failed)).story;
    expect(first.happening).toEqual(failed);
    const late = await store.record(workspaceId, begun);
    expect(late).toMatchObject({ kind: 'late', story: { id: first.id, happening: failed } });
    expect(await store.record(workspaceId, failed)).toMatchObject({ kind: 'known', story: { id: first.id } });
    expect(await store.find(workspaceId, first.id)).toEqual({
      id: first.id,
      happening: failed,
      sequel: null,
      checks: null,
    });
    expect(await store.find(aWorkspaceId(), first.id)).toBeNull();
  });

  test('another try after a failure goes on with its story, one after a success begins another', async () => {
    const [store, workspaceId] = [open(), aWorkspaceId()];
    const { id } = (await store.record(workspaceId, state('failure', [1, 10, 5]))).story;

    expect((await store.record(workspaceId, state('success', [2, 20, 6]))).story.id).toBe(id);
    const next = await store.record(workspaceId, state('in_progress', [3, 30, 7]));
    expect(next.kind).toBe('begins');
    expect((await store.record(workspaceId, state('failure', [3, 31, 8]))).story.id).toBe(next.story.id);
    expect((await store.find(workspaceId, id))?.happening).toMatchObject({ state: 'success' });
  });

  test('what failed is made up for by the next one that works there, and a try after that is another story', async () => {
    const [store, workspaceId] = [open(), aWorkspaceId()];
    const other = 'b2'.padEnd(40, '0');
    const failed = (await store.record(workspaceId, state('failure', [1, 10, 5]))).story;
    await store.record(workspaceId, state('failure', [2, 20, 6], { environment: 'staging' }));
    const mended = state('success', [3, 30, 7], { sha: other });
    await store.record(workspaceId, mended);
    await store.record(workspaceId, state('success', [4, 40, 8], { sha: 'c3'.padEnd(40, '0') }));

    expect((await store.madeUpBy(workspaceId, mended)).map(({ id }) => id)).toEqual([failed.id]);
    expect((await store.find(workspaceId, failed.id))?.sequel).toEqual(mended);
    // When another one takes its place, it still is what made up for the failure.
    await store.record(workspaceId, state('inactive', [3, 50, 9], { sha: other }));
    expect((await store.find(workspaceId, failed.id))?.sequel).toMatchObject({ sha: other });
    expect((await store.record(workspaceId, state('failure', [5, 60, 10]))).kind).toBe('begins');
    expect(await store.madeUpBy(workspaceId, state('success', [2, 70, 11], { environment: 'none' }))).toEqual([]);
  });

  test('a check is one story for as long as it fails on its branch, and ends with the commit that passes', async () => {
    const [store, workspaceId] = [open(), aWorkspaceId()];
    const check = (id: number, isFailing: boolean, changes: Partial<Check> = {}) =>
      store.record(workspaceId, aCheck({ isFailing, order: [id, id], failures: isFailing ? 1 : 0, ...changes }));

    const { story } = await check(10, true);
    expect(await check(12, true)).toMatchObject({ kind: 'goes-on', isTold: true, happening: { failures: 2 } });
    expect((await check(11, true)).kind).toBe('late');
    const passed = await check(13, false, { sha: 'b2'.padEnd(40, '0') });
    expect(passed).toMatchObject({ story: { id: story.id }, isTold: true, happening: { failures: 2 } });
    const again = await check(14, false, { sha: 'c3'.padEnd(40, '0') });
    expect(again).toMatchObject({ isTold: false, happening: { fixedBy: { sha: 'b2'.padEnd(40, '0') } } });
    expect((await check(15, true)).kind).toBe('begins');
    expect((await check(10, true, { branch: 'other' })).kind).toBe('begins');
  });

  test('a release is news once it was published, whatever else was heard of first; a pull request has one story', async () => {
    const [store, workspaceId] = [open(), aWorkspaceId()];
    const edited = aRelease({ isNews: false, order: [0, 20, 3], name: 'Better' });
    const { story } = await store.record(workspaceId, edited);
    const published = await store.record(workspaceId, aRelease({ order: [0, 10, 0] }));
    expect(published).toMatchObject({ story: { id: story.id, happening: { isNews: true, name: 'Better' } } });
    const gone = await store.record(workspaceId, aRelease({ state: 'deleted', isNews: false, order: [1, 15, 5] }));
    expect(gone.story.happening).toMatchObject({ state: 'deleted', isNews: true });

    const opened = await store.record(workspaceId, aPullRequest());
    expect((await store.record(workspaceId, aPullRequest())).kind).toBe('known');
    const labelled = await store.record(workspaceId, aPullRequest({ labels: ['wip'] }));
    expect(labelled).toMatchObject({ kind: 'goes-on', story: { id: opened.story.id } });
    const { repository, sha } = aPullRequest();
    expect((await store.openPulls(workspaceId, { repository, sha })).map(({ id }) => id)).toEqual([opened.story.id]);
    await store.record(workspaceId, aPullRequest({ state: 'closed', order: [Number.MAX_SAFE_INTEGER, 1] }));
    expect(await store.openPulls(workspaceId, { repository, sha })).toEqual([]);
  });

  test('what is held back comes when it is due, and stays in the message that lists it', async () => {
    const [store, workspaceId, channelId] = [open(), aWorkspaceId(), aChannelId()];
    const one = (await store.record(workspaceId, aCheck())).story;
    const other = (await store.record(workspaceId, aRelease())).story;
    const now = new Date();
    const due = async () => (await store.due(workspaceId, channelId, { at: now, limit: 10 })).map(({ id }) => id);
    await store.hold(workspaceId, channelId, { happeningId: one.id, occasion: 'mute', dueAt: null });
    const later = new Date(now.getTime() + 60_000);
    await store.hold(workspaceId, channelId, { happeningId: other.id, occasion: 'digest', dueAt: later });

    expect(await due()).toEqual([one.id]);
    await store.hold(workspaceId, channelId, { happeningId: other.id, occasion: 'digest', dueAt: now });
    expect((await due()).toSorted()).toEqual([one.id, other.id].toSorted());
    await store.list(workspaceId, await lease(), { channelId, ids: [one.id, other.id] });
    expect(await due()).toEqual([]);
    await store.hold(workspaceId, channelId, { happeningId: one.id, occasion: 'mute', dueAt: null });
    await store.letGo(workspaceId, channelId, [one.id]);
    const [list] = await store.listsOf(workspaceId, one.id);
    expect(list?.channelId).toBe(channelId);
    const listed = list && (await store.findList(workspaceId, list.listId));
    expect(listed?.entries.map(({ id }) => id).toSorted()).toEqual([one.id, other.id].toSorted());
    expect(await store.listsOf(aWorkspaceId(), one.id)).toEqual([]);
    await store.hold(workspaceId, aChannelId(), { happeningId: one.id, occasion: 'mute', dueAt: null });
    expect(await due()).toEqual([]);
  });

  test('what nothing was heard of for long is deleted, with what holds it back; an open pull request stays', async () => {
    const [store, workspaceId, channelId] = [open(), aWorkspaceId(), aChannelId()];
    const at = new Date(Date.now() - 400 * 24 * 60 * 60_000);
    const old = (await store.record(workspaceId, aRelease({ at }))).story;
    const young = (await store.record(workspaceId, aCheck({ at: new Date() }))).story;
    const waiting = (await store.record(workspaceId, aPullRequest({ at }))).story;
    await store.hold(workspaceId, channelId, { happeningId: old.id, occasion: 'mute', dueAt: null });

    expect(await store.prune(399)).toBeGreaterThanOrEqual(1);
    expect(await store.find(workspaceId, old.id)).toBeNull();
    for (const { id } of [young, waiting]) expect(await store.find(workspaceId, id)).not.toBeNull();
    expect(await store.due(workspaceId, channelId, { at: new Date(), limit: 10 })).toEqual([]);
  });
}
