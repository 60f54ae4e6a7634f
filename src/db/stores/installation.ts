import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import type { InstallationStore } from '../../domain/ports.ts';
import { Installation } from '../entities/installation.ts';
import { addAuditEntry } from '../handling.ts';
import { enqueueIn } from '../refresh.ts';
import { execute } from '../statements.ts';

export function createInstallationStore(orm: SqlEntityManager): InstallationStore {
  return {
    async link(workspaceId, installationId) {
      await execute(orm.fork(), z.unknown(), { text: LINK, parameters: [workspaceId, installationId] });
    },
    connect: ({ workspaceId, userId }, { installationId, account, at, jobs }) =>
      orm.fork().transactional(async (em) => {
        const added = await execute(em, z.unknown(), { text: LINK, parameters: [workspaceId, installationId] });
        if (added.length === 0) return { kind: 'known' };
        const subject = { kind: 'workspace', id: workspaceId } as const;
        const details = { installation: installationId, account };
        addAuditEntry(em, workspaceId, { actor: userId, action: 'connect', subject, details, at });
        await em.flush();
        return { kind: 'linked', jobIds: await enqueueIn(em, jobs) };
      }),
    disconnect: ({ workspaceId, userId }, installationId, at) =>
      orm.fork().transactional(async (em) => {
        if ((await em.nativeDelete(Installation, { workspaceId, installationId })) === 0) return false;
        const subject = { kind: 'workspace', id: workspaceId } as const;
        const details = { installation: installationId };
        addAuditEntry(em, workspaceId, { actor: userId, action: 'disconnect', subject, details, at });
        return true;
      }),
    async isLinked(workspaceId, installationId) {
      return (await orm.fork().count(Installation, { workspaceId, installationId })) === 1;
    },
    async ofWorkspace(workspaceId) {
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

const LINK = `
  insert into installations (workspace_id, installation_id) values (?, ?) on conflict do nothing returning 1`;
