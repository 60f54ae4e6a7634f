import { UserId } from '../../src/domain/ids.ts';
import { failureMessage } from '../../src/messages/diagnosis.ts';
import { issueModal, issueReply } from '../../src/messages/issue.ts';
import { NO_MARKS } from '../../src/messages/handling.ts';
import { HOSTILE_BY_NAME } from '../../tests/support/hostile.ts';
import { aDiagnosis, aReport, minutesLater } from '../../tests/support/report-builders.ts';
import { type GalleryState, modal, posted, told } from './state.ts';

const by = UserId.parse('U0BEN');
const issue = { number: 812, url: 'https://github.com/acme/web/issues/812', by, at: minutesLater(4) };
const OBSTACLES = ['gone', 'resolved', 'merged', 'not-permitted', 'not-found', 'issues-off', 'refused'] as const;

/** GitHub issues about failures. */
export function issueStates(): GalleryState[] {
  const { failure, summary, run } = aReport();
  const hostile = aReport({ diagnosis: aDiagnosis({ cause: HOSTILE_BY_NAME['a very long line'] }) });
  return [
    posted('failure-with-an-issue', failureMessage({ ...aReport(), marks: { ...NO_MARKS, issue } })),
    modal('window-issue', issueModal({ failure, shown: { summary, run } }, '{}')),
    modal('window-issue-without-a-summary', issueModal({ failure, shown: null }, '{}')),
    modal('window-issue-long', issueModal({ failure, shown: hostile }, '{}')),
    told('issue-created', issueReply({ kind: 'created', issue })),
    told('issue-existing', issueReply({ kind: 'existing', issue })),
    told('issue-taken', issueReply({ kind: 'taken', by })),
    ...OBSTACLES.map((kind) => told(`issue-${kind}`, issueReply({ kind }))),
  ];
}
