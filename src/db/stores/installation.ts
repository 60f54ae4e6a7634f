import type { SqlEntityManager } from '@mikro-orm/sql';
import type { InstallationStore } from '../../domain/ports.ts';
import { Installation } from '../entities/installation.ts';

export function createInstallationStore(orm: SqlEntityManager): InstallationStore {
  return {
    async link(workspaceId, installationId) {
      const row = { workspaceId, installationId };
      await orm.fork().upsert(Installation, row, { onConflictAction: 'ignore' });
    },
    async isLinked(workspaceId, installationId) {
      return (await orm.fork().count(Installation, { workspaceId, installationId })) === 1;
    },
    async installationsOf(workspaceId) {
      const rows = await orm
        .fork()
        .find(Installation, { workspaceId }, { orderBy: { createdAt: 'asc', installationId: 'asc' } });
      return rows.map(({ installationId }) => installationId);
    },
    async workspacesOf(installationId) {
      const rows = await orm.fork().find(Installation, { installationId }, { orderBy: { workspaceId: 'asc' } });
      return rows.map(({ workspaceId }) => workspaceId);
    },
  };
}
