import type { Place, RuleProblem } from './problem.ts';

/** A word of the line: everything up to a blank that stands outside of quotes. */
export interface Word {
  text: string;
  at: Place;
}

export type Words = { kind: 'words'; words: Word[] } | { kind: 'problem'; problem: RuleProblem };

/** One value of a condition, without its quotes. */
export interface Value extends Word {
  isQuoted: boolean;
}

/** Phones and Macs turn quotes into typographic ones; each of them is read as `"`, and is as long. */
export function plainQuotes(line: string): string {
  return line.replaceAll(/[\u201c\u201d\u201e\u201f\u00ab\u00bb]/gu, '"');
}

/** Splits at blanks outside of quotes. Within quotes, a backslash takes the next character as it is. */
export function splitRule(line: string): Words {
  const words: Word[] = [];
  for (const match of line.matchAll(/(?:"(?:\\.|[^"\\])*(?:"|\\?$)|[^\s"])+/gsu)) {
    const [text] = match;
    words.push({ text, at: { start: match.index, end: match.index + text.length } });
  }
  const last = words.at(-1);
  if (last === undefined || isClosed(last.text)) return { kind: 'words', words };
  const start = last.at.start + openQuote(last.text);
  return { kind: 'problem', problem: { kind: 'open-quote', at: { start, end: last.at.end } } };
}

const QUOTED = /"(?:\\.|[^"\\])*"/gsu;

function isClosed(text: string): boolean {
  return !text.replaceAll(QUOTED, '').includes('"');
}

function openQuote(text: string): number {
  return text.replaceAll(QUOTED, (quoted) => ' '.repeat(quoted.length)).indexOf('"');
}

/** The values behind a key, separated by commas outside of quotes; empty ones are there, with their place. */
export function splitValues({ text, at }: Word): Value[] {
  const values: Value[] = [];
  let start = 0;
  // Quotes are closed: `splitRule` made sure.
  for (const piece of `${text},`.matchAll(/(?:"(?:\\.|[^"\\])*"|[^,"])*,/gsu)) {
    const raw = piece[0].slice(0, -1);
    const place = { start: at.start + start, end: at.start + start + raw.length };
    values.push({ text: unquote(raw), at: place, isQuoted: raw.includes('"') });
    start += piece[0].length;
  }
  return values;
}

function unquote(raw: string): string {
  return raw.replaceAll(QUOTED, (quoted) => quoted.slice(1, -1).replaceAll(/\\(.)/gsu, '$1'));
}

/** The value as it is written so that it is read as itself. */
export function quote(value: string): string {
  const isPlain = value !== '' && !/[\s,"\\]/u.test(value);
  return isPlain ? value : inQuotes(value);
}

export function inQuotes(value: string): string {
  return `"${value.replaceAll(/["\\]/gu, '\\$&')}"`;
}
