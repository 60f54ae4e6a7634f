import type { RepositoryName } from './ids.ts';
import { RepositoryTargets } from './repository-target.ts';
import { targetsOf } from './rules/rule.ts';

/** Where full members may run failed jobs again, besides admins. */
export const OpenReruns = RepositoryTargets;
export type OpenReruns = RepositoryTargets;

/** Whether an admin opened re-runs of this repository for full members. */
export function isOpenTo(open: OpenReruns, repository: RepositoryName): boolean {
  return targetsOf(repository).some((target) => open.includes(target));
}

/** Why it cannot be told whether a run reaches a protected environment. */
export const UNTOLD = ['hidden', 'merged-file', 'called-workflow', 'unreadable-file', 'computed-name'] as const;
export type Untold = (typeof UNTOLD)[number];

/** Whether a run, should its jobs run again, can reach an environment that GitHub protects. */
export type RunProtection =
  { kind: 'free' } | { kind: 'protected'; environments: readonly string[] } | { kind: 'untold'; why: Untold };
