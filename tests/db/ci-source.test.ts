import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { CiSourceName } from '../../src/domain/ci.ts';
import { EventId, WorkflowJobId } from '../../src/domain/ids.ts';
import type { WorkflowJob } from '../../src/domain/run.ts';
import { describeBothDatabases } from '../support/database.ts';
import { anAsker, aRun } from './samples.ts';

const name = CiSourceName.parse('jenkins');

describeBothDatabases('keys of other CI systems', (open) => {
  test('a secret is kept encrypted for its own row, and a revoked key counts no more', async () => {
    const { stores, sql } = open();
    const { workspaceId } = anAsker();
    const secret = `s-${randomUUID()}`;
    const hosts = ['logs.example.com'];
    const key = await stores.ciSources.add({ workspaceId, name, logHosts: hosts, secret });
    const other = await stores.ciSources.add({ workspaceId, name, logHosts: [], secret: 'another' });

    expect(await stores.ciSources.findKey(key.id)).toEqual({ source: key, secret });
    expect(await stores.ciSources.isKnown(workspaceId, name)).toBe(true);
    expect(await stores.ciSources.isKnown(anAsker().workspaceId, name)).toBe(false);
    expect(await stores.ciSources.logHosts(anAsker().workspaceId, key.id)).toEqual([]);
    expect(await stores.ciSources.logHosts(workspaceId, key.id)).toEqual(hosts);
    const [row] = await sql(`select encode(sealed_secret, 'escape') as kept from ci_sources where id = '${key.id}'`);
    expect(String(row?.['kept'])).not.toContain(secret);

    expect(await stores.ciSources.revoke(anAsker().workspaceId, key.id)).toBe(false);
    expect(await stores.ciSources.revoke(workspaceId, key.id)).toBe(true);
    expect(await stores.ciSources.revoke(workspaceId, key.id)).toBe(false);
    expect(await stores.ciSources.findKey(key.id)).toBeNull();
    expect(await stores.ciSources.isKnown(workspaceId, name)).toBe(true);
    expect((await stores.ciSources.list(workspaceId)).map(({ id, revokedAt }) => [id, revokedAt !== null])).toEqual([
      [key.id, true],
      [other.id, false],
    ]);
  });

  test('jobs that were told of are kept once for an attempt, and belong to their workspace', async () => {
    const { stores } = open();
    const { workspaceId } = anAsker();
    const run = aRun();
    const eventId = EventId.parse(randomUUID());
    const job: WorkflowJob = {
      id: WorkflowJobId.parse(77),
      name: 'test\u0000',
      conclusion: 'failure',
      url: 'https://ci.example.com/1',
      runner: null,
      startedAt: null,
      completedAt: null,
      steps: [],
    };
    for (let time = 0; time < 2; time += 1) await stores.ciReports.save(workspaceId, eventId, { run, jobs: [job] });
    const later = { ...job, id: WorkflowJobId.parse(78), name: 'later' };
    await stores.ciReports.save(workspaceId, EventId.parse(randomUUID()), { run, jobs: [later] });

    expect(await stores.ciReports.jobs(workspaceId, run)).toEqual([{ ...job, name: 'test' }]);
    const place = { repository: run.repository, jobId: job.id };
    expect(await stores.ciReports.findJob(workspaceId, place)).toEqual({ eventId, position: 0 });
    expect(await stores.ciReports.findJob(anAsker().workspaceId, place)).toBeNull();
  });
});
