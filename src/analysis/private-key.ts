import { hasMark, STRUCTURE } from './score.ts';

/** What stands in place of each line of a private key. */
export const KEY_LINE = '[redacted:private-key]';

/** A mark without its end must not swallow the rest of the log: this many lines that cannot be part of a key end it. */
const PATIENCE = 3;
const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/u;
const END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY/u;
const BODY =
  /[A-Za-z0-9+/=]{24}|^\W{0,20}$|^\W{0,20}[A-Za-z0-9+/]{1,76}={0,2}$|(?:Proc-Type|DEK-Info|Version|Comment): /u;

/** Follows PEM private keys over lines: true for every line of one, its first and last included. One tracker per log. */
export function createKeyTracker(): (hits: readonly number[], text: string) => boolean {
  let patience = 0;
  return (hits, text) => {
    const isEnd = hasMark(hits, STRUCTURE.keyEnd) && END.test(text);
    if (hasMark(hits, STRUCTURE.keyBegin) && BEGIN.test(text)) {
      patience = isEnd ? 0 : PATIENCE;
      return true;
    }
    if (patience === 0) return isEnd;
    patience = isEnd ? 0 : BODY.test(text) ? PATIENCE : patience - 1;
    return true;
  };
}
