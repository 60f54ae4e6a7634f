import { RunId } from '../../src/domain/ids.ts';
import { failureMessage } from '../../src/messages/diagnosis.ts';
import { NO_MARKS } from '../../src/messages/handling.ts';
import { supersededReply, type SuccessorReport } from '../../src/messages/succession.ts';
import { HOSTILE_BY_NAME } from '../../tests/support/hostile.ts';
import { aFailure, aReport, aRun } from '../../tests/support/report-builders.ts';
import { type GalleryState, posted } from './state.ts';

/** A failure of a commit after which the branch failed for another cause. */
export function successionStates(): GalleryState[] {
  const successor = aSuccessor();
  const again = { ...successor, run: { ...successor.run, attempt: 2 }, url: null, headline: '' };
  return [
    posted('superseded', failureMessage({ ...aReport(), marks: { ...NO_MARKS, successor } })),
    posted('superseded-reply', supersededReply(successor)),
    posted('superseded-by-another-attempt', supersededReply(again)),
    ...Object.entries(HOSTILE_BY_NAME).map(([name, headline]) =>
      posted(`superseded-with-${name.replaceAll(' ', '-')}`, supersededReply({ ...successor, headline })),
    ),
  ];
}

function aSuccessor(): SuccessorReport {
  return {
    failure: aFailure(),
    headline: 'src/price.ts: Type string is not assignable to type number',
    run: aRun({ runId: RunId.parse(17_234_999_998), number: 813, headSha: 'c0ffee12'.repeat(5), actor: 'ben' }),
    url: 'https://acme.slack.com/archives/C0PAYMENTS/p1764000000000100',
  };
}
