import { WorkspaceRevokedError } from '../../errors.ts';
import type { JobHandler } from '../job.ts';
import { planTellingAdmins } from '../notices.ts';

/** Finds out who the admins are; what follows tells each of them. */
export const notifyAdmins: JobHandler<'notify-admins'> = async (context, { workspaceId, notice }) => {
  const { directory, workspaces, log } = context;
  if (!(await workspaces.isActive(workspaceId))) return [];
  try {
    const admins = await directory.admins(workspaceId);
    if (admins.length === 0) log.warn({ workspaceId, notice: notice.kind }, 'Workspace shows no admin to tell');
    return planTellingAdmins(workspaceId, admins, notice);
  } catch (error) {
    if (!(error instanceof WorkspaceRevokedError)) throw error;
    await workspaces.markRevoked(workspaceId, error.reason);
    log.warn({ workspaceId, reason: error.reason }, 'Workspace refuses our token, it is marked as revoked');
    return [];
  }
};
