import { expect, test } from '@jest/globals';
import type { Stores } from '../../src/db/database.ts';
import type { JobFinding } from '../../src/domain/diagnosis.ts';
import type { WorkspaceId } from '../../src/domain/ids.ts';
import type { Run } from '../../src/domain/run.ts';
import { describeBothDatabases } from '../support/database.ts';
import { aFinding } from '../support/report-builders.ts';
import { aLease, aRun, aWorkspaceId, saved } from './samples.ts';

interface Ended {
  run: Run;
  fingerprint: string;
  job?: Partial<JobFinding>;
  minute?: number;
}

async function fail(stores: Stores, workspaceId: WorkspaceId, { run, fingerprint, job = {} }: Ended) {
  const { failureId } = await saved(stores, workspaceId, {
    run,
    fingerprint,
    headline: fingerprint,
    jobs: [aFinding(job)],
  });
  const failure = await stores.failures.find(workspaceId, failureId);
  if (failure === null) throw new Error('The failure was not stored');
  return failure;
}

async function end(stores: Stores, workspaceId: WorkspaceId, ended: Ended) {
  const failure = await fail(stores, workspaceId, ended);
  const updatedAt = new Date(Date.UTC(2026, 10, 22, 12, ended.minute ?? 0));
  const green = { ...ended.run, number: ended.run.number + 1, headSha: 'c'.repeat(40), title: 'Repair', updatedAt };
  await stores.failures.resolve(workspaceId, await aLease(stores), { ...green, conclusion: 'success' }, () => []);
  return failure;
}

describeBothDatabases('failures that are like one', (open) => {
  test('are those of its cause on any branch, then those of its job and step, three at most, the last ended first', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const { repository } = aRun();
    const on = (branch: string) => aRun({ repository, branch });
    const old = await end(stores, workspaceId, { run: on('one'), fingerprint: 'a', minute: 1 });
    const newer = await end(stores, workspaceId, { run: on('two'), fingerprint: 'a', minute: 2 });
    await end(stores, workspaceId, {
      run: on('three'),
      fingerprint: 'elsewhere',
      job: { failedStep: 'lint' },
      minute: 5,
    });
    const near = await end(stores, workspaceId, { run: on('four'), fingerprint: 'b', minute: 4 });
    await end(stores, workspaceId, { run: on('five'), fingerprint: 'c', minute: 3 });
    await end(stores, workspaceId, { run: aRun({ branch: 'six' }), fingerprint: 'a' });
    const failure = await fail(stores, workspaceId, { run: on('now'), fingerprint: 'a' });
    const { name: job, failedStep: step } = aFinding();

    const similar = await stores.failures.similar(workspaceId, failure, { job, step });

    expect(similar.map(({ failure: { id }, isSameCause }) => [id, isSameCause])).toEqual([
      [newer.id, true],
      [old.id, true],
      [near.id, false],
    ]);
    expect(similar[2]).toMatchObject({ headline: 'b', resolution: { kind: 'fixed', title: 'Repair' } });
    expect(await stores.failures.similar(workspaceId, failure, null)).toHaveLength(2);
    expect(await stores.failures.similar(aWorkspaceId(), failure, { job, step })).toEqual([]);
  });
});
