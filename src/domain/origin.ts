import { z } from 'zod';
import type { RepositoryName, WorkspaceId } from './ids.ts';
import type { Run } from './run.ts';

// Where a failure began, and which changes may have brought it.

export const MOST_SUSPECTS = 3;
export const MOST_BRANCHES = 5;
export const MOST_OWNERS = 5;

/** A commit as it is shown; people are named, and nobody is mentioned by that. */
const Commit = z.object({ sha: z.string(), title: z.string(), actor: z.string() });

/** By CODEOWNERS; people, teams, and never an address. */
const Owners = z.array(z.string()).max(MOST_OWNERS);

/** What is known of the beginning of a failure. All of it is redacted. */
export const Origin = z.object({
  /** The first run of the branch that failed for this cause. */
  firstBad: Commit.extend({ runNumber: z.number().int(), url: z.string() }),
  /** The last one before it in which the workflow passed there; null where none is known. */
  lastGood: z.object({ sha: z.string(), runNumber: z.number().int(), url: z.string() }).nullable(),
  /** How many commits lie between the two; null where that was not asked. */
  commits: z.number().int().nonnegative().nullable(),
  /** Those that may have brought it, the likeliest first, each with the reason. */
  suspects: z
    .array(
      Commit.extend({
        reason: z.string(),
        /** Of the file that gave the reason; absent where nobody is known to own it. */
        owners: Owners.optional(),
      }),
    )
    .max(MOST_SUSPECTS),
  /** Whom to ask about the first file that the failure names and somebody owns; absent where nobody is known. */
  owned: z.object({ path: z.string(), owners: Owners }).optional(),
  /** Other branches that fail for the same cause. */
  otherBranches: z.array(z.string()).max(MOST_BRANCHES),
});
export type Origin = z.infer<typeof Origin>;

/** A commit between the last good run and the first bad one, with the files that it changes as far as they were asked for. */
export interface Change {
  sha: string;
  title: string;
  /** The login on GitHub, or the name in the commit where GitHub knows no account. */
  actor: string;
  paths: readonly string[];
}

/** What our own tables know of the beginning of a failure. */
export interface Beginning {
  firstBad: Run;
  lastGood: Run | null;
  otherBranches: readonly string[];
}

export interface ChangeSource {
  /** The commits that `head` has and `base` has not, the oldest first, as far as they are few. Throws what GitHub throws. */
  between(
    workspaceId: WorkspaceId,
    which: { repository: RepositoryName; base: string; head: string },
    signal: AbortSignal,
  ): Promise<{ total: number; changes: Change[] }>;
}
