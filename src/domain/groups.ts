import { z } from 'zod';
import type { RepositoryName, WorkspaceId } from './ids.ts';

// Topics and teams that rules are about, and which repositories GitHub counts among them.

/** A group as a rule that is kept names it: `topic:payments`, `team:acme/payments`. */
export const GroupName = z
  .string()
  .regex(/^(?:topic:[a-z\d][a-z\d-]{0,49}|team:[\w-]{1,39}\/[\w-]{1,100})$/u, 'a topic or a team')
  .brand<'GroupName'>();
export type GroupName = z.infer<typeof GroupName>;

/** What the name of a group says. */
export function readGroup(
  name: GroupName,
): { kind: 'topic'; topic: string } | { kind: 'team'; organization: string; team: string } {
  const [kind, rest = ''] = name.split(':', 2);
  const [organization = '', team = ''] = rest.split('/', 2);
  return kind === 'topic' ? { kind, topic: rest } : { kind: 'team', organization, team };
}

/** Why GitHub does not tell any more which repositories belong to a group. */
export const GROUP_PROBLEMS = ['hidden', 'gone', 'unavailable'] as const;
export type GroupProblem = (typeof GROUP_PROBLEMS)[number];

/** How many repositories of a group count, and of how many an installation is asked. */
export const GROUP_MOST = 1_000;

/** The repositories of a group; there are more where it is cut. */
export interface GroupMembers {
  repositories: readonly RepositoryName[];
  isCut: boolean;
}

/** What is known of a group that a rule is about. */
export interface GroupKnowledge extends GroupMembers {
  /** When GitHub told it. */
  toldAt: Date;
  /** What came of the last try, where that was later and told nothing. */
  problem: GroupProblem | null;
}

/** What GitHub says of a team. */
export type TeamAnswer =
  | ({ kind: 'team'; organization: string } & GroupMembers)
  /** No such team; `meant` is one that there is. */
  | { kind: 'unknown-team'; organizations: readonly string[]; meant: string | null }
  /** The App may not see teams there. */
  | { kind: 'teams-hidden'; organizations: readonly string[] }
  /** Each of these has a team that is called so. */
  | { kind: 'which-organization'; organizations: readonly string[] }
  /** None of that name shows us anything in this workspace. */
  | { kind: 'no-organization' };

/** Throws GitHubUnavailableError. Only installations of the workspace are asked. */
export interface GroupSource {
  /** `topics` are all that there are, to find out what was meant. */
  topic(workspaceId: WorkspaceId, topic: string, signal: AbortSignal): Promise<GroupMembers & { topics: string[] }>;
  team(
    workspaceId: WorkspaceId,
    which: { organization: string | null; team: string },
    signal: AbortSignal,
  ): Promise<TeamAnswer>;
}

export interface GroupStore {
  /** Keeps what GitHub told just now. */
  save(workspaceId: WorkspaceId, name: GroupName, members: GroupMembers): Promise<void>;
  /** Keeps what is known, with why it is not newer; does nothing to a group that nothing is known of. */
  saveProblem(workspaceId: WorkspaceId, name: GroupName, problem: GroupProblem): Promise<void>;
  /** Adds the repository to the groups of its topics, and takes it out of those of others, as far as these groups are known. */
  setTopics(workspaceId: WorkspaceId, repository: RepositoryName, topics: readonly string[]): Promise<void>;
  /** Groups with a rule of which GitHub was not asked for so long: of one workspace, or with null of all of them alike. */
  stale(
    workspaceId: WorkspaceId | null,
    which: { olderThanMs: number; limit: number },
  ): Promise<Array<{ workspaceId: WorkspaceId; name: GroupName }>>;
  /** Forgets groups that no rule is about any more; returns how many. */
  prune(): Promise<number>;
}
