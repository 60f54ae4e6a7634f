import type { RepositoryName } from '../domain/ids.ts';
import type { Asker } from '../domain/member.ts';
import type { Ports } from '../domain/ports.ts';
import { isOpenTo } from '../domain/reruns.ts';
import { authorize, type AuthorizeOutcome } from './authorize.ts';

/** `limited`: to runs that reach no protected environment. */
export type RerunRight = { kind: 'any' } | { kind: 'limited' } | Extract<AuthorizeOutcome, { kind: 'refused' }>;

/**
 * Whether this person may run failed jobs of a repository again. A re-run has the rights of whoever started the run, not those of the person
 * who clicks, so it is for admins; they can open it for full members, repository by repository.
 */
export async function authorizeRerun(
  deps: Pick<Ports, 'clock' | 'users' | 'directory' | 'settings'>,
  asker: Asker,
  repository: RepositoryName | null,
): Promise<RerunRight> {
  const asAdmin = await authorize(deps, asker, 'run.rerun');
  if (asAdmin.kind === 'allowed') return { kind: 'any' };
  const asMember = await authorize(deps, asker, 'run.rerun-opened');
  if (asMember.kind === 'refused' || repository === null) return asAdmin;
  return isOpenTo(await deps.settings.openReruns(asker.workspaceId), repository) ? { kind: 'limited' } : asAdmin;
}
