import { expect, test } from '@jest/globals';
import type { Stores } from '../../src/db/database.ts';
import { ChannelId, type FailureId, type WorkspaceId } from '../../src/domain/ids.ts';
import type { Run } from '../../src/domain/run.ts';
import { describeBothDatabases } from '../support/database.ts';
import { aLease, aRun, aWorkspaceId, saved } from './samples.ts';

const channelId = ChannelId.parse('C0PAYMENTS');

describeBothDatabases('what a branch fails for after a failure', (open) => {
  const failed = async (stores: Stores, workspaceId: WorkspaceId, run: Run, fingerprint: string) => {
    const { failureId } = await saved(stores, workspaceId, { run, fingerprint, headline: `It was ${fingerprint}` });
    return await found(stores, workspaceId, failureId);
  };
  const found = async (stores: Stores, workspaceId: WorkspaceId, id: FailureId) => {
    const failure = await stores.failures.find(workspaceId, id);
    if (failure === null) throw new Error('The failure was not stored');
    return failure;
  };
  const after = (run: Run, by: number, changes: Partial<Run> = {}): Run => {
    const { repository, branch, workflow } = run;
    return aRun({ repository, branch, workflow, number: run.number + by, headSha: `${by}`.repeat(40), ...changes });
  };

  test('is the cause of the newest attempt, on the same branch and workflow only', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const run = aRun();
    const failure = await failed(stores, workspaceId, run, 'a');
    expect(await stores.failures.successor(workspaceId, failure)).toBeNull();

    await failed(stores, workspaceId, after(run, 1, { branch: 'other' }), 'b');
    await failed(stores, workspaceId, after(run, 1, { workflow: 'Other' }), 'b');
    await failed(stores, workspaceId, after(run, -1), 'before');
    expect(await stores.failures.successor(workspaceId, failure)).toBeNull();

    await failed(stores, workspaceId, after(run, 1), 'b');
    const newest = await failed(stores, workspaceId, after(run, 2), 'c');
    expect(await stores.failures.successor(workspaceId, failure)).toMatchObject({
      failure: { id: newest.id },
      headline: 'It was c',
      run: { number: run.number + 2 },
    });
    expect(await stores.failures.successor(aWorkspaceId(), failure)).toBeNull();
  });

  test('is nothing once the failure comes back, and when it is over', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const run = aRun();
    const { id } = await failed(stores, workspaceId, run, 'a');
    await failed(stores, workspaceId, after(run, 1), 'b');
    const back = await failed(stores, workspaceId, after(run, 2), 'a');
    expect(back.id).toBe(id);
    expect(await stores.failures.successor(workspaceId, back)).toBeNull();

    await failed(stores, workspaceId, after(run, 3), 'c');
    const green = after(run, 4, { conclusion: 'success' });
    await stores.failures.resolve(workspaceId, await aLease(stores), green, () => []);
    expect(await stores.failures.successor(workspaceId, await found(stores, workspaceId, id))).toBeNull();
  });

  test('concerns the messages of what failed before, and no others', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const run = aRun();
    const before = await failed(stores, workspaceId, run, 'a');
    const elsewhere = await failed(stores, workspaceId, after(run, 0, { branch: 'other' }), 'a');
    const attempt = after(run, 1);
    const now = await failed(stores, workspaceId, attempt, 'b');
    for (const { id } of [before, elsewhere, now]) {
      await stores.threads.reserve(workspaceId, await aLease(stores), channelId, id);
    }

    const threads = await stores.failures.succeeded(workspaceId, attempt, now.id);

    expect(threads.map(({ failureId }) => failureId)).toEqual([before.id]);
    expect(await stores.failures.succeeded(workspaceId, run, before.id)).toEqual([]);
  });
});
