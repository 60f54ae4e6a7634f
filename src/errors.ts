import { randomBytes } from 'node:crypto';

/** What an error may carry besides its sentence. */
export interface AppErrorOptions extends ErrorOptions {
  /** The earliest useful next try, in milliseconds from now; taken from the other side's own word where it gave one. */
  retryAfterMs?: number;
}

/**
 * A failure we know. `code` is stable and goes to logs and metrics, `message` is a sentence for an operator, `id` is the
 * short mark that stands both in the log and in what a user is shown. The worker only asks `retryable`.
 */
export abstract class AppError extends Error {
  abstract readonly code: string;
  abstract readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly id: string = errorId();

  constructor(message: string, { retryAfterMs, ...options }: AppErrorOptions = {}) {
    super(message, options);
    this.name = new.target.name;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Eight characters that a person can read out over a phone; unique enough within a log's retention. */
export function errorId(): string {
  return randomBytes(6).toString('base64url').replaceAll(/[-_]/gu, 'x');
}

/** The configuration cannot be used; `problems` names every variable that is wrong. */
export class ConfigError extends AppError {
  readonly code = 'config.invalid';
  readonly retryable = false;
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n  ${problems.join('\n  ')}`,
    );
    this.problems = problems;
  }
}

/** Another process holds the data folder. */
export class DataFolderLockedError extends AppError {
  readonly code = 'db.folder_locked';
  readonly retryable = false;
}

/** The database's schema is older than this program. */
export class SchemaBehindError extends AppError {
  readonly code = 'db.schema_behind';
  readonly retryable = false;
}

/** We cannot listen where we were told to. */
export class AddressUnavailableError extends AppError {
  readonly code = 'http.address_unavailable';
  readonly retryable = false;
}

/** The database did not answer in time, or refused. What was asked may or may not have been committed. */
export class DatabaseUnavailableError extends AppError {
  readonly code = 'db.unavailable';
  readonly retryable = true;
}

/** The core did not take a delivery from the edge, or did not say so in time. It may have been committed all the same. */
export class CoreUnavailableError extends AppError {
  readonly code = 'ingest.core_unavailable';
  readonly retryable = true;
}

/** The spool of the edge took nothing, since it is away, full, or would forget it. */
export class SpoolUnavailableError extends AppError {
  readonly code = 'ingest.spool_unavailable';
  readonly retryable = true;
}

/** Our lease on a job ran out and somebody else may hold it: nothing was written. */
export class LeaseLostError extends AppError {
  readonly code = 'job.lease_lost';
  readonly retryable = false;
}

/** A request from outside that we cannot read. */
export class MalformedRequestError extends AppError {
  readonly code = 'request.malformed';
  readonly retryable = false;
}

/** The GitHub App may not see this, or it is not there. */
export class GitHubNotFoundError extends AppError {
  readonly code = 'github.not_found';
  readonly retryable = false;
}

/** GitHub refuses our credentials or our permissions. */
export class GitHubForbiddenError extends AppError {
  readonly code = 'github.forbidden';
  readonly retryable = false;
}

/** GitHub is away, slow, or limits us. */
export class GitHubUnavailableError extends AppError {
  readonly code = 'github.unavailable';
  readonly retryable = true;
}

/** GitHub has the job, but not (yet, or any more) its log. */
export class LogUnavailableError extends AppError {
  readonly code = 'github.log_unavailable';
  readonly retryable = true;
}

/** The thread that read a log ended or hung. Another log may be to blame: they share threads. */
export class LogReaderFailedError extends AppError {
  readonly code = 'analysis.log_reader_failed';
  readonly retryable = true;
}

/** The channel cannot be posted to until a person changes something; `reason` is Slack's own error code. */
export class ChannelUnavailableError extends AppError {
  readonly code = 'slack.channel_unavailable';
  readonly retryable = false;
  readonly reason: string;

  constructor(reason: string, options?: AppErrorOptions) {
    super(`Slack does not let us post to this channel: ${reason}`, options);
    this.reason = reason;
  }
}

/** The workspace removed the app, or its token does not work any more; `reason` is Slack's own error code. */
export class WorkspaceRevokedError extends AppError {
  readonly code = 'slack.workspace_revoked';
  readonly retryable = false;
  readonly reason: string;

  constructor(reason: string, options?: AppErrorOptions) {
    super(`Slack refuses the token of this workspace: ${reason}`, options);
    this.reason = reason;
  }
}

/** Slack refused the message itself (`invalid_blocks`, `msg_too_long`, …). A shorter, plainer one may pass. */
export class MessageRefusedError extends AppError {
  readonly code = 'slack.message_refused';
  readonly retryable = false;
}

/** The message to be edited is not there any more. */
export class MessageGoneError extends AppError {
  readonly code = 'slack.message_gone';
  readonly retryable = false;
}

/** Slack is away, slow, or limits us. */
export class SlackUnavailableError extends AppError {
  readonly code = 'slack.unavailable';
  readonly retryable = true;
}

/** Another live job is posting the same message at this moment; once it is done, ours is an edit of it. */
export class PostInProgressError extends AppError {
  readonly code = 'slack.post_in_progress';
  readonly retryable = true;
}

/** Why a model did not answer; what the metrics count and the router decides by. */
export type ModelFault =
  | 'unreachable'
  | 'overloaded'
  | 'rate-limited'
  /** A limit of money, which does not pass by itself, or a key that is refused: an admin has to act. */
  | 'refused'
  | 'declined'
  | 'out-of-room'
  | 'malformed'
  | 'stopped'
  | 'circuit-open'
  | 'unknown';

/** Tokens that were paid for although no answer came of them. */
interface PaidTokens {
  inputTokens: number;
  outputTokens: number;
  cachedTokens: number;
}

interface ModelFailedOptions extends AppErrorOptions {
  retryable?: boolean;
  fault?: ModelFault;
  usage?: PaidTokens;
}

/** A model could not answer: away, limited, refused, or its answer failed a check. The offline analyser answers instead. */
export class ModelFailedError extends AppError {
  readonly code = 'model.failed';
  readonly retryable: boolean;
  readonly fault: ModelFault;
  readonly usage: PaidTokens | null;

  constructor(message: string, { retryable = false, fault = 'unknown', usage, ...options }: ModelFailedOptions = {}) {
    super(message, options);
    this.retryable = retryable;
    this.fault = fault;
    this.usage = usage ?? null;
  }
}
