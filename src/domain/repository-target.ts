import { z } from 'zod';
import { RepositoryName } from './ids.ts';
import { OWNER_TARGET } from './rules/rule.ts';

/** `owner/repo`, or `owner/*` for every repository of an owner; in lower case. */
export const RepositoryTarget = z.union([RepositoryName, z.string().max(150).regex(OWNER_TARGET).toLowerCase()]);
export type RepositoryTarget = z.infer<typeof RepositoryTarget>;

/** How many of them an admin can list for one thing. */
export const MOST_TARGETS = 100;

/** The repositories and owners for which an admin has opened something. */
export const RepositoryTargets = z.array(RepositoryTarget).max(MOST_TARGETS);
export type RepositoryTargets = z.infer<typeof RepositoryTargets>;
