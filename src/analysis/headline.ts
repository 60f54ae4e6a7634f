import { writeWords, type WordsRequest } from './words/words.ts';

/** What broke, as concretely as the facts allow, in at most HEADLINE_LIMIT characters. */
export function writeHeadline(request: WordsRequest): string {
  return writeWords(request).headline;
}
