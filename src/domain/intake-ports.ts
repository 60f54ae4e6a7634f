import type { EventId, InstallationId, JobId, RepositoryName } from './ids.ts';

// The way in: what GitHub delivers, and what is kept of it.

/** One webhook request, its signature checked. */
export interface Delivery {
  /** `X-GitHub-Delivery`. Not signed: a redelivery keeps it, but so can anybody. */
  deliveryId: string;
  name: string;
  action: string | null;
  installationId: InstallationId | null;
  repository: RepositoryName | null;
  body: Buffer;
  /** SHA-256 of the body; what makes a delivery the same delivery. */
  bodyHash: Buffer;
}

export type AcceptOutcome = { kind: 'stored'; jobId: JobId } | { kind: 'repeated' };

/** The way in. When `accept` returns, the delivery and its first job are committed. Throws DatabaseUnavailableError. */
export interface Intake {
  accept(delivery: Delivery): Promise<AcceptOutcome>;
}

export interface StoredEvent {
  id: EventId;
  deliveryId: string;
  name: string;
  installationId: InstallationId | null;
  body: Buffer;
}

/** Deliveries belong to an installation; which workspaces that concerns is decided when they are processed. */
export interface EventStore {
  find(id: EventId): Promise<StoredEvent | null>;
  /** Deletes processed events older than `days`; returns how many. */
  prune(days: number): Promise<number>;
}

/** A delivery that waits for the core, by its name in the spool. */
export interface SpooledDelivery {
  id: string;
  delivery: Delivery;
}

/** Where the edge keeps deliveries while the core is away. Every method throws SpoolUnavailableError. */
export interface Spool {
  /** On disk when it resolves, as far as the spool's own settings promise. */
  keep(delivery: Delivery): Promise<void>;
  /** Some that nobody else has in hand, oldest first; one that is not forgotten comes again. */
  take(): Promise<SpooledDelivery[]>;
  forget(ids: readonly string[]): Promise<void>;
  size(): Promise<number>;
  isHealthy(): Promise<boolean>;
  /** Resolves when connected, or after some seconds; goes on trying. Never rejects. */
  connect(): Promise<void>;
  close(): Promise<void>;
}

/** What a CI system sent: the headers that prove who it is, and its body byte for byte. Nothing of it is proven. */
export interface RelayedEvent {
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

/** The edge hands events of other CI systems on as they came: only the core knows the keys of their sources. */
export interface EventRelay {
  /** The core's own answer. Throws CoreUnavailableError; then it may have been committed all the same. */
  relay(event: RelayedEvent): Promise<{ status: number; text: string; retryAfter: string | null }>;
}
