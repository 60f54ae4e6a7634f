import { withoutLead } from '../lead.ts';
import { withoutCheckout } from '../paths.ts';

/** Spaces, tabs and line breaks become one space each. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s{1,400}/gu, ' ').trim();
}

/** A word that is longer than this is cut in its middle: better than to lose all that stands before it. */
const LONGEST_WORD = 40;

/** At most `limit` characters, cut between words, with an ellipsis and nothing left open or dangling before it. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  // Half of a surrogate pair would be no character at all.
  const room = text.slice(0, Math.max(1, limit - 1)).replace(/[\ud800-\udbff]$/u, '');
  const isWhole = /[\s,;:)\]]/u.test(text.charAt(room.length));
  const space = room.lastIndexOf(' ');
  const head = isWhole || space <= 0 || space < room.length - LONGEST_WORD ? room : room.slice(0, space);
  return `${tidyEnd(head)}…`;
}

const DANGLING =
  /(?:[\s,;:.=<>([{"'`«“‘&|/\\+*-]|\s(?:a|an|and|at|by|for|from|in|is|of|on|or|the|to|was|with)){1,40}$/u;
/** What was opened so shortly before the cut says nothing any more. */
const SHORT_REST = 24;

function tidyEnd(head: string): string {
  const bare = head.replace(DANGLING, '');
  const open = lastOpen(bare);
  const isShort = open >= 0 && bare.length - open <= SHORT_REST && open > bare.length / 2;
  return (isShort ? bare.slice(0, open).replace(DANGLING, '') : bare) || head;
}

/** Where the last bracket or quote stands that is never closed; -1 where there is none. */
function lastOpen(text: string): number {
  const brackets = ['()', '[]', '{}'].map((pair) => {
    const at = text.lastIndexOf(pair.charAt(0));
    return at > text.lastIndexOf(pair.charAt(1)) ? at : -1;
  });
  const quotes = ['"', '`'].map((quote) => (text.split(quote).length % 2 === 0 ? text.lastIndexOf(quote) : -1));
  return Math.max(...brackets, ...quotes);
}

/** A full stop at its end, unless it ends like a sentence already. */
export function sentence(text: string): string {
  return /[.!?…]["')]?$/u.test(text) ? text : `${text.replace(/[\s:;,]{1,20}$/u, '')}.`;
}

/** What CI systems, loggers and tools put before what they say. */
const PREFIXES: readonly RegExp[] = [
  /^(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?Z?(?: {1,8}-)? {1,8}/u,
  /^\/\S{0,80}\/_temp\/[\w.-]{1,60}\.(?:sh|ps1): (?:line \d{1,5}: )?/u,
  /^\[(?:\d{4}-\d\d-\d\dT)?\d{1,2}:\d\d:\d\d(?:[.,]\d{1,6})?(?: ?[AP]M)?Z?\]:? ?/u,
  /^\[[a-z][\w-]{1,40}\] › [✖ℹ⚠]\s{1,4}|^\['(?:error|info|warning)'\] |^\[!\] /u,
  /^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}\d{1,2} \d\d:\d\d:\d\d(?:\.\d{1,6})? /u,
  /^(?:##\[\w{1,10}\]|::(?:error|warning)[^:]{0,200}::)\s{0,4}/u,
  /^(?:INFO|WARNING|ERROR|CRITICAL) - |^PID \d{1,8} \| |^[FE], \[[^\]]{1,60}\]\s{1,4}(?:FATAL|ERROR) -- :\s{0,4}|^\d{1,6}:\d{1,6}\s{1,8}error\s{1,8}/u,
  /^\[(?:ERROR|error|Error|FATAL|fatal|WARN|warn|INFO|info|junit|exec|java|javac)\]:?\s{1,12}/u,
  /^(?:ERROR|Error|error|FATAL|Fatal|fatal|stderr|FAILURE|E|│ Error|err)\s?(?::|!|[|│](?=\s))\s{1,12}(?=\S)/u,
  /^error\[E\d{4}\]: |^\*\* \([\w.]{1,60}\) /u,
  /^(?:ERROR|FATAL|SEVERE|E)\s{1,4}(?=\S)/u,
  /^(?:==\d{1,8}==|(?:npm|yarn|pnpm) (?:ERR!|error)(?: (?:404|notarget|network|peer))?(?=\s)|error (?=[A-Z])|\([\w/ -]{1,30}\)|[-*>│|✖✗×❌⚠•] )\s{0,4}(?:ERROR: )?/u,
];
const SUFFIXES = /(?:\s-> \[Help \d\]|\s{1,4}\[0m|\s{1,8}at [\w./\\:()@-]{1,200}:\d{1,6}:\d{1,6}\)?)$/u;

/** What the tool says: without levels, time stamps, and the place of the checkout. */
export function plain(line: string): string {
  let text = oneLine(withoutCheckout(withoutLead(line.slice(0, 1000))));
  for (let rounds = 0; rounds < 4; rounds += 1) {
    const shorter = PREFIXES.reduce((rest, prefix) => rest.replace(prefix, ''), text);
    if (shorter === text || shorter.length < 4) break;
    text = shorter;
  }
  return text.replace(SUFFIXES, '').trim();
}

/** "a, b and 3 more", as many as fit. */
export function listNames(names: readonly string[], room: number): string {
  const shown: string[] = [];
  for (const name of names) {
    const more = names.length - shown.length - 1;
    const text = [...shown, name].join(', ') + (more > 0 ? ` and ${more} more` : '');
    if (shown.length > 0 && (text.length > room || shown.length >= 4)) break;
    shown.push(shown.length === 0 ? clipQuoted(name, Math.max(12, room - (more > 0 ? 14 : 0))) : name);
  }
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more} more`;
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : (shown[0] ?? '');
}

function clipQuoted(name: string, limit: number): string {
  if (!name.startsWith('"')) return clip(name, limit);
  return `"${clip(name.slice(1, -1), limit - 2)}"`;
}

/** "1 file", "2 files". */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}

/** Where a shell would read a text otherwise than as one word or several, it cannot become a part of a command. */
export function isSafeInCommand(text: string): boolean {
  return /^[\w@./:+=-][\w@./:+=,^~#% -]{0,199}$/u.test(text);
}
