import type { Failure } from '../domain/failure.ts';
import { mono, moment, plain, text, type Span } from './rich-text.ts';
import { count } from './text.ts';

/** Where a failure was met, how often and since when: what the message of one that is over, or goes on elsewhere, keeps of it. */
export function failedSince({ repository, workflow, branch, occurrences, first }: Failure): Span[] {
  return [
    plain(repository, 140),
    text(', workflow '),
    plain(workflow, 80),
    text(' on '),
    mono(branch, 100),
    text(`. Failed ${count(occurrences, 'time')} since `),
    moment(first.at),
  ];
}
