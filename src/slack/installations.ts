import type { Installation, InstallationQuery, InstallationStore } from '@slack/oauth';
import { z } from 'zod';
import { WorkspaceId } from '../domain/ids.ts';
import type { WorkspaceStore } from '../domain/ports.ts';
import { WorkspaceRevokedError } from '../errors.ts';

const Named = z.object({ id: z.string(), name: z.string().exactOptional() });

/** What we keep of an installation; the rest of Bolt's object is kept as it came. */
const StoredInstallation = z.looseObject({
  team: Named.nullish(),
  enterprise: Named.nullish(),
  isEnterpriseInstall: z.boolean().nullish(),
  user: z.looseObject({ id: z.string() }),
  bot: z.looseObject({ token: z.string(), scopes: z.array(z.string()), id: z.string(), userId: z.string() }).optional(),
});

/** Bolt's installation store on ours. An org-wide install is one workspace, under the enterprise's id. */
export function installationStore(workspaces: WorkspaceStore): InstallationStore {
  return {
    async storeInstallation(installation) {
      const { team, enterprise, isEnterpriseInstall } = installation;
      const owner = isEnterpriseInstall === true ? enterprise : team;
      await workspaces.saveInstall(WorkspaceId.parse(owner?.id), {
        name: owner?.name ?? null,
        installation: { ...installation },
      });
    },
    async fetchInstallation(query) {
      const install = await workspaces.findInstall(workspaceOfQuery(query));
      if (install === null) throw new WorkspaceRevokedError('not_installed');
      return restore(install.installation);
    },
    async deleteInstallation(query) {
      await workspaces.removeInstall(workspaceOfQuery(query));
    },
  };
}

/** The query that finds a workspace's own installation. */
export function queryOf(workspaceId: WorkspaceId): InstallationQuery<boolean> {
  return workspaceId.startsWith('E')
    ? { teamId: undefined, enterpriseId: workspaceId, isEnterpriseInstall: true }
    : { teamId: workspaceId, enterpriseId: undefined, isEnterpriseInstall: false };
}

function workspaceOfQuery({ teamId, enterpriseId, isEnterpriseInstall }: InstallationQuery<boolean>): WorkspaceId {
  return WorkspaceId.parse(isEnterpriseInstall ? enterpriseId : teamId);
}

/** JSON has no `undefined`, so what was undefined when it was stored is put back. */
function restore(stored: Record<string, unknown>): Installation<'v2'> {
  const { team, enterprise, isEnterpriseInstall, user, bot, ...rest } = StoredInstallation.parse(stored);
  return {
    ...rest,
    team: team ?? undefined,
    enterprise: enterprise ?? undefined,
    isEnterpriseInstall: isEnterpriseInstall === true,
    user: { token: undefined, scopes: undefined, ...user },
    ...(bot && { bot }),
    authVersion: 'v2',
  };
}
