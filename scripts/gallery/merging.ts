import { UserId } from '../../src/domain/ids.ts';
import { failureMessage } from '../../src/messages/diagnosis.ts';
import { NO_MARKS } from '../../src/messages/handling.ts';
import { mergedMessage, mergeModal, mergeReply, nothingToMergeReply, splitReply } from '../../src/messages/merging.ts';
import { HOSTILE_BY_NAME } from '../../tests/support/hostile.ts';
import { aFailure, aReport, minutesLater } from '../../tests/support/report-builders.ts';
import { type GalleryState, modal, posted, told } from './state.ts';

const by = UserId.parse('U0BEN');
const at = minutesLater(4);

/** Failures that people say are the same. */
export function mergingStates(): GalleryState[] {
  const { failure, summary, run } = aReport({ failure: { occurrences: 3 } });
  const other = aFailure({ branch: 'release/2.1' });
  const merge = { into: other.id, by, at };
  const headline = 'src/price.ts: Type string is not assignable to type number';
  const url = 'https://acme.slack.com/archives/C0PAYMENTS/p1764000000000100';
  const report = { failure, merge, shown: { summary, run }, end: { failure: other, headline, url } };
  const hostile = HOSTILE_BY_NAME.mentions;
  const others = [headline, hostile, ''].map((each) => ({ failure: aFailure(), headline: each, threadTs: null }));
  const merged = aFailure({ status: 'merged', merge });
  return [
    posted('merged', mergedMessage(report)),
    posted('merged-without-a-link', mergedMessage({ ...report, end: { ...report.end, url: null, headline: hostile } })),
    posted('merged-into-what-is-gone', mergedMessage({ ...report, shown: null, end: null })),
    posted('failure-with-merges', failureMessage({ ...aReport(), marks: marks(1) })),
    posted('failure-with-many-merges', failureMessage({ ...aReport(), marks: marks(4) })),
    modal('window-merge', mergeModal(others, '{}')),
    told('merge-nothing', nothingToMergeReply()),
    told('merge-done', mergeReply({ kind: 'done', into: other, jobIds: [] })),
    told('merge-taken', mergeReply({ kind: 'merged', failure: merged })),
    told('merge-over', mergeReply({ kind: 'resolved', failure })),
    told('merge-gone', mergeReply({ kind: 'gone' })),
    told('split-done', splitReply({ kind: 'done', failure, jobIds: [] })),
    told('split-over', splitReply({ kind: 'done', failure: aFailure({ status: 'resolved' }), jobIds: [] })),
    told('split-not-merged', splitReply({ kind: 'not-merged', failure })),
    told('split-taken', splitReply({ kind: 'taken' })),
    told('split-gone', splitReply({ kind: 'gone' })),
  ];
}

function marks(count: number) {
  return { ...NO_MARKS, merged: { count, by, at } };
}
