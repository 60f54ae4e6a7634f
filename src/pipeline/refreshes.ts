import type { GroupName } from '../domain/groups.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import type { NewJob } from '../domain/jobs.ts';

/** GitHub is asked for each of these groups, once for each occasion. */
export function planRefreshes(
  groups: ReadonlyArray<{ workspaceId: WorkspaceId; name: GroupName }>,
  occasion: string | number,
): NewJob[] {
  return groups.map(({ workspaceId, name }) => ({
    kind: 'refresh-group',
    payload: { workspaceId, name },
    dedupeKey: `refresh-group:${workspaceId}:${name}:${occasion}`,
  }));
}
