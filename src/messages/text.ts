/** How much of an outside text is looked at: several times what any block can hold, so that a hostile one costs little. */
const LOOK_AT = 40_000;

/**
 * Removes what can hide or reorder text: control characters (newline and tab stay), every format character (bidi marks,
 * zero-width characters, tags: Unicode category Cf) and lone surrogates.
 */
export function clean(text: string): string {
  return text
    .slice(0, LOOK_AT)
    .toWellFormed()
    .replaceAll(/\r\n?|[\u2028\u2029\u0085]/gu, '\n')
    .replaceAll('\t', '  ')
    .replaceAll(/(?!\n)[\p{Cc}\p{Cf}]/gu, '');
}

/** The text cleaned, on one line, at most `max` long, and never empty: Slack refuses empty text. */
export function oneLine(text: string, max: number): string {
  return clip(clean(text).replaceAll(/\s+/gu, ' ').trim(), max) || '-';
}

/** Cuts to at most `max` UTF-16 units (so also at most `max` code points), never through a code point, and marks the cut. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max - 1);
  const last = cut.charCodeAt(cut.length - 1);
  return `${last >= 0xd8_00 && last <= 0xdb_ff ? cut.slice(0, -1) : cut}…`;
}

/** Escapes what Slack's markup reads (docs.slack.dev, "Escaping text"); always the last step, after any clipping. */
export function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The reverse of `escape`, for text that goes where Slack reads no markup. */
export function unescape(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Outside text as an address, or null where it is not plain http(s), holds credentials, or is too long for Slack (3,000). */
export function webAddress(text: string | null): string | null {
  if (text === null || text.length > 2_000 || !URL.canParse(text)) return null;
  const url = new URL(text);
  const isPlain = /^https?:$/u.test(url.protocol) && url.username === '' && url.password === '';
  return isPlain ? url.href.replaceAll(/[<>|]/gu, (mark) => encodeURIComponent(mark)) : null;
}

/** `1 job`, `3 jobs`. */
export function count(amount: number, singular: string, plural = `${singular}s`): string {
  return `${amount.toLocaleString('en-US')} ${amount === 1 ? singular : plural}`;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long, in the largest unit that fits, as a person would say it. */
export function duration(fromMs: number): string {
  const ms = Math.max(0, fromMs);
  if (ms < MINUTE_MS) return 'less than a minute';
  if (ms < 2 * HOUR_MS) return count(Math.floor(ms / MINUTE_MS), 'minute');
  if (ms < 2 * DAY_MS) return count(Math.floor(ms / HOUR_MS), 'hour');
  return count(Math.floor(ms / DAY_MS), 'day');
}

/** How long before `now`. */
export function ago(at: Date, now: Date): string {
  return `${duration(now.getTime() - at.getTime())} ago`;
}

/** A moment where no reader's own time zone is known. */
export function utc(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** How long something of ours took: milliseconds below one second, else seconds with one digit. */
export function elapsed(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** The first seven digits of a commit, as GitHub shows them. */
export function shortSha(sha: string): string {
  return oneLine(sha, 200).slice(0, 7);
}
