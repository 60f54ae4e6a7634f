import type { Summary } from '../domain/diagnosis.ts';
import type { Failure } from '../domain/failure.ts';
import type { Message } from '../domain/message.ts';
import { type Run, stateOf } from '../domain/run.ts';
import { message } from './blocks.ts';
import { verdictLine } from './diagnosis.ts';
import { signOf, stateWords } from './handling.ts';
import { bold, moment, paragraph, plain, text, type Span } from './rich-text.ts';
import { runSentence, runSign, runSpans } from './run.ts';
import { count, oneLine } from './text.ts';
import { conclusionWords } from './words.ts';

/** A run that somebody links to; `explained` is what we know of its failure. */
export interface LinkedRun {
  run: Run;
  explained: { summary: Summary; failure: Failure } | null;
  /** When all of this was true. */
  at: Date;
}

const HEADLINE_MAX = 150;
const CAUSE_MAX = 300;

/** What stands below a link to a run, a job or a pull request: the parent message in short. It is not edited, so it says when it was true. */
export function linkPreview({ run, explained, at }: LinkedRun): Message {
  const words = runWords(run);
  if (explained === null) {
    return message(runSentence(run, words), [
      paragraph(text(`${runSign(run)} `), ...runSpans(run, words), text('\n'), ...asOf(at)),
    ]);
  }
  const { summary, failure } = explained;
  const { headline, cause } = summary.diagnosis;
  const sign = failure.status === 'resolved' ? '🟢' : signOf(failure);
  return message(`${oneLine(headline, HEADLINE_MAX)}. ${runSentence(run, words)}`, [
    paragraph(bold(`${sign} ${oneLine(headline, HEADLINE_MAX)}`)),
    paragraph(...verdictLine(summary.diagnosis), text('\n'), plain(cause, CAUSE_MAX)),
    paragraph(...runSpans(run, words), text('\n'), text(`${failureWords(failure)}. `), ...asOf(at)),
  ]);
}

function runWords(run: Run): string {
  return stateOf(run) === 'under-way' ? 'is under way' : conclusionWords(run.conclusion);
}

/** How the failure stands, which may have ended since this run. */
function failureWords(failure: Failure): string {
  const seen = `seen ${count(failure.occurrences, 'time')}`;
  switch (failure.status) {
    case 'open':
      return `The failure is open${stateWords(failure)}, ${seen}`;
    case 'resolved':
      return failure.resolution?.kind === 'passed-on-rerun'
        ? `The failure is over: the same commit passed on re-run, ${seen}`
        : `The failure is over, ${seen}`;
    case 'merged':
      return `The failure goes on as another one, ${seen}`;
    default:
      return failure.status satisfies never;
  }
}

function asOf(at: Date): Span[] {
  return [text('As of ', { italic: true }), moment(at)];
}
