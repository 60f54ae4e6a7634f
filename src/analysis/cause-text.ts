import { withoutCheckout } from './paths.ts';

type Change = readonly [pattern: RegExp, by: string];

const LENGTH = 600;

/** Marks of our own redaction carry a salt; the kind of secret stays. */
const REDACTED: Change = [/\[redacted:([\w-]{1,40})(?::[0-9a-f]{4,16})?\]/gu, '<$1>'];

/** What no two runs share, wherever it stands: in a sentence, a path or the name of a test. */
const IDS: readonly Change[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gu, '#'],
  [/0x[0-9a-f]{1,32}\b|\b(?:sha\d{1,3}[:-])?[0-9a-f]{12,128}\b/gu, '#'],
  [/\b(?=[0-9a-f]{0,10}\d)(?=[0-9]{0,10}[a-f])[0-9a-f]{7,11}\b|@[0-9a-f]{5,8}\b/gu, '#'],
  // Folders for temporary files of Unix, macOS and Windows, with the one that was made in them
  [
    /(?:\/private)?\/(?:var\/)?tmp\/[^\s/"':,)]{1,120}|(?:\/private)?\/var\/folders\/[\w+]{1,4}\/\w{1,60}\/t\/[^\s/"':,)]{1,120}|(?:[a-z]:)?(?:[\\/][\w .~-]{1,60}){0,4}[\\/]temp[\\/][^\s\\/"':,)]{1,120}/gu,
    '<temp>',
  ],
  [/\btmp(?:\.[a-z0-9]{6,12}|[a-z0-9_]{6,10})\b|\b(?:tmp|temp)[._-]?(?=[\w-]{0,20}\d)[\w-]{2,40}/gu, '<temp>'],
];

/** Days, months and zones, for the dates that are not all digits. */
const DATES: readonly Change[] = [
  [/\b(?:mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?\b,? (?=[a-z]{3}|\d)/gu, ''],
  [
    /\b(?:\d{1,2}[ /-])?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}[ ./-]{1,2}\d{1,4}(?:,? \d{4})?\b/gu,
    '#',
  ],
  [/(?<=\d) ?(?:utc|gmt|cest|cet|est|pst|[ap]m)\b/gu, ''],
];

const UNIT =
  '(?: ?(?:ns|[µu]s|ms|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|days?|[kmgt]i?b|b|bytes?|%)(?![a-z0-9]))?';
const NUMBERS: readonly Change[] = [
  // Ids of letters and digits in turn: runner-d6tbts5h
  [
    /\b(?=[a-z0-9]{6,40}\b)(?:[a-z]{1,10}\d{1,10}){2,10}[a-z]{0,10}\b|\b(?=[a-z0-9]{6,40}\b)(?:\d{1,10}[a-z]{1,10}){2,10}\d{0,10}\b/gu,
    '#',
  ],
  [new RegExp(`[+-]?\\d{1,20}(?:[.,:/_-]\\d{1,20}){0,8}${UNIT}`, 'gu'), '#'],
  [/#(?:(?:t| t |[ :;,+-]{1,2})#){1,8}z?/gu, '#'],
  [/#z\b/gu, '#'],
];

/** A status of HTTP or of a process says what happened. */
const STATUS =
  /((?:http(?:\/[\d.]{1,3})?|status(?: code)?|returned error|exit(?:ed)?(?: with)?(?: (?:code|status))?|signal)[ :=(]{1,3})([1-5]?\d{1,2})(?![\d.,:])/gu;

function keepStatuses(text: string): string {
  return text.replaceAll(STATUS, (_, words: string, digits: string) => `${words}${inLetters(digits)}`);
}

function inLetters(digits: string): string {
  return digits.replaceAll(/\d/gu, (digit) => String.fromCodePoint(0x2080 + Number(digit)));
}

const ADDRESSES: readonly Change[] = [
  [/##\[\w{1,10}\]/gu, ''],
  // What stands behind the question mark of an address is made for one request
  [/(https?:\/\/[^\s?"'<>]{1,300})\?[^\s"')]{1,600}/gu, '$1'],
  [/\\/gu, '/'],
  // Of a path outside the repository only its end says what it is
  [/(?<![\w.:/])(?:[a-z]:)?(?:\/[\w.@+~-]{1,120}){1,24}(?=(?:\/[\w.@+~-]{1,120}){2})/gu, ''],
];
const SPACE: Change = [/\s{1,200}/gu, ' '];

/** A cause without numbers, hashes, times, ports, seeds, redaction marks and paths of the runner. */
export function normalizeCause(text: string): string {
  const lower = withoutCheckout(text.slice(0, LENGTH)).toLowerCase();
  const named = change(lower, [REDACTED, ...DATES, ...IDS, ...ADDRESSES]);
  return change(keepStatuses(named), [...NUMBERS, SPACE]).trim();
}

/** The name of a test or file: its numbers belong to it, unless they are long or a duration. */
export function normalizeName(name: string): string {
  const lower = withoutCheckout(name.slice(0, LENGTH)).toLowerCase().replaceAll('\\', '/');
  return change(lower, [REDACTED, ...IDS, LONG_NUMBER, SPACE]).trim();
}

const LONG_NUMBER: Change = [
  /\d{5,20}|\b\d{1,9}(?:\.\d{1,9})? ?m?s\b|\b\d{4}-\d\d-\d\d(?:[t ][\d:.]{5,20}z?)?|\b\d\d:\d\d:\d\d\b/gu,
  '#',
];

/** What an assertion says without the values that it met. */
export function normalizeMessage(message: string): string {
  const bare = message.replaceAll(
    /"[^"]{0,300}"|'[^']{0,300}'|`[^`]{0,300}`|<[^<>]{0,300}>|\([^()]{0,300}\)|\[[^[\]]{0,300}\]|\{[^{}]{0,300}\}/gu,
    '<>',
  );
  return normalizeCause(bare.slice(0, 160)).slice(0, 80);
}

function change(text: string, changes: readonly Change[]): string {
  return changes.reduce((rest, [pattern, by]) => rest.replaceAll(pattern, by), text);
}
