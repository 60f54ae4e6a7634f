import { z } from 'zod';
import { RepositoryName } from './ids.ts';
import { OWNER_TARGET, targetsOf } from './rules/rule.ts';

/** `owner/repo`, or `owner/*` for every repository of an owner; in lower case. */
export const RerunTarget = z.union([RepositoryName, z.string().max(150).regex(OWNER_TARGET).toLowerCase()]);
export type RerunTarget = z.infer<typeof RerunTarget>;

export const MOST_RERUN_TARGETS = 100;

/** Where full members may run failed jobs again, besides admins. */
export const OpenReruns = z.array(RerunTarget).max(MOST_RERUN_TARGETS);
export type OpenReruns = z.infer<typeof OpenReruns>;

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
