import { workspaceOf, type ListenerContext, type RequestContext } from '../listener.ts';

/** The app was removed: its subscriptions pause, and its tokens go at once. */
export async function appUninstalled(
  { ports }: ListenerContext,
  _event: unknown,
  request: RequestContext,
): Promise<void> {
  const workspaceId = workspaceOf(request);
  await ports.workspaces.markRevoked(workspaceId, 'app_uninstalled');
  await ports.workspaces.removeInstall(workspaceId);
  ports.log.info({ workspaceId }, 'App was removed from a workspace, its tokens are deleted');
}
