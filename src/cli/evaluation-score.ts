import type { EvaluationRecord } from './evaluation-records.ts';

/**
 * Scores what was kept of a log against its reference answer, line by line, as the `score.py` beside the reference data does: time
 * stamps, terminal codes and differences of white space do not count, nor do blank lines and marks of omission.
 */
export function scoreRecord(record: EvaluationRecord, text: string): Score | null {
  return record.kind === 'tokens' ? scoreNames(record, text) : scoreLines(record, text);
}

export interface Score {
  /** Lines that were kept. */
  readonly lines: number;
  /** Shares from 0 to 1; which ones there are depends on the kind of the record. */
  readonly shares: Readonly<Partial<Record<Measure, number>>>;
}

export type Measure = 'recall' | 'full' | 'hit' | 'precision' | 'f1' | 'names' | 'allNames' | 'anyName';

const SPACE = '[\\t-\\r\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const SPACES = new RegExp(`${SPACE}+`, 'gu');
/* oxlint-disable no-control-regex -- logs hold control characters */
const TAKEN_OFF: readonly RegExp[] = [
  /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[@-Z\\\-_]/gu,
  /(?<![0-9A-Za-z])\[(?:[0-9]{1,3}(?:;[0-9]{1,3}){0,4})?[mK]/gu,
  /travis_(?:fold|time):[^\r\n]*?(?:\r|$)/gu,
  /section_(?:start|end):\p{Nd}+:[\p{L}\p{N}_]+\r?/gu,
  /^\ufeff?(?:[^\t\n]{1,200}\t[^\t\n]{1,200}\t)?\ufeff?\p{Nd}{4}-\p{Nd}\p{Nd}-\p{Nd}\p{Nd}T\p{Nd}\p{Nd}:\p{Nd}\p{Nd}:\p{Nd}\p{Nd}(?:\.\p{Nd}+)?Z ?/u,
  /^\p{Nd}{4}-\p{Nd}\p{Nd}-\p{Nd}\p{Nd} \p{Nd}\p{Nd}:\p{Nd}\p{Nd}:\p{Nd}\p{Nd}\.\p{Nd}+ \| /u,
  /^\[[a-z_-]+ \p{Nd}{4}-\p{Nd}\p{Nd}-\p{Nd}\p{Nd}[T ]\p{Nd}\p{Nd}:\p{Nd}\p{Nd}:\p{Nd}\p{Nd}\.\p{Nd}+Z\] ?/u,
];
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f]/gu;
/* oxlint-enable no-control-regex */
const OMISSION =
  /^[^\p{L}\p{N}_]*(?:\.\.\.|…)?[^\p{L}\p{N}_]*\p{Nd}+ (?:more |similar |repeated |identical )?lines? (?:omitted|skipped|elided|truncated|removed|hidden)|^[^\p{L}\p{N}_]*(?:\.\.\.|…)[^\p{L}\p{N}_]*$/iu;

/** The lines of a text as they are compared: without what differs between a log and its reference. */
export function normalizedLines(text: string): string[] {
  return text
    .split(/\r\n|\n|\r/u)
    .map((line) =>
      TAKEN_OFF.reduce((rest, pattern) => rest.replace(pattern, ''), line)
        .replaceAll(CONTROLS, ' ')
        .replaceAll(SPACES, ' ')
        .replaceAll(/^ | $/gu, ''),
    )
    .filter((line) => line !== '');
}

function shownLines(text: string): string[] {
  return normalizedLines(text).filter((line) => !OMISSION.test(line));
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}

const LONG = 200;
/** Further expected lines are not looked for inside kept ones. */
const SEARCHED = 400;

function scoreLines({ expectedLines, contextLines }: EvaluationRecord, text: string): Score | null {
  const expected = [...new Set(expectedLines.flatMap(normalizedLines))];
  if (expected.length === 0) return null;
  const kept = shownLines(text);
  const covered = covers(expected, kept);
  const found = covered.filter(Boolean).length;
  const recall = found / expected.length;
  const precision = precisionOf(kept, expected, new Set(contextLines.flatMap(normalizedLines)));
  return {
    lines: kept.length,
    shares: {
      recall,
      full: Number(found === expected.length),
      hit: Number(found > 0),
      precision,
      f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
    },
  };
}

function covers(expected: readonly string[], kept: readonly string[]): boolean[] {
  const lines = new Set(kept);
  const whole = kept.join('\n');
  return expected.map((line) => {
    if (lines.has(line)) return true;
    const length = lengthOf(line);
    if (length >= 4 && whole.includes(line)) return true;
    return length > LONG && whole.includes(Array.from(line).slice(0, LONG).join(''));
  });
}

function precisionOf(kept: readonly string[], expected: readonly string[], context: ReadonlySet<string>): number {
  const lines = new Set(expected);
  const whole = expected.join('\n');
  const parts = expected.slice(0, SEARCHED).filter((line) => lengthOf(line) >= 8);
  const isExpected = (line: string): boolean =>
    lines.has(line) ||
    (!context.has(line) &&
      ((lengthOf(line) >= 12 && whole.includes(line)) || parts.some((part) => line.includes(part))));
  const right = kept.filter(isExpected).length;
  const counted = kept.filter((line) => lines.has(line) || !context.has(line)).length;
  return counted === 0 ? 0 : right / counted;
}

function scoreNames({ expectedTests }: EvaluationRecord, text: string): Score | null {
  const names = [...new Map(expectedTests.map((tokens) => [JSON.stringify(tokens), tokens])).values()];
  if (names.length === 0) return null;
  const kept = shownLines(text);
  const whole = kept.join('\n');
  const found = names.filter((tokens) => tokens.every((token) => whole.includes(token) || text.includes(token))).length;
  return {
    lines: kept.length,
    shares: { names: found / names.length, allNames: Number(found === names.length), anyName: Number(found > 0) },
  };
}
