import type { FailureAction, Handling } from '../../src/domain/handling.ts';
import { UserId } from '../../src/domain/ids.ts';
import type { ActionOutcome, RerunOutcome } from '../../src/domain/ports.ts';
import { failureMessage, type FailureReport } from '../../src/messages/diagnosis.ts';
import { assignModal, markFlakyModal, snoozeModal } from '../../src/messages/failure-modals.ts';
import { UNTOLD } from '../../src/domain/reruns.ts';
import { NO_MARKS } from '../../src/messages/handling.ts';
import { actionReply, rerunReply } from '../../src/messages/handling-replies.ts';
import { mutedReply, muteProblemReply, unmutedReply } from '../../src/messages/mute.ts';
import { aFailure, aReport, minutesLater } from '../../tests/support/report-builders.ts';
import { type GalleryState, modal, posted, told } from './state.ts';

const ben = UserId.parse('U0BEN');
const [at, until] = [minutesLater(4), minutesLater(240)];

/** What people do about a failure, and what they are told. */
export function handlingStates(): GalleryState[] {
  return [...parents(), ...windows(), ...replies(), ...mutes()];
}

function parents(): GalleryState[] {
  const acknowledgement = { by: ben, at };
  const flaky = { by: ben, at, until };
  return [
    posted('handling-acknowledged', failureMessage(handled({ acknowledgement }))),
    posted('handling-assigned', failureMessage(handled({ acknowledgement, assignee: UserId.parse('U0GIA') }))),
    posted('handling-re-running', failureMessage(handled({ acknowledgement, rerun: { by: ben, at } }))),
    posted(
      'handling-snoozed-and-flaky',
      failureMessage({
        ...handled({ snooze: { by: ben, until } }),
        marks: { ...NO_MARKS, flaky, isSnoozed: true },
      }),
    ),
  ];
}

function handled(changes: Partial<Handling>): FailureReport {
  return aReport({ failure: { handling: { ...aFailure().handling, ...changes } } });
}

function windows(): GalleryState[] {
  return [
    modal('window-assign', assignModal('{}')),
    modal('window-snooze', snoozeModal('{}')),
    modal('window-mark-flaky', markFlakyModal('{}')),
  ];
}

function replies(): GalleryState[] {
  const actions: FailureAction[] = [
    { kind: 'acknowledge' },
    { kind: 'assign', assignee: ben },
    { kind: 'snooze', until },
    { kind: 'mark-flaky', until },
    { kind: 'unmark-flaky' },
  ];
  const failure = aFailure({ handling: { ...aFailure().handling, acknowledgement: { by: ben, at }, assignee: ben } });
  const reply = (name: string, action: FailureAction, outcome: ActionOutcome): GalleryState =>
    told(`${name}-${action.kind}`, actionReply(outcome, action));
  const reruns: RerunOutcome[] = [
    { kind: 'started' },
    { kind: 'taken', by: ben },
    { kind: 'gone' },
    { kind: 'resolved', failure },
    { kind: 'merged', failure },
    { kind: 'too-often' },
    { kind: 'not-permitted' },
    { kind: 'not-found' },
    { kind: 'already-running' },
    { kind: 'refused' },
    { kind: 'protected', environments: ['production', 'billing'] },
  ];
  return [
    ...actions.map((action) => reply('done', action, { kind: 'done', failure, jobIds: [] })),
    ...actions.map((action) => reply('unchanged', action, { kind: 'unchanged', failure })),
    reply('gone', { kind: 'acknowledge' }, { kind: 'gone' }),
    reply('merged', { kind: 'acknowledge' }, { kind: 'merged', failure }),
    reply('resolved', { kind: 'acknowledge' }, { kind: 'resolved', failure }),
    ...reruns.map((outcome) => told(`rerun-${outcome.kind}`, rerunReply(outcome))),
    ...UNTOLD.map((why) => told(`rerun-untold-${why}`, rerunReply({ kind: 'untold', why }))),
  ];
}

function mutes(): GalleryState[] {
  return [
    told('muted', mutedReply('*', until)),
    told('muted-repository', mutedReply(aFailure().repository, until)),
    ...[0, 1, 3].map((held) => told(`unmuted-${held}-held`, unmutedReply({ ended: 1, held, others: 0 }))),
    ...[1, 3].map((others) =>
      told(`unmuted-${others}-others-held`, unmutedReply({ ended: 1, held: others - 1, others })),
    ),
    told('unmuted-nothing', unmutedReply({ ended: 0, held: 0, others: 0 })),
    ...(['unreadable', 'too-long', 'past'] as const).map((problem) =>
      told(`mute-${problem}`, muteProblemReply(problem)),
    ),
  ];
}
