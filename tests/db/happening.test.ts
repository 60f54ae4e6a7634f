import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { JobId } from '../../src/domain/ids.ts';
import { describeBothDatabases } from '../support/database.ts';
import { aDeployment } from '../support/happenings.ts';
import { memoryHappenings } from '../support/memory-happenings.ts';
import { testHappeningStore } from './happening-contract.ts';
import { aLease, aRun, aWorkspaceId } from './samples.ts';

describe('happenings in memory', () => {
  testHappeningStore(memoryHappenings, async () => ({ jobId: JobId.parse(randomUUID()), token: 'a' }));
});

describeBothDatabases('happenings', (open) => {
  testHappeningStore(
    () => open().stores.happenings,
    () => aLease(open().stores),
  );

  test('two that tell of one thing at the same time are one, and names may hold what PostgreSQL does not take', async () => {
    const { happenings } = open().stores;
    const workspaceId = aWorkspaceId();
    const named = aDeployment({ environment: `eu\u0000 ${'x'.repeat(240)}`, description: '\ud800 half' });

    const ids = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        happenings.record(workspaceId, { ...named, order: [70, index, 0] }).then(({ story }) => story.id),
      ),
    );

    expect(new Set(ids).size).toBe(1);
    const [id] = ids;
    const kept = id && (await happenings.find(workspaceId, id));
    expect(kept && kept.happening.order).toEqual([70, 7, 0]);
  });

  test('where a run deploys to is known even if it is told before the run is', async () => {
    const { runs } = open().stores;
    const [workspaceId, stranger] = [aWorkspaceId(), aWorkspaceId()];
    const run = aRun();

    expect(await runs.addEnvironment(workspaceId, run, 'production')).toBe(true);
    expect(await runs.addEnvironment(workspaceId, run, 'production')).toBe(false);
    await runs.addEnvironment(workspaceId, run, 'eu');
    await runs.record(workspaceId, run);
    await runs.record(stranger, run);

    expect((await runs.find(workspaceId, run))?.environments).toEqual(['eu', 'production']);
    expect((await runs.findNewest(workspaceId, run))?.environments).toEqual(['eu', 'production']);
    expect(await runs.find(stranger, run)).toEqual(run);
  });
});
