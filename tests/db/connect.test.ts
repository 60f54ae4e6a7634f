import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { describeBothDatabases } from '../support/database.ts';
import { anAsker, anInstallationId, aRepository } from './samples.ts';

describeBothDatabases('links that people make', (open) => {
  test('a link of an admin is made and ended once, with an entry each and the jobs that follow', async () => {
    const { stores } = open();
    const asker = anAsker();
    const { workspaceId } = asker;
    const installationId = anInstallationId();
    const at = new Date('2026-11-28T10:00:00.123Z');
    const payload = { workspaceId, repository: aRepository() };
    const job = { kind: 'read-rules', payload, dedupeKey: `read-rules:${randomUUID()}` } as const;
    const link = { installationId, account: 'acme\u0000', at, jobs: [job] };

    const outcomes = await Promise.all([1, 2, 3].map(() => stores.installations.connect(asker, link)));
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['known', 'known', 'linked']);
    expect(outcomes.flatMap((outcome) => (outcome.kind === 'linked' ? outcome.jobIds : []))).toHaveLength(1);
    expect(await stores.installations.ofWorkspace(workspaceId)).toEqual([installationId]);
    expect(await stores.installations.disconnect(anAsker(), installationId, at)).toBe(false);
    expect(await stores.installations.disconnect(asker, installationId, new Date(at.getTime() + 1))).toBe(true);
    expect(await stores.installations.disconnect(asker, installationId, at)).toBe(false);

    expect(await stores.installations.isLinked(workspaceId, installationId)).toBe(false);
    expect(await stores.audit.about(workspaceId, { kind: 'workspace', id: workspaceId })).toMatchObject([
      { actor: asker.userId, action: 'connect', details: { installation: installationId }, at },
      { actor: asker.userId, action: 'disconnect', details: { installation: installationId } },
    ]);
  });

  test('a token is spent once in each workspace, whoever comes at the same time, and forgotten long after it expired', async () => {
    const { stores } = open();
    const { workspaceId } = anAsker();
    const token = { id: randomUUID(), expiresAt: new Date(Date.now() + 600_000) };
    const old = { id: randomUUID(), expiresAt: new Date(Date.now() - 2 * 24 * 3_600_000) };

    const spent = await Promise.all([1, 2, 3, 4].map(() => stores.spentTokens.spend(workspaceId, token)));
    expect(spent.filter((isFirst) => isFirst)).toHaveLength(1);
    expect(await stores.spentTokens.spend(anAsker().workspaceId, token)).toBe(true);
    expect(await stores.spentTokens.spend(workspaceId, old)).toBe(true);
    expect(await stores.spentTokens.prune()).toBeGreaterThanOrEqual(1);
    expect(await stores.spentTokens.spend(workspaceId, token)).toBe(false);
    expect(await stores.spentTokens.spend(workspaceId, old)).toBe(true);
  });
});
