import type { GroupName } from '../domain/groups.ts';
import type { RepositoryName, WorkspaceId } from '../domain/ids.ts';
import type { NewJob } from '../domain/jobs.ts';
import type { Ports } from '../domain/ports.ts';

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

/** Each of these files of rules is read, once for each occasion. */
export function planReadings(
  files: ReadonlyArray<{ workspaceId: WorkspaceId; repository: RepositoryName }>,
  occasion: string | number,
): NewJob[] {
  return files.map(({ workspaceId, repository }) => ({
    kind: 'read-rules',
    payload: { workspaceId, repository },
    dedupeKey: `read-rules:${workspaceId}:${repository}:${occasion}`,
  }));
}

/** How many topics and teams of a workspace are asked for at once, and files read; the others follow by and by. */
const ALL_OF_THEM = { olderThanMs: 0, limit: 200 } as const;

/** The App sees other repositories than before: everything that was asked of it is asked again. */
export async function planSight(
  { groups, ruleFiles }: Pick<Ports, 'groups' | 'ruleFiles'>,
  workspaceId: WorkspaceId,
  occasion: string,
): Promise<NewJob[]> {
  return [
    ...planRefreshes(await groups.stale(workspaceId, ALL_OF_THEM), occasion),
    ...planReadings(await ruleFiles.stale(workspaceId, ALL_OF_THEM), occasion),
  ];
}
