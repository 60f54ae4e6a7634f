import type { JobKind, JobPayload, Lease, NewJob } from '../domain/jobs.ts';
import type { Ports } from '../domain/ports.ts';

/** What a job handler works with: the ports, its lease, a signal that fires when the lease is lost or we stop. */
export type JobContext = Ports & {
  lease: Lease;
  signal: AbortSignal;
  /** What a person should be told, they must be told now: no try follows, or only those that outlast an outage. */
  isLastAttempt: boolean;
  /** An earlier try was cut off, or failed; one that was turned away does not count. */
  isRepeat: boolean;
  /** The try before this one was put off by a limit of GitHub's. */
  wasLimited: boolean;
};

/**
 * Handlers may run twice for one job, so every effect has its own key. They return the jobs that follow; the worker stores
 * those and marks this one done in one transaction.
 */
export type JobHandler<K extends JobKind> = (context: JobContext, payload: JobPayload<K>) => Promise<readonly NewJob[]>;

export type JobTable = { [K in JobKind]: JobHandler<K> };
