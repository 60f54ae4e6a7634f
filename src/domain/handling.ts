import type { RepositoryName, UserId } from './ids.ts';

/** What people did about a failure, so far. */
export interface Handling {
  acknowledgement: { by: UserId; at: Date } | null;
  assignee: UserId | null;
  snooze: { by: UserId; until: Date } | null;
  /** A re-run that a person started here, and that has not ended. */
  rerun: { by: UserId; at: Date } | null;
}

export const UNTOUCHED: Handling = { acknowledgement: null, assignee: null, snooze: null, rerun: null };

/** A person's word that a cause is flaky, in one repository, for a time. */
export interface FlakyMark {
  by: UserId;
  at: Date;
  until: Date;
}

/** What a person can do about an open failure, with what it takes. */
export type FailureAction =
  | { kind: 'acknowledge' }
  | { kind: 'assign'; assignee: UserId }
  | { kind: 'snooze'; until: Date }
  | { kind: 'mark-flaky'; until: Date }
  | { kind: 'unmark-flaky' };

/** Every action that leaves an entry behind. */
export type AuditAction =
  | FailureAction['kind']
  | 'reanalyze'
  | 'merge'
  | 'split'
  | 'create-issue'
  | 'rerun'
  | 'mute'
  | 'unmute'
  | 'claim-account'
  | 'unlink-account'
  | 'free-account'
  | 'open-reruns'
  | 'answer-on-github'
  | 'connect'
  | 'disconnect';

/** Who did what to what, and when. Entries are only ever added. */
export interface AuditEntry {
  actor: UserId;
  action: AuditAction;
  /** An account is GitHub's, by its number. */
  subject: { kind: 'failure' | 'channel' | 'account' | 'workspace'; id: string };
  details: Record<string, string | boolean | number>;
  at: Date;
}

/** What becomes of `handling`; null where it stays as it is, because somebody was first. */
export function handle(
  handling: Handling,
  action: FailureAction,
  { by, at }: { by: UserId; at: Date },
): Handling | null {
  const acknowledgement = handling.acknowledgement ?? { by, at };
  switch (action.kind) {
    case 'acknowledge':
      return handling.acknowledgement === null ? { ...handling, acknowledgement } : null;
    case 'assign':
      // Whoever gives it to somebody has seen it.
      return handling.assignee === action.assignee ? null : { ...handling, acknowledgement, assignee: action.assignee };
    case 'snooze':
      return { ...handling, snooze: { by, until: action.until } };
    case 'mark-flaky':
    case 'unmark-flaky':
      return handling;
    default:
      return action satisfies never;
  }
}

/** Whether the thread of this failure is to stay silent now. */
export function isSnoozed({ snooze }: Handling, now: Date): boolean {
  return snooze !== null && snooze.until > now;
}

/** The audit entry's details of an action: plain values. */
export function detailsOf(action: FailureAction): AuditEntry['details'] {
  switch (action.kind) {
    case 'assign':
      return { assignee: action.assignee };
    case 'snooze':
    case 'mark-flaky':
      return { until: action.until.toISOString() };
    case 'acknowledge':
    case 'unmark-flaky':
      return {};
    default:
      return action satisfies never;
  }
}

/** GitHub re-runs a run 50 times at most, so this is the last attempt that can be run again. */
export const LAST_RERUNNABLE_ATTEMPT = 50;

/** The cause that a mark is about. */
export interface Cause {
  repository: RepositoryName;
  fingerprint: string;
}
