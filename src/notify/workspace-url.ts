import type { WorkspaceId } from '../domain/ids.ts';
import type { Ports } from '../domain/ports.ts';
import { AppError } from '../errors.ts';

/** The address of the workspace; null where Slack does not tell: then messages have no links to each other. */
export async function findWorkspaceUrl(
  { directory, log }: Pick<Ports, 'directory' | 'log'>,
  workspaceId: WorkspaceId,
): Promise<string | null> {
  try {
    return (await directory.workspace(workspaceId)).url;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.debug({ error }, 'Address of the workspace is not known');
    return null;
  }
}
