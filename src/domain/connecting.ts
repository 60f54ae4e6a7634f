import type { InstallationId, WorkspaceId } from './ids.ts';

// How a person proves on GitHub that an installation may be linked to their workspace.

/** An installation that GitHub shows to a person. */
export interface SeenInstallation {
  id: InstallationId;
  account: string;
  isSuspended: boolean;
}

export type SignInOutcome =
  | { kind: 'seen'; installations: SeenInstallation[] }
  /** GitHub does not take the code: it is made up, used or old. */
  | { kind: 'refused' };

/** The GitHub App as people authorize it. The token that a person's code is good for never leaves it. */
export interface GitHubSignIn {
  /** Of one server, by its number; null where the operator has not set up that people authorize the App there. */
  pages(server: number): SignInPages | null;
  /** What that server shows to whoever got this code from it. Throws GitHubUnavailableError. */
  installations(server: number, code: string, signal: AbortSignal): Promise<SignInOutcome>;
}

/** Where people are sent; they come back with `state`. */
export interface SignInPages {
  /** Installs the App on one more account. */
  install(slug: string, state: string): string;
  /** For an App that is installed already. */
  authorize(state: string): string;
}

/** Tokens that are good for one use. */
export interface SpentTokenStore {
  /** False where somebody was first. */
  spend(workspaceId: WorkspaceId, token: { id: string; expiresAt: Date }): Promise<boolean>;
  /** The same for one that belongs to no workspace: of the edge, which speaks for all of them, and of whoever sets the product up. */
  spendOnce(token: { id: string; expiresAt: Date }): Promise<boolean>;
  /** Forgets those that are long expired; returns how many. */
  prune(): Promise<number>;
}
