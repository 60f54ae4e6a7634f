import { Readable } from 'node:stream';
import { digestMissing } from '../analysis/digest.ts';
import type { Redactor } from '../analysis/redact.ts';
import type { JobDigest } from '../domain/digest.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import type { Run, WorkflowJob } from '../domain/run.ts';
import {
  GitHubForbiddenError,
  GitHubLimitedError,
  GitHubUnavailableError,
  type LogAbsence,
  LogReaderFailedError,
  LogUnavailableError,
} from '../errors.ts';
import type { JobContext } from './job.ts';

/** The end of the sentence "The log could not be read: …". */
const ABSENCE_WORDS: Record<LogAbsence, (holder: string) => string> = {
  none: (holder) => `${holder} does not have it`,
  gone: (holder) => `${holder} does not keep it any more`,
  refused: () => "GitHub's storage took none of the links to it",
  empty: () => 'it is empty',
  foreign: () => 'it stands on a host that the operator has not allowed',
};

export type Unread =
  /** It may come: worth waiting for. */
  | { kind: 'later' }
  | { kind: 'without'; reason: string }
  /** For the worker to try again, or to give up. */
  | { kind: 'failed' };

/** What to do about a log that was not read; better a failure told without its log than not at all. */
export function judgeUnread(
  { isLastAttempt }: Pick<JobContext, 'isLastAttempt'>,
  error: unknown,
  { goOnWithoutLog, holder }: { goOnWithoutLog: boolean; holder: string },
): Unread {
  if (error instanceof LogUnavailableError) {
    return goOnWithoutLog ? { kind: 'without', reason: ABSENCE_WORDS[error.absence](holder) } : { kind: 'later' };
  }
  // No further try makes that better.
  if (error instanceof GitHubForbiddenError) return { kind: 'without', reason: 'GitHub does not let us read it' };
  const reason = isLastAttempt ? lastReason(error, holder) : null;
  return reason === null ? { kind: 'failed' } : { kind: 'without', reason };
}

function lastReason(error: unknown, holder: string): string | null {
  if (error instanceof GitHubLimitedError) return 'GitHub limits our requests';
  if (error instanceof GitHubUnavailableError) return `${holder} could not deliver it`;
  return error instanceof LogReaderFailedError ? 'reading it failed' : null;
}

/** What is known of a job without its log: what GitHub shows beside it, where it shows anything. */
export async function digestUnread(
  context: JobContext,
  { workspaceId, run, job }: { workspaceId: WorkspaceId; run: Run; job: WorkflowJob },
  { reason, redactor }: { reason: string; redactor: Redactor },
): Promise<JobDigest> {
  const { logs, logReader, signal, log } = context;
  const which = { repository: run.repository, jobId: job.id };
  const remarks = await logs.remarks(workspaceId, which, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    log.debug({ error, jobId: job.id }, 'Nothing is known of a job beside its log');
    return [];
  });
  const missing = digestMissing(job, { reason, redactor });
  if (remarks.length === 0) return missing;
  const marked = Buffer.from(remarks.map((remark) => `##[error]${remark}\n`).join(''));
  const digest = await logReader.digest(Readable.from([marked], { objectMode: false }), { job, signal });
  return { ...digest, missing: missing.missing, sha256: '' };
}
