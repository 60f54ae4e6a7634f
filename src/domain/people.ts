import { z } from 'zod';
import type { CodeOwnerRule } from './code-owners.ts';
import { type GitHubAccountId, type RepositoryName, UserGroupId, UserId, type WorkspaceId } from './ids.ts';
import type { Asker } from './member.ts';
import type { ActorType, Run } from './run.ts';

// Which GitHub account is whose in a workspace. It decides who is mentioned, and gives nobody any right.

/** An account as GitHub shows it to everybody. */
export interface GitHubAccount {
  id: GitHubAccountId;
  login: string;
  /** Null for an organization. */
  type: ActorType | null;
}

export type NamedAccount = Pick<GitHubAccount, 'id' | 'login'>;

/** How it is known whose an account is: by an address that GitHub and Slack have both confirmed, or by a person's own word. */
export const PROOFS = ['email', 'claim'] as const;
export type Proof = (typeof PROOFS)[number];

/** What is known of an account. */
export interface AccountLink {
  id: GitHubAccountId;
  /** As it was last called. */
  login: string;
  /** Null where nobody was found, or where a person does not want to be. */
  person: { userId: UserId; proof: Proof; at: Date } | null;
  /** Until when it is taken on trust; null for ever, since a person decided it. */
  trustedUntil: Date | null;
}

/** What came of a person's word that an account is theirs. */
export type ClaimResult = 'claimed' | 'unchanged' | 'taken' | 'too-many';

/** How many accounts one person can have. */
export const MOST_ACCOUNTS = 5;

export interface AccountStore {
  find(workspaceId: WorkspaceId, id: GitHubAccountId): Promise<AccountLink | null>;
  /** In the order of their names. */
  ofPerson(asker: Asker): Promise<AccountLink[]>;
  /** Keeps what was found, or that nobody was, where nothing is known that is still to be trusted. */
  keepFound(
    workspaceId: WorkspaceId,
    account: NamedAccount,
    found: { userId: UserId | null; at: Date; until: Date },
  ): Promise<void>;
  /** Slack was asked again, and this person still belongs to the workspace. */
  trust(workspaceId: WorkspaceId, id: GitHubAccountId, until: Date): Promise<void>;
  /** Slack says that something about this person changed: they are asked for again before the next mention. */
  distrust(asker: Asker, at: Date): Promise<void>;
  /** One transaction with its audit entry. Of two at once, one has it. */
  claim(asker: Asker, account: NamedAccount, when: { at: Date; until: Date }): Promise<ClaimResult>;
  /** Ends every link to this person, who is not looked for any more until they claim one; with audit entries. */
  unlink(asker: Asker, at: Date): Promise<NamedAccount[]>;
  /** Forgets what is known of the accounts of this name, so that another person can claim them; with audit entries. */
  free(admin: Asker, login: string, at: Date): Promise<NamedAccount[]>;
}

/** How many a message calls at most; the others are counted. */
export const MOST_CALLED = 10;

/** Whom a new message about a failure calls: people and groups of Slack, and by their name those who are not known there. */
export const Called = z.object({
  who: z
    .array(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('person'), userId: UserId }),
        z.object({ kind: z.literal('group'), id: UserGroupId }),
        z.object({ kind: z.literal('name'), name: z.string().max(254) }),
      ]),
    )
    .max(MOST_CALLED),
  left: z.number().int().nonnegative(),
});
export type Called = z.infer<typeof Called>;

/** What GitHub tells of accounts, as far as the workspace's installations show it. */
export interface GitHubAccounts {
  /** `not-connected`: the workspace has no installation through which to ask. Throws GitHubUnavailableError. */
  find(
    workspaceId: WorkspaceId,
    login: string,
    signal: AbortSignal,
  ): Promise<{ kind: 'account'; account: GitHubAccount } | { kind: 'not-there' | 'not-connected' }>;
  /**
   * The addresses of an account that GitHub has confirmed and shows: the public one of its profile, and that of this run's commit where
   * GitHub vouches for the signature. Throws what GitHub throws.
   */
  addresses(
    workspaceId: WorkspaceId,
    of: { id: GitHubAccountId; run: Pick<Run, 'repository' | 'headSha'> },
    signal: AbortSignal,
  ): Promise<string[]>;
}

export interface CodeOwnersSource {
  /** As far as the App may see the file; none where there is none. Throws GitHubUnavailableError. */
  rules(workspaceId: WorkspaceId, repository: RepositoryName, signal: AbortSignal): Promise<readonly CodeOwnerRule[]>;
}

/** A part of `Ports`. */
export interface PeoplePorts {
  accounts: AccountStore;
  githubAccounts: GitHubAccounts;
  codeOwners: CodeOwnersSource;
}
