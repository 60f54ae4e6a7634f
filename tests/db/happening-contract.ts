import { expect, test } from '@jest/globals';
import type { Deployment } from '../../src/domain/happening.ts';
import type { HappeningStore } from '../../src/domain/ports.ts';
import { aDeployment } from '../support/happenings.ts';
import { aWorkspaceId } from './samples.ts';

/** What every store of happenings keeps to. */
export function testHappeningStore(open: () => HappeningStore): void {
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
}
