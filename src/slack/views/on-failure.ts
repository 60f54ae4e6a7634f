import { roleOf } from '../../auth/roles.ts';
import type { FailureAction } from '../../domain/handling.ts';
import { UserId } from '../../domain/ids.ts';
import { nextMorning } from '../../domain/moments.ts';
import { FAILURE_FIELD, FAILURE_PROBLEM, FLAKY_DAYS } from '../../messages/failure-modals.ts';
import { actionReply } from '../../messages/handling-replies.ts';
import { act } from '../../notify/act.ts';
import { ACTION_NEEDS } from '../failure-needs.ts';
import type { ListenerContext } from '../listener.ts';
import { admit, atField } from './admit.ts';
import type { Submission, SubmitOutcome, ViewListener } from './submission.ts';
import { FailureWindow } from './windows.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** What was chosen, or what is wrong at the field. */
type Reading = { action: FailureAction } | { field: string; problem: keyof typeof FAILURE_PROBLEM };

interface FailureView {
  kind: 'assign' | 'snooze' | 'mark-flaky';
  read: (context: ListenerContext, submission: Submission) => Promise<Reading>;
}

/** "Assign" in its window. */
export const assignFailure = onFailure({
  kind: 'assign',
  async read({ ports }, { asker, values }) {
    const wrong = { field: FAILURE_FIELD.assignee, problem: 'not-a-person' } as const;
    const chosen = UserId.safeParse(values.get(FAILURE_FIELD.assignee));
    if (!chosen.success) return wrong;
    const membership = await ports.directory.membership({ workspaceId: asker.workspaceId, userId: chosen.data });
    return roleOf(membership) === 'none' ? wrong : { action: { kind: 'assign', assignee: chosen.data } };
  },
});

/** "Snooze" in its window. Tomorrow begins where the person is. */
export const snoozeFailure = onFailure({
  kind: 'snooze',
  async read({ ports }, { asker, values }) {
    const now = ports.clock.now();
    const later = (ms: number): Reading => ({ action: { kind: 'snooze', until: new Date(now.getTime() + ms) } });
    switch (values.get(FAILURE_FIELD.snooze) ?? '') {
      case '1h':
        return later(HOUR_MS);
      case '4h':
        return later(4 * HOUR_MS);
      case 'tomorrow': {
        const timeZone = (await ports.directory.timeZone(asker)) ?? 'UTC';
        return { action: { kind: 'snooze', until: nextMorning({ now, timeZone }) } };
      }
      default:
        return { field: FAILURE_FIELD.snooze, problem: 'not-a-choice' };
    }
  },
});

/** "Mark" in the window of flaky causes. */
export const markFailureFlaky = onFailure({
  kind: 'mark-flaky',
  async read({ ports }, { values }) {
    const days = FLAKY_DAYS.find((each) => each === values.get(FAILURE_FIELD.days));
    if (days === undefined) return { field: FAILURE_FIELD.days, problem: 'not-a-choice' };
    const until = new Date(ports.clock.now().getTime() + Number(days) * DAY_MS);
    return { action: { kind: 'mark-flaky', until } };
  },
});

/** A window about a failure: whose it is and what the person may do is asked now, not when it was opened. */
function onFailure({ kind, read }: FailureView): ViewListener {
  return async (context, submission): Promise<SubmitOutcome> => {
    const { ports, respond } = context;
    const { asker } = submission;
    const admitted = await admit(context, submission, { schema: FailureWindow, action: ACTION_NEEDS[kind] });
    if ('refusal' in admitted) return admitted.refusal;
    const { window } = admitted;
    const reading = await read(context, submission);
    if ('problem' in reading) return atField(reading.field, FAILURE_PROBLEM[reading.problem]);
    const outcome = await act(ports, { asker, failureId: window.failureId, action: reading.action });
    const reply = actionReply(outcome, reading.action);
    return {
      answer: { kind: 'close' },
      afterwards: () => respond(window.responseUrl, reply, { replaceOriginal: false }),
    };
  };
}
