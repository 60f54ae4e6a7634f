import { colourEnd, type RawLine } from './parse.ts';
import { FORM } from './prefilter.ts';

// Every quantifier is bounded, so that a hostile line costs no more than a long one.
/* oxlint-disable no-control-regex -- terminals speak in control characters */
const ESCAPES =
  /\u001b\[[0-9;:?<=>]{0,64}[ -/]{0,4}[@-~]|\u001b\][^\u0007\u001b]{0,2048}(?:\u0007|\u001b\\|$)|\u001b[PX^_][^\u0007\u001b]{0,2048}(?:\u0007|\u001b\\|$)|\u001b[ -/]{0,2}[0-~]|\u009b[0-9;?]{0,64}[@-~]/gu;
/** Also what no reader sees and what turns the direction of writing: both can hide a secret or mislead about what a line says. */
const CONTROLS =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;
/** Prefixes that a CI system puts before what the program printed: GitHub and Azure, GitLab (with the stream), Zuul, Taskcluster. */
const STAMP =
  /^(?:\ufeff?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?Z (?:[\da-f]{2}[OE](?:[ +]|$))?|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{1,6} \| |\[([a-z_-]{1,20}) \d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.\d{1,6}Z\] ?)/u;
/** What `gh run view --log` puts before GitHub's time stamp: the job and the step. */
const JOB_AND_STEP = /^[^\t]{1,200}\t([^\t]{1,200})\t(?=\ufeff?\d{4}-\d\d-\d\dT)/u;
/** Job and step are within the first so many bytes. */
const NAMES_WITHIN = 2048;
/** Fold and section marks of Travis and GitLab. */
const FOLD =
  /travis_(?:fold|time):[\w.:,=-]{1,200}|section_(?:start|end):\d{1,12}:[\w.-]{1,100}(?:\[[^\]]{0,100}\])?/gu;
/** Colour codes whose ESC byte got lost on the way into the log; `[maven]` only begins like one. */
const BARE_COLOURS = /(?<![0-9A-Za-z])\[(?:\d{1,3}(?:;\d{1,3}){0,4}[mK]|[mK](?![\w .:/-]{1,40}\]))/gu;
/* oxlint-enable no-control-regex */

const DIGITS = '0123456789'.split('');
/** GitLab numbers a job's streams in hexadecimal; jobs have few. */
const GITLAB_STREAMS = '0123456789abcdef'.split('').flatMap((digit) => [`z 0${digit}o`, `z 0${digit}e`]);
const BYTE_ORDER_MARK = '\ufeff';
const codes = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => String.fromCodePoint(from + at));

/** What a line holds at least one of if the patterns above change it, or if that can hide a literal of the prefilter. */
export const FORM_LITERALS: ReadonlyArray<readonly [form: number, literals: readonly string[]]> = [
  [
    FORM.hiding,
    [
      ...codes(0x00, 0x08),
      ...codes(0x0b, 0x0c),
      ...codes(0x0e, 0x1f),
      ...codes(0x7f, 0x9f),
      '\u00ad',
      '\u200b',
      ...codes(0x200e, 0x200f),
      ...codes(0x202a, 0x202e),
      '\u2060',
      ...codes(0x2066, 0x2069),
      BYTE_ORDER_MARK,
    ],
  ],
  [
    FORM.unclean,
    ['travis_', 'section_', '[m', '[k', ...GITLAB_STREAMS, ...DIGITS.flatMap((digit) => [`[${digit}`, `\t${digit}`])],
  ],
];

export interface CleanLine {
  /** What the program printed: no time stamp, no terminal codes, no control characters. */
  text: string;
  /** The second in which GitHub wrote the line, in ms since 1970; null where the log has no time stamps. */
  second: number | null;
}

/** Decodes a line (invalid UTF-8 becomes U+FFFD) and takes off what is not the program's own output. */
export function cleanLine(raw: RawLine): string {
  const { bytes, start, end, form } = raw;
  const text = (form & FORM.hiding) !== 0 || mayHaveOtherStamp(raw) ? null : withoutColours(raw);
  if (text === null || ((form & FORM.unclean) !== 0 && text.includes('\t')))
    return cleanText(bytes.toString('utf8', start, end)).text;
  return (form & FORM.unclean) === 0 ? text : withoutBareColours(withoutFolds(text));
}

/** Stamps that the parser does not measure begin with a digit or a bracket. */
function mayHaveOtherStamp({ bytes, start, end, stamp }: RawLine): boolean {
  const first = bytes[start] ?? 0;
  return stamp === 0 && start < end && ((first >= 0x30 && first <= 0x39) || first === 0x5b);
}

/** Null where the line limit cut a code in two. */
function withoutColours({ bytes, start, end, stamp, form }: RawLine): string | null {
  if ((form & FORM.coloured) === 0) return bytes.toString('utf8', start + stamp, end);
  let text = '';
  let from = start + stamp;
  for (let at = from; at < end; at += 1) {
    if (bytes[at] !== 0x1b) continue;
    const code = colourEnd(bytes, at);
    if (code === at || code > end) return null;
    // Piece by piece, so that bytes on both sides of a code never become one character.
    text += bytes.toString('utf8', from, at);
    from = code;
    at = code - 1;
  }
  return text + bytes.toString('utf8', from, end);
}

/** The step that the line itself names: `gh run view --log` does, and Taskcluster names who speaks. Null for all others. */
export function stepNamedBy({ bytes, start, end, stamp }: RawLine): string | null {
  if (stamp > 0) return null;
  const line = bytes.toString('utf8', start, Math.min(end, start + NAMES_WITHIN));
  const step = JOB_AND_STEP.exec(line)?.[1] ?? STAMP.exec(line)?.[2] ?? null;
  return step === 'UNKNOWN STEP' ? null : step;
}

/** A line that may hold marks of sections: without its stamp, with its terminal codes and marks. */
export function markedLine({ bytes, start, end }: RawLine): string {
  const line = bytes.toString('utf8', start, end).replace(JOB_AND_STEP, '');
  // oxlint-disable-next-line no-control-regex -- terminals speak in control characters
  return line.replace(STAMP, '').replace(/^(?:\u001b\[[\d;]{0,20}[A-Za-z]){1,8}/u, '');
}

/** When GitHub wrote the line. */
export function secondOf({ bytes, start, end }: RawLine): number | null {
  return cleanText(bytes.toString('utf8', start, end)).second;
}

/** The same as cleanLine for a line that is decoded already. */
export function cleanText(line: string): CleanLine {
  const decoded = line.includes('\t') ? line.replace(JOB_AND_STEP, '') : line;
  const stamp = STAMP.exec(decoded);
  let text = stamp === null ? decoded : decoded.slice(stamp[0].length);
  if (text.includes('\u001b') || text.includes('\u009b')) text = text.replaceAll(ESCAPES, '');
  text = withoutBareColours(withoutFolds(text).replaceAll(CONTROLS, ''));
  return { text, second: stamp?.[1] === undefined ? null : Date.parse(`${stamp[1]}Z`) };
}

function withoutFolds(text: string): string {
  return text.includes('travis_') || text.includes('section_') ? text.replaceAll(FOLD, '') : text;
}

function withoutBareColours(text: string): string {
  return text.includes('[') ? text.replaceAll(BARE_COLOURS, '') : text;
}
