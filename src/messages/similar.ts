import type { KnownBlock } from '@slack/types';
import type { SimilarFailure } from '../domain/failure.ts';
import { bullets, link, mono, moment, plain, text, type Span } from './rich-text.ts';
import { duration, oneLine, shortSha } from './text.ts';

/** How failures like this one ended, each in a line; no block where there were none. */
export function similarFailures(similar: readonly SimilarFailure[]): KnownBlock[] {
  if (similar.length === 0) return [];
  return [bullets([text('Similar failures, and how they ended', { bold: true })], similar.map(similarLine))];
}

function similarLine({ failure, resolution, headline, isSameCause }: SimilarFailure): Span[] {
  const { kind, at, url, title, headSha } = resolution;
  const what = isSameCause
    ? [text('The same cause')]
    : [text('Another cause in the same step: '), plain(headline, 110)];
  const lasted = ` after ${duration(at.getTime() - failure.first.at.getTime())}`;
  const end =
    kind === 'fixed'
      ? [text('fixed by '), link(url, oneLine(title, 110)), text(` (${shortSha(headSha)})${lasted}`)]
      : [text('passed when '), link(url, 'the same commit'), text(` ran again, so it was flaky,${lasted}`)];
  return [moment(at), text(', on '), mono(failure.branch, 60), text('. '), ...what, text(': '), ...end];
}
