import type { GitHubPlace } from './servers.ts';

// The GitHub App: one on each server. That of the server at home may stand in the environment; every other one is set up and kept.

/** With what people authorize an App. */
export interface OAuthClient {
  clientId: string;
  clientSecret: string;
}

/** What an App proves with that it is itself. Never logged. */
export interface GitHubAppKeys {
  appId: number;
  /** PEM. */
  privateKey: string;
  /** The current secret first. */
  webhookSecrets: readonly string[];
  oauth: OAuthClient | null;
}

/** Where a server is. */
export interface GitHubAddresses {
  apiUrl: string;
  webUrl: string;
  /** Hosts, besides GitHub's own storage, that logs may be fetched from. */
  logHosts: readonly string[];
}

/** An App that was set up; `keys` is null where they cannot be read with the key of today. */
export interface KeptGitHubApp extends GitHubPlace, GitHubAddresses {
  /** In the App's address. */
  slug: string;
  keys: GitHubAppKeys | null;
  updatedAt: Date;
}

/** The Apps that were set up; their keys are encrypted at rest. */
export interface GitHubAppStore {
  list(): Promise<KeptGitHubApp[]>;
  /** Puts it in the place of the one that there may be for this server. */
  save(app: Omit<KeptGitHubApp, 'number' | 'updatedAt' | 'keys'> & { keys: GitHubAppKeys }): Promise<void>;
}

/** A server as people see it. */
export interface GitHubSite extends GitHubPlace {
  webUrl: string;
  /** Whether there is an App that we can use there. */
  hasApp: boolean;
}

/** Every server that we know of at the moment: what was set up by another process is there seconds later. */
export interface GitHubServerList {
  /** The one at home first, also without an App. */
  sites(): readonly GitHubSite[];
  /** Reads what was set up. Throws DatabaseUnavailableError. */
  load(): Promise<void>;
  /** Goes on reading it, until `stop`. */
  start(): void;
  stop(): void;
}
