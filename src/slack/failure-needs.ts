import type { Action } from '../auth/policy.ts';
import type { FailureAction } from '../domain/handling.ts';

/** What a person has to be allowed, for each thing that can be done about a failure. */
export const ACTION_NEEDS = {
  acknowledge: 'failure.acknowledge',
  assign: 'failure.assign',
  snooze: 'failure.snooze',
  'mark-flaky': 'failure.mark-flaky',
  'unmark-flaky': 'failure.mark-flaky',
} as const satisfies Record<FailureAction['kind'], Action>;
