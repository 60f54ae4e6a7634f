import { expect, test } from '@jest/globals';
import type { Stores } from '../../src/db/database.ts';
import type { WorkspaceId } from '../../src/domain/ids.ts';
import type { Run } from '../../src/domain/run.ts';
import { describeBothDatabases } from '../support/database.ts';
import { aLease, anAsker, aRun, aRunId, saved } from './samples.ts';

const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 22, 11, minute));

function after(run: Run, changes: Partial<Run> = {}): Run {
  return aRun({ ...run, runId: aRunId(), number: run.number + 1, headSha: 'b'.repeat(40), ...changes });
}

async function fail(stores: Stores, workspaceId: WorkspaceId, run: Run, fingerprint: string, revision = 0) {
  const { failureId } = await saved(stores, workspaceId, { run, fingerprint, revision });
  const failure = await stores.failures.find(workspaceId, failureId);
  if (failure === null) throw new Error('The failure was not stored');
  return failure;
}

describeBothDatabases('failures that were merged', (open) => {
  /** The cause `a` on a branch, merged into the cause `b` of another one. */
  async function aMerge(changes: Partial<Run> = {}) {
    const { stores } = open();
    const asker = anAsker();
    const { workspaceId } = asker;
    const run = aRun({ branch: 'feature' });
    const a = await fail(stores, workspaceId, run, 'a');
    const b = await fail(stores, workspaceId, after(run, { number: 900, ...changes }), 'b');
    await stores.merges.merge(asker, a.id, { into: b.id, at: at(1) });
    return { stores, asker, workspaceId, run, a, b };
  }

  test('count on where they go on, once for each attempt, and are not new there', async () => {
    const { stores, workspaceId, run, a, b } = await aMerge();
    const next = after(run, { number: 901 });

    const counted = await fail(stores, workspaceId, next, 'a');
    const again = await fail(stores, workspaceId, next, 'a', 1);

    expect(counted).toMatchObject({ id: b.id, occurrences: 2, last: { runId: next.runId } });
    expect(again).toMatchObject({ id: b.id, occurrences: 2 });
    expect(await stores.failures.history(workspaceId, after(next), 'a')).toMatchObject({ openOnBranch: { id: a.id } });
    // The very attempt that opened it is not its own past.
    expect(await stores.failures.history(workspaceId, run, 'a')).toMatchObject({ openOnBranch: null });
  });

  test('from another branch count without moving where the other one was last seen', async () => {
    const { stores, asker, workspaceId, run, b } = await aMerge({ branch: 'main', number: 3 });
    const counted = await fail(stores, workspaceId, after(run, { number: 5_000 }), 'a');

    expect(counted).toMatchObject({ id: b.id, occurrences: 2, last: b.last, first: b.first });
    const green = after(run, { branch: 'main', number: 4, conclusion: 'success' });
    await stores.failures.resolve(asker.workspaceId, await aLease(stores), green, () => []);
    expect((await stores.failures.find(workspaceId, b.id))?.status).toBe('resolved');
  });

  test('have a failure of their own again once the other one is over, and then cannot be split', async () => {
    const { stores, asker, workspaceId, run, a, b } = await aMerge();
    const green = after(run, { number: 901, conclusion: 'success' });
    await stores.failures.resolve(workspaceId, await aLease(stores), green, () => []);

    const own = await fail(stores, workspaceId, after(run, { number: 902 }), 'a');

    expect([a.id, b.id]).not.toContain(own.id);
    expect((await stores.merges.split(asker, a.id, at(2))).kind).toBe('taken');
  });

  test('are over when they are split after the workflow passed, and open otherwise', async () => {
    const { stores, asker, workspaceId, run, a } = await aMerge({ branch: 'main' });
    const green = after(run, { number: 2, conclusion: 'success' });
    await stores.runs.record(workspaceId, green);

    const outcome = await stores.merges.split(asker, a.id, at(2));

    expect(outcome).toMatchObject({
      kind: 'done',
      failure: { status: 'resolved', resolution: { runId: green.runId } },
    });
  });

  test('by two people at once are merged once, and two into each other make no circle', async () => {
    const { stores } = open();
    const [ada, ben] = [anAsker(), anAsker()];
    const { workspaceId } = ada;
    const run = aRun();
    const [a, b] = [await fail(stores, workspaceId, run, 'a'), await fail(stores, workspaceId, after(run), 'b')];

    const outcomes = await Promise.all([
      stores.merges.merge(ada, a.id, { into: b.id, at: at(1) }),
      stores.merges.merge({ ...ben, workspaceId }, b.id, { into: a.id, at: at(1) }),
    ]);

    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['done', 'itself']);
  });
});
