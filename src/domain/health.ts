import type { InstallationId } from './ids.ts';

/** From what stops us to what is well. */
export const HEALTH_LEVELS = ['problem', 'warning', 'ok'] as const;
export type HealthLevel = (typeof HEALTH_LEVELS)[number];

/** What one check found: what it means, and what to do about it. Says nothing that is secret. */
export interface HealthFinding {
  level: HealthLevel;
  says: string;
  /** Null where nothing is to be done. */
  remedy: string | null;
}

/** Work that waits. */
export interface Backlog {
  queued: number;
  leased: number;
  dead: number;
  /** How long the oldest job that is due has been waiting; null where none is. */
  oldestDueMs: number | null;
}

/** A delivery of GitHub's that came last. */
export interface LastDelivery {
  installationId: InstallationId;
  at: Date;
}

/** How the database and what waits in it are. */
export interface VitalStore {
  /** A database in our own process, for trials. */
  readonly isEmbedded: boolean;
  /** Whether a migration of this version was not run yet. */
  isBehind(): Promise<boolean>;
  /** The database's clock. */
  now(): Promise<Date>;
  backlog(): Promise<Backlog>;
  /** Among the newest deliveries of all; one that is not named had none among them. */
  lastDeliveries(installations: readonly InstallationId[]): Promise<LastDelivery[]>;
}

export type Access = 'read' | 'write' | 'admin';

/** What GitHub grants. */
export interface AppGrant {
  permissions: Readonly<Record<string, string>>;
  events: readonly string[];
}

/** Where the App is installed. */
export interface InstallationSight extends AppGrant {
  account: string;
  isSuspended: boolean;
  /** GitHub's page on which an owner accepts permissions; null where GitHub names none. */
  url: string | null;
}

/** The GitHub App itself. Throws GitHubForbiddenError where GitHub does not take our key. */
export interface GitHubAppSource {
  /** What the product asks for; the manifest says the same. */
  readonly needs: { permissions: Readonly<Record<string, Access>>; events: readonly string[] };
  /** The App on one server, by its number. Throws GitHubNotFoundError where there is none. */
  app(server: number, signal: AbortSignal): Promise<AppGrant & { slug: string }>;
  /** Null where it was removed. */
  installation(id: InstallationId, signal: AbortSignal): Promise<InstallationSight | null>;
}
