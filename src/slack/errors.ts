import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import {
  AppError,
  ChannelUnavailableError,
  MessageGoneError,
  MessageRefusedError,
  SlackUnavailableError,
  WorkspaceRevokedError,
} from '../errors.ts';

// Slack's error codes: docs.slack.dev/reference/methods/chat.postMessage#errors and the pages of the other methods.

/** The token does not work any more, and no later try will change that. */
const REVOKED = new Set([
  'invalid_auth',
  'not_authed',
  'token_revoked',
  'token_expired',
  'account_inactive',
  'app_uninstalled',
  'team_not_found',
  'team_access_not_granted',
  'org_login_required',
  'invalid_refresh_token',
]);

/** This channel takes nothing from us until a person changes something. */
const CHANNEL = new Set([
  'channel_not_found',
  'cannot_find_channel',
  // The domain of a link is not one of the app's.
  'cannot_find_service',
  'is_archived',
  'not_in_channel',
  'user_not_in_channel',
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_thread_locked',
  'restricted_action_thread_only_channel',
  'restricted_action_non_threadable_channel',
  'messages_tab_disabled',
  'cannot_reply_to_message',
  'user_not_found',
  'external_channel_migrating',
  'no_permission',
  'access_denied',
  'ekm_access_denied',
  'missing_scope',
]);

/** Slack does not take the message as it is. */
const REFUSED = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_attachments',
  'msg_too_long',
  'msg_blocks_too_long',
  'too_many_attachments',
  'no_text',
  'invalid_metadata_format',
  'invalid_metadata_schema',
  'metadata_too_large',
  'metadata_must_be_sent_from_app',
  'cannot_parse_attachment',
  'invalid_unfurls_format',
]);

/** The message or its thread is not there, or cannot be edited by us. */
const GONE = new Set([
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'thread_not_found',
  'message_limit_exceeded',
  'cannot_find_message',
  'cannot_unfurl_message',
  'cannot_unfurl_url',
]);

/** Slack's trouble, which passes. */
const TRANSIENT = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'team_added_to_org',
  'request_timeout',
  'accesslimited',
  'update_failed',
  // We were too late to open a window; the next click may do better.
  'expired_trigger_id',
  'exchanged_trigger_id',
  'invalid_trigger_id',
]);

/** What Slack's client threw, as an error of ours with the cause kept. What we do not know is a bug, and stays what it is. */
export function toAppError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const original = nested(error);
  if (original !== null) return toAppError(original);
  if (error instanceof WebAPIPlatformError) return fromCode(error.data.error, error);
  if (error instanceof WebAPIRateLimitedError) {
    const retryAfterMs = error.retryAfter * 1_000;
    return new SlackUnavailableError('Slack asks us to slow down', { cause: error, retryAfterMs });
  }
  if (error instanceof WebAPIHTTPError) {
    return new SlackUnavailableError(`Slack answered HTTP ${error.statusCode}`, { cause: error });
  }
  if (error instanceof WebAPIRequestError) {
    return new SlackUnavailableError('Slack did not answer', { cause: error });
  }
  return error;
}

/** The error for one of Slack's codes. */
export function fromCode(code: string, cause: unknown): unknown {
  if (REVOKED.has(code)) return new WorkspaceRevokedError(code, { cause });
  if (CHANNEL.has(code)) return new ChannelUnavailableError(code, { cause });
  if (REFUSED.has(code)) return new MessageRefusedError(`Slack refuses the message: ${code}`, { cause });
  if (GONE.has(code)) return new MessageGoneError(`The message cannot be edited: ${code}`, { cause });
  if (TRANSIENT.has(code)) return new SlackUnavailableError(`Slack has trouble: ${code}`, { cause });
  return cause;
}

/** Slack's own code in an answer, or null where the failure was another. */
export function slackCode(error: unknown): string | null {
  return error instanceof WebAPIPlatformError ? error.data.error : null;
}

/** Bolt and the OAuth library wrap what was thrown below them. */
function nested(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof WebAPIRequestError) return null;
  return 'original' in error && error.original instanceof Error ? error.original : null;
}
