import type { Category, Facts, LogLine } from './diagnosis.ts';
import type { LoggedJob } from './run.ts';

/** What one failed workflow job's log comes down to. Everything in it is redacted, and plain data. */
export interface JobDigest {
  readonly job: LoggedJob | null;
  /** Why there is no log, as the end of a sentence ("it has expired"); null when it was read. */
  readonly missing: string | null;
  readonly excerpt: readonly LogLine[];
  readonly evidence: readonly LogLine[];
  readonly facts: Facts;
  readonly signals: Signals;
  readonly category: Category;
  readonly fingerprint: string;
  /** SHA-256 of the raw log in hex; empty when there was none. */
  readonly sha256: string;
  readonly size: { readonly bytes: number; readonly lines: number };
  /** GitHub marked an error in this log: the job failed, or a step did that may fail. */
  readonly hasErrorMark: boolean;
  /** Some line tells of a failure; false where the lines were only chosen for where they stand. */
  readonly tellsFailure: boolean;
}

/** Strong signs that decide the verdict by themselves. Each is the sentence that says so, or null. */
export interface Signals {
  readonly cancelled: string | null;
  readonly superseded: string | null;
  readonly timeout: string | null;
  readonly infrastructure: string | null;
  readonly configuration: string | null;
}
